"""Makes instances of every kind of object that CPython implements, then tells the truth about all of them: see truth.py.

    every_kind.py TRUTH_FILE [variant ...]

Variants: freeze (gc.freeze), threads (many, with deep stacks), subinterpreters, asyncio (a suspended loop).
"""
import abc, array, ast, asyncio, bisect, codecs, collections, contextlib, contextvars, copy, csv, ctypes, dataclasses, datetime, decimal
import enum, fractions, functools, gc, gzip, hashlib, heapq, io, itertools, json, locale, logging, math, mmap, operator, os, pickle, queue
import random, re, select, selectors, socket, string, struct, sys, tempfile, threading, time, traceback, types, typing, unicodedata
import uuid, warnings, weakref, xml.etree.ElementTree as ElementTree, zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import truth

keep = []


def scalars():
    numbers = [0, 1, -1, 255, 256, 257, 1025, -5, -6, 2**30 - 1, 2**30, -2**30, 2**60, 2**3000, -7**500, True, False]
    texts = ["", "a", "plain ascii", "é", "latin-1 é", "ucs2 \u4e2d\u6587", "ucs4 \U0001f40d", "x" * 1000, "é" * 1000, "\u4e2d" * 1000]
    cached = "utf8 caché"
    cached.encode("utf-8")
    ctypes.pythonapi.PyUnicode_AsUTF8.restype = ctypes.c_char_p
    ctypes.pythonapi.PyUnicode_AsUTF8.argtypes = [ctypes.py_object]
    ctypes.pythonapi.PyUnicode_AsUTF8(cached)
    growing = "grown"
    for _ in range(20):
        growing += "!"
    shrunk = bytearray(100)
    del shrunk[10:]
    sliced = bytearray(b"0123456789" * 10)
    del sliced[:5]
    keep.append([numbers, texts, cached, growing, 1.5, float("nan"), 1j, b"", b"bytes", b"x" * 2000, bytearray(), bytearray(b"abc"), shrunk,
                 sliced, None, NotImplemented, ..., slice(1, 2), slice(None), range(3), range(2**70), sys.intern("an interned string " + str(1)),
                 memoryview(b"view"), memoryview(bytearray(8)).cast("H"), memoryview(array.array("d", [1, 2]))[1:]])


class Plain:
    pass


class WithAttributes:
    shared = 1

    def __init__(self, n):
        self.a = n
        self.b = str(n)


class Slotted:
    __slots__ = ("x", "y", "never")

    def __init__(self):
        self.x = [1]
        self.y = "y"


class SlottedChild(Slotted):
    __slots__ = ("z", "__weakref__")


class SlotsAndDict(Slotted):
    pass


class BareSlots:
    __slots__ = ()


class IntChild(int):
    pass


class IntSlots(int):
    __slots__ = ()


class StrChild(str):
    pass


class BytesChild(bytes):
    pass


class TupleChild(tuple):
    pass


class ListChild(list):
    pass


class DictChild(dict):
    pass


class SetChild(set):
    pass


class FloatChild(float):
    __slots__ = ()


class BytearrayChild(bytearray):
    pass


class DequeChild(collections.deque):
    pass


class ErrorChild(ValueError):
    def __init__(self, *args):
        super().__init__(*args)
        self.extra = {"extra": args}


class Meta(type):
    def __new__(meta, name, bases, namespace, **kw):
        cls = super().__new__(meta, name, bases, namespace)
        cls.registry = []
        return cls


class SlottedMeta(type):
    pass


class Made(metaclass=Meta):
    pass


class MadeSlots(metaclass=SlottedMeta):
    __slots__ = ("one", "two")


class Base(abc.ABC):
    @abc.abstractmethod
    def method(self): ...

    @property
    def prop(self): return 1

    @prop.setter
    def prop(self, value): pass

    @classmethod
    def make(cls): return cls

    @staticmethod
    def static(): return 1

    @functools.cached_property
    def cached(self): return [1]


class Concrete(Base):
    def method(self): return super().method


class Generic(typing.Generic[typing.TypeVar("T")]):
    pass


class Color(enum.Enum):
    RED = 1
    GREEN = "green"


