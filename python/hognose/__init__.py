"""Hognose in a program's own hands: sizes of objects, and who holds them.

>>> import hognose
>>> hognose.deepsizeof([]) == hognose.sizeof([])
True

Importing it hooks nothing and starts nothing. Everything here works by the
types' own ``tp_traverse``, without running code of the program's: no
``__repr__``, no ``__getattr__``, no ``__sizeof__`` that is written in Python
unless asked for. A call holds the GIL until it is done.
"""

from . import _hognose
from ._hognose import sizeof

__version__ = "0.1.0"
__all__ = [
    "ClassTracker", "LeakError", "ObjectTracker", "SummaryTracker", "biggest", "chain", "cycles", "deepsizeof", "graph", "leaks", "mark", "profile", "record",
    "referrers", "refs", "retained", "rss", "sizeof", "sizes", "snapshot", "why",
]

_CLASSES, _MODULES, _FUNCTIONS, _CODE, _FRAMES = 1, 2, 4, 8, 16


def deepsizeof(*objs, classes=False, modules=False, functions=False, code=False, frames=False, run_code=False):
    """The size in bytes of objects and of all that they hold.

    It is the sum of ``sys.getsizeof`` over the given objects and everything
    they refer to (by ``tp_traverse``, and the keys of dicts), each object once, however often it is shared and whatever
    cycles there are. Left out, unless given or asked for by a keyword, are
    classes, modules, functions, code objects and frames.

    A ``__sizeof__`` that is overridden in Python is not called, but the one
    it overrides; ``run_code=True`` calls it, and raises what it raises.

    >>> shared = "x" * 1000
    >>> once, twice = deepsizeof([shared]), deepsizeof([shared, shared])
    >>> twice - once == sizeof([0, 0]) - sizeof([0])
    True
    """
    left_out = _left_out(classes, modules, functions, code, frames)
    return _hognose.deepsizeof(objs, left_out, 1 if run_code else 0)[0]


def sizes(obj, depth=1, limit=20, classes=False, modules=False, functions=False, code=False, frames=False):
    """The deep size of an object as a tree of what it holds; printing it prints the tree.

    ``depth`` levels are shown, of each object the ``limit`` largest of what it
    holds. What is shared counts where the walk comes by first. The whole is
    ``deepsizeof(obj)`` with the same keywords.

    >>> tree = sizes({"name": "x" * 500, "tags": [1, 2]})
    >>> tree.size == deepsizeof(tree.object), tree.children[0].name
    (True, "['name']")
    """
    from . import _naming, _sizes

    if not (type(depth) is int and type(limit) is int and 0 <= depth <= 100 and limit >= 1):
        raise ValueError("depth is a whole number from 0 to 100 and limit one from 1 on, not %r and %r" % (depth, limit))
    return _sizes.of(_naming.still(_hognose.sizes, obj, depth, limit, _left_out(classes, modules, functions, code, frames)))


def refs(obj):
    """What an object refers to: a list of (name, object), such as ("[0]", …), ("['key']", …), (".attribute", …).

    Names are found without running code; a reference without one is "->".

    >>> refs(["a"])
    [('[0]', 'a')]
    """
    from . import _naming

    return [(_naming.label(obj, (kind, key)), held) for kind, key, held in _naming.still(_hognose.refs, obj)]


def referrers(obj):
    """What refers to an object: a list of (name, object), the name being the way from there to obj.

    All objects are looked through that the collector knows, and those that
    they reach, so more is found than by ``gc.get_referrers``. Local variables
    of running functions are not objects, hence not found from 3.11 on.

    >>> held = ["x"]; holder = {"key": held}
    >>> any(name == "['key']" and by is holder for name, by in referrers(held))
    True
    """
    from . import _chains

    return _chains.referrers(obj)


def chain(obj):
    """A shortest way to an object from a module, else from a local variable of a running function; None if there is none.

    Printing it prints the way in words. Local variables of the caller that
    are obj itself count only when nothing else holds it.

    >>> import sys
    >>> print(chain(sys.path).root)
    module sys
    """
    from . import _chains

    return _chains.from_modules(obj) or _chains.from_frames(obj, _caller())


