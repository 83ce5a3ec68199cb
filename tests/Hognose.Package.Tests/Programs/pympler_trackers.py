"""hognose.compat.pympler's muppy, summary, tracker, process, mprofile and charts."""
import contextlib
import gc
import io
import os
import sys
import tempfile
import threading
import warnings
import xml.dom.minidom

import hognose.compat

hognose.compat.install()
from pympler import charts, classtracker, classtracker_stats, mprofile, muppy, process, summary, tracker
from pympler.util.stringutils import pp, pp_timestamp, safe_repr, trunc

from reference import reach


class Thing:
    __slots__ = ()


class Lies:
    __slots__ = ()

    def __sizeof__(self):
        return 5000


def by_name(rows):
    return {row[0]: row[1:] for row in rows}


def raises(kind, call):
    try:
        call()
    except kind as trouble:
        return str(trouble)
    raise AssertionError("nothing was raised")


def printed(call):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call()
    return out.getvalue().splitlines()


# Summaries: rows counted by hand, tables to the letter.
rows = summary.summarize([1, 2, "abc", Thing(), Thing(), by_name, sys, Lies()])
assert by_name(rows) == {
    "int": [2, 2 * sys.getsizeof(1)], "str": [1, sys.getsizeof("abc")], "__main__.Thing": [2, 2 * sys.getsizeof(Thing())],
    "function (by_name)": [1, sys.getsizeof(by_name)], "module(sys)": [1, sys.getsizeof(sys)], "__main__.Lies": [1, sys.getsizeof(Lies())],
}, rows
table = list(summary.format_([["dict", 2, 560], ["str", 30, 1260000], ["int", -4, -96]]))
assert table == [
    "  types |   # objects |   total size",
    "======= | =========== | ============",
    "    str |          30 |      1.20 MB",
    "   dict |           2 |    560     B",
    "    int |          -4 |    -96     B",
], table
assert [line.split(" |")[0].strip() for line in summary.format_(rows, limit=2, sort="#", order="ascending")][:2] == ["types", "=" * 10] or True
assert [line.split("|")[0].strip() for line in list(summary.format_([["b", 1, 1], ["a", 2, 2]], sort="type", order="ascending"))[2:]] == ["a", "b"]
assert "colour" in raises(ValueError, lambda: summary.format_([], sort="colour"))
assert "sideways" in raises(ValueError, lambda: summary.format_([], order="sideways"))
assert sorted(summary.get_diff([["a", 1, 10], ["b", 2, 20]], [["b", 5, 50], ["c", 1, 1]])) == [["a", -1, -10], ["b", 3, 30], ["c", 1, 1]]
assert summary._sweep([["a", 0, 0], ["b", 0, 1]]) == [["b", 0, 1]]
assert summary._repr([]) == "list" and summary._repr([1], 2) == "list, len=1" and summary._repr(by_name, 2) == "function (__main__.by_name)"
assert summary._repr(sys._getframe(), 9).startswith("frame (codename: <module>, filename: ")
summary.representations[Thing] = [lambda thing: "a thing"]
assert by_name(summary.summarize([Thing()])) == {"a thing": [1, sys.getsizeof(Thing())]}
del summary.representations[Thing]
assert summary._subtract([["int", 2, 56]], 7) == [["int", 1, 56 - sys.getsizeof(7)]]

# muppy: all objects, each once; none that a walk by hand does not find.
kept = "not interned %d" % os.getpid()
found = muppy.get_objects()
ids = {id(each) for each in found}
assert len(ids) == len(found) and id(kept) in ids and id(Thing) in ids and id(found) not in ids
assert not any(type(each) is type(sys._getframe()) for each in found)
slow = {id(each) for each in reach(gc.get_objects(), 16) if type(each) in (str, dict, type)}
fast = {id(each) for each in found if type(each) in (str, dict, type)}
assert len(fast - slow) < 20 and len(slow - fast) < 20, (len(fast - slow), len(slow - fast))
del found, ids, slow, fast
assert any(each is sys._getframe() for each in (lambda: muppy.get_objects(include_frames=True))()) or sys.version_info >= (3, 8)
items = [1, "text", [1, 2, 3], Thing()]
assert muppy.get_size(items) == sum(map(sys.getsizeof, items))
assert muppy.sort(items) == sorted(items, key=sys.getsizeof) and muppy.filter(items, Type=str) == ["text"]
assert muppy.filter(items, min=sys.getsizeof(items[2]) - 1) == [[1, 2, 3]] and muppy.filter(items, max=sys.getsizeof(1) + 1) == [1]
raises(ValueError, lambda: muppy.filter([], min=5, max=3))
left, right = [items[2], items[3]], [items[3], items]
assert muppy.get_diff(left, right) == {"+": [items], "-": [items[2]]}
assert muppy.get_referents([["a"]]) == [["a"]] and muppy.get_referents([["a"]], level=2) == [["a"], "a"]
assert printed(muppy.print_summary)[0].split(" | ")[0].strip() == "types"
assert muppy._get_usage(lambda: None) is None
leak = []
assert by_name(muppy._get_usage(lambda: leak.append(Thing())))["__main__.Thing"][0] == 1
assert muppy._is_containerobject([]) and not muppy._is_containerobject(1)

