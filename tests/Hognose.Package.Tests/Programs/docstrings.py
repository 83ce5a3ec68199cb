"""The examples in the docstrings of all of the package's modules."""
import doctest
import importlib
import pkgutil

import hognose

# What is a program of its own, or needs what is not installed here.
NOT_IMPORTED = ("__main__", "_hognose")
tried = 0
for found in pkgutil.walk_packages(hognose.__path__, "hognose."):
    if found.name.rpartition(".")[2] in NOT_IMPORTED:
        continue
    try:
        module = importlib.import_module(found.name)
    except ImportError as error:
        # Only for packages of others: pytest, IPython.
        assert error.name and error.name.partition(".")[0] != "hognose", (found.name, error)
        continue
    result = doctest.testmod(module)
    assert result.failed == 0, (found.name, result)
    tried += result.attempted
tried += doctest.testmod(hognose).attempted
assert tried > 30, tried
print("ok")
