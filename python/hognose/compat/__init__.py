"""Stand-ins for memory_profiler, mprof and pympler, under this package or under their own names.

``from hognose.compat import memory_profiler`` always gives ours. After
``install()`` a program that says ``import memory_profiler`` or ``from pympler
import asizeof`` gets ours too, where the original is not installed:

>>> import hognose.compat
>>> hognose.compat.install()
>>> hognose.compat.uninstall()

``python -m hognose.compat script.py`` does that for a script which is left as
it is, and the wheel ``hognose-compat`` brings the names themselves.
"""

import sys

__all__ = ["NAMES", "install", "uninstall"]

#: The top-level names that are stood in for.
NAMES = ("memory_profiler", "mprof", "pympler")


def install(first=False):
    """Lets ``import memory_profiler``, ``import mprof`` and ``import pympler`` find ours.

    An original that is installed keeps its name unless ``first`` is true; one
    that was imported before keeps it always. May be called again, which
    changes ``first``.

    >>> install(first=True)
    >>> from pympler import asizeof
    >>> asizeof.asizeof([]) > 0
    True
    >>> uninstall()
    """
    uninstall()
    from ._finder import Finder

    sys.meta_path.insert(0, Finder(first))


def uninstall():
    """Takes ``install`` back for what is imported from now on."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _is_ours(finder)]


def _is_ours(finder):
    return type(finder).__module__ == __name__ + "._finder"
