"""ObjectTracker against a program that counts by hand; it holds nothing alive and says nothing of itself."""
import gc
import sys
import weakref

from hognose import ObjectTracker


class Thing:
    __slots__ = ("part", "__weakref__")


def rows(found):
    return {row[0]: row[1:] for row in found}


gc.collect()
gc.disable()
tracker = ObjectTracker()
for _ in range(5):
    diff = tracker.diff()
    assert diff.added == [] and diff.removed == [], (diff.added, diff.removed)
kept_diffs = [tracker.diff() for _ in range(3)]
first = tracker.diff()
assert [type(each) for each in first.added if each is not kept_diffs] == [], first.added
del kept_diffs, first
tracker.diff()

things = [Thing() for _ in range(500)]
diff = tracker.diff()
assert {id(thing) for thing in things} <= {id(each) for each in diff.added}
assert [each for each in diff.added if type(each) is not Thing] == [things], diff
assert rows(diff.added_rows)["__main__.Thing"] == [500, 500 * sys.getsizeof(things[0])]
assert diff.removed == []
assert "500 objects" in repr(diff) or "501 objects" in repr(diff), repr(diff)

# What it listed dies with the list, and what it remembers holds nothing.
watched = weakref.ref(things[0])
del diff
tracker.diff()
things.clear()
assert watched() is None
assert tracker.diff().removed == [["__main__.Thing", 500, 500 * sys.getsizeof(Thing())]]

# A class that is gone is still told by its name; strings and numbers count.
made = type("Shortlived", (), {})
item = made()
tracker.diff()
del made, item
gc.collect()
gone = rows(tracker.diff().removed)
assert gone["__main__.Shortlived"][0] == 1 and gone["type"][0] == 1, gone
del gone
tracker.diff()
big = 10 ** 40, "not interned %d" % id(tracker)
found = tracker.diff()
assert {type(each) for each in found.added} == {tuple, int, str}, found.added
del found, big
tracker.diff()

# Those to ignore are not listed, and are not news later.
mine = [Thing()]
found = tracker.diff((mine,))
assert [type(each) for each in found.added] == [Thing], found.added
del found
table = tracker.format_diff()
assert table[0] == "Added objects:" and "Removed objects:" in table, table
tracker.print_diff(limit=1)
assert not gc.isenabled()
print("ok")
