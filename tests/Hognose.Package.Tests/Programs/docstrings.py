"""The examples in the docstrings of all of the package's modules."""
import doctest
import importlib
import pkgutil
import re

import hognose
import hognose.compat
import hognose.gc

# What is a program of its own, or needs what is not installed here.
NOT_IMPORTED = ("__main__", "_hognose")
tried = 0
sources = []
for found in pkgutil.walk_packages(hognose.__path__, "hognose."):
    if found.name.rpartition(".")[2] in NOT_IMPORTED:
        continue
    try:
        module = importlib.import_module(found.name)
    except ImportError as error:
        # Only for packages of others: pytest, IPython.
        assert error.name and error.name.partition(".")[0] != "hognose", (found.name, error)
        continue
    sources += [example.source for each in doctest.DocTestFinder().find(module) for example in each.examples]
    result = doctest.testmod(module)
    assert result.failed == 0, (found.name, result)
    tried += result.attempted
tried += doctest.testmod(hognose).attempted
sources += [example.source for each in doctest.DocTestFinder().find(hognose) for example in each.examples]
assert tried > 30, tried

# Whatever is public is described, and an example shows it.
shown = set(re.findall(r"\w+", "".join(sources)))
for module in (hognose, hognose.gc, hognose.compat):
    for name in module.__all__:
        assert (getattr(module, name).__doc__ or "").strip(), (module.__name__, name)
        assert name in shown or name in ("Collection", "NAMES", "Pauses", "Pending"), (module.__name__, name, "has no example")
print("ok")
