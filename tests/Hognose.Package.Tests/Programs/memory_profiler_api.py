"""The drop-in for memory_profiler: layouts, forms of results, exit statuses."""
import asyncio
import io
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings

import hognose.compat

hognose.compat.install(first=True)
import memory_profiler
from memory_profiler import LineProfiler, LogFile, MemTimer, TimeStamper, choose_backend, memory_usage, profile, show_results

MIB = 1024 * 1024.0
for name in memory_profiler.__all__:
    assert getattr(memory_profiler, name) is not None
everything = {}
exec("from memory_profiler import *", everything)
assert everything["profile"] is profile and "LineProfiler" in everything
try:
    import IPython
except ImportError:
    assert not hasattr(memory_profiler, "MemoryProfilerMagics")

# The table of the tutorial, to the letter but for the figures.
table = io.StringIO()


@profile(stream=table)
def my_func():
    a = [1] * (10 ** 6)
    b = [2] * (2 * 10 ** 7)
    del b
    return a


assert len(my_func()) == 10 ** 6 and my_func.__name__ == "my_func"
figure = r" *-?\d+\.\d MiB"
lines = table.getvalue().split("\n")
assert lines[0] == "Filename: " + __file__ and lines[1] == ""
assert lines[2] == "Line #    Mem usage    Increment  Occurrences   Line Contents"
assert lines[3] == "=" * len(lines[2])
first = my_func.__wrapped__.__code__.co_firstlineno
assert re.match(r"^ *%d %s %s           1   @profile\(stream=table\)$" % (first, figure, figure), lines[4]), lines[4]
assert lines[5] == "%6d" % (first + 1) + " " * 41 + "def my_func():", repr(lines[5])
assert re.match(r"^ *%d %s %s           1       a = \[1\] \* \(10 \*\* 6\)$" % (first + 2, figure, figure), lines[6]), lines[6]
assert lines[10:] == ["", "", ""] or lines[10:] == ["", ""], lines[9:]
increments = [float(line.split("MiB")[1]) for line in lines[6:10]]
# The first list may lie in memory that the process had already.
assert 0 <= increments[0] < 9 and 152 <= increments[1] <= 154 and -154 <= increments[2] <= -152 and abs(increments[3]) < 1, increments

# By what Python allocates the figures are exact.
exact = io.StringIO()
profile(my_func.__wrapped__, stream=exact, precision=6, backend="tracemalloc")()
rows = [line for line in exact.getvalue().split("\n") if "MiB" in line]
assert [float(row.split("MiB")[1]) for row in rows[1:4]] == [round(count * 8 / MIB, 6) for count in (10 ** 6, 2 * 10 ** 7, -2 * 10 ** 7)], rows

# One table a call; coroutines, generators, methods, classes, nested functions.
calls = io.StringIO()


@profile(stream=calls)
def twice(n):
    def inner():
        return [0] * n  # within

    return [inner() for _ in range(3)]


twice(10), twice(20)
assert calls.getvalue().count("Filename:") == 2
assert all(re.search(r" 3 +return \[0\] \* n", line) for line in calls.getvalue().split("\n") if "# within" in line), calls.getvalue()
kinds = io.StringIO()


@profile(stream=kinds)
async def fetches():
    await asyncio.sleep(0)
    return 5


@profile(stream=kinds)
def produces():
    yield 1
    yield 2


@profile(stream=kinds)
class Whole:
    def method(self):
        return 1

    @staticmethod
    def static():
        return 2


assert asyncio.run(fetches()) == 5 and list(produces()) == [1, 2] and Whole().method() == 1 and Whole.static() == 2
assert kinds.getvalue().count("Filename:") == 4, kinds.getvalue()
try:
    profile(lambda: 1 / 0, stream=kinds)()
    raise AssertionError
except ZeroDivisionError:
    pass

# LineProfiler by itself.
profiler = LineProfiler()


def plain(n):
    block = bytearray(n)
    return len(block)


measured = profiler(plain)
assert measured(1000) == 1000 and measured(10) == 10
((name, figures),) = profiler.code_map.items()
figures = dict(figures)
start = plain.__code__.co_firstlineno
assert name == __file__ and figures[start][2] == 2 and figures[start + 1][2] == 2 and figures[start + 2][2] == 2, figures
other = LineProfiler(backend="psutil_uss")
other.add_function(plain)
assert other.runctx("answer = plain(7)", globals(), globals()) is other and answer == 7
assert other.runcall(plain, 3) == 3
output = io.StringIO()
show_results(other, stream=output, precision=2)
assert re.search(r"\d\.\d\d MiB", output.getvalue())
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    other.add_function(len)
assert "Could not extract a code object" in str(told[0].message)
assert hognose._hognose.profile_state() == (0, 0)