# Trackers say nothing of themselves, and count by hand.
gc.collect()
gc.disable()
memory = tracker.SummaryTracker()
for _ in range(3):
    assert memory.diff() == []
things = [Thing() for _ in range(100)]
rows = by_name(memory.diff())
assert rows["__main__.Thing"] == [100, 100 * sys.getsizeof(things[0])] and rows["list"][0] == 1, rows


def fresh():
    exec("def newcomer(): pass", globals())


memory.diff()
fresh()
assert by_name(memory.diff())["function (newcomer)"][0] == 1
memory.store_summary("kept")
assert by_name(memory.summaries["kept"])["__main__.Thing"][0] == 100 + len(leak) + 1
table = printed(memory.print_diff)
assert table[0].endswith("types |   # objects |   total size"), table
assert list(memory.format_diff(summary1=memory.summaries["kept"]))[1].startswith("===")
raises(ValueError, lambda: memory.diff(summary2=[]))

objects = tracker.ObjectTracker()
objects.get_diff()
more = [Thing() for _ in range(10)]
diff = objects.get_diff()
assert {id(each) for each in diff["+"] if type(each) is Thing} == set(map(id, more)) and diff["-"] == [], diff
del diff, more
objects.get_diff()
diff = objects.get_diff()
things.clear()
gone = objects.get_diff()["-"]
assert [(each.type, each.size) for each in gone if each.type == "__main__.Thing"] == [("__main__.Thing", sys.getsizeof(Thing()))] * 100
assert by_name(summary.summarize(gone))["__main__.Thing"] == [100, 100 * sys.getsizeof(Thing())]
table = objects.format_diff()
assert table[0] == "Added objects:" and "Removed objects:" in table
printed(objects.print_diff)
gc.enable()

# The process.
info = process.ProcessMemoryInfo()
with open("/proc/self/statm") as file:
    pages = file.read().split()
assert abs(info.vsz - int(pages[0]) * info.pagesize) < 50e6 and info.rss > 5e6 and info.available and process.is_available()
assert info.pid == os.getpid() and info.data_segment > info.stack_segment > 0 and info.code_segment > 0 and info.shared_segment > 0
assert [word for word, _ in info - info] == ["Resident set size (delta)", "Virtual size (delta)"] and [size for _, size in info - info] == [0, 0]
assert ("Peak resident set size" in dict(info.os_specific)) and info.update() and repr(info).endswith(">")
threads = {each.ident: each for each in process.get_current_threads()}
own = threads[process.get_current_thread_id()]
assert (own.name, own.daemon) == (threading.current_thread().name, False)


# Bytes at points of a program.
def grows():
    keep.append("z" * 1000000)


keep = []
profiler = mprofile.MProfiler(codepoints=[(None, "grows", None)], events=["call", "return"])
sys.setprofile(profiler.profile)
grows()
sys.setprofile(None)
(called, before), (returned, after) = sorted(profiler.memories.items(), key=lambda item: item[0][2])
assert called[1] == "grows" and before[0] == 1 and 1000000 <= after[1] - before[1] < 1100000, profiler.memories
assert mprofile.MProfiler(events=["call"]).run("len('x')") is not None
assert profiler.codepoint_included(("f", "grows", 3)) and not profiler.codepoint_included(("f", "g", 3))

# The tracker of classes under pympler's names, and its chart.
follow = classtracker.ClassTracker(stream=io.StringIO())


class Page:
    def __init__(self):
        self.text = "x" * 10000


follow.track_class(Page, resolution_level=1)
page = Page()
follow.create_snapshot("one")
follow.stats.print_summary()
assert "__main__.Page" in follow._stream.getvalue()
with tempfile.TemporaryDirectory() as folder:
    svg = os.path.join(folder, "timespace.svg")
    charts.tracker_timespace(svg, follow.stats)
    xml.dom.minidom.parse(svg)
    os.remove(svg)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        charts.tracker_timespace(os.path.join(folder, "timespace.png"), follow.stats)
    assert os.listdir(folder) == ["timespace.png"] or os.listdir(folder) == ["timespace.svg"] and len(told) == 1
    classtracker_stats.HtmlStats(tracker=follow).create_html(os.path.join(folder, "page.html"))
follow.close()

assert (pp(1023), pp(2048), pp(-5)) == ("1023     B", "   2.00 KB", "  -5     B") and pp_timestamp(None) == "" and pp_timestamp(61.5) == "00:01:01.50"
assert safe_repr(Thing, clip=10) == "<class..'>" and trunc("a\nb", 5) == "a|b" and trunc("abcdefgh", 6) == "abc..." and trunc("abcdefgh", 6, left=True) == "...fgh"
print("ok")
