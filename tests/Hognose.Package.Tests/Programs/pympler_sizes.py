"""hognose.compat.pympler.asizeof: exact sizes in pympler's shapes and layouts."""
import gc
import io
import random
import re
import sys
import types
import weakref

import hognose.compat

hognose.compat.install()
from pympler import asizeof

from reference import reach
from structures import Plain, random_structure


def aligned(size, align=8):
    return (size + align - 1) // align * align if align > 1 else size


def expected(*objs, align=8):
    return sum(aligned(sys.getsizeof(each), align) for each in reach(objs))


def raises(kind, call):
    try:
        call()
    except kind as trouble:
        return str(trouble)
    raise AssertionError("nothing was raised")


class Thing:
    def __init__(self):
        self.x = list(range(10))


class Lies:
    def __sizeof__(self):
        return 1000


class Raises:
    def __sizeof__(self):
        raise RuntimeError("no")


assert asizeof.__name__ == "hognose.compat.pympler.asizeof"

# Deep sizes are those of the slow reference, with any alignment.
for seed in range(30):
    structure = random_structure(random.Random(seed))
    for align in (1, 8, 16):
        assert asizeof.asizeof(structure, align=align) == expected(structure, align=align)
    assert asizeof.asized(structure, detail=seed % 5).size == expected(structure)
first, second = [1, "x" * 999], ["y" * 99]
first.append(second)
sizes = asizeof.asizesof(first, second, first)
assert sizes[0] == sizes[2] and sizes[1] == expected(second) and sizes[0] + sizes[1] == asizeof.asizeof(first, second) == expected(first, second)
assert asizeof.asizeof() == 0 and asizeof.asizesof() == () and asizeof.asized() == ()
everything = asizeof.asizeof(all=True)
assert everything > 500000 and asizeof.asizeof(all=True, code=True) > everything, everything

# Code counts when it is asked for, without all that its globals lead to.
def function(argument="default" * 50):
    return argument


assert [asizeof.asizeof(each) for each in (function, Thing, int, len)] == [0, 0, 0, 0]
assert 700 < asizeof.asizeof(function, code=True) < 3000, asizeof.asizeof(function, code=True)
assert asizeof.asizeof(Thing, code=True) > asizeof.asizeof(Thing.__init__, code=True) > 0
assert asizeof.asizeof(random) > asizeof.flatsize(random)

# Steps: what is farther than the limit is left out, whichever way led there; without one there is no end.
chain = None
for _ in range(1000):
    chain = [chain]
link = sys.getsizeof([0])
assert asizeof.asizeof(chain, limit=0) == link and asizeof.asizeof(chain, limit=10) == 11 * link
assert asizeof.asizeof(chain) == asizeof.asizeof(chain, limit=100000) == 1000 * link + 16
assert asizeof.asized(chain, detail=3, limit=10).size == 11 * link
assert asizeof.Asizer().limit == 100 and asizeof.Asizer(limit=7).limit == 7

# An overridden __sizeof__ is asked; one that fails is not believed.
assert asizeof.asizeof(Lies()) == aligned(sys.getsizeof(Lies())) >= 1000 and asizeof.asizeof([Lies(), Lies()]) >= 2000
assert 0 < asizeof.asizeof(Raises()) < 200

# Trees have pympler's names on every version, though no dict comes into being.
thing = Thing()
tree = asizeof.asized(thing, detail=3)
assert tree.size == expected(thing) and tree.flat == aligned(sys.getsizeof(thing))
attributes = tree.get("__dict__")
assert attributes.get("[V] x: " + repr(thing.x)).size == expected(thing.x), tree.format()
assert tree.get("__class__").size == 0 and tree.get("nothing") is None and tree.get("nothing", 7) == 7
lines = tree.format(depth=2).split("\n")
assert re.match(r"<__main__.Thing object at 0x\w+> size=%d flat=%d$" % (tree.size, tree.flat), lines[0]), lines
assert lines[1] == "    __dict__ size=%d flat=%d" % (attributes.size, attributes.flat), lines
assert lines[2].startswith("        [V] x: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] size="), lines
assert asizeof.asized(thing, detail=1).get("__dict__").refs == () and asizeof.asized(thing).refs == ()
if sys.version_info >= (3, 11):
    assert not any(type(each) is dict for each in gc.get_referents(thing)), "the instance's dict came into being"
