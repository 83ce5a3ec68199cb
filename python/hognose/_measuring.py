"""Sizes of objects one after the other, each without what was counted before: what ClassTracker and pympler's Asizer stand on."""

import sys
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

from . import _hognose
from ._naming import still

CLASSES, MODULES, FUNCTIONS, CODE, FRAMES = 1, 2, 4, 8, 16
TYPES, LARGEST, DEPTH = 1, 2, 4
EVERYTHING = -1


class Measured(NamedTuple):
    """What one call counted. Sizes are bytes, one for each object that was given."""

    sizes: List[int]
    objects: int
    met: int
    duplicates: int
    excluded: int
    failed: int
    depth: int
    #: (type, objects, bytes, bytes of the largest, the largest)
    types: List[Tuple[type, int, int, int, Any]]
    #: (bytes with all that it was first to reach, object, steps to it, id of what led to it or 0)
    largest: List[Tuple[int, Any, int, int]]
    ranked: int


class Tree(NamedTuple):
    """One object's sizes, level by level."""

    #: The nested tuples of ``_hognose.sizes``, with what counts nothing.
    whole: Tuple[Any, ...]
    met: int
    duplicates: int
    depth: int


class Measurer:
    """
    Remembers addresses of what it counted and holds no object. The address of an object that died in between may belong to another, which
    then counts as seen.
    """

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen = _hognose.seen()

    def leave(self, objs: Sequence[Any]) -> None:
        """Takes objects for counted."""
        _hognose.leave(self._seen, tuple(objs), 0)

    def bar(self, objs: Sequence[Any]) -> None:
        """Objects that no reference is followed to; given, they are counted."""
        _hognose.leave(self._seen, tuple(objs), 1)

    def measure(
        self,
        objs: Sequence[Any],
        left_out: int,
        align: int = 1,
        limit: int = EVERYTHING,
        excluded: Sequence[type] = (),
        wishes: int = 0,
        above: int = 0,
    ) -> Measured:
        """Sizes of objects, each without the others; ``__sizeof__`` in Python is called when the walk is over."""
        counted = still(_hognose.measure, self._seen, tuple(objs), left_out, _mask(align), limit, tuple(excluded), wishes, above)
        sizes, objects, met, duplicates, left, failed, depth, overridden, types, largest, ranked = counted
        sizes = list(sizes)
        types = list(types or ())
        for item, root, counted in overridden:
            extra = aligned(own_size(item, counted), align) - counted
            sizes[root] += extra
            if types and extra:
                _add_to_row(types, item, counted + extra, extra)
        return Measured(sizes, objects, met, duplicates, left, failed, depth, types, largest, ranked)

    def tree(
        self,
        obj: Any,
        detail: int,
        left_out: int,
        align: int = 1,
        limit: int = EVERYTHING,
        excluded: Sequence[type] = (),
        wishes: int = 0,
    ) -> Tree:
        more = self._seen, _mask(align), limit, tuple(excluded), 1 if wishes & DEPTH else 0
        whole, _, _, met, duplicates, depth = still(_hognose.sizes, obj, detail, sys.maxsize, left_out, *more)
        return Tree(whole, met, duplicates, depth)


def own_size(item: Any, instead: int) -> int:
    """``sys.getsizeof`` of an object whose ``__sizeof__`` is the program's, or what was counted where that fails."""
    try:
        return sys.getsizeof(item)
    except Exception:
        return instead


def aligned(size: int, align: int) -> int:
    mask = _mask(align)
    return (size + mask) & ~mask


def _mask(align: int) -> int:
    return align - 1 if align > 1 else 0


def _add_to_row(rows: List[Tuple[type, int, int, int, Any]], item: Any, size: int, extra: int) -> None:
    for index, (kind, objects, total, largest, which) in enumerate(rows):
        if kind is type(item):
            if size > largest:
                largest, which = size, item
            rows[index] = kind, objects, total + extra, largest, which