class Bits(enum.IntFlag):
    A = 1
    B = 2


Point = collections.namedtuple("Point", "x y")


class TypedPoint(typing.NamedTuple):
    x: int
    y: str = ""


@dataclasses.dataclass
class Data:
    a: int
    b: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, order=True)
class Frozen:
    a: int = 1


def instances():
    made = [WithAttributes(i) for i in range(50)]
    made[1].__dict__
    made[2].__dict__["late"] = 1
    del made[3].a
    made[4].c = 1
    made[5].__dict__ = {"other": 1}
    del made[6].a, made[6].b
    for i in range(60):
        setattr(made[7], "many%d" % i, i)
    made[8].__dict__[1] = "not a string"
    vars(made[9]).clear()
    copied = dict(vars(made[10]))
    child = SlottedChild()
    child.z = (1, 2)
    mixed = SlotsAndDict()
    mixed.extra = 1
    with_dict = [IntChild(5), IntChild(2**100), StrChild("abc"), StrChild("é\u4e2d"), BytesChild(b"abc"), TupleChild((1, 2)), ListChild([1]),
                 DictChild(a=1), SetChild([1]), BytearrayChild(b"x"), DequeChild([1], 5)]
    for each in with_dict:
        each.attribute = "attribute"
    more = [IntChild(7), StrChild("no dict yet"), TupleChild((3,)), IntSlots(9), FloatChild(1.5), BareSlots(), Plain(), Made(), MadeSlots(), Concrete()]
    more[-1].cached
    keep.append([made, copied, Slotted(), child, mixed, with_dict, more, Point(1, 2), TypedPoint(1), Data(1), Frozen(), list(Color), list(Bits), Bits.A | Bits.B,
                 types.SimpleNamespace(a=1, b=[2]), object(), weakref.ref(made[0]), weakref.ref(made[1], print), weakref.proxy(made[0]),
                 weakref.WeakValueDictionary({1: made[0]}), weakref.WeakKeyDictionary({made[0]: 1}), weakref.WeakSet(made[:3]),
                 weakref.finalize(made[0], print), weakref.WeakMethod(more[-1].method), type("Dynamic", (WithAttributes,), {"z": 1})(1)])


