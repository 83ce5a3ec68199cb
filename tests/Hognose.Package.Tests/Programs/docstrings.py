"""The examples in the package's docstrings."""
import doctest

import hognose

result = doctest.testmod(hognose)
assert result.attempted > 0 and result.failed == 0, result
print("ok")
