"""hognose.profile on every kind of function, in threads, under recursion and exceptions, beside tracemalloc, tracers and fork."""
import asyncio
import functools
import gc
import io
import os
import subprocess
import sys
import threading
import tracemalloc
import types
import warnings

from hognose import _hognose
from hognose._profiler import Profiler

BIG = 100_000
OVERHEAD = sys.getsizeof(b"")

# A collection in the middle of a line would free what others left, and count there.
gc.disable()


def here(text, offset=0):
    """The number of the line of this file that holds a text."""
    with open(__file__) as file:
        return next(number for number, line in enumerate(file, 1) if text in line and "here(" not in line) + offset


def only(profiler):
    (found,) = profiler.results()
    return found


def quiet(profiler):
    profiler.print(stream=io.StringIO())
    assert _hognose.profile_state() == (0, 0), _hognose.profile_state()


# Methods of all sorts, by themselves and by their class.
every = Profiler()


@every
class Kinds:
    def method(self):
        return bytes(BIG)  # method

    @classmethod
    def of_class(cls):
        assert cls is Kinds
        return bytes(BIG)  # of class

    @staticmethod
    def static():
        return bytes(BIG)  # static

    @property
    def value(self):
        return bytes(BIG)  # property


kinds = Kinds()
kinds.method(), Kinds.method(kinds), kinds.of_class(), Kinds.static(), kinds.value
found = {function.name: function for function in every.results()}
assert set(found) == {"Kinds.method", "Kinds.of_class", "Kinds.static", "Kinds.value"}, found
for name, text, calls in (("method", "# method", 2), ("of_class", "# of class", 1), ("static", "# static", 1), ("value", "# property", 1)):
    figures = found["Kinds." + name].lines[here(text)]
    assert (found["Kinds." + name].calls, figures.occurrences) == (calls, calls), figures
    assert figures.net == calls * (BIG + OVERHEAD), (figures, figures.net)
quiet(every)

# Names, docs and the kinds themselves stay.
plain = Profiler()


@plain
def documented(a, b=2):
    """What it says."""
    return a, b


assert documented(1) == (1, 2) and documented.__doc__ == "What it says." and documented.__name__ == "documented"
if hasattr(sys, "monitoring"):
    assert not hasattr(documented, "__wrapped__")
quiet(plain)

# Recursion: what the inner calls do counts once for the line that begins them.
recursive = Profiler()


@recursive
def down(n):
    block = bytes(BIG)  # block
    if n:
        deeper = down(n - 1)  # deeper
        return [block] + deeper
    return [block]


# What CPython keeps from a first call on (frames, tables of arguments) comes with the one that is not counted.
down(9)
recursive.clear()
assert len(down(9)) == 10
lines = only(recursive).lines
assert only(recursive).calls == 10
assert lines[here("# block")].net == lines[here("# block")].allocated == 10 * (BIG + OVERHEAD)
assert 9 * (BIG + OVERHEAD) <= lines[here("# deeper")].net < 9 * (BIG + OVERHEAD) + 20_000, lines[here("# deeper")].net
assert 10 * BIG < only(recursive).peak < 11 * BIG
quiet(recursive)
recursive.clear()
sys.setrecursionlimit(400)
try:
    down(10_000)
    raise AssertionError
except RecursionError:
    pass
sys.setrecursionlimit(1000)
quiet(recursive)

# A profiled function that another one calls counts for both.
outer = Profiler()


@outer
def callee():
    return bytes(BIG)  # callee


@outer
def caller():
    one = callee()  # caller
    two = callee()
    return one, two


caller()
outer.clear()
caller()
by_name = {function.name: function for function in outer.results()}
assert by_name["callee"].lines[here("# callee")].net == 2 * (BIG + OVERHEAD)
assert by_name["caller"].lines[here("# caller")].net == BIG + OVERHEAD
quiet(outer)

# Exceptions, through and caught.
raising = Profiler()


@raising
def fails(how):
    kept = bytes(BIG)
    if how:
        raise ValueError(kept)  # raise
    return kept


for _ in range(3):
    try:
        fails(True)
    except ValueError:
        pass
fails(False)
assert only(raising).calls == 4 and only(raising).lines[here("# raise")].occurrences == 3
quiet(raising)

