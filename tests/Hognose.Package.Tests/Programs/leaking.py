"""hognose.leaks on blocks whose growth is known."""
import gc
import sys

import hognose
from hognose._leaks import bytes_of


class Session:
    def __init__(self, number):
        self.number = number


CACHE, LOG = {}, []


def leaked(block, **options):
    try:
        with hognose.leaks(**options):
            block()
    except hognose.LeakError as error:
        return {row.type: row for row in error.growth}, str(error)
    return {}, ""


# Nothing stays: nothing is said, also of cycles, exceptions, imports before, garbage of the block's own.
def clean():
    many = [Session(number) for number in range(1000)]
    many.append(many)
    try:
        raise KeyError(many)
    except KeyError:
        pass


clean()
for _ in range(5):
    assert leaked(clean) == ({}, ""), leaked(clean)
assert leaked(lambda: None) == ({}, "")


# What stays is told by type, with how much and who holds it.
def grow():
    for number in range(100):
        CACHE["s", len(CACHE)] = Session(number)


rows, text = leaked(grow)
assert rows["__main__.Session"].objects == 100, text
assert rows["__main__.Session"].bytes == 100 * sys.getsizeof(Session(0)), text
assert rows["__main__.Session"].holders.startswith("module __main__.CACHE["), text
assert text.startswith("the block left ") and "100 objects" in text, text
# Growth in place: no object more.
rows, text = leaked(lambda: LOG.extend([None] * 5000))
assert set(rows) == {"list"} and rows["list"].objects == 0 and 40000 <= rows["list"].bytes < 50000 and "in place" in text, text

# A local variable that outlives the block.
def keeps_a_local():
    try:
        with hognose.leaks():
            kept = Session(1)
    except hognose.LeakError as error:
        return {row.type: row for row in error.growth}["__main__.Session"].holders
    return "", kept


assert "keeps_a_local" in keeps_a_local() and keeps_a_local().endswith(", local kept"), keeps_a_local()

# Limits, what is ignored, and a block that only reports.
need = sum(row.bytes for row in leaked(grow)[0].values())
assert leaked(grow, limit=2 * need) == ({}, "")
assert leaked(grow, limit="1 MB") == ({}, "")
assert "may leave 1000 B" in leaked(grow, limit=1000)[1]
assert "__main__.Session" not in leaked(grow, ignore=[Session])[0]
assert "__main__.Session" not in leaked(grow, ignore="__main__.Session")[0]
CACHE.clear()
with hognose.leaks(raises=False) as watched:
    grow()
assert {row.type for row in watched.growth} >= {"__main__.Session"} and "Session" in repr(watched.growth)
del watched

# An exception of the block goes through.
try:
    with hognose.leaks():
        grow()
        raise OSError("through")
except OSError:
    pass

# Warm-up: the first use may fill a cache.
FILLED = []


def fills_once():
    if not FILLED:
        FILLED.extend(Session(number) for number in range(50))


watch = hognose.leaks(warmup=1)
for _ in range(3):
    with watch:
        fills_once()
FILLED.clear()
try:
    with hognose.leaks():
        fills_once()
    raise AssertionError("that was the first time")
except hognose.LeakError:
    pass

# Rounds: what happens once in a while is no leak, what happens each time is.
for number in hognose.leaks(repeat=4, warmup=1):
    if number == 2:
        LOG.extend(Session(each) for each in range(10))
rounds = 0
try:
    for number in hognose.leaks(repeat=4, warmup=2):
        rounds += 1
        LOG.append(Session(number))
    raise AssertionError("each round leaves a session")
except hognose.LeakError as error:
    assert rounds == 6 and [row.objects for row in error.growth if row.type == "__main__.Session"] == [4], str(error)
    assert "in 4 rounds" in str(error)


# Nothing is changed: the collector is on or off as before, and nothing is held.
gc.disable()
with hognose.leaks():
    pass
assert not gc.isenabled()
gc.enable()
assert [bytes_of(text) for text in ("24 MB", "1KB", "+2.5 kb", "0", 7, "3 GiB")] == [24 << 20, 1024, 2560, 0, 7, 3 << 30]
for wrong in ("many", "-1 KB", "1 XB", -1, None, "nan", float("inf"), "1e400 B"):
    try:
        bytes_of(wrong)
        raise AssertionError(wrong)
    except ValueError:
        pass
for wrong in ({"repeat": 0}, {"warmup": -1}, {"limit": "x"}):
    try:
        hognose.leaks(**wrong)
        raise AssertionError(wrong)
    except ValueError:
        pass
print("ok")