assert [ref.name for ref in asizeof.asized({"k": "v"}, detail=1).refs] == ["[V] k: 'v'", "[K] k"]
assert str(asizeof.Asized(3, 2, name="n")) == "size 3, flat 2, refs[0], name 'n'"

# A tree is counted as a size is: what is met again, and how far it is.
shared = "s" * 100
tall = [[1, [shared, (2,)]], {"k": shared}, 3.5]


def counted(asizer):
    out = io.StringIO()
    asizer.print_summary(file=out)
    return out.getvalue()


summaries = []
for detail in None, 1, 2, 5:
    counting = asizeof.Asizer()
    counting.set(stats=1)
    if detail is None:
        counting.asizeof(tall)
    else:
        counting.asized(tall, detail=detail)
    summaries.append(counted(counting))
    assert (counting.seen, counting.duplicate, counting.sized) == (11, 1, 10)
assert "\n4 deepest recursion\n" in summaries[0] and "\n1 object" not in summaries[0].replace("\n1 object given", "")
assert [each.replace("\n0 objects given", "") for each in summaries[1:]] == [summaries[0].replace("\n0 objects given", "")] * 3, summaries
deque_tree = asizeof.asized(__import__("collections").deque([1, "two"]), detail=1)
assert {ref.name for ref in deque_tree.refs} - {"__class__"} == {"1", "'two'"}, deque_tree.format()

# Parts of types.
assert asizeof.flatsize(thing) == sys.getsizeof(thing) and asizeof.flatsize("abc", align=16) % 16 == 0
for value in ((), object(), 1.5, Plain(1, 2), thing):
    assert asizeof.basicsize(value) + asizeof.itemsize(value) * (asizeof.leng(value) or 0) == sys.getsizeof(value), value
assert [asizeof.leng(each) for each in ((1, 2), "abc", b"abc", {1: 2}, {1}, None, thing)] == [2, 4, 3, 1, 1, None, None]
assert asizeof.leng(each for each in "ab") is None
assert 0 < asizeof.leng(sys._getframe()) < 1000
assert asizeof.leng([1, 2, 3]) >= 3 and asizeof.itemsize([]) == 8 and asizeof.itemsize(__import__("array").array("d")) == 8
assert list(asizeof.refs([1, "a"])) == [1, "a"] and asizeof.named_refs([1]) == []
assert dict(asizeof.named_refs({"a": 1})) == {"[K] a": "a", "[V] a: 1": 1}
assert ("__dict__", {"x": thing.x}) in asizeof.named_refs(thing) and ("__class__", Thing) in asizeof.named_refs(thing) or sys.version_info < (3, 9)
assert asizeof.adict(dict, type("Like", (), dict(get=len, items=len, keys=len, values=len))) and not asizeof.adict(Thing)
assert asizeof.amapped() == 1.0 == asizeof.amapped(50) and asizeof.amapped(1000) == 50.0 and asizeof.amapped(1) == 100.0

# An Asizer counts each object once over its calls, and holds none.
sizer = asizeof.Asizer()
text = "unladen swallow %d" % id(sizer)
holder = [text]
assert sizer.asizeof(text) == sizer.total == expected(text)
assert sizer.asizeof(holder, holder) == expected([0]) - expected(0) and sizer.duplicate == 2
assert sizer.total == expected(holder) and sizer.sized == 2 and sizer.seen == 4 and sizer.missed == 0
dying = Plain("a")
watched = weakref.ref(dying) if hasattr(Plain, "__weakref__") else None
sizer.asizeof(dying)
dying.__dict__.clear()
del dying
assert watched is None or watched() is None
sizer.reset()
assert sizer.total == sizer.seen == 0
sizer.exclude_types(Thing, 1)
assert sizer.asizeof(thing) == 0 and sizer.excluded == (Thing, int) and sizer.asizeof([1, thing]) == sys.getsizeof([1, 2])
other = asizeof.Asizer()
inner = ["inner" * 20]
other.exclude_refs(inner)
assert other.asizeof([inner]) == sys.getsizeof([0]) and other.asizeof(inner) == expected(inner)
other.exclude_objs(thing)
assert other.asizeof(thing) == 0
defaults = {name: getattr(asizeof.Asizer(), name) for name in "above align clip code cutoff derive detail frames ignored infer limit stats total ranked".split()}
assert defaults == dict(above=1024, align=8, clip=80, code=False, cutoff=10, derive=False, detail=0, frames=False, ignored=True, infer=False, limit=100, stats=0, total=0, ranked=0), defaults