def containers():
    general = {1: "a", (1, 2): "b", None: "c", "s": 1}
    deleted = {str(i): i for i in range(100)}
    for i in range(0, 90):
        del deleted[str(i)]
    once_general = {"a": 1}
    once_general[1] = 2
    del once_general[1]
    big = {i: i * 2 for i in range(70000)}
    strings = {"key%d" % i: [i] for i in range(1000)}
    popped = {"a": 1, "b": 2}
    popped.popitem()
    strkeys = {StrChild("sub"): 1}
    sets = [set(), {1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, frozenset([1, "a"]), frozenset(range(100)), set("abcdefgh" * 3)]
    holes = set(range(100))
    for i in range(50):
        holes.discard(i)
    ordered = collections.OrderedDict((str(i), i) for i in range(20))
    del ordered["3"]
    ordered.move_to_end("1")
    ordered.attribute = 1
    generic_ordered = collections.OrderedDict([(1, 2), ("a", [])])
    deques = [collections.deque(), collections.deque(range(200)), collections.deque("abc", 10)]
    for _ in range(70):
        deques[1].popleft()
        deques[1].append(object())
    deques[2].rotate(1)
    default = collections.defaultdict(list)
    for i in range(10):
        default[i % 3].append(i)
    lists = [[], [1], list(range(1000)), [[]] * 3]
    lists[2].append(1)
    lists.append(lists)
    arrays = [array.array(code, [1, 2, 3]) for code in "bBhHiIlLqQfd"] + [array.array("u", "text"), array.array("d")]
    arrays[0].extend(range(50))
    keep.append([general, deleted, once_general, big, strings, popped, strkeys, {}, dict.fromkeys("abc"), sets, holes, ordered, generic_ordered, deques, default, lists,
                 arrays, (), (1,), tuple(range(100)), ((),), collections.Counter("abracadabra"), collections.ChainMap({}, {"a": 1}),
                 collections.UserDict(a=1), types.MappingProxyType(general), general.keys(), general.values(), general.items(),
                 ordered.keys(), heapq.nlargest(3, range(10)), queue.Queue(), queue.PriorityQueue(), sys.flags, sys.version_info, os.stat("."), time.localtime(),
                 os.times(), os.uname(), sys.float_info, sys.hash_info, sys.thread_info])
    simple = queue.SimpleQueue()
    for i in range(20):
        simple.put([i])
    simple.get()
    keep.append(simple)


def functions():
    local = [1]

    def closure(a, b=1, *args, c: int = 2, **kw) -> "result":
        """With a docstring."""
        return local, a, free

    free = "free"
    closure.attribute = "attribute"

    def uses_class():
        return __class__

    partial = functools.partial(closure, 1, c=3)
    partial.attribute = 1

    @functools.lru_cache(maxsize=10)
    def cached(n, m=1): return [n]

    @functools.lru_cache(maxsize=None)
    def unbounded(n): return str(n)

    for i in range(20):
        cached(i)
        cached(i, m=[].__len__() + i)
        unbounded(i)
    cached.extra = 1

    @functools.singledispatch
    def dispatched(x): return x
    dispatched.register(int, lambda x: x)
    dispatched(1)
    method = Concrete().method
    keep.append([closure, partial, functools.partial(partial, 2), cached, unbounded, dispatched, method, method.__func__, print, [].append, int.__add__,
                 (1).__add__, str.join, dict.fromkeys, int.from_bytes, Slotted.x, types.FunctionType.__code__, Base.__dict__["prop"], Base.__dict__["make"],
                 Base.__dict__["static"], super(Concrete, Concrete()), operator.itemgetter(1), operator.itemgetter(1, "a"), operator.attrgetter("a", "b.c"), operator.methodcaller("m", 1, k=2),
                 functools.cmp_to_key(lambda a, b: 0)(1), types.MethodType(print, 1), lambda: local, types.CellType(1) if hasattr(types, "CellType") else None,
                 types.CellType(), compile("x = [1, 2.5, 'a', (1, 2), b'c']\ndef f(): yield x", "<made>", "exec"), closure.__code__.replace(co_name="other")])
    if sys.version_info >= (3, 9):
        keep.append([list[int], dict[str, list[int]], tuple[int, ...]])
    if sys.version_info >= (3, 10):
        keep.append([int | str, int | None, list[int] | None])
    closure.__code__.co_code


def generators():
    def gen(n):
        inner = [n]
        for i in range(n):
            yield i
        yield inner

    def delegating():
        own = "delegating"
        yield from gen(5)

    def handling():
        try:
            raise KeyError("handled in a generator")
        except KeyError as error:
            yield error

    async def coro(x):
        held = [x]
        await Suspend()
        return held

    async def agen():
        held = {"agen": 1}
        for i in range(3):
            yield i

    class Suspend:
        def __await__(self):
            yield "suspended"

    fresh, started, finished, with_yield_from, in_except = gen(3), gen(3), gen(0), delegating(), handling()
    next(started), list(finished), next(with_yield_from), next(in_except)
    c1, c2 = coro(1), coro(2)
    c2.send(None)
    a1, a2 = agen(), agen()
    asend = a2.__anext__()
    try:
        asend.send(None)
    except StopIteration:
        pass
    pending = a2.asend(None)
    athrow = a2.athrow(ValueError)
    waiter = c1.__await__()
    keep.append([fresh, started, finished, with_yield_from, in_except, c1, c2, a1, a2, pending, athrow, waiter, (x for x in [1, 2]),
                 types.coroutine(gen)(3), contextlib.contextmanager(gen)(2)])
    next(keep[-1][12])

    def running():
        mine = ["a running generator's"]
        keep.append(sys._getframe())
        yield from deeper()

    def deeper():
        yield mine_too
    mine_too = ["too"]
    runner = running()
    next(runner)
    keep.append(runner)


def frames_and_errors():
    def fail(depth):
        local = {"depth": depth}
        if depth == 0:
            raise ErrorChild("deep", depth)
        fail(depth - 1)

    errors = []
    for action in (lambda: fail(5), lambda: {}["key"], lambda: int("x"), lambda: [].missing, lambda: undefined_name, lambda: open("/nonexistent"),
                   lambda: "é".encode("ascii"), lambda: b"\xff".decode("utf-8"), lambda: compile("a b", "f", "exec"), lambda: __import__("no_such_module"),
                   lambda: next(iter([])), lambda: 1 / 0, lambda: sys.exit(3), lambda: codecs.charmap_decode(b"\x00", "strict", {})):
        try:
            action()
        except BaseException as error:
            errors.append(error)
    try:
        try:
            fail(1)
        except ErrorChild as error:
            raise RuntimeError("with a cause") from error
    except RuntimeError as error:
        if hasattr(error, "add_note"):
            error.add_note("a note")
        errors.append(error)
        keep.append(error.__traceback__.tb_frame)
        keep.append(traceback.TracebackException.from_exception(error))
    if sys.version_info >= (3, 11):
        errors.append(ExceptionGroup("group", [ValueError(1), TypeError(2)]))

    def frame_with_locals():
        a, b = [1], "b"
        frame = sys._getframe()
        frame.f_locals
        return frame
    keep.append([errors, frame_with_locals(), sys._getframe(), frame_with_locals().f_locals])


def iterators():
    makers = [lambda: iter([1, 2]), lambda: reversed([1, 2]), lambda: iter((1, 2)), lambda: iter("ab"), lambda: iter("é\u4e2d"), lambda: iter(b"ab"),
              lambda: iter(bytearray(b"ab")), lambda: iter({1, 2}), lambda: iter({1: 2}), lambda: iter({1: 2}.values()), lambda: iter({1: 2}.items()), lambda: reversed({1: 2}),
              lambda: iter(range(3)), lambda: iter(range(2**70)), lambda: iter(collections.deque([1])), lambda: reversed(collections.deque([1])),
              lambda: iter(collections.OrderedDict(a=1)), lambda: iter(array.array("b", [1])), lambda: iter(int, 1), lambda: iter(memoryview(b"ab")),
              lambda: enumerate([1]), lambda: enumerate([1], 2**70), lambda: zip([1], [2]), lambda: map(str, [1]), lambda: filter(None, [1]), lambda: reversed("ab"),
              lambda: itertools.accumulate([1, 2]), lambda: itertools.chain([1], [2]), lambda: itertools.combinations("abc", 2), lambda: itertools.combinations_with_replacement("ab", 2),
              lambda: itertools.permutations("abc"), lambda: itertools.product("ab", "cd"), lambda: itertools.compress("ab", [1, 0]), lambda: itertools.count(),
              lambda: itertools.count(1.5, 0.5), lambda: itertools.cycle([1]), lambda: itertools.dropwhile(bool, [0]), lambda: itertools.takewhile(bool, [1]),
              lambda: itertools.filterfalse(None, [0]), lambda: itertools.groupby([1, 1, 2]), lambda: itertools.islice([1, 2, 3], 2), lambda: itertools.repeat("x", 3),
              lambda: itertools.starmap(max, [(1, 2)]), lambda: itertools.tee(iter([1, 2, 3])), lambda: itertools.zip_longest([1], [2, 3]), lambda: re.finditer("a", "aaa"),
              lambda: os.scandir("."), lambda: csv.reader(io.StringIO("a,b")), lambda: struct.iter_unpack("b", b"ab"), lambda: "{0!r}".format and string.Formatter().parse("{a}")]
    for name in ("pairwise", "batched"):
        if hasattr(itertools, name):
            makers.append(lambda name=name: getattr(itertools, name)([1, 2, 3], *([2] if name == "batched" else [])))
    for make in makers:
        fresh, used = make(), make()
        try:
            first = next(used[0] if isinstance(used, tuple) else used)
        except (StopIteration, TypeError):
            first = None
        keep.append((fresh, used, first))


def library():
    context = contextvars.copy_context()
    variables = [contextvars.ContextVar("variable%d" % i, default=[i]) if i % 2 else contextvars.ContextVar("variable%d" % i) for i in range(200)]
    tokens = context.run(lambda: [v.set({"value": 1}) for v in variables])
    small = contextvars.copy_context()
    small.run(lambda: [v.set(1) for v in variables[:3]])
    xml = ElementTree.fromstring("<a x='1'>text<b/>tail<c><d/><d/><d/><d/><d/><d/></c></a>")
    pickled = io.BytesIO()
    pickler = pickle.Pickler(pickled)
    pickler.dump([1, {"a": "b"}, Point(1, 2)])
    unpickler = pickle.Unpickler(io.BytesIO(pickled.getvalue()))
    unpickler.load()
    class Struct(ctypes.Structure):
        _fields_ = [("a", ctypes.c_int), ("b", ctypes.c_char_p), ("c", ctypes.POINTER(ctypes.c_int))]
    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x)
    c_struct = Struct(1, b"bytes", ctypes.pointer(ctypes.c_int(5)))
    keep.append([context, variables, tokens, small, iter(context), xml, list(xml), xml.find("c"), ElementTree.ElementTree(xml), ElementTree.TreeBuilder(), pickler, unpickler, pickled,
                 decimal.Decimal(1), decimal.Decimal("1" * 100), decimal.getcontext(), decimal.Context(), fractions.Fraction(1, 3),
                 datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1), datetime.datetime.now(datetime.timezone.utc), datetime.time(1, 2), datetime.time(1, tzinfo=datetime.timezone.utc),
                 datetime.timedelta(1), datetime.timezone(datetime.timedelta(hours=1), "name"), datetime.timezone.utc, random.Random(1), re.compile("a(b)(?P<n>c)"), re.match("a(.)", "abc"),
                 struct.Struct("<iqd"), struct.Struct("10s"), hashlib.sha256(b"x"), hashlib.md5(), zlib.compressobj(), zlib.decompressobj(), uuid.uuid4(), json.JSONEncoder(), json.JSONDecoder(),
                 Struct, c_struct, callback, ctypes.c_int(5), (ctypes.c_int * 4)(1, 2), ctypes.create_string_buffer(10), ctypes.byref(c_struct), ctypes.cast(c_struct.b, ctypes.c_void_p),
                 threading.Lock(), threading.RLock(), threading.Condition(), threading.Event(), threading.local(), threading.Semaphore(), mmap.mmap(-1, 100),
                 csv.writer(io.StringIO()), csv.DictReader(io.StringIO("a,b\n1,2")), select.poll(), selectors.DefaultSelector(), socket.socket(), ast.parse("a = f(1)"), copy.copy([1]),
                 unicodedata.ucd_3_2_0, codecs.lookup("utf-8"), codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("shift_jis")(), logging.getLogger("a.b"), pickle.PickleBuffer(b"x"),
                 bisect.bisect, math.pi, locale.localeconv(), warnings.filters, types.ModuleType("made"), io.open_code, typing.List[int], typing.Union[int, str], typing.Optional[str], typing.TypeVar("V")])
    keep[-1][50].attribute = "thread local" if isinstance(keep[-1][50], threading.local) else None
    if sys.version_info >= (3, 12):
        exec("type Alias[T] = list[T]\ndef generic[T: int, *Ts, **P](x: T) -> T: return x\nclass G[T]: pass\nkeep.extend([Alias, generic, G, G[int]])\nAlias.__value__", {"keep": keep})
    if sys.version_info >= (3, 14):
        exec("name = 'n'\nkeep.append([t'hello {name!r:>5}', name])\ndef annotated(a: undefined): pass\nkeep.append(annotated)", {"keep": keep})
    if sys.version_info >= (3, 15):
        try:
            exec("keep.append(frozendict(a=1, b=[2]))\nkeep.append(frozendict({1: 2}))", {"keep": keep})
        except NameError:
            pass
    with contextlib.suppress(ImportError):
        import sqlite3
        connection = sqlite3.connect(":memory:")
        cursor = connection.execute("select 1")
        connection.row_factory = sqlite3.Row
        keep.append([connection, cursor, connection.execute("select 1 as a").fetchone()])
    with contextlib.suppress(ImportError):
        import zoneinfo
        keep.append(zoneinfo.ZoneInfo("UTC") if "UTC" in zoneinfo.available_timezones() else None)
    for name in ("bz2", "lzma", "curses", "readline", "_ssl", "pyexpat", "grp", "resource", "syslog", "termios", "multiprocessing", "concurrent.futures", "unittest", "email.message", "http.client", "subprocess", "inspect", "shelve"):
        with contextlib.suppress(ImportError):
            keep.append(__import__(name))


