"""snapshot, why, retained, biggest and rss of oneself: against del and tracemalloc, smaps, and what the program itself knows."""
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc

import hognose
from hognose import _hognose, _tool, _within

assert not any(name.startswith("hognose._questions") for name in sys.modules), "nothing is imported before it is used"


class Node:
    def __init__(self, *held):
        self.held = held


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right


def freed_by_del(make, count):
    """Bytes, as tracemalloc counts them."""
    tracemalloc.start()
    holder[0] = make(count)
    before = tracemalloc.get_traced_memory()[0]
    holder[0] = None
    gc.collect()
    freed = before - tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return freed


def told(make, count):
    holder[0] = make(count)
    answer = hognose.retained(holder[0])
    assert answer.pause > 0 and int(answer) == answer.bytes and answer.shallow == sys.getsizeof(holder[0]), answer
    size, holder[0], answer = answer.bytes, None, None
    gc.collect()
    return size


def cycle(count):
    made = [bytes(99 * count), "x" * (2000 + count)]
    made.append(made)
    return made


# retained equals what del frees: of 600 objects more than of 200, to the byte, since what measuring takes itself is the same for both. Types of
# which CPython keeps some for later (dicts, lists, tuples, floats, ints) stand here once: what it keeps is not freed.
shared = "s" * 5000
MADE = {
    "strings": lambda count: [str(1000 + i) * 50 for i in range(count)],
    "slots": lambda count: [Slotted("l%d" % (1000 + i) * 9, shared) for i in range(count)],
    "dict": lambda count: {"k%d" % i * 3: "v%d" % i * 20 for i in range(count)},
    "sets": lambda count: [{"m%d" % i * 5, b"n%d" % i * 9} for i in range(count)],
    "cycle": cycle,
}
holder = [None]
gc.collect()
gc.disable()
for name, make in sorted(MADE.items()):
    grown = told(make, 600) - told(make, 200)
    freed_by_del(make, 200)
    freed = freed_by_del(make, 600) - freed_by_del(make, 200)
    assert grown == freed > 30000, (name, grown, freed)
gc.enable()
assert hognose.retained([shared, shared]).bytes == sys.getsizeof([0, 0]), "what others hold, too, is not retained"
tree = hognose.retained(Node("x" * 4000, "y" * 100))
assert tree.parts and "Node" in str(tree) and tree.json["top"]["object"]["type"] == "__main__.Node", str(tree)

# why: modules, locals, closures, and nothing of ours.
CACHE = {"user:41": Node(["treasure"])}
assert hognose.why(CACHE["user:41"].held[0]).ways == ["module __main__.CACHE['user:41'].held[0]"], hognose.why(CACHE["user:41"].held[0]).ways
assert hognose.why(CACHE["user:41"], contents=False).ways == ["module __main__.CACHE[…]"]


def ways(*objects):
    """As a user's function between would."""
    return [hognose.why(each).ways for each in objects]


def asked_in_function():
    rows = [["row"]]
    found = hognose.why(rows[0])
    assert found.ways[0].startswith("asked_in_function() within.py:") and found.ways[0].endswith(" · local 'rows'[0]"), found.ways
    assert len(found.ways) == 1 and found.type == "list", found.ways
    lone = ["lone"]
    assert hognose.why(lone).ways[0].startswith("asked_in_function() within.py:") and hognose.why(lone).ways[0].endswith(" · local 'lone'"), hognose.why(lone).ways


asked_in_function()


def make_closure():
    response = ["body"]

    def retry():
        return response

    return retry


RETRY = make_closure()
found = hognose.why(RETRY())
assert any("closure of make_closure.<locals>.retry() · cell 'response'" in way or "closure of retry() · cell 'response'" in way for way in found.ways), found.ways
own = hognose.why(Node("only the call holds it"))
assert own.ways == ["nothing but this call"], own.ways
weak = __import__("weakref").ref(CACHE["user:41"])
assert hognose.why(CACHE["user:41"]).ways == ["module __main__.CACHE['user:41']"], "weak references hold nothing"

# biggest.
PLANTED = [str(i) * 300 for i in range(4000)]
found = hognose.biggest(top=5)
assert found[0].held_by == "module __main__.PLANTED" and found[0].address == id(PLANTED) and found[0].objects == 4001, found[0]
assert found[0].retained == hognose.deepsizeof(PLANTED) and len(found) == 5 and "PLANTED" in str(found) and found.held > found[0].retained
own = [each.held_by for each in hognose.biggest(top=300) if "_within.py" in each.held_by or "_questions.py" in each.held_by or "C code: frame" in each.held_by]
assert own == [], own

# rss.
def smaps():
    with open("/proc/self/smaps") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Rss:")) * 1024


before = smaps()
resident = hognose.rss()
after = smaps()
assert resident.bytes == sum(size for _, _, size in resident.parts) == sum(each["resident_bytes"] for each in resident.json["mappings"])
low, high = min(before, after), max(before, after)
assert low - (1 << 20) <= resident.bytes <= high + (1 << 20), (before, resident.bytes, after)
assert resident.explained > 0.95 and resident.verdict in str(resident).replace("\n  ", " "), str(resident)
assert resident.json["totals"]["shared_after_fork_bytes"] < resident.bytes / 10, "the copy of ours counts as another process"
assert resident.json["process"]["process_id"] == os.getpid()