# Generators: run to the end, closed half-way, dropped half-way, thrown into; suspended ones keep the hooks on.
generators = Profiler()


@generators
def produces(n):
    for turn in range(n):
        block = bytes(BIG)  # produced
        try:
            yield block  # yield
        except KeyError:
            pass
        del block  # dropped
    return "value"


def delegates():
    value = yield from produces(2)
    yield value


# Handed on without a variable here that would hold the block while the generator lets go of it.
assert list(map(len, delegates())) == [BIG, BIG, len("value")]
quiet(generators)
figures = only(generators).lines
assert figures[here("# produced")].net == 2 * (BIG + OVERHEAD) == -figures[here("# dropped")].net == figures[here("# dropped")].freed
assert figures[here("# yield")].occurrences == 2 and only(generators).calls == 1, figures
started = produces(5)
next(started)
assert _hognose.profile_state()[0] == 1
started.close()
started = None
quiet(generators)
started = produces(5)
next(started)
assert started.throw(KeyError()) is not None
started = None
gc.collect()
quiet(generators)
unstarted = produces(5)
unstarted.close()
del unstarted
quiet(generators)
assert only(generators).calls == 3, only(generators).calls
many = [produces(5) for _ in range(100)]
for each in many:
    next(each)
for each in many:
    next(each)
assert _hognose.profile_state()[0] == 100
del many, each
quiet(generators)

# Coroutines and asynchronous generators.
asynchronous = Profiler()


@asynchronous
async def fetches(n):
    data = bytes(BIG)  # fetched
    await asyncio.sleep(0)  # await
    del data  # let go
    return n


@asynchronous
async def streams(n):
    for turn in range(n):
        chunk = bytes(BIG)  # chunk
        await asyncio.sleep(0)
        yield chunk


async def program():
    answers = await asyncio.gather(*[fetches(n) for n in range(5)])
    assert answers == list(range(5)), answers
    got = 0
    async for chunk in streams(3):
        got += len(chunk)
    assert got == 3 * BIG
    half = streams(3)
    await half.__anext__()
    await half.aclose()
    task = asyncio.ensure_future(fetches(9))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
        raise AssertionError
    except asyncio.CancelledError:
        pass


asyncio.run(program()) if hasattr(asyncio, "run") else None
gc.collect()
quiet(asynchronous)
by_name = {function.name: function for function in asynchronous.results()}
assert by_name["fetches"].calls == 6
assert by_name["fetches"].lines[here("# fetched")].net == 6 * (BIG + OVERHEAD)
assert by_name["fetches"].lines[here("# let go")].freed == 5 * (BIG + OVERHEAD)
assert by_name["streams"].lines[here("# chunk")].occurrences == 4
# The task that was cancelled comes to the line once more where code that catches it has that line's number (3.13+).
assert by_name["fetches"].lines[here("# await")].occurrences in (6, 7), by_name["fetches"].lines

# A generator that may be awaited goes on to be one.
awaitable = Profiler()


@awaitable
@types.coroutine
def old_style(given):
    kept = bytes(BIG)  # old style
    sent = yield given
    return sent, len(kept)


async def awaits():
    return await old_style("given")


waiting = awaits()
assert waiting.send(None) == "given"
try:
    waiting.send("sent")
except StopIteration as end:
    assert end.value == ("sent", BIG), end.value
assert only(awaitable).calls == 1 and only(awaitable).lines[here("# old style")].allocated == BIG + OVERHEAD, only(awaitable).lines
quiet(awaitable)

# The table at the end goes to stdout, where there is one.
text = "import hognose\n@hognose.profile\ndef f(): return bytes(9)\nf()\n"
silent = subprocess.run(["/bin/sh", "-c", 'exec "$0" "$@" >&-', sys.executable, "-c", text], stderr=subprocess.PIPE)
assert (silent.returncode, silent.stderr) == (0, b""), silent

# Threads: each counts for itself, and what others do meanwhile counts for nobody.
threaded = Profiler()
go = threading.Barrier(5)


@threaded
def works(n):
    kept = []
    for _ in range(n):
        kept.append(bytes(BIG))  # in thread
    return len(kept)


def noise():
    go.wait()
    for _ in range(200):
        bytes(BIG)


