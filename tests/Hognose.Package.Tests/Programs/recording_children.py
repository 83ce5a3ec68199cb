"""hognose.record: the processes that a program starts meanwhile are recorded, each to the block, and afterwards nothing is left of it."""
import ctypes
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading

import hognose
from hognose import _tool

KEPT = []
SIZES = list(range(1000, 1007))
OWN = [sys.executable, os.path.abspath(__file__)]


def keep(count):
    for n in range(count):
        row = bytes(SIZES[n % 7])
        KEPT.append(row)


def ours():
    """What a process shows of us that it didn't ask for: variables, the recorder's library."""
    with open("/proc/self/maps") as maps:
        library = ["hognose_agent.so"] if "hognose_agent.so" in maps.read() else []
    return sorted(name for name in os.environ if "HOGNOSE_" in name and name != "HOGNOSE_TOOL" or name == "LD_PRELOAD") + library


def child(count):
    keep(int(count))


def told(path, *options):
    shown = subprocess.run([_tool.path(), "show", path, "--json"] + list(options), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout.decode())


def kept(path):
    """Rows that a process held at the end of its recording."""
    sites = told(path, "--sites", "10000")["end"]["sites"]
    line = keep.__code__.co_firstlineno + 2
    return sum(site["blocks"] for site in sites if site["function"] == "keep" and site["line"] == line)


def types_at(path, function, line):
    """Blocks and bytes of what a line left behind, by type."""
    (site,) = [each for each in told(path, "--sites", "10000")["end"]["sites"] if (each["function"], each["line"]) == (function, line)]
    return {each["type"]: (each["blocks"], each["bytes"]) for each in site["types"]}


def kept_by_children(path):
    files = [os.path.join(os.path.dirname(path), each["recording"]) for each in told(path)["children"]]
    return sorted(rows for rows in map(kept, files) if rows > 0)


def ended(process):
    return os.WEXITSTATUS(os.waitpid(process, 0)[1])


def forked(function, *arguments):
    process = os.fork()
    if process == 0:
        try:
            function(*arguments)
        finally:
            os._exit(7)
    return process


def environment():
    return subprocess.check_output(["env"])