# snapshot, and the tool on it.
folder = tempfile.mkdtemp()
path = os.path.join(folder, "now.heap")
taken = hognose.snapshot(path)
assert os.fspath(taken) == path and os.listdir(folder) == ["now.heap"] and taken.bytes == os.path.getsize(path)
document = json.loads(subprocess.run([_tool.path(), "biggest", path, "--json"], stdout=subprocess.PIPE, check=True).stdout.decode())
assert document["process"]["process_id"] == os.getpid() and document["objects"][0]["held_by"] == "module __main__.PLANTED"
os.chdir(folder)
assert os.path.exists(hognose.snapshot().path)

# The program goes on: no signal, no child left, threads at work, descriptors as before.
chld = []
before_fds = sorted(os.listdir("/proc/self/fd"))
stop = threading.Event()
wrong, rounds = [], [0]


def busy(seed):
    while not stop.is_set():
        rows = [{"n": i, "s": str(i)} for i in range(300)]
        if sum(len(row["s"]) for row in rows) != 790:
            wrong.append(seed)
        rounds[0] += 1


threads = [threading.Thread(target=busy, args=(i,)) for i in range(3)]
for thread in threads:
    thread.start()
for turn in range(6):
    seen = rounds[0]
    mine = [["mine", turn]]
    assert hognose.why(mine[0]).ways == ["module __main__.mine[0]"]
    assert rounds[0] > seen, "other threads stood still all the while"
# Several at once: one after the other.
results = []
askers = [threading.Thread(target=lambda: results.append(hognose.retained(PLANTED).bytes)) for _ in range(3)]
for thread in askers:
    thread.start()
for thread in askers:
    thread.join()
assert results == [hognose.deepsizeof(PLANTED)] * 3, results
stop.set()
for thread in threads:
    thread.join()
assert not wrong
assert sorted(os.listdir("/proc/self/fd")) == before_fds
def children_of(task):
    try:
        return open("/proc/self/task/%s/children" % task).read().split()
    except FileNotFoundError:  # a thread that was joined is still on its way out
        return []


children = [child for task in os.listdir("/proc/self/task") for child in children_of(task)]
assert children == [], children
try:
    os.waitpid(-1, 0x40000000)  # __WALL
    raise AssertionError("a child is left")
except ChildProcessError:
    pass

# Signals come to the program once, and not to the copy.
ticks = []
signal.signal(signal.SIGALRM, lambda *_: ticks.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
for _ in range(3):
    hognose.retained(CACHE)
signal.setitimer(signal.ITIMER_REAL, 0)
assert ticks

# With SIGCHLD ignored, and within a child of the program.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
assert hognose.retained(CACHE).bytes > 0
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
child = os.fork()
if child == 0:
    os._exit(3 if hognose.why(CACHE).ways == ["module __main__.CACHE"] else 4)
assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 3


def words(function, *arguments, **options):
    try:
        function(*arguments, **options)
    except (RuntimeError, ValueError) as error:
        assert "\n" not in str(error) and len(str(error)) > 10, error
        return str(error)
    raise AssertionError("nothing was raised")


# Trouble is one line, and leaves nothing.
assert "no such folder" in words(hognose.snapshot, "/nowhere/x.heap")
assert "top" in words(hognose.biggest, top=0)
named = os.environ.get("HOGNOSE_TOOL")
os.environ["HOGNOSE_TOOL"] = "/nowhere/hognose"
assert "HOGNOSE_TOOL" in words(hognose.biggest)
os.environ["HOGNOSE_TOOL"] = "/bin/true"
assert "without an answer" in words(hognose.biggest)
script = os.path.join(folder, "dies")
with open(script, "w") as file:
    file.write("#!/bin/sh\necho ready\nread look\necho looked\nread copy\necho copied\nexit 3\n")
os.chmod(script, 0o755)
os.environ["HOGNOSE_TOOL"] = script
assert "without an answer" in words(hognose.biggest)
if named is None:
    del os.environ["HOGNOSE_TOOL"]
else:
    os.environ["HOGNOSE_TOOL"] = named
assert sorted(os.listdir("/proc/self/fd")) == before_fds
assert _hognose.thaw() == 1

# A fork's child has no thread that asks just then, and can ask itself.
asked, goes_on, line = threading.Event(), threading.Event(), _within._Asked.line


def waits(self):
    asked.set()
    goes_on.wait()
    return line(self)


_within._Asked.line = waits
thread = threading.Thread(target=hognose.biggest)
thread.start()
asked.wait()
_within._Asked.line = line
child = os.fork()
if child == 0:
    signal.alarm(120)
    hognose.biggest()
    os._exit(7)
assert os.waitpid(child, 0)[1] == 7 << 8
goes_on.set()
thread.join()

# The program dies while the copy is there: so does the copy.
code = """
import os, sys, hognose
from hognose import _within
line = _within._Asked.line
def die(self):
    said = line(self)
    if said == b"ready": return said
    print(open("/proc/self/task/%d/children" % os.getpid()).read(), flush=True)
    os.kill(os.getpid(), 9)
_within._Asked.line = die
hognose.biggest()
"""
ended = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
pids = ended.stdout.decode().split()
assert ended.returncode == -9 and len(pids) == 2, ended
for _ in range(200):
    alive = [pid for pid in pids if os.path.exists("/proc/%s" % pid) and "Z" not in open("/proc/%s/stat" % pid).read().rpartition(")")[2].split()[0]]
    if not alive:
        break
    time.sleep(0.05)
assert not alive, alive
print("ok")
