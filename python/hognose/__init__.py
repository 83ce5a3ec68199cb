"""Hognose in a program's own hands: sizes of objects, and who holds them.

>>> import hognose
>>> hognose.deepsizeof([]) == hognose.sizeof([])
True

Importing it hooks nothing and starts nothing. Everything here works by the
types' own ``tp_traverse``, without running code of the program's: no
``__repr__``, no ``__getattr__``, no ``__sizeof__`` that is written in Python
unless asked for. A call holds the GIL until it is done.
"""

from ._hognose import deepsizeof as _deepsizeof, sizeof

__version__ = "0.1.0"
__all__ = ["deepsizeof", "sizeof"]

_CLASSES, _MODULES, _FUNCTIONS, _CODE, _FRAMES = 1, 2, 4, 8, 16


def deepsizeof(*objs, classes=False, modules=False, functions=False, code=False, frames=False, run_code=False):
    """The size in bytes of objects and of all that they hold.

    It is the sum of ``sys.getsizeof`` over the given objects and everything
    they reach, each object once, however often it is shared and whatever
    cycles there are. Left out, unless given or asked for by a keyword, are
    classes, modules, functions, code objects and frames.

    A ``__sizeof__`` that is overridden in Python is not called, but the one
    it overrides; ``run_code=True`` calls it, and raises what it raises.

    >>> shared = "x" * 1000
    >>> once, twice = deepsizeof([shared]), deepsizeof([shared, shared])
    >>> twice - once == sizeof([0, 0]) - sizeof([0])
    True
    """
    left_out = (
        _CLASSES * (not classes) | _MODULES * (not modules) | _FUNCTIONS * (not functions) | _CODE * (not code) | _FRAMES * (not frames)
    )
    return _deepsizeof(objs, left_out, 1 if run_code else 0)[0]
