"""SummaryTracker against a program that counts by hand, and against a slow reference."""
import collections
import gc
import sys

from hognose import SummaryTracker
from reference import reach


class Thing:
    __slots__ = ("a",)


def by_name(rows):
    return {row[0]: row[1:] for row in rows}


gc.collect()
gc.disable()
tracker = SummaryTracker()
for _ in range(5):
    assert tracker.diff() == [], "a look changed what it looks at"

things = [Thing() for _ in range(1000)]
rows = by_name(tracker.diff())
assert rows["__main__.Thing"] == [1000, 1000 * sys.getsizeof(things[0])], rows
assert rows["list"] == [1, sys.getsizeof(things)], rows
assert set(rows) <= {"__main__.Thing", "list", "dict", "str", "int", "tuple"}, rows
assert not any("hognose" in name for name in rows)
assert [row for row in tracker.diff() if row[0] == "__main__.Thing"] == []
del things[500:]
assert by_name(tracker.diff())["__main__.Thing"][0] == -500
del things
assert by_name(tracker.diff())["__main__.Thing"] == [-500, -500 * sys.getsizeof(Thing())]

# Strings and numbers that the collector doesn't know are counted too.
tracker.diff()
words = tuple("word %d" % number for number in range(300))
assert by_name(tracker.diff())["str"][0] in range(300, 303), "strings"

# Stored summaries are compared, and are not in later ones.
tracker.store_summary("before")
more = [Thing() for _ in range(10)]
tracker.store_summary("after")
between = by_name(tracker.diff(tracker.summaries["before"], tracker.summaries["after"]))
assert between["__main__.Thing"][0] == 10, between
tracker.diff()
tracker.store_summary("again")
left = tracker.diff()
assert not [row for row in left if row[0] != "str" and row[0] != "dict"], left
try:
    tracker.diff(summary2=[])
    raise AssertionError
except ValueError:
    pass

# Against everything that can be reached, counted slowly.
slow = collections.Counter(type(item).__name__ for item in reach(gc.get_objects(), 0) if type(item).__module__ == "builtins")
rows = {row[0]: row[1] for row in tracker.create_summary()}
for name in ("dict", "type", "str", "module", "set", "code"):
    assert abs(rows[name] - slow[name]) <= 10 + slow[name] // 200, (name, rows[name], slow[name])

tracker.diff()
even_more = [Thing() for _ in range(2000)]
table = tracker.format_diff()
assert table[0].split(" | ")[0].strip() == "types" and set(table[1]) == {"=", " ", "|"}, table
assert any(line.split(" | ")[:2] == ["__main__.Thing", "    2,000"] for line in table), table
tracker.print_diff(limit=1)
print("ok")