def work():
    go.wait()
    assert works(50) == 50


threads = [threading.Thread(target=work) for _ in range(4)] + [threading.Thread(target=noise)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert only(threaded).calls == 4
assert only(threaded).lines[here("# in thread")].occurrences == 200
assert 200 * (BIG + OVERHEAD) <= only(threaded).lines[here("# in thread")].net < 200 * (BIG + OVERHEAD) + 4 * 1000
quiet(threaded)

# tracemalloc: on before, begun and ended within, ended within.
traced = Profiler()


@traced
def with_tracemalloc(begin, end):
    if begin:
        tracemalloc.start()
    block = bytes(BIG)  # traced
    if end:
        tracemalloc.stop()
    after = bytes(BIG)  # after tracemalloc
    return block, after


for before, begin, end in ((False, True, True), (True, False, False), (True, False, True), (False, True, False), (False, False, True), (False, True, True)):
    traced.clear()
    if before:
        tracemalloc.start()
    for _ in range(3):
        with_tracemalloc(begin, end)
        if before and not tracemalloc.is_tracing():
            tracemalloc.start()
    tracemalloc.stop()
    # Begun within, it stands above our hooks, which see its own table of traces grow.
    table = 1000 if begin else 0
    for text in ("# traced", "# after tracemalloc"):
        if before and end and text == "# after tracemalloc":
            continue  # stopped within, it puts back what it found, without our hooks
        net = only(traced).lines[here(text)].net
        assert 0 <= net - 3 * (BIG + OVERHEAD) <= table, (before, begin, end, text, only(traced).lines)
    traced.print(stream=io.StringIO())
with_tracemalloc(False, False)
quiet(traced)

# A debugger or coverage tool: from 3.12 on both see everything; before, ours has the thread while the function runs, and says so.
seen = []


def other(frame, event, arg):
    seen.append((frame.f_code.co_name, event))
    return other


coexisting = Profiler()


@coexisting
def watched():
    block = bytes(BIG)  # watched
    return block


with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    sys.settrace(other)
    watched()
    watched()
    assert sys.gettrace() is other
    sys.settrace(None)
assert only(coexisting).lines[here("# watched")].occurrences == 2
assert ("watched", "line") in seen or len(told) == 1 and "one trace function" in str(told[0].message), (seen, told)
quiet(coexisting)

# A fork in the middle of a profiled call, with other threads at work.
forking = Profiler()


@forking
def forks():
    block = bytes(BIG)
    child = os.fork()
    more = bytes(BIG)  # after fork
    if child == 0:
        del block, more
        os._exit(7)
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status)


stop = threading.Event()
busy = threading.Thread(target=lambda: [bytes(1000) for _ in iter(stop.is_set, True)])
busy.start()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert [forks() for _ in range(20)] == [7] * 20
stop.set()
busy.join()
assert only(forking).lines[here("# after fork")].net == 20 * (BIG + OVERHEAD)
quiet(forking)

# What cannot be profiled, and options that make no sense.
for wrong in (len, 3, "text", functools.partial(len)):
    try:
        plain(wrong)
        raise AssertionError(wrong)
    except TypeError as error:
        assert "takes a function" in str(error)
for precision in (-1, "1", 10):
    try:
        Profiler(precision=precision)
        raise AssertionError(precision)
    except ValueError as error:
        assert "precision" in str(error)
for function, arguments in (
    (_hognose.profile_line, ()), (_hognose.profile_line, ("x", "y")), (_hognose.profile_start, (documented.__code__, None)),
    (_hognose.profile_add, (1, 2, 3, 4)), (_hognose.profile_add, (here.__code__, 1, 0, 0)), (_hognose.profile_read, ()),
    (_hognose.profile_resident, (3,)), (_hognose.profile_exit, (0,)), (_hognose.profile_drop, (None,)),
):
    try:
        function(*arguments)
        raise AssertionError((function, arguments))
    except TypeError:
        pass

# The hooks at their busiest: on and off from many threads.
toggled = Profiler()


@toggled
def short():
    return [bytes(10)] * 3


threads = [threading.Thread(target=lambda: [short() for _ in range(2000)]) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert only(toggled).calls == 8000
quiet(toggled)
print("ok")
