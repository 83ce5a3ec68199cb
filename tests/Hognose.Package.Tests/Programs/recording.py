"""hognose.record: files that are whole, whatever happens; what is in them is asked of the tool."""
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc

import hognose
from hognose import _hognose, _tool


def work(n):
    return [bytes(1000) for _ in range(n)]


def told(path):
    shown = subprocess.run([_tool.path(), "show", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout.decode())


def words(function, *arguments):
    try:
        function(*arguments)
        raise AssertionError("nothing was raised")
    except RuntimeError as error:
        text = str(error)
        assert "\n" not in text and ": " in text, text
        return text


folder = tempfile.mkdtemp()
path = os.path.join(folder, "x.alloc")
old = work(100)
with hognose.record(path) as recording:
    assert recording.is_recording
    kept = work(5000)
    del old
assert not recording.is_recording and os.listdir(folder) == ["x.alloc"]

# One that cannot begin leaves nothing behind, and speaks of what record() takes.
other = os.path.join(folder, "other.alloc")
with hognose.record(path):
    for refused in hognose.record(other), hognose.record(other, aggregate=True), hognose.record(other, children=False):
        assert "under way" in words(refused.start)
assert os.listdir(folder) == ["x.alloc"], os.listdir(folder)
with hognose.record(path):
    kept = work(5000)
assert words(hognose.record(os.path.join(folder, "nowhere", "x.alloc")).start).endswith(": give another path")
assert words(hognose.record(folder).start).endswith(": give the path of a file")
assert "sample=1 would" in words(hognose.record(other, sample=1).start)
text = json.dumps(told(path))
assert '"work"' in text or "work" in text
size = 5000 * sys.getsizeof(bytes(1000))
shown = subprocess.run([_tool.path(), "lines", path, __file__], stdout=subprocess.PIPE).stdout.decode()
assert "return [bytes(1000) for _ in range(n)]" in shown and "5.0 MiB" in shown, shown

# What C code allocates itself: sqlite's pages.
with hognose.record(path, native_allocations=True):
    database = sqlite3.connect(":memory:")
    database.execute("create table rows (text)")
    database.executemany("insert into rows values (?)", (("x" * 1000,) for _ in range(1000)))
database.close()
assert told(path)["native"]["allocated_bytes"] > 1000 * 1000, told(path)["native"]

# Samples: 5,000 blocks of 1,033 bytes, some 79 of which are samples; half as much or twice would be five standard errors off and more.
with hognose.record(path, sample="64k"):
    sampled = work(5000)
document = told(path)
assert document["program"]["sample_bytes"] == 65536 and size / 2 < document["end"]["bytes"] < size * 2, (document["sampling"], document["end"]["bytes"])
del sampled

# With objects: of 5,000 such blocks each is a sample with p = 0.635, and they stand for 5,000 with a standard error of 54; five are allowed.
with hognose.record(path, sample="1k", objects=True) as recording:
    sampled = work(5000)
types = [type for site in told(path)["end"]["sites"] if (site["function"] or "").endswith(("work", "<listcomp>")) for type in site["types"]]
assert abs(sum(type["blocks"] for type in types if type["type"] == "bytes") - 5000) < 270, types
os.remove(recording.heap)
del sampled

# Whoever stands in front of our hooks when they go keeps them where they are. All blocks are not to be had from hooks that tell samples.
with hognose.record(path, sample=True):
    tracemalloc.start()
assert "another allocator" in words(hognose.record(path).start)
tracemalloc.stop()
with hognose.record(path):
    exact = work(5000)
assert told(path)["end"]["bytes"] >= size and "sampling" not in told(path)
del exact



# Objects: what is left by type, who holds it, and a snapshot that knows who allocated each, beside a thread that goes on.
class Page(object):
    def __init__(self, number):
        self.number = number


def pages(n):
    return [Page(number) for number in range(n)]


def noise():
    while not ends.is_set():
        work(10)


ends = threading.Event()
others = [threading.Thread(target=noise) for _ in range(2)]
for thread in others:
    thread.start()
with hognose.record(path, objects=True) as recording:
    held = pages(3000)
ends.set()
for thread in others:
    thread.join()
assert recording.heap == os.path.join(folder, "x.heap"), recording.heap
why = subprocess.run([_tool.path(), "why", recording.heap, "__main__.Page"], stdout=subprocess.PIPE).stdout.decode()
line = pages.__code__.co_firstlineno + 1
assert "3,000 objects" in why and "module __main__.held[" in why and re.search(r"born at\s+\S*recording\.py:%d in\s" % line, why), why
types = subprocess.run([_tool.path(), "show", path, "--by", "type"], stdout=subprocess.PIPE).stdout.decode()
assert re.search(r" 3,000  __main__\.Page\n", types), types
os.unlink(recording.heap)
recording = hognose.record(path, objects=True).start()
os.kill(recording._tool.pid, signal.SIGKILL)
assert "before the recording was whole" in words(recording.stop) and recording.heap is None
del held

# No copy can be made, once the tool was asked for its look: the recording is whole, without objects, and nobody waits.
class NoCopy(object):
    def freeze(self, to_tool, from_tool, tool):
        os.write(to_tool, b"look\n")
        os.read(from_tool, 1)
        return -12

    def __getattr__(self, name):
        return getattr(_hognose, name)


stderr, hognose._within._hognose = sys.stderr, NoCopy()
sys.stderr = io.StringIO()
try:
    with hognose.record(path, objects=True) as recording:
        held = pages(10)
finally:
    said, sys.stderr, hognose._within._hognose = sys.stderr.getvalue(), stderr, _hognose
assert recording.heap is None and "cannot be copied: Cannot allocate memory. The recording has no objects." in said, said
told(path)
del held

# Without a path: a name of the program's.
before = os.getcwd()
os.chdir(folder)
with hognose.record() as recording:
    work(10)
os.chdir(before)
assert recording.path == os.path.join(os.path.realpath(folder), "hognose-recording.%d.alloc" % os.getpid()), recording.path
told(recording.path)
os.unlink(recording.path)

# Again and again, by start and stop, in threads, beside the profiler and tracemalloc.
for turn in range(10):
    recording = hognose.record(path).start()
    assert "under way" in words(hognose.record(os.path.join(folder, "y.alloc")).start)
    threads = [threading.Thread(target=work, args=(5000,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recording.stop()
    recording.stop()
    assert "work" in json.dumps(told(path))
profiled = hognose.profile(work, stream=open(os.devnull, "w"))
with hognose.record(path):
    profiled(100)
with hognose.record(path):
    tracemalloc.start()
    work(100)
with hognose.record(path):
    work(100)
tracemalloc.stop()
with hognose.record(path):
    work(100)
assert "work" in json.dumps(told(path))
assert _hognose.profile_state() == (0, 0)

# Errors of the program, and ours.
try:
    with hognose.record(path):
        work(10)
        raise KeyError("mine")
except KeyError:
    pass
told(path)
assert "no such folder" in words(hognose.record("/nowhere/x.alloc").start)
named = os.environ.get("HOGNOSE_TOOL")
os.environ["HOGNOSE_TOOL"] = "/nowhere/hognose"
assert "HOGNOSE_TOOL" in words(hognose.record(path).start)
os.environ["HOGNOSE_TOOL"] = named or ""

# A file is where the program was when the recording began, wherever it is when that ends: also in a folder that is no more.
home = os.getcwd()
begun, gone = os.path.realpath(tempfile.mkdtemp()), tempfile.mkdtemp()
os.chdir(begun)
recording = hognose.record(objects=True).start()
work(10)
os.chdir(gone)
os.rmdir(gone)
recording.stop()
assert os.path.dirname(recording.path) == os.path.dirname(recording.heap) == begun, (recording.path, recording.heap)
with hognose.record(path) as last:
    work(10)
assert last.path == path
os.chdir(home)
told(recording.path)
told(path)

# A program without stderr is not told that a child's heap was not looked at; nor is one whose stderr is closed.
closed = io.StringIO()
closed.close()
for stream in None, closed:
    errors, sys.stderr = sys.stderr, stream
    with hognose.record(path, objects=True) as recording:
        child = os.fork()
        if child == 0:
            work(100)
            os.kill(os.getpid(), 9)
        os.waitpid(child, 0)
    sys.stderr = errors
    told(path)
    os.unlink(recording.heap)

# Without children a child that is forked is not recorded, and leaves the file alone.
with hognose.record(path, children=False):
    child = os.fork()
    if child == 0:
        work(100)
        os._exit(3)
    assert os.WEXITSTATUS(os.waitpid(child, 0)[1]) == 3
told(path)

# The tool dies: the program goes on.
recording = hognose.record(path).start()
os.kill(recording._tool.pid, signal.SIGKILL)
for _ in range(20):
    work(2000)
assert "before the recording was whole" in words(recording.stop)
with hognose.record(path):
    work(10)
told(path)

# The program ends with a recording under way, in good and in bad ways.
for ending in ("pass", "raise SystemExit(0)", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"):
    os.unlink(path)
    code = "import hognose; hognose.record(%r).start(); kept = [bytes(1000) for _ in range(1000)]; %s" % (path, ending)
    subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    # The tool goes on after the program, and the file is there before it is whole.
    for _ in range(200):
        if subprocess.run([_tool.path(), "show", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
            break
        time.sleep(0.05)
    told(path)

# Objects, too, when it ends by os._exit.
for options in "", ", children=False":
    code = "import hognose, os\nhognose.record(%r, objects=True%s).start()\nheld = [bytes(1000) for _ in range(2345)]\nos._exit(5)" % (path, options)
    os.unlink(path)
    ended = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (5, b""), ended
    heap = os.path.join(folder, "x.heap")
    for _ in range(200):
        if os.path.exists(heap):
            break
        time.sleep(0.05)
    why = subprocess.run([_tool.path(), "why", heap, "bytes"], stdout=subprocess.PIPE).stdout.decode()
    assert re.search(r"\b2,345 +2\.3 MiB  module __main__\.held\[", why) and "born at <string>:3" in why, why
    os.unlink(heap)
print("ok")
