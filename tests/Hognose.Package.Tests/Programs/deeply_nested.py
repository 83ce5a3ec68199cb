"""Ten million lists, each in the next; and as many beside each other."""
import sys

from hognose import _hognose, deepsizeof

DEPTH = 10_000_000
nested = []
for _ in range(DEPTH - 1):
    nested = [nested]
total, objects, overridden, failed, working = _hognose.deepsizeof((nested,), 31, 0)
assert objects == DEPTH, objects
assert total == sys.getsizeof([]) + (DEPTH - 1) * sys.getsizeof([0]), total
assert working <= 4 * objects, working
while nested:
    nested = nested[0]

WIDTH = 1_000_000
wide = [[index] for index in range(WIDTH)]
total, objects, overridden, failed, working = _hognose.deepsizeof((wide,), 31, 0)
assert objects == 2 * WIDTH + 1, objects
assert total == deepsizeof(wide) == sys.getsizeof(wide) + WIDTH * sys.getsizeof([0]) + sum(map(sys.getsizeof, range(WIDTH))), total
assert working <= 4 * objects, working
print("ok")