def cycles(obj=None, classes=False, modules=False, functions=False, code=False, frames=False):
    """Cycles of references: a list of Cycle, largest group first; printing one prints it as an arrow from name to name.

    ``cycles(obj)`` finds those among all that obj reaches, with the same kinds
    left out as in ``deepsizeof``. ``cycles()`` finds those that nothing else
    holds: what waits for the collector. Keep the list no longer than needed,
    for it holds what it lists.

    >>> node = ["a"]; node.append(node)
    >>> print(cycles(node)[0])
    list[1] -> list
    """
    from . import _cycles

    if obj is None:
        return _cycles.garbage()
    return _cycles.within(obj, _left_out(classes, modules, functions, code, frames))


def graph(objs=None, depth=None, limit=50, cycles_only=False, classes=False, modules=False, functions=False, code=False, frames=False):
    """What refers to what, as a Graph: ``.svg()`` and ``.dot()`` are pictures, and a notebook shows it as one.

    ``objs`` is a list, tuple or set of the objects to begin with; anything
    else is taken for itself. They are followed for ``depth`` references (0:
    only those among the given; None: as far as there is room) until there are
    ``limit`` objects; ``note`` says what was left out. Plain values of up to
    1024 bytes stand in the boxes of what holds them, and so do the entries of
    an instance's dict. ``cycles_only`` shows only objects on cycles: those
    that ``objs`` reach, or, without ``objs``, those that wait for the
    collector. The same kinds are left out as in ``deepsizeof``. The graph
    holds no object.

    >>> node = ["a"]; node.append(node)
    >>> picture = graph([node])
    >>> [(edge.name, edge.is_on_cycle) for edge in picture.edges]
    [('[1]', True)]
    >>> picture.svg().startswith("<svg ")
    True
    """
    from . import _graphs

    if not (depth is None or type(depth) is int and depth >= 0) or not (type(limit) is int and 1 <= limit <= 1000):
        raise ValueError("depth is a whole number from 0 on or None, and limit one from 1 to 1000, not %r and %r" % (depth, limit))
    if objs is None and not cycles_only:
        raise ValueError("give the objects to draw, or cycles_only=True for those that wait for the collector")
    left_out = _left_out(classes, modules, functions, code, frames)
    is_collection = any(type(objs) is kind for kind in (list, tuple, set, frozenset))
    given = list(objs) if is_collection else [] if objs is None else [objs]
    if cycles_only:
        return _graphs.of_cycles(None if objs is None else given, limit, left_out)
    return _graphs.of(given, depth, limit, left_out)


# What only some programs use is imported when it is used (PEP 562): functions, and the classes of what they give.
_LATER = {
    "ClassTracker": "_classtracker",
    "LeakError": "_leaks",
    "ObjectTracker": "_objecttracker",
    "SummaryTracker": "_trackers",
    "BigObject": "_questions",
    "Biggest": "_questions",
    "Chain": "_chains",
    "Cycle": "_cycles",
    "FunctionLines": "_profiler",
    "Graph": "_graphs",
    "LineFigures": "_profiler",
    "Mark": "_marking",
    "Profiler": "_profiler",
    "Recording": "_recording",
    "Resident": "_questions",
    "Retained": "_questions",
    "Sizes": "_sizes",
    "Snapshot": "_questions",
    "Why": "_questions",
    "biggest": "_questions",
    "leaks": "_leaks",
    "mark": "_marking",
    "profile": "_profiler",
    "record": "_recording",
    "retained": "_questions",
    "rss": "_questions",
    "snapshot": "_questions",
    "why": "_questions",
}


def __getattr__(name):
    import importlib

    if name == "gc":
        return importlib.import_module("hognose.gc")
    if name in _LATER:
        return getattr(importlib.import_module("." + _LATER[name], __name__), name)
    raise AttributeError("module 'hognose' has no attribute %r" % (name,))


def __dir__():
    return sorted(__all__ + ["gc", "__version__", "__all__", "__doc__", "__file__", "__name__", "__path__", "load_ipython_extension"])


def load_ipython_extension(ip):
    """``%load_ext hognose``: brings %memit, %mprun, %%hognose and %sizeof."""
    from ._ipython import HognoseMagics
    from .compat.memory_profiler import MemoryProfilerMagics

    ip.register_magics(MemoryProfilerMagics)
    ip.register_magics(HognoseMagics)


def _caller():
    import sys

    return sys._getframe(2)


def _left_out(classes, modules, functions, code, frames):
    return _CLASSES * (not classes) | _MODULES * (not modules) | _FUNCTIONS * (not functions) | _CODE * (not code) | _FRAMES * (not frames)