# Statistics, line by line.
out = io.StringIO()
data = [Thing(), Thing(), "x" * 500]
size = asizeof.asizeof(data, stats=3.2, above=100, stream=out)
lines = [line.strip() for line in out.getvalue().splitlines()]
whole = reach([data])
assert lines[1].startswith("asizeof(([<__main__.Thing object at") and lines[1].endswith("above=100, stats=3.2, stream=%r) ..." % out), lines[1]
assert lines[2] == "%d bytes or %.1f KiB" % (size, size / 1024.0), lines
assert lines[3:7] == ["8 byte aligned", "8 byte sizeof(void*)", "1 object given", "%d objects sized" % len(whole)], lines
assert any(line.endswith("deepest recursion") for line in lines) and "0 objects missed" in lines
assert any(re.match(r"\d+ largest objects \(of \d+ over 100 bytes\)$", line) for line in lines), lines
assert any(re.match(r"%d bytes or [\d.]+ KiB: class list: \[.*, ix 0$" % size, line) for line in lines), lines
assert any(re.match(r"\d+ profiles:  total \(% of grand total\), average, and largest flat size:  largest object$", line) for line in lines)
assert any(re.match(r"2 class __main__.Thing objects:  \d+ \(\d+%\), \d+, \d+:  <__main__.Thing", line) for line in lines), lines
assert any(line.startswith("class list:  56, 8, _len, _refs") for line in lines), lines
out.truncate(0), out.seek(0)
asizeof.asizesof(data, "abc", stats=1, stream=out)
assert "bytes:  'abc'" in out.getvalue() and "2 objects given" in out.getvalue(), out.getvalue()
out.truncate(0), out.seek(0)
asizeof.asized(data, "abc", stats=1, detail=1, stream=out)
assert " 0: size %d, flat " % size in out.getvalue(), out.getvalue()

# Bad input.
assert raises(KeyError, lambda: asizeof.asizeof(1, colour=1, size=2)) == "'invalid options: reset(colour=1, size=2)'"
assert raises(ValueError, lambda: asizeof.asizeof(1, align=3)) == "invalid option: set(align=3)"
assert raises(ValueError, lambda: asizeof.asizeof(1, stats=-1)) == "invalid option: set(stats=-1)"
assert raises(ValueError, lambda: asizeof.asizeof(1, limit=-1)) == "invalid option: set(limit=-1)"
assert raises(ValueError, lambda: asizeof.asizeof(all=7)) == "invalid option: asizeof(all=7)"
raises(TypeError, lambda: asizeof.asizeof(1, limit="x"))
raises(KeyError, lambda: asizeof.asizesof(all=True))
raises(ValueError, lambda: asizeof.flatsize(1, align=6))


class Forbids(type):
    def __getattribute__(cls, name):
        raise RuntimeError("hands off")

    __repr__ = __hash__ = __eq__ = __instancecheck__ = __getattribute__


class Forbidden(metaclass=Forbids):
    __repr__ = __hash__ = __len__ = __getattribute__ = lambda self, *rest: 1 / 0


forbidden = Forbidden()
assert asizeof.asizeof(forbidden, stats=3, stream=out) > 0 and asizeof.asized(forbidden, detail=3).name == "N/A"
assert asizeof.asizeof([Forbidden, forbidden], code=True) > 0
assert asizeof.asizeof(BaseException.__new__(BaseException), types.SimpleNamespace.__new__(types.SimpleNamespace)) > 0
nested = None
for _ in range(10_000_000 if "--large" in sys.argv else 300_000):
    nested = [nested]
assert asizeof.asizeof(nested, stats=1, stream=out) == asizeof.asizeof(nested) > 16_000_000
while nested is not None:
    nested = nested[0]
print("ok")