def files():
    folder = tempfile.mkdtemp()
    raw = open(os.path.join(folder, "raw"), "w+b", buffering=0)
    buffered = open(os.path.join(folder, "buffered"), "w+b")
    buffered.write(b"buffered")
    text = open(os.path.join(folder, "text"), "w+", encoding="utf-8")
    text.write("some text\n" * 10)
    text.flush(), text.seek(0), text.readline()
    reading = open(__file__, "r", encoding="utf-8")
    reading.read(10)
    string_io = io.StringIO("é\nab")
    accumulating = io.StringIO()
    accumulating.write("accumulated")
    accumulating.attribute = 1
    bytes_io = io.BytesIO(b"initial" * 10)
    written = io.BytesIO()
    written.write(b"w" * 5000)
    exported = io.BytesIO(b"exported" * 3)
    reader, writer = os.pipe()
    pair = io.BufferedRWPair(open(reader, "rb", buffering=0), open(writer, "wb", buffering=0))
    keep.append([raw, buffered, text, reading, string_io, accumulating, bytes_io, written, exported, exported.getbuffer(), pair, io.TextIOWrapper(io.BytesIO(b"x")), gzip.GzipFile(fileobj=io.BytesIO(), mode="wb"),
                 io.BufferedReader(io.BytesIO(b"abc"), 16), io.BufferedRandom(io.BytesIO()), io.IncrementalNewlineDecoder(None, True), sys.stdin, sys.stdout, sys.stderr])
    import shutil
    shutil.rmtree(folder)


