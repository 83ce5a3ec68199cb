"""The examples in the package's docstrings."""
import doctest

import hognose

from hognose import _leaks, _trackers

for module in (hognose, _leaks, _trackers, hognose.gc):
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0, result
print("ok")