def asked(*words, **options):
    return subprocess.run(OWN + list(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, **options).stdout


def grandchildren():
    keep(1001)
    assert ended(forked(keep, 1)) == 7


def every_way(folder):
    path = os.path.join(folder, "x.alloc")
    before = environment(), dict(os.environ), asked("shows")
    with hognose.record(path) as recording:
        assert environment() == before[0] and dict(os.environ) == before[1]
        assert before[2] == b"[]\n" and asked("shows") == b"['hognose_agent.so']\n"
        assert ended(forked(grandchildren)) == 7
        asked("child", "1003")
        asked("child", "1004", env=dict(os.environ, LD_PRELOAD=""))
        assert os.system("true; '%s' '%s' child 1005" % tuple(OWN)) == 0
        assert ended(forked(os.execv, OWN[0], OWN + ["child", "1006"])) == 0
        assert ended(os.posix_spawn(OWN[0], OWN + ["child", "1007"], os.environ)) == 0
        assert os.spawnvp(os.P_WAIT, OWN[0], OWN + ["child", "1008"]) == 0
        libc = ctypes.CDLL(None)
        libc.popen.restype, libc.pclose.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        assert libc.pclose(libc.popen(("'%s' '%s' child 1009" % tuple(OWN)).encode(), b"r")) == 0
        for method, count in ("spawn", 1010), ("forkserver", 1011), ("fork", 1012):
            process = multiprocessing.get_context(method).Process(target=child, args=(count,))
            process.start()
            process.join()
            assert process.exitcode == 0
        keep(10)
    assert environment() == before[0] and dict(os.environ) == before[1] and asked("shows") == before[2]
    assert os.system("test -z \"$LD_PRELOAD$HOGNOSE_FAMILY\"") == 0
    assert kept(recording.path) == 10
    assert kept_by_children(path) == [1, 1001] + list(range(1003, 1013)), kept_by_children(path)
    files = {name for name in os.listdir(folder)}
    listed = {os.path.basename(each["recording"]) for each in told(path)["children"]}
    assert files == listed | {"x.alloc"}, (files, listed)
    family = told(path, "--family")
    assert len(family["processes"]) == len(files) and family["unread"] == [] and family["shares_clock"], family
    # What is started now is in no recording, by a pointer that was taken meanwhile neither.
    asked("child", "5")
    assert ended(forked(keep, 5)) == 7 and libc.pclose(libc.popen(("'%s' '%s' child 5" % tuple(OWN)).encode(), b"r")) == 0
    assert set(os.listdir(folder)) == files


def this_process_alone(folder):
    path = os.path.join(folder, "alone.alloc")
    with hognose.record(path, children=False):
        asked("child", "5")
        assert asked("shows") == b"[]\n" and ended(forked(keep, 5)) == 7
        keep(10)
    document = told(path)
    assert document.get("children", []) == [] and kept(path) == 10
    assert [name for name in os.listdir(folder) if name.startswith("alone")] == ["alone.alloc"]


def options_are_the_childrens_too(folder):
    path = os.path.join(folder, "options.alloc")
    code = "import mmap; m = mmap.mmap(-1, 50000000)"
    with hognose.record(path, native_allocations=True, aggregate=True):
        subprocess.run([sys.executable, "-c", code], check=True)
    (one,) = told(path)["children"]
    assert told(os.path.join(folder, one["recording"]))["native"]["allocated_bytes"] >= 50000000
    with hognose.record(path, sample="64k"):
        subprocess.run([sys.executable, "-c", code], check=True)
    (one,) = told(path)["children"]
    assert told(os.path.join(folder, one["recording"]))["program"]["sample_bytes"] == 65536
    with hognose.record(path, objects=True) as recording:
        asked("child", "50")
    assert kept_by_children(path) == [50] and os.path.exists(recording.heap)
    (one,) = told(path)["children"]
    recorded = os.path.join(folder, one["recording"])
    # The child ends by os._exit. Its rows have 1,033 bytes and more, and no other bytes of it have.
    blocks, size = types_at(recorded, "keep", keep.__code__.co_firstlineno + 2)["bytes"]
    assert blocks == 50 and size >= 50 * 1033 and os.path.exists(recorded[:-len("alloc")] + "heap")


def until_told(write, go_on):
    keep(100)
    os.write(write, b"x")
    os.read(go_on, 1)
    # Some ten times what the ring has room for; and what it starts is its own.
    for _ in range(10):
        del KEPT[:]
        keep(20000)
    assert asked("shows") == b"[]\n"
    os._exit(4)


class Outliving(object):
    """A fork's child and a program that go on until they are told."""

    def __init__(self):
        read, write = os.pipe()
        go_on, self.told = os.pipe()
        self.fork = forked(until_told, write, go_on)
        os.read(read, 1)
        self.program = subprocess.Popen(OWN + ["until told"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.program.stdout.readline() == b"ready\n"

    def end(self):
        os.write(self.told, b"x")
        _, errors = self.program.communicate(b"x")
        assert (ended(self.fork), self.program.returncode, errors) == (4, 4, b""), errors


def children_that_go_on(folder):
    path = os.path.join(folder, "on.alloc")
    with hognose.record(path):
        children = Outliving()
        keep(10)
    assert kept_by_children(path) == [100, 100], told(path)["children"]
    with hognose.record(os.path.join(folder, "next.alloc")):
        asked("child", "20")
    assert kept_by_children(os.path.join(folder, "next.alloc")) == [20]
    files = sorted(os.listdir(folder))
    children.end()
    assert sorted(os.listdir(folder)) == files and kept_by_children(path) == [100, 100]


def a_tool_that_was_killed(folder):
    path = os.path.join(folder, "killed.alloc")
    recording = hognose.record(path).start()
    children = Outliving()
    os.kill(recording._tool.pid, signal.SIGKILL)
    # Its parent has not asked for its end yet: also then the children go on.
    children.end()
    assert asked("shows") == b"[]\n" and ended(forked(keep, 20000)) == 7
    try:
        recording.stop()
        raise AssertionError("nothing was raised")
    except RuntimeError as trouble:
        assert "before the recording was whole" in str(trouble)
    with hognose.record(path):
        asked("child", "30")
    assert kept_by_children(path) == [30]


def records_itself(path):
    keep(3)
    with hognose.record(path) as recording:
        keep(40)
        asked("child", "41")
    assert recording.path == path
    keep(5)
    os._exit(9)


def a_child_with_a_recording_of_its_own(folder):
    path, own = os.path.join(folder, "parent.alloc"), os.path.join(folder, "own.alloc")
    with hognose.record(path):
        assert ended(forked(records_itself, own)) == 9
    assert kept_by_children(path) == [3], kept_by_children(path)
    assert kept(own) == 40 and kept_by_children(own) == [41]


def within_a_run(folder):
    outer, inner = os.path.join(folder, "outer.alloc"), os.path.join(folder, "inner.alloc")
    run = subprocess.run(
        [_tool.path(), "run", "-q", "-o", outer, "--python"] + [OWN[0], OWN[1], "records", inner], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, b"['hognose_agent.so']\n", b""), run
    assert kept_by_children(inner) == [60, 61] and kept_by_children(outer) == [59, 62]


def again_and_again_beside_threads(folder):
    wrong = []

    def starting():
        while not ends.is_set():
            run = subprocess.run(["sh", "-c", "exit 4"], stderr=subprocess.PIPE)
            # The loader would complain of a library that went with its recording.
            if os.system("exit 3") >> 8 != 3 or (run.returncode, run.stderr) != (4, b""):
                wrong.append(run)

    ends = threading.Event()
    threads = [threading.Thread(target=starting) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(4):
        path = os.path.join(folder, "turn.alloc")
        with hognose.record(path):
            asked("child", str(70 + turn))
        assert kept_by_children(path) == [70 + turn]
    ends.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def a_program_that_ends_first(folder):
    path = os.path.join(folder, "first.alloc")
    program = subprocess.Popen(OWN + ["ends first", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout.readline() == b"ready\n" and program.wait() == 0
    # The child has the pipe still; the tool sees that its parent is gone, and ends all.
    for _ in range(500):
        shown = subprocess.run([_tool.path(), "show", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if shown.returncode == 0 and b'"children"' in shown.stdout:
            break
    assert kept_by_children(path) == [100]
    program.stdin.close()
    assert program.stdout.read() == b"went on\n"


def ends_first(path):
    hognose.record(path).start()
    read, write = os.pipe()
    if os.fork() == 0:
        keep(100)
        os.write(write, b"x")
        sys.stdin.read()
        keep(100000)
        print("went on", flush=True)
        os._exit(0)
    os.read(read, 1)
    print("ready", flush=True)
    os._exit(0)


def records(path):
    asked("child", "59")
    with hognose.record(path):
        asked("child", "60")
        assert os.system("'%s' '%s' child 61" % tuple(OWN)) == 0
        shown = asked("shows").decode()
    asked("child", "62")
    sys.stdout.write(shown)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for number, part in enumerate((
            every_way,
            this_process_alone,
            options_are_the_childrens_too,
            children_that_go_on,
            a_tool_that_was_killed,
            a_child_with_a_recording_of_its_own,
            within_a_run,
            again_and_again_beside_threads,
            a_program_that_ends_first,
        )):
            del KEPT[:]
            place = os.path.join(folder, str(number))
            os.mkdir(place)
            part(place)
    print("ok")


if __name__ == "__main__":
    what = sys.argv[1:]
    if not what:
        main()
    elif what[0] == "child":
        child(what[1])
        os._exit(0)
    elif what[0] == "shows":
        print(ours())
    elif what[0] == "until told":
        keep(100)
        print("ready", flush=True)
        sys.stdin.read(1)
        del KEPT[:]
        for _ in range(10):
            del KEPT[:]
            keep(20000)
        os._exit(4)
    elif what[0] == "ends first":
        ends_first(what[1])
    elif what[0] == "records":
        records(what[1])
