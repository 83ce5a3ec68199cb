"""hognose.mark: moments of a recording that the program names itself."""
import json
import os
import subprocess
import sys
import tempfile
import threading

import hognose
from hognose import _hognose, _tool


class Page(object):
    __slots__ = ("text",)


def page():
    made = Page()
    made.text = bytes(1000)
    return made


def asked(*arguments):
    run = subprocess.run([_tool.path()] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.decode())


def pages(path, *part):
    sites = asked("show", path, "--json", "--sites", "100000", "--view", "leaks", *part)["view"]["sites"]
    return sum(site["blocks"] for site in sites if site["function"] == "page")


def refused(name):
    try:
        hognose.mark(name)
    except ValueError as error:
        assert "is no name for a mark" in str(error), error
        return True
    return False


kept = [None] * 10000
folder = tempfile.mkdtemp()
path = os.path.join(folder, "x.alloc")

# Nobody records: the call may stay in the program.
assert _hognose.recorder() is None and hognose.mark("nobody") is None and hognose.mark() is None
assert all(map(refused, [3, b"bytes", "", "x" * 101, "two\nlines", "5", "2.5s", "300ms", "1h", "7m"]))
assert not any(map(refused, ["s", "ms", "one", "5 x", "x" * 100, "gr\u00f6\u00dfe"]))

# What this thread did before the call comes before the mark, exactly.
with hognose.record(path) as recording:
    kept[0:100] = [page() for _ in range(1500)][:100]  # enough calls for the caches of 3.8 to 3.10, blocks of the line that calls
    first = hognose.mark("gr\u00f6\u00dfe")
    kept[100:3100] = [page() for _ in range(3000)]
    second = hognose.mark()
    kept[3100:3150] = [page() for _ in range(50)]
assert first.name == "gr\u00f6\u00dfe" and first.heap is None and second.name == "mark 2" and 0 < first.seconds < second.seconds
assert (pages(path, "--since", first.name, "--until", second.name), pages(path, "--since", second.name)) == (6000, 100)
assert pages(path, "--at", second.name) - pages(path, "--at", first.name) == 6000
assert [mark["name"] for mark in asked("show", path, "--json")["marks"]] == [first.name, second.name]
assert hognose.mark("after") is None

# Many of them, of several threads.
with hognose.record(path):
    threads = [threading.Thread(target=lambda: [hognose.mark("turn") for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
assert len(asked("show", path, "--json")["marks"]) == 80

# With objects: births of the moment, and their types by line.
os.chdir(folder)
with hognose.record(path):
    kept[:] = [page() for _ in range(700)]
    name = hognose.mark("half way", objects=True).heap
    other = hognose.mark("later", objects=os.path.join(folder, "later.heap")).heap
    told = hognose.why(kept[5])
    kept[:] = []
assert name.startswith(os.path.join(folder, "hognose-")) and name.endswith(".%d.half_way.heap" % os.getpid()), name
assert other == os.path.join(folder, "later.heap")
groups = asked("heap", name, "--by", "site", "--json")["groups"]
lines = [(group["types"], group["site"]["line"]) for group in groups if group.get("site", {}).get("function") == "page"]
assert [(type["name"], type["objects"]) for types, line in lines for type in types] == [("bytes", 700), ("__main__.Page", 700)], lines
assert told.json["ways"][0]["born"]["stack"][0]["function"] == "page", told.json["ways"][0]

# A fork's child without a recording of its own has its parent's region, and no recorder.
with hognose.record(path, children=False):
    child = os.fork()
    if child == 0:
        os._exit(0 if hognose.mark("of the child") is None else 1)
    assert os.waitpid(child, 0)[1] == 0

# Whoever records: here 'hognose run'; a child that is recorded, too, has marks of its own.
run = subprocess.run(
    [_tool.path(), "run", "-q", "-o", path, "--python", sys.executable, "-c",
     "import hognose, os\ndef page(): return bytes(2000)\nhognose.mark('begin')\nkept = [page() for _ in range(900)]\nhognose.mark('end')\n"
     "if os.fork() == 0: os._exit(0 if hognose.mark('child').name == 'child' else 1)\nassert os.wait()[1] == 0"],
    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
assert run.returncode == 0, run.stderr
assert pages(path, "--since", "begin", "--until", "end") == 900  # below the 1024 calls after which 3.8 to 3.10 make caches
print("ok")