def loops():
    loop = asyncio.new_event_loop()

    async def child(n):
        held = [n]
        await asyncio.sleep(1000)

    async def main():
        tasks = [asyncio.ensure_future(child(i)) for i in range(5)]
        future = loop.create_future()
        future.add_done_callback(print)
        future.add_done_callback(lambda f: None)
        done = loop.create_future()
        done.set_result({"result": 1})
        failed = loop.create_future()
        failed.set_exception(ValueError("failed"))
        failed.exception()
        gathered = asyncio.gather(*tasks)
        q = asyncio.Queue()
        lock = asyncio.Lock()
        await asyncio.sleep(0)
        cancelled = asyncio.ensure_future(child(9))
        await asyncio.sleep(0)
        cancelled.cancel("message") if sys.version_info >= (3, 9) else cancelled.cancel()
        try:
            await cancelled
        except asyncio.CancelledError:
            pass
        keep.append([tasks, future, done, failed, gathered, q, lock, cancelled, iter(future)])
        return 1
    keep.append([loop, loop.run_until_complete(main())])


def threads():
    ready = threading.Semaphore(0)
    never = threading.Event()

    def deep(n):
        local = ["deep", n]
        if n:
            return deep(n - 1)
        sorted([3, 1, 2], key=lambda x: blocked(x) if x == 1 else x)

    def blocked(x):
        ready.release()
        never.wait()

    def in_generator():
        def gen():
            mine = {"in a running generator": 1}
            ready.release()
            never.wait()
            yield mine
        next(gen())
    for i in range(20):
        threading.Thread(target=deep, args=(i * 10,), daemon=True).start()
        ready.acquire()
    for i in range(5):
        threading.Thread(target=in_generator, daemon=True).start()
        ready.acquire()
    time.sleep(0.3)  # the threads must have let go of the semaphore and block in the event


def subinterpreters():
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    for _ in range(2):
        identity = interpreters.create()
        run = getattr(interpreters, "run_string", None) or interpreters.exec
        run(identity, "import json, collections\nclass InSub: pass\nkept = [InSub() for _ in range(100)] + [{i: str(i)} for i in range(100)]")


scalars(), instances(), containers(), functions(), generators(), frames_and_errors(), iterators(), library(), files(), loops()
variants = sys.argv[2:]
if "threads" in variants:
    threads()
if "subinterpreters" in variants:
    subinterpreters()
truth.tell(sys.argv[1], freeze="freeze" in variants)