# memory_usage in all forms.
assert choose_backend() == "psutil" and choose_backend("psutil_pss") == "psutil_pss"
try:
    choose_backend("nothing")
    raise AssertionError
except KeyError:
    pass
(now,) = memory_usage()
with open("/proc/self/statm") as file:
    assert abs(int(file.read().split()[1]) * 4096 / MIB - now) < 5
assert [len(memory_usage(-1, interval=0.1, timeout=seconds)) for seconds in (0.05, 0.3, 0.7)] == [1, 3, 7]
assert isinstance(memory_usage(-1, interval=0.01, timeout=0.02, max_usage=True, timestamps=True), float)
(pair,) = memory_usage(os.getpid(), timestamps=True)
assert abs(pair[1] - time.time()) < 60 and pair[0] > 1
for backend in ("psutil_pss", "psutil_uss", "posix"):
    assert memory_usage(backend=backend)[0] > 1


def grows(n, wait=0.0):
    block = b"x" * n
    time.sleep(wait)
    return len(block)


before = memory_usage()[0]
samples, value = memory_usage((grows, (50 * 2 ** 20,), {"wait": 0.3}), interval=0.05, retval=True)
assert value == 50 * 2 ** 20 and len(samples) >= 5 and 49 < max(samples) - before < 60, samples
peak = memory_usage((grows, (50 * 2 ** 20, 0.2)), max_usage=True, max_iterations=1)
assert isinstance(peak, float) and 49 < peak - before < 60
assert isinstance(memory_usage(lambda: None, max_usage=True), float)
turns = []
memory_usage(lambda: turns.append(1), interval=0.1, max_iterations=2)
assert len(turns) == 2
memory_usage(lambda: turns.append(1), interval=1, timeout=1)
memory_usage(lambda: turns.append(1), interval=0.1, timeout=0.3, max_iterations=1)
assert len(turns) == 4
assert memory_usage((grows, (10,)), retval=True, max_usage=True, max_iterations=1)[1] == 10
assert max(memory_usage((grows, (30 * 2 ** 20,)), backend="tracemalloc", max_iterations=1)) >= 0
child = [sys.executable, "-c", "import time; x = bytearray(30 * 2 ** 20); time.sleep(0.6)"]
samples = memory_usage(subprocess.Popen(child), interval=0.05)
assert max(samples) > 30, samples
stream = io.StringIO()
assert memory_usage(subprocess.Popen(child), interval=0.1, stream=stream) is None
assert all(re.match(r"^MEM \d+\.\d{6} \d+\.\d{4}$", line) for line in stream.getvalue().strip().split("\n")), stream.getvalue()
stream = io.StringIO()
assert memory_usage(lambda: time.sleep(0.05), interval=0.01, retval=True, stream=stream) is None
assert all(re.match(r"^MEM \d+\.\d{6} \d+\.\d{4}$", line) for line in stream.getvalue().strip().split("\n")), stream.getvalue()
flat = memory_usage((lambda: subprocess.check_call(child)), interval=0.05, multiprocess=True, max_iterations=1)
assert all(isinstance(amount, float) for amount in flat), flat
shell = subprocess.Popen(["sh", "-c", "'%s' -c '%s'; exit" % (child[0], child[2])])
nested = memory_usage(shell, interval=0.05, multiprocess=True)
assert len(nested) > 3 and all(len(sample) in (1, 2) for sample in nested) and max(sample[-1] for sample in nested) > 30, nested
assert isinstance(memory_usage(subprocess.Popen(child), interval=0.05, multiprocess=True, max_usage=True), float)
assert memory_usage(subprocess.Popen(["true"]), interval=0.3, max_usage=True) >= 0
together = memory_usage((lambda: subprocess.check_call(child)), interval=0.05, include_children=True, max_usage=True, max_iterations=1)
assert together - before > 30
try:
    memory_usage((lambda: 1 / 0), interval=0.01)
    raise AssertionError
except ZeroDivisionError:
    pass
ended = subprocess.Popen(["true"])
ended.wait()
for wrong in (
    {"proc": (grows, (1,), {}, 4)}, {"proc": 1.5}, {"proc": (3,)}, {"proc": 2 ** 22 + 5}, {"proc": ended}, {"proc": ended, "max_usage": True},
    {"interval": 0, "timeout": 1}, {"interval": -1}, {"proc": grows, "interval": 0, "timeout": 1},
):
    try:
        memory_usage(**wrong)
        raise AssertionError(wrong)
    except ValueError as trouble:
        assert "\n" not in str(trouble)
