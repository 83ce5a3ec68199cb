"""ClassTracker against a program that counts by hand."""
import contextlib
import gc
import inspect
import io
import os
import pickle
import re
import signal
import sys
import tempfile
import threading
import time
import xml.dom.minidom

import hognose
from hognose import ClassTracker
from reference import reach


class Page:
    def __init__(self, size, *, name="page"):
        self.text = "x" * size
        self.name = name


class Section(Page):
    pass


class Slotted:
    __slots__ = ("value", "__weakref__")


class NoWeak:
    __slots__ = ()


def aligned(size):
    return (size + 7) // 8 * 8


def raises(kind, call):
    try:
        call()
    except kind as trouble:
        return str(trouble)
    raise AssertionError("nothing was raised")


def expected(*objs):
    """Objects with all that they hold, each rounded up."""
    return sum(aligned(sys.getsizeof(each)) for each in reach(objs))


own_init = Page.__dict__["__init__"]
tracker = ClassTracker()
tracker.track_class(Page, trace=True)
tracker.track_class(Section, name="sections", resolution_level=2)
tracker.track_class(Slotted)
assert inspect.signature(Page) == inspect.signature(Section) and "size" in str(inspect.signature(Page))
pages = [Page(1000), Page(3000, name="second")]
section = Section(50)
slotted = Slotted()
assert sorted(tracker.index) == ["__main__.Page", "__main__.Slotted", "sections"]
tracker.create_snapshot("first")
for page in pages:
    found = tracker.objects[id(page)]
    assert found.birth <= tracker.snapshots[0].timestamp and found.death is None
    file, line, function, source, index = found.trace[-1]
    assert (file, function) == (__file__, "<module>") and "Page(1000)" in source[0] and source[index] is source[0], found.trace[-1]
first = tracker.objects[id(pages[0])].snapshots[-1][1].size
assert first == expected(pages[0]), (first, expected(pages[0]))
assert tracker.snapshots[0].tracked_total == expected(*pages, section, slotted), "what is shared counts once"
assert tracker.snapshots[0].tracked_total == sum(each.snapshots[-1][1].size for each in tracker.objects.values())
tree = tracker.objects[id(section)].snapshots[-1][1]
assert [ref.name for ref in tree.refs][0] == "__dict__" and "[V] text: '%s'" % ("x" * 50) in [ref.name for ref in tree.get("__dict__").refs], tree.format()

# Lives: counted by hand; nothing is held, but what is to be kept.
del pages[0], page
tracker.create_snapshot("second")
summary = [info for info in (tracker.stats.annotate_snapshot(each) for each in tracker.snapshots)]
assert [each["__main__.Page"]["active"] for each in summary] == [2, 1], summary
assert [count for _, count in tracker.history["__main__.Page"]] == [1, 2, 1]
dead = [each for each in tracker.index["__main__.Page"] if each.death is not None]
assert len(dead) == 1 and dead[0].death >= dead[0].birth and len(dead[0].snapshots) == 2 and dead[0].get_max_size() > 1000
tracker.track_class(Section, keep=True)
Section(1)
assert len(tracker.index["__main__.Section"]) == 1 and tracker.index["__main__.Section"][0].ref() is not None

# Shared parts count for the oldest; a tracked object's parts are not another's.
shared = "y" * 5000
holder = ClassTracker()
holder.track_class(Page)
old, young = Page(1), Page(1)
old.shared = young.shared = shared
old.other = young
holder.create_snapshot(compute_total=True)
sizes = [each.snapshots[-1][1].size for each in holder.index["__main__.Page"]]
assert sizes[0] > 5000 > sizes[1], sizes
assert holder.snapshots[0].asizeof_total > 1000000, holder.snapshots[0].asizeof_total
assert holder.snapshots[0].overhead > 0
holder.close()

# Attached trackers come off, each class with what it had.
tracker.close()
assert Page.__dict__["__init__"] is own_init and "__init__" not in Section.__dict__ and "__init__" not in Slotted.__dict__
count = len(tracker.index["__main__.Page"])
Page(5)
assert len(tracker.index["__main__.Page"]) == count

# Also when two come off in another order than they went on.
one, other = ClassTracker(), ClassTracker()
one.track_class(Page)
other.track_class(Page)
Page(5)
one.close()
Page(5)
other.close()
Page(5)
assert (len(one.index["__main__.Page"]), len(other.index["__main__.Page"])) == (1, 2)

# Bad input.
assert "only classes" in raises(TypeError, lambda: tracker.track_class(3))
assert "track a subclass" in raises(TypeError, lambda: tracker.track_class(dict))
raises(TypeError, lambda: tracker.track_object(NoWeak()))
raises(KeyError, lambda: tracker.track_change(object()))
raises(KeyError, lambda: tracker.detach_class(Page))


