"""Sizes of objects with all that they hold: pympler.asizeof's functions and classes.

>>> from hognose.compat.pympler import asizeof
>>> asizeof.asizeof([]) == asizeof.flatsize([], align=8)
True
"""

import gc
from typing import Any, Dict, List, Optional, Tuple

from ... import _hognose
from ..._hognose import sizeof
from ..._measuring import aligned
from ..._naming import still
from . import _dictlike, _typefacts
from ..._asized import Asized, reference_name
from ..._naming import _ATTRIBUTE
from ._asizer import Asizer, option_error

__all__ = ["Asized", "Asizer", "adict", "amapped", "asized", "asizeof", "asizesof", "basicsize", "flatsize", "itemsize", "leng", "named_refs", "refs"]

__version__ = "22.12.07"  # of the original that this stands in for

_asizer = Asizer()
_mapped_percent = 1.0


def asizeof(*objs: Any, **opts: Any) -> int:
    """Bytes of objects and of all that they hold, each once.

    Options: ``above`` (1024; bytes from which on an object is among the
    largest), ``align`` (8), ``clip`` (80 characters of a repr), ``code``
    (False; also classes, functions, modules and code), ``cutoff`` (10),
    ``frames`` (False), ``limit`` (steps that references are followed; by
    default to the end), ``stats`` (0; 1 prints totals and the largest
    objects, 2 also types, 3 more of them; a fraction is the cutoff),
    ``stream`` (where to), ``all`` (with no objects: everything there is).
    ``derive``, ``ignored`` and ``infer`` have no effect.

    Raises KeyError for an option that there is not, and ValueError for a
    value that it cannot have.
    """
    everything = opts.pop("all", None)
    if not objs and everything not in (None, False, True):
        raise option_error("asizeof", all=everything)
    _asizer.reset(**opts)
    given = _everything() if not objs and everything else objs
    if not given:
        return 0
    if given is not objs:
        _asizer.exclude_objs(given)
    try:
        size = _asizer.asizeof(*given)
        _asizer.print_stats(objs=given, opts=opts)
    finally:
        _asizer._clear()
    return size


def asizesof(*objs: Any, **opts: Any) -> Tuple[int, ...]:
    """Bytes of each object without the others that are given. Options as of ``asizeof``."""
    _asizer.reset(**opts)
    if not objs:
        return ()
    try:
        sizes = _asizer.asizesof(*objs)
        _asizer.print_stats(objs, opts=opts, sizes=sizes)
    finally:
        _asizer._clear()
    return sizes


def asized(*objs: Any, **opts: Any) -> Any:
    """An Asized of the object, or a tuple of them, with ``detail`` levels of referents. Other options as of ``asizeof``."""
    _asizer.reset(**opts)
    if not objs:
        return ()
    try:
        found = _asizer.asized(*objs)
        _asizer.print_stats(objs, opts=opts, sized=found)
    finally:
        _asizer._clear()
    return found


def basicsize(obj: Any, **opts: Any) -> int:
    """Bytes of an object of this type that has no items."""
    _check("basicsize", opts)
    return _typefacts.basicsize_of_type(type(obj))


def itemsize(obj: Any, **opts: Any) -> int:
    """Bytes of an item of such an object; 0 if it has none."""
    _check("itemsize", opts)
    return _typefacts.itemsize(obj)


def flatsize(obj: Any, align: int = 0, **opts: Any) -> int:
    """Bytes of the object alone, as ``sys.getsizeof`` says, rounded up to a multiple of ``align``. ValueError: that is no power of 2."""
    _check("flatsize", opts)
    if align > 1 and align & (align - 1):
        raise option_error("flatsize", align=align)
    return aligned(sizeof(obj), align)


def leng(obj: Any, **opts: Any) -> Any:
    """How many items the object has room for; None where it has no items."""
    _check("leng", opts)
    return _typefacts.length(obj)


def refs(obj: Any, **opts: Any) -> Any:
    """A generator of what the object refers to; attributes that are kept without a dict (3.11 and later) come in a dict made for it."""
    _check("refs", opts)
    return (held for _, held in _references(obj))


def named_refs(obj: Any, **opts: Any) -> List[Tuple[str, Any]]:
    """(name, object) of what the object refers to by a name: attributes, keys and values, no items of a list."""
    _check("named_refs", opts)
    return [(name, held) for name, held in _references(obj) if name is not None]


def _references(obj: Any) -> List[Tuple[Optional[str], Any]]:
    found: List[Tuple[Optional[str], Any]] = []
    attributes: Dict[str, Any] = {}
    for kind, key, held in still(_hognose.refs, obj):
        if kind == _ATTRIBUTE:
            attributes[key] = held
        else:
            found.append((reference_name(kind, key, held), held))
    return [("__dict__", attributes)] + found if attributes else found


def adict(*classes: type) -> bool:
    """Names classes that behave as dicts; False if one of them does not. No size depends on it: what a class holds is seen, not guessed."""
    return all([_dictlike.add(each) for each in classes])


def amapped(percentage: Any = None) -> float:
    """The per cent of a numpy.memmap that counts, before it is set anew. No size depends on it: what is mapped from a file is not the heap's."""
    global _mapped_percent
    before = _mapped_percent
    if percentage is not None:
        _mapped_percent = max(0.0, min(100.0, float(percentage)))
    return before


def _everything() -> Tuple[Any, ...]:
    return tuple(gc.get_objects())


def _getreferents(obj: Any) -> List[Any]:
    return list(refs(obj))


def _check(where: str, opts: Any) -> None:
    unknown = {name: value for name, value in opts.items() if name not in ("derive", "frames", "infer", "save")}
    if unknown:
        raise option_error(where, KeyError, **unknown)