# Another user's process: what runs as root has a child that runs as nobody.
if os.getuid() == 0:
    read, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setuid(65534)
        try:
            memory_usage(os.getppid(), backend="psutil_pss")
        except ValueError as trouble:
            os.write(written, str(trouble).encode())
        os._exit(0)
    os.close(written)
    with os.fdopen(read) as file:
        assert file.read().endswith("to its user and to root only: take psutil")
    os.waitpid(pid, 0)

# Timestamps and logs.
stamper = TimeStamper("psutil")
stamped = stamper(plain)
stamped(5)
with stamper.timestamp("block"):
    stamped(6)
stream = io.StringIO()
stamper.show_results(stream)
record = r"%s \d+\.\d{4} \d+\.\d{4} \d+\.\d{4} \d+\.\d{4} %d"
assert [bool(re.match("^FUNC " + record % (name, level) + "$", line)) for name, level, line in zip(("__main__.plain", "__main__.plain", r"\.block"), (0, 1, 0), stream.getvalue().split("\n"))] == [True] * 3, stream.getvalue()
# Calls within each other come in the order of their begins; one that goes on has no line yet.
stamper = TimeStamper("posix")


@stamper
def within(n):
    if n:
        within(n - 1)
    else:
        stamper.show_results(going_on)


going_on, stream = io.StringIO(), io.StringIO()
within(2)
stamper.show_results(stream)
assert going_on.getvalue() == "" and [line[-1] for line in stream.getvalue().split("\n")[:-1]] == ["0", "1", "2"], stream.getvalue()
told = []
handler = logging.Handler()
handler.emit = lambda record: told.append(record.getMessage())
logging.getLogger("of memory").addHandler(handler)
logging.getLogger("of memory").setLevel(logging.INFO)
LogFile("of memory").write("anything")
growing = LogFile("of memory", reportIncrementFlag=True)
for text in ("Filename: x", "     3     13.6 MiB      0.0 MiB           1   x", "     3     13.6 MiB      7.5 MiB           1   y"):
    growing.write(text)
growing.flush()
assert [text.split()[0] for text in told] == ["anything", "Filename:", "3"] and told[-1].endswith("y"), told

# The command line.
with tempfile.TemporaryDirectory() as folder:
    script = os.path.join(folder, "script.py")
    with open(script, "w") as file:
        file.write("import sys\n\n@profile\ndef f(n):\n    a = [0] * n\n    return a\n\nf(1000)\nf(2000)\nprint(__name__, sys.argv[1:])\nsys.exit(len(sys.argv))\n")

    def run(*arguments):
        environment = dict(os.environ, PYTHONPATH=os.environ.get("PYTHONPATH", ""))
        command = [sys.executable, "-m", "hognose.compat", "--compat", "-m", "memory_profiler"] + list(arguments)
        made = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return made.returncode, made.stdout.decode(), made.stderr.decode()

    status, text, errors = run(script, "-o", "x")
    assert status == 3 and errors == "" and text.startswith("__main__ ['-o', 'x']\nFilename: "), (status, text, errors)
    assert re.search(r"\n     5 +\d+\.\d{3} MiB +\d+\.\d{3} MiB           2       a = \[0\] \* n\n", text), text
    assert text.count("Filename") == 1
    status, text, errors = run("--precision", "1", "-o", "table", "script.py")
    assert status == 1 and text == "__main__ []\n", (status, text, errors)
    run("-o", "table", "script.py")
    with open(os.path.join(folder, "table")) as file:
        assert file.read().count("Filename") == 2
    assert re.search(r"\nFUNC __main__.f \d.* 0\n", run("--timestamp", "script.py")[1])
    assert run("--backend", "tracemalloc", "--include-children", "script.py")[0] == 1
    assert "exceeded the maximum of 1.00 MiB\nStepping into the debugger" in run("--pdb-mmem", "1", "script.py")[1]
    assert run("script", "a")[0] == 2
    assert run("nowhere.py") == (1, "", "Could not find script nowhere.py\n")
    assert run()[0] == 1 and run("--backend", "wrong", "script.py")[0] == 2
    status, text, errors = run("--precision", "x", "script.py")
    assert status == 2 and errors.endswith("argument --precision: x is no number of digits from 0 to 9\n"), errors
    assert run("-o", "/nowhere/x", "script.py")[0] == 2
    assert run("--version")[:2] == (0, "0.61.0\n")
    assert run("--help")[0] == 0

# As a process; by fork, since others would run this file once more.
import multiprocessing

multiprocessing.set_start_method("fork")
ours, theirs = multiprocessing.Pipe()
timer = MemTimer(os.getpid(), 0.01, theirs, "psutil", max_usage=False)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    timer.start()
assert ours.recv() == 0
time.sleep(0.1)
ours.send(0)
samples, count = ours.recv(), ours.recv()
timer.join()
assert len(samples) == count >= 3 and min(samples) > 1, (samples, count)
print("ok")
