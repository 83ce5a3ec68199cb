"""The standard library's ``gc``, and its collections in words: what each found, by type and by cycle, and how long it took.

>>> import io
>>> from hognose import gc
>>> said = io.StringIO()
>>> with gc.debug(stream=said):
...     node = []; node.append(node); del node
...     found = gc.collect()
>>> found >= 1 and "list[0] -> list" in said.getvalue()
True
>>> gc.history()[-1].generation
2

Everything of the standard ``gc`` is here, too, so that ``from hognose import
gc`` is enough for a program that calls ``gc.set_debug(gc.DEBUG_UNCOLLECTABLE)``
to get the reading instead of CPython's lines.

A collection is looked into just before it begins (``gc.callbacks``), in the
way in which the collector itself does it, so the program is slowed down by
about the time of its collections again; none is started, none finds anything
else, no object is kept and no code of the program's runs.
"""

import gc as _gc

from gc import DEBUG_COLLECTABLE, DEBUG_LEAK, DEBUG_SAVEALL, DEBUG_STATS, DEBUG_UNCOLLECTABLE  # noqa: F401

from ._collections import Collection, Pauses, Pending
from ._watch import WATCH as _WATCH, pending as _pending

__all__ = ["Collection", "Pauses", "Pending", "debug", "get_debug", "history", "pauses", "pending", "set_debug", "stop"]


class debug:
    """From now on says of every collection what ``gc.set_debug`` would, in words, and remembers it for ``history()``.

    ``stats``: a line for each collection, with its generation, pause and
    counts. ``collectable``: what was freed, by type and by cycle.
    ``uncollectable``: the same of what went to ``gc.garbage`` instead of being
    freed. ``generation``: collections of younger generations are remembered
    without being told. ``stream`` has a ``write`` that takes text, and is
    called in the middle of the program; None is the descriptor 2.
    ``quiet=True`` tells nothing.

    It holds until ``stop()``, or until the end of the block as a context
    manager, when what was in force before comes back. ValueError for another
    generation, TypeError for a stream that cannot be written to.

    >>> from hognose import gc
    >>> with gc.debug(quiet=True):
    ...     node = []; node.append(node); del node
    ...     found = gc.collect()
    >>> gc.history()[-1].collected >= 1
    True
    """

    def __init__(self, stats=True, collectable=True, uncollectable=True, generation=0, stream=None, quiet=False):
        if generation not in (0, 1, 2):
            raise ValueError("generation is 0, 1 or 2, not %r" % (generation,))
        if stream is not None and not callable(getattr(stream, "write", None)):
            raise TypeError("stream needs a method 'write' that takes text, which %r has not" % (stream,))
        flags = DEBUG_STATS * bool(stats) | DEBUG_COLLECTABLE * bool(collectable) | DEBUG_UNCOLLECTABLE * bool(uncollectable)
        self._before = _WATCH.settings()
        _WATCH.start(0 if quiet else flags, generation, stream)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _WATCH.restore(self._before)


def stop():
    """Ends ``debug`` and ``set_debug``. What was remembered stays.

    >>> from hognose import gc
    >>> gc.stop()
    """
    _WATCH.restore(None)
    _gc.set_debug(_gc.get_debug() & ~_WATCH.saves)
    _WATCH.saves = 0


def set_debug(flags):
    """As ``gc.set_debug``, with the reading in words in place of CPython's lines.

    ``DEBUG_SAVEALL`` (and ``DEBUG_LEAK``, which contains it) makes the
    collector put what it would have freed into ``gc.garbage``, as always.
    TypeError for what is no integer.

    >>> from hognose import gc
    >>> gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
    >>> gc.get_debug() == gc.DEBUG_UNCOLLECTABLE
    True
    >>> gc.set_debug(0)
    """
    if type(flags) is not int:
        raise TypeError("an integer is required (got type %s)" % type(flags).__name__)
    if flags:
        _WATCH.start(flags & (DEBUG_STATS | DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE), 0, None)
    else:
        _WATCH.restore(None)
    _WATCH.saves = flags & DEBUG_SAVEALL
    _gc.set_debug(_WATCH.saves)


def get_debug():
    """The flags of ``set_debug``, whichever of the two was called."""
    return _gc.get_debug() | _WATCH.flags


def history():
    """The last 1,000 collections since ``debug`` or ``set_debug``: a list of Collection, the newest last."""
    return list(_WATCH.past)


def pauses():
    """How long collections held the program up since ``debug`` or ``set_debug``: a Pauses, which prints as a table.

    >>> from hognose import gc
    >>> with gc.debug(quiet=True):
    ...     found = gc.collect()
    >>> gc.pauses().count >= 1
    True
    """
    return _WATCH.pauses.copy()


def pending():
    """What a collection would free right now, without making one: a Pending, which prints by type and by cycle.

    The same subtraction as the collector's, over all that it knows; finalizers
    do not run, weak references stay, and the counts of the collector too.
    ``hognose.cycles()`` gives the objects themselves.

    >>> from hognose import gc
    >>> found = gc.collect()
    >>> node = []; node.append(node); del node
    >>> waiting = gc.pending()
    >>> waiting.found, waiting.cycles
    (1, [('list[0] -> list', 1, False)])
    >>> gc.collect()
    1
    """
    return _pending()


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError("module 'hognose.gc' has no attribute %r" % (name,))
    return getattr(_gc, name)


def __dir__():
    return sorted(set(globals()) | set(dir(_gc)))


if __name__ == "__main__":
    import sys

    from hognose import _collected

    if len(sys.argv) < 2:
        sys.stderr.write("usage: python -m hognose.gc script.py | -m module | -c code [arguments]\n")
        sys.exit(2)
    sys.exit(_collected.run(sys.argv[1:]))
