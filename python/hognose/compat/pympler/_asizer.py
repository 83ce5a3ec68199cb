"""Asizer: sizes that add up from call to call, and what pympler tells of them."""

import sys
import types
import weakref
from typing import Any, Dict, IO, List, Optional, Sequence, Tuple

from ..._hognose import sizeof
from ..._measuring import CLASSES, CODE, DEPTH, EVERYTHING, FRAMES, FUNCTIONS, LARGEST, MODULES, TYPES, Measured, Measurer, aligned, own_size
from ..._asized import Asized, clipped_repr, from_tree, name_of, pretty
from ._asizer_report import Report
from ._typefacts import is_static

_DEFAULTS = dict(
    above=1024, align=8, clip=80, code=False, cutoff=10, derive=False, detail=0, frames=False, ignored=True, infer=False, limit=100, stats=0, stream=None
)


def option_error(where: str, kind: type = ValueError, **options: Any) -> Exception:
    named = ", ".join(sorted("%s=%r" % option for option in options.items()))
    error: Exception = kind("invalid option%s: %s(%s)" % ("" if len(options) == 1 else "s", where, named))
    return error


class Rank:
    """An object that reaches much. Held weakly where its type allows it."""

    __slots__ = ("size", "key", "id", "deep", "pid", "_held")

    def __init__(self, size: int, obj: Any, deep: int, pid: int) -> None:
        self.size, self.key, self.id, self.deep, self.pid = size, type(obj), id(obj), deep, pid
        self._held = held_weakly(obj)

    @property
    def object(self) -> Any:
        return self._held()


class Profile:
    """What was counted of one type."""

    __slots__ = ("key", "number", "total", "high", "_held")

    def __init__(self, key: type) -> None:
        self.key, self.number, self.total, self.high = key, 0, 0, 0
        self._held: Any = None

    @property
    def object(self) -> Any:
        return self._held() if self._held else None

    def add(self, number: int, total: int, high: int, obj: Any) -> None:
        self.number += number
        self.total += total
        if high > self.high:
            self.high, self._held = high, held_weakly(obj)


def held_weakly(obj: Any) -> Any:
    """A call gives the object, or None when it is gone; what cannot be referred to weakly is held."""
    try:
        return weakref.ref(obj)
    except TypeError:
        return lambda: obj


