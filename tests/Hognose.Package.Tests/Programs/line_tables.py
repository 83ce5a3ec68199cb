"""The drop-in's line tables are each measurement's own: one after the other, recursive, at the same time, with every turn of a loop."""
import asyncio
import io
import os
import subprocess
import sys
import tempfile
import threading

import hognose.compat

hognose.compat.install(first=True)
from hognose import _hognose
from memory_profiler import LineProfiler, profile

MIB = 1024 * 1024.0


def lines_of(profiler, function):
    """{line from the function's first: (increment, usage, occurrences)}"""
    ((_, lines),) = [item for item in profiler.code_map.items()]
    return {number - function.__code__.co_firstlineno: figures for number, figures in lines if figures}


def occurrences(table):
    """By table: the third number of each row that has one."""
    found = []
    for line in table.getvalue().split("\n"):
        if line.startswith("Filename:"):
            found.append([])
        elif "MiB" in line:
            found[-1].append(int(line.split("MiB")[2].split()[0]))
    return found


# What is measured later knows nothing of what was measured before.
def big(n):
    block = bytearray(n)
    block[::4096] = b"x" * len(block[::4096])
    return len(block)


first, second = LineProfiler(), LineProfiler()
first.add_function(big)
second.add_function(big)
with first:
    big(60000000)
with second:
    big(1000)
large, small = lines_of(first, big), lines_of(second, big)
assert large[2][1] - large[0][1] > 50 and small[2][1] - small[0][1] < 5, (large, small)
assert large[2][2] == small[2][2] == 1
# The same one adds up, and keeps the most.
with first:
    big(1000)
again = lines_of(first, big)
assert again[2][1] == large[2][1] and again[2][2] == again[0][2] == 2, (again, large)
# One within the other, of the same function.
outer, inner = LineProfiler(backend="tracemalloc"), LineProfiler(backend="tracemalloc")
outer.add_function(big)
inner.add_function(big)
with outer:
    big(1000000)
    with inner:
        big(5000)
    big(10)
assert [lines_of(profiler, big)[1][2] for profiler in (outer, inner)] == [3, 1]
assert 1000000 <= lines_of(outer, big)[1][1] * MIB < 1001000 and 5000 <= lines_of(inner, big)[1][1] * MIB < 6000


# A recursive function: each table is of one call with those that it made.
deeper = io.StringIO()


@profile(stream=deeper)
def recursive(n):
    block = bytes(range(256)) * 20000
    rest = recursive(n - 1) if n else 0
    return len(block) + rest


recursive(2)
assert occurrences(deeper) == [[calls] * 4 for calls in (1, 2, 3)], deeper.getvalue()
usages = [[float(line.split("MiB")[0].split()[1]) for line in table.split("\n") if "MiB" in line] for table in deeper.getvalue().split("Filename")[1:]]
assert all(usage >= 1 and row[2] >= row[1] > row[0] - 0.2 for row in usages for usage in row), usages


@LineProfiler(backend="tracemalloc")
def counted(n):
    block = bytes(1000)
    return counted(n - 1) if n else block


shared = LineProfiler(backend="tracemalloc")
plain = counted.__wrapped__
shared.add_function(plain)
counted = plain
with shared:
    plain(3)
assert lines_of(shared, plain)[2][2] == 4 and lines_of(shared, plain)[3][2] == 4, lines_of(shared, plain)


# At the same time, in threads and coroutines: a table for each call, of that call.
together = io.StringIO()
meeting = threading.Barrier(3)


@profile(stream=together)
def in_thread(n):
    block = [0] * n
    meeting.wait()
    return len(block)


threads = [threading.Thread(target=in_thread, args=(1000,)) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert together.getvalue().count("Filename:") == 3
rows = [line for line in together.getvalue().split("\n") if "MiB" in line]
assert len(rows) == 12 and all(row.split("MiB")[2].split()[0] == "1" for row in rows), together.getvalue()
awaited = io.StringIO()


@profile(stream=awaited)
async def in_task(turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    return turns


async def all_tasks():
    return await asyncio.gather(*[in_task(turns) for turns in (5, 2, 3)])


assert asyncio.run(all_tasks()) == [5, 2, 3]
assert sorted(occurrences(awaited)) == [[1, turns + 1, turns, 1] for turns in (2, 3, 5)], awaited.getvalue()
passed = io.StringIO()


@profile(stream=passed)
def in_turn(turns):
    for turn in range(turns):
        yield turn
    return "end"


assert [pair for pair in zip(in_turn(4), in_turn(9))] == [(turn, turn) for turn in range(4)]
assert occurrences(passed) == [[1, 5, 4, 1]], passed.getvalue()
# A profiler of several threads measures each where it is called.
everywhere = LineProfiler()


@everywhere
def anywhere(n):
    meeting.wait()
    return n


threads = [threading.Thread(target=anywhere, args=(1,)) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert everywhere.enable_count == 0
assert [row[2] for row in lines_of(everywhere, anywhere.__wrapped__).values()] == [3, 3, 3]


# Each turn of a loop that stands on one line, as sys.settrace counts it.
def on_one_line():
    block = bytearray(10)
    for _ in range(100): block[0] = 1
    while block[0] < 50: block[0] += 1
    for _ in range(7):
        pass
    return block


traced = {}


def trace(frame, event, argument):
    if frame.f_code is not on_one_line.__code__:
        return None
    if event == "line":
        number = frame.f_lineno - frame.f_code.co_firstlineno
        traced[number] = traced.get(number, 0) + 1
    return trace


sys.settrace(trace)
on_one_line()
sys.settrace(None)
turns = LineProfiler()
turns.runcall(turns(on_one_line))
counted = {number: figures[2] for number, figures in lines_of(turns, on_one_line).items() if number}
assert counted == traced and traced[2] == 101, (counted, traced)


# Nobody asks for a function any more once its profilers are off, however many were added while they were on.
adding = LineProfiler(backend="tracemalloc")


@adding
def adds(n):
    @adding
    def added(k):
        return [0] * k

    return sum(len(added(k)) for k in range(n))


adds(3), adds(3)
before = [_hognose.profile_read(code, False)[0] for code in adding.code_map]
adding.functions[0](0)
assert [_hognose.profile_read(code, False)[0] for code in adding.code_map] == before
late = LineProfiler()
with late:
    late.add_function(big)
    big(10)
assert lines_of(late, big)[1][2] == 1
assert _hognose.profile_state() == (0, 0)
late.disable()
late.disable_by_count()
assert late.enable_count == 0


# Properties of a class, too.
class Held:
    @property
    def value(self):
        return 5


held = io.StringIO()
assert profile(Held, stream=held)().value == 5 and occurrences(held) == [[1, 1]], held.getvalue()

# A program may have no standard output.
silent = "import hognose.compat as c; c.install(first=True)\nfrom memory_profiler import profile\n@profile\ndef f(): return 7\nopen('told', 'w').write(str(f()))"

with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "silent.py"), "w") as file:
        file.write(silent)
    for command in ("silent.py", "-m hognose.compat --compat -m memory_profiler silent.py", "-m hognose.compat --compat -m memory_profiler --timestamp silent.py"):
        assert subprocess.call("exec '%s' %s >&-" % (sys.executable, command), shell=True, cwd=folder) == 0, command
        with open(os.path.join(folder, "told")) as file:
            assert file.read() == "7"
        os.remove(os.path.join(folder, "told"))
print("ok")