class Hostile:
    def __init__(self, _observer_=None, self_=None):
        pass

    def __repr__(self):
        raise RuntimeError("no")

    def __sizeof__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


hostile = ClassTracker()
hostile.track_class(Hostile)
nasty = Hostile(_observer_=1, self_=2)
hostile.create_snapshot()
hostile.close()
assert hostile.objects[id(nasty)].repr == "N/A" and hostile.snapshots[0].tracked_total > 0

# Text, files and pages.
out = io.StringIO()
told = ClassTracker(stream=out)
told.index, told.snapshots, told.history = tracker.index, tracker.snapshots, tracker.history
told.stats.print_summary()
lines = out.getvalue().splitlines()
assert lines[0] == "---- SUMMARY " + "-" * 66 and lines[-1] == "-" * 79, lines
assert lines[1].split()[:2] == ["first", "active"] and lines[2].split()[:2] == ["__main__.Page", "2"], lines
del old, young, holder
out.truncate(0), out.seek(0)
told.stats.sort_stats("size").print_stats(limit=1)
assert out.getvalue().count(" in <module>") == 1 and out.getvalue().startswith("__main__.Page"), out.getvalue()
sizes = [each.size for each in told.stats.sort_stats("size").sorted]
assert sizes == sorted(sizes, reverse=True)
assert told.stats.sort_stats("birth").reverse_order().sorted[0].birth == max(each.birth for each in told.stats.sort_stats().sorted)
assert "tsize" in raises(ValueError, lambda: told.stats.sort_stats("colour"))
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "dump")
    told.stats.dump_stats(path)
    from hognose._classstats import ConsoleStats

    loaded = ConsoleStats(filename=path, stream=io.StringIO())
    loaded.print_summary()
    loaded.sort_stats("name", "size").print_stats(clsname="Page", limit=0.5)
    assert sorted(loaded.index) == sorted(told.index) and "Page" in loaded.stream.getvalue()
    page = os.path.join(folder, "report.html")
    told.html(page, title="A <title>")
    with open(page) as file:
        text = file.read()
    assert "A &lt;title&gt;" in text and "<svg" in text and "report_files/__main___Page.html" in text, text[:500]
    files = sorted(os.listdir(os.path.join(folder, "report_files")))
    assert {"__main___Page.html", "__main___Page-lt.svg", "timespace.svg", "fp0.svg", "fp1.svg"} <= set(files), files
    for name in files:
        if name.endswith(".svg"):
            xml.dom.minidom.parse(os.path.join(folder, "report_files", name))
    with open(os.path.join(folder, "report_files", "__main___Page.html")) as file:
        assert "%d instances" % count in file.read()
    assert raises(FileNotFoundError, lambda: told.html(os.path.join(folder, "nowhere", "report.html"))) and not os.path.exists(os.path.join(folder, "nowhere"))

# Classes whose names differ in what a file's name may not have.
alike = ClassTracker()
with contextlib.closing(alike), tempfile.TemporaryDirectory() as folder:
    One, Other = type("One", (), {"__init__": lambda self: None}), type("Other", (), {"__init__": lambda self: None})
    alike.track_class(One, name="m.A.b")
    alike.track_class(Other, name="m.A_b")
    both = One(), Other()
    alike.create_snapshot()
    alike.html(os.path.join(folder, "report.html"))
    titles = []
    for name in "m_A_b.html", "m_A_b-2.html":
        with open(os.path.join(folder, "report_files", name)) as file:
            titles += re.findall("<h1>(.*?)</h1>", file.read())
    assert titles == ["m.A.b", "m.A_b"], titles

# Snapshots in the background end at once when they are to.
periodic = ClassTracker()
with contextlib.closing(periodic):
    periodic.start_periodic_snapshots(interval=0.001)
    periodic.start_periodic_snapshots(interval=3600)
    while not periodic.snapshots:
        time.sleep(0.001)
assert periodic._periodic_thread is None
periodic.clear()
assert periodic.snapshots == []

# A fork's child has no thread that takes a snapshot just then, and can take one itself.
taken, ends = threading.Event(), threading.Event()


def take():
    with ClassTracker.snapshot_lock:
        taken.set()
        ends.wait()


thread = threading.Thread(target=take)
thread.start()
taken.wait()
child = os.fork()
if child == 0:
    signal.alarm(120)
    periodic.create_snapshot("of a child")
    os._exit(len(periodic.snapshots))
assert os.waitpid(child, 0)[1] == 1 << 8
ends.set()
thread.join()
print("ok")
