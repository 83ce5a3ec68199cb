"""Which objects came and which went between two looks."""

import gc
import weakref
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from . import _hognose
from ._naming import full_name
from ._trackers import _own_frames, _packed, _table, _unpacked

_FRAMES = 16


class ObjectDiff:
    """What changed between two looks; printing it prints two tables.

    Attributes: ``added`` (a list of the objects that are new, which it holds
    as long as you keep it), ``removed`` (rows ``[type, objects, bytes]`` of
    what is gone).
    """

    __slots__ = ("added", "_removed", "__weakref__")

    def __init__(self, added: List[Any], removed: str) -> None:
        self.added = added
        self._removed = removed

    @property
    def removed(self) -> List[List[Any]]:
        rows: List[List[Any]] = _unpacked(self._removed)
        return rows

    @property
    def added_rows(self) -> List[List[Any]]:
        """Rows ``[type, objects, bytes]`` of ``added``."""
        totals: Dict[str, Tuple[int, int]] = {}
        for kind, objects, size in _hognose.summarize(self.added, ())[0]:
            name = full_name(kind)
            before = totals.get(name, (0, 0))
            totals[name] = before[0] + objects, before[1] + size
        return [[name, objects, size] for name, (objects, size) in totals.items()]

    def lines(self, limit: int = 15) -> List[str]:
        """Both tables, ``limit`` rows of each, most bytes first."""
        largest: Callable[[List[List[Any]]], List[List[Any]]] = lambda rows: sorted(rows, key=lambda row: (-row[2], row[0]))
        return ["Added objects:"] + _table(largest(self.added_rows), limit) + ["Removed objects:"] + _table(largest(self.removed), limit)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def __repr__(self) -> str:
        return "<hognose.ObjectDiff: %d objects more, %d fewer>" % (len(self.added), sum(row[1] for row in self.removed))


class ObjectTracker:
    """The objects that are new, and what is gone, since the last look.

    It remembers where objects were and of which type, 24 bytes each outside
    the heap, and holds none of them. An object that took the place of one of
    its own type since is taken for it: what is new and what is gone then both
    lack one. Frames are left out.

    >>> from hognose import ObjectTracker
    >>> tracker = ObjectTracker()
    >>> kept = complex(1, 2)
    >>> kept in tracker.diff().added
    True
    """

    __slots__ = ("_look", "_names", "_given")

    def __init__(self) -> None:
        self._look: Any = None
        self._names: Dict[int, str] = {}
        self._given: List[Any] = []
        # The first looks fill caches of CPython's, which the next would take for news.
        self.diff()
        self.diff()

    def diff(self, ignore: Sequence[Any] = ()) -> ObjectDiff:
        """What changed since the last call. ``ignore``: objects to leave out, not what they hold."""
        self._look, names, added, removed = _looked(self, ignore)
        found = ObjectDiff(added, _packed(_named(removed, self._names)))
        self._names = names
        self._given.append(weakref.ref(found))
        return found

    def format_diff(self, ignore: Sequence[Any] = (), limit: int = 15) -> List[str]:
        """The lines of both tables of a difference."""
        return self.diff(ignore).lines(limit)

    def print_diff(self, ignore: Sequence[Any] = (), limit: int = 15) -> None:
        """Prints both tables of a difference."""
        print("\n".join(self.format_diff(ignore, limit)))


# No closure and no starred call stands in what follows: a cell or a tuple of arguments would be an object that came and went.
def _looked(tracker: ObjectTracker, ignore: Sequence[Any]) -> Tuple[Any, Dict[int, str], List[Any], List[Tuple[int, int, int]]]:
    ignored = [tracker, tracker._look, tracker._names, tracker._given] + list(ignore) + _own_frames()
    # The empty tuple is everybody's, as is the empty string below.
    ignored += [ignore] if ignore else []
    _add_given(tracker, ignored)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        look, types, added, removed = _hognose.look(gc.get_objects(), ignored, _FRAMES, tracker._look)
    finally:
        ignored.clear()
        if was_enabled:
            gc.enable()
    return look, {id(kind): full_name(kind) for kind, _, _ in types}, added, removed


def _add_given(tracker: ObjectTracker, ignored: List[Any]) -> None:
    """What former calls gave and somebody keeps: it was never noted, so it would be new each time."""
    tracker._given[:] = [reference for reference in tracker._given if reference() is not None]
    ignored += tracker._given
    for reference in tracker._given:
        given: Optional[ObjectDiff] = reference()
        if given is not None:
            ignored += [given, given.added]
            ignored += [given._removed] if given._removed else []


def _named(removed: List[Tuple[int, int, int]], names: Dict[int, str]) -> List[List[Any]]:
    return [[names[kind], objects, size] for kind, objects, size in removed]