class Asizer(Report):
    """Sizes of objects, each counted once over all calls, until ``reset``.

    Holds none of the objects, but for the largest of each type when ``stats``
    ask for them and they allow no weak reference.
    """

    def __init__(self, **opts: Any) -> None:
        self._excluded: Dict[int, type] = {}
        self.reset(**opts)

    def reset(
        self,
        above: int = 1024,
        align: int = 8,
        clip: int = 80,
        code: bool = False,
        cutoff: int = 10,
        derive: bool = False,
        detail: int = 0,
        frames: bool = False,
        ignored: bool = True,
        infer: bool = False,
        limit: Optional[int] = None,
        stats: float = 0,
        stream: Optional[IO[str]] = None,
        **extra: Any
    ) -> None:
        """Options as given, all others as at first, and nothing counted yet.

        ``derive``, ``infer`` and ``ignored`` change nothing: no size is
        guessed. Without a ``limit`` references are followed to the end; the
        property then says 100, as pympler does.
        """
        if extra:
            raise option_error("reset", KeyError, **extra)
        self._above, self._align, self._clip, self._code, self._cutoff = above, align, clip, code, cutoff
        self._derive, self._detail, self._frames, self._ignored, self._infer = derive, detail, frames, ignored, infer
        self._limit, self._stats, self._stream = EVERYTHING, 0, stream
        self._clear()
        self.set(align=align, code=code, cutoff=cutoff, limit=limit, stats=stats)

    def set(
        self,
        above: Optional[int] = None,
        align: Optional[int] = None,
        code: Optional[bool] = None,
        cutoff: Optional[int] = None,
        frames: Optional[bool] = None,
        detail: Optional[int] = None,
        limit: Optional[int] = None,
        stats: Optional[float] = None,
    ) -> None:
        """Changes the options that are given. ValueError: ``align`` is no power of 2, or ``stats`` or ``limit`` are negative."""
        if above is not None:
            self._above = int(above)
        if align is not None:
            if align > 1 and align & (align - 1):
                raise option_error("set", align=align)
            self._align = align
        if code is not None:
            self._code = code
        if frames is not None:
            self._frames = frames
        if detail is not None:
            self._detail = detail
        if limit is not None:
            if limit < 0:
                raise option_error("set", limit=limit)
            self._limit = limit
        if stats is not None:
            if stats < 0:
                raise option_error("set", stats=stats)
            fraction = int((stats - int(stats)) * 100.0 + 0.5)
            self._cutoff = int(cutoff) if cutoff else fraction or self._cutoff
            self._stats = int(stats)

    def asizeof(self, *objs: Any, **opts: Any) -> int:
        """Bytes of the objects and of all that they hold, but for what was counted before."""
        if opts:
            self.set(**opts)
        return sum(self._measure(objs).sizes)

    def asizesof(self, *objs: Any, **opts: Any) -> Tuple[int, ...]:
        """Bytes of each object without the other ones given; 0 for what was counted before."""
        if opts:
            self.set(**opts)
        sizes: Dict[int, int] = {}
        for obj, size in zip(objs, self._measure(objs).sizes):
            sizes.setdefault(id(obj), size)
        return tuple(sizes[id(obj)] for obj in objs)

    def asized(self, *objs: Any, **opts: Any) -> Any:
        """An Asized of each object, alone or in a tuple, with ``detail`` levels of what it refers to."""
        if opts:
            self.set(**opts)
        if self._detail < 1:
            found = [self._flat(obj, size) for obj, size in zip(objs, self.asizesof(*objs))]
        else:
            found = self._trees(objs)
        return found[0] if len(found) == 1 else tuple(found)

    def exclude_objs(self, *objs: Any) -> None:
        """Leaves the objects themselves out of all that is counted."""
        self._measurer.leave(objs)

    def exclude_refs(self, *objs: Any) -> None:
        """Lets no reference lead to the objects; given by themselves they are counted."""
        self._measurer.bar(objs)

    def exclude_types(self, *objs: Any) -> None:
        """Leaves out all objects of the given types, or of the given objects' types."""
        for obj in objs:
            kind = obj if isinstance(obj, type) else type(obj)
            self._excluded[id(kind)] = kind

    def _clear(self) -> None:
        self._measurer = Measurer()
        self._total = self._sized = self._met = self._duplicates = self._missed = self._depth = self._ranked = self._left = 0
        self._profiles: Dict[int, Profile] = {}
        self._ranks: List[Rank] = []

    def _left_out(self) -> int:
        code = 0 if self._code else CLASSES | FUNCTIONS | CODE
        return MODULES | code | (0 if self._frames else FRAMES)

    def _measure(self, objs: Sequence[Any]) -> Measured:
        if self._code:
            self._measurer.bar(surroundings(objs))
        wishes = (LARGEST if self._stats and self._above > 0 else 0) | (DEPTH if self._stats else 0) | (TYPES if self._stats > 1 else 0)
        found = self._measurer.measure(objs, self._left_out(), self._align, self._limit, self._types_left_out(), wishes, self._above)
        self._count(found)
        for kind, number, total, high, obj in found.types:
            self._profiles.setdefault(id(kind), Profile(kind)).add(number, total, high, obj)
        self._ranks += [Rank(*row) for row in found.largest]
        self._ranks.sort(key=lambda rank: -rank.size)
        del self._ranks[100:]
        return found

    def _count(self, found: Measured) -> None:
        self._total += sum(found.sizes)
        self._sized += found.objects
        self._met += found.met
        self._duplicates += found.duplicates
        self._missed += found.failed
        self._left += found.excluded
        self._ranked += found.ranked
        self._depth = max(self._depth, found.depth)

    def _types_left_out(self) -> List[type]:
        return list(self._excluded.values())

    def _flat(self, obj: Any, size: int) -> Asized:
        own = aligned(own_size(obj, sizeof_or_0(obj)), self._align) if size else 0
        return Asized(size, min(own, size), (), self._nameof(obj))

    def _trees(self, objs: Sequence[Any]) -> List[Asized]:
        self._measurer.bar(list(objs) + (surroundings(objs) if self._code else []))
        found: Dict[int, Asized] = {}
        for obj in objs:
            if id(obj) not in found:
                wishes = DEPTH if self._stats else 0
                tree = self._measurer.tree(obj, self._detail, self._left_out(), self._align, self._limit, self._types_left_out(), wishes)
                found[id(obj)] = from_tree(tree.whole, self._nameof(obj), self._detail, self._clip)
                self._total += tree.whole[3]
                self._sized += tree.whole[5]
                self._met += tree.met
                self._duplicates += tree.duplicates
                self._depth = max(self._depth, tree.depth)
        return [found[id(obj)] for obj in objs]

    def _nameof(self, obj: Any) -> str:
        return name_of(obj, self._clip)

    def _repr(self, obj: Any) -> str:
        return clipped_repr(obj, self._clip)

    def _prepr(self, obj: Any) -> str:
        return pretty(obj, self._clip)

    above = property(lambda self: self._above, doc="Bytes from which on an object is among the largest.")
    align = property(lambda self: self._align, doc="What sizes are rounded up to a multiple of, in bytes.")
    clip = property(lambda self: self._clip, doc="Characters of a repr.")
    code = property(lambda self: self._code, doc="Whether classes, functions, modules and code are counted.")
    cutoff = property(lambda self: self._cutoff, doc="Per cent, or objects, that statistics are cut at.")
    derive = property(lambda self: self._derive, doc="Without effect.")
    detail = property(lambda self: self._detail, doc="Levels of Asized.")
    duplicate = property(lambda self: self._duplicates, doc="Objects that were met more than once.")
    excluded = property(lambda self: tuple(self._excluded.values()), doc="Types that are left out.")
    frames = property(lambda self: self._frames, doc="Whether frames are counted.")
    ignored = property(lambda self: bool(self._ignored), doc="Without effect.")
    infer = property(lambda self: self._infer, doc="Without effect.")
    limit = property(lambda self: 100 if self._limit == EVERYTHING else self._limit, doc="Steps that references are followed.")
    missed = property(lambda self: self._missed, doc="Objects whose size their type could not tell.")
    ranked = property(lambda self: self._ranked, doc="Objects over the threshold.")
    seen = property(lambda self: self._met, doc="How often objects were met.")
    sized = property(lambda self: self._sized, doc="Objects counted so far.")
    stats = property(lambda self: self._stats, doc="What statistics are printed.")
    total = property(lambda self: self._total, doc="Bytes counted so far.")


def surroundings(objs: Sequence[Any]) -> List[Any]:
    """
    What every function and class leads to and is not its own code: the globals of modules that were not given, and the interpreter's own
    classes.
    """
    given = {id(obj) for obj in objs}
    modules = [module for module in list(sys.modules.values()) if type(module) is types.ModuleType and id(module) not in given]
    found: List[Any] = [types.ModuleType.__getattribute__(module, "__dict__") for module in modules]
    waiting: List[type] = [object]
    for kind in waiting:
        if is_static(kind) and id(kind) not in given:
            found.append(kind)
            waiting += type.__subclasses__(kind)
    return found


def sizeof_or_0(obj: Any) -> int:
    try:
        return sizeof(obj)
    except Exception:
        return 0
