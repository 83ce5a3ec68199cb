"""deepsizeof against the slow reference, on hand-made and random structures."""
import collections
import datetime
import decimal
import gc
import random
import re
import sys
import threading

from hognose import _hognose, deepsizeof
from reference import deep_size, reach
from structures import Both, Plain, random_structure, slotted


def check(*objects, **keywords):
    left_out = 31
    for bit, word in ((1, "classes"), (2, "modules"), (4, "functions"), (8, "code"), (16, "frames")):
        if keywords.get(word):
            left_out &= ~bit
    expected = deep_size(*objects, left_out=left_out)
    assert deepsizeof(*objects, **keywords) == expected, (objects[0].__class__, deepsizeof(*objects, **keywords), expected)


recursive = []
recursive.append(recursive)
pair = [[], []]
pair[0].append(pair[1])
pair[1].append(pair[0])
check(recursive)
check(pair)
check()
check([])
check(pair, pair[0])
check("a", "a")
check(Plain)
check(threading)
check(check)
check(check.__code__)
check(Plain(1, 2), classes=True)
check([check], functions=True)
check([check, Plain], functions=True, classes=True)
check({i: str(i) for i in range(5000)})
check({"k" * 1000: 1}, collections.OrderedDict({"o" * 999: 2}), {("t", "u"): {"v": 1}})
assert deepsizeof({"k" * 1000: 1}) > 1000
check(decimal.Decimal("1.50"), datetime.datetime.now(), re.compile("a+"), threading.Thread(target=print), slotted(1, [2]), Both())


class Zone(datetime.tzinfo):
    def __init__(self):
        self.large = "z" * 5000

    def utcoffset(self, when):
        return datetime.timedelta(0)


class Moment(datetime.datetime):
    """With attributes, and so with a collector's head."""


class BareMoment(datetime.datetime):
    __slots__ = ()


# What the collector knows nothing of.
zone = Zone()
for holder in datetime.datetime(2020, 1, 1, tzinfo=zone), datetime.time(1, tzinfo=zone), Moment(2020, 1, 1, tzinfo=zone), BareMoment(2020, 1, 1, tzinfo=zone):
    check(holder)
    assert deepsizeof(holder) > 5000, type(holder)
check(datetime.datetime(2020, 1, 1), datetime.time(1), Moment(2020, 1, 1), datetime.timezone.utc)
named = datetime.timezone(datetime.timedelta(hours=1), "n" * 5000)
check(named)
assert deepsizeof(named) > 5000
check(range(10**3000, 10**3000 + 5))
assert deepsizeof(range(10**3000)) > 1000
constant = compile("def inner():\n    first = second = '%s'" % ("q" * 5000), "file", "exec")
check(constant)
check([constant], code=True)
assert deepsizeof([constant], code=True) > 5000 > deepsizeof([constant])
check([check], functions=True, code=True)
check((value for value in [1]), iter([1, 2]), range(10**9), memoryview(b"abc"), collections.deque(range(1000)))
for seed in range(60):
    check(random_structure(random.Random(seed)))

# More pending objects than the stack of the walk holds, in an order that goes to and fro.
many = [[[i]] for i in range(60000)]
random.Random(1).shuffle(many)
check(many)
check({str(i): {"a": [i]} for i in range(40000)}, many)

# Nothing comes into being in the heap that is measured: an instance's dict most of all.
fresh = [Plain(i) for i in range(100)]
before = [list(map(id, gc.get_referents(item))) for item in fresh]
alive = len(gc.get_objects())
deepsizeof(fresh)
assert len(gc.get_objects()) == alive
assert [list(map(id, gc.get_referents(item))) for item in fresh] == before
if sys.version_info >= (3, 11):
    assert not any(type(item) is dict for one in fresh for item in gc.get_referents(one))

# No reference is left behind or taken away.
marker = [object() for _ in range(10)]
counts = [sys.getrefcount(item) for item in marker]
for _ in range(100):
    deepsizeof(marker, run_code=True)
assert [sys.getrefcount(item) for item in marker] == counts
total, objects, overridden, failed, working = _hognose.deepsizeof((many,), 31, 0)
assert objects == len(reach([many])) and overridden == failed == 0
print("ok")
