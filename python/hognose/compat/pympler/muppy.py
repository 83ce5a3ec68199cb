"""All objects, and lists of objects."""

import gc
import inspect
import sys
from typing import Any, Callable, Dict, List, Optional, Sequence

from ... import _hognose
from ..._measuring import FRAMES, own_size
from ..._naming import still
from ..._trackers import _own_frames
from . import summary

_HAS_COLLECTOR_HEAD = 1 << 14

__all__ = ["filter", "get_diff", "get_objects", "get_referents", "get_size", "ignore_object", "print_summary", "sort"]


def get_objects(remove_dups: bool = True, include_frames: bool = False) -> List[Any]:
    """All objects that the collector knows and all that these lead to, after a collection; each once, whatever ``remove_dups`` says.

    With ``include_frames`` also the frames of the callers. Keep the list no
    longer than needed: it holds what it lists.
    """
    gc.collect()
    found: List[Any] = still(_all_objects)
    if include_frames:
        frame = sys._getframe(1).f_back
        while frame is not None:
            found.append(frame)
            frame = frame.f_back
    return found


def get_size(objects: Sequence[Any]) -> int:
    """Bytes of the objects themselves."""
    rows, apart = _hognose.summarize(list(objects), (summary.Gone,))
    kinds = {id(type(obj)) for obj in apart}
    own = sum(obj.size if type(obj) is summary.Gone else own_size(obj, 0) for obj in apart)
    return own + sum(size for kind, _, size in rows if id(kind) not in kinds)


def get_diff(left: Sequence[Any], right: Sequence[Any]) -> Dict[str, List[Any]]:
    """Objects that are in the right list only ("+"), and in the left only ("-"), told apart by identity."""
    before, after = {id(obj) for obj in left}, {id(obj) for obj in right}
    return {"+": [obj for obj in right if id(obj) not in before], "-": [obj for obj in left if id(obj) not in after]}


def sort(objects: Sequence[Any]) -> List[Any]:
    """The objects by their own bytes, smallest first."""
    return sorted(objects, key=_size)


def filter(objects: Sequence[Any], Type: Optional[type] = None, min: int = -1, max: int = -1) -> List[Any]:
    """The objects that are instances of ``Type`` and have more than ``min`` and fewer than ``max`` bytes of their own.

    Raises ValueError if ``min`` is greater than ``max``.
    """
    if min > max > -1:
        raise ValueError("minimum must be smaller than maximum")
    chosen = [obj for obj in objects if Type is None or _is_instance(obj, Type)]
    return [obj for obj in chosen if (min < 0 or _size(obj) > min) and (max < 0 or _size(obj) < max)] if min > -1 or max > -1 else chosen


def get_referents(object: Any, level: int = 1) -> List[Any]:
    """All that an object refers to, and what that refers to, ``level`` steps far; each once."""
    found: List[Any] = []
    seen: Dict[int, Any] = {}
    step = [object]
    for _ in range(level):
        step = [held for obj in step for held in gc.get_referents(obj)]
        new = []
        for held in step:
            if id(held) not in seen:
                seen[id(held)] = held
                new.append(held)
        found += new
        step = new
    return found


def print_summary() -> None:
    """Prints a table of all objects by type."""
    summary.print_(summary.summarize(get_objects()))


def ignore_object(obj: Any) -> bool:
    """Whether it is a frame, which get_objects leaves out."""
    try:
        return inspect.isframe(obj)
    except ReferenceError:
        return True


def _all_objects() -> List[Any]:
    return _hognose.objects(gc.get_objects(), _own_frames(), FRAMES)


def _size(obj: Any) -> int:
    return own_size(obj, 0)


def _is_instance(obj: Any, kind: type) -> bool:
    try:
        return isinstance(obj, kind)
    except Exception:
        return False


def _get_usage(function: Callable[..., Any], *args: Any) -> Optional[List[List[Any]]]:
    """Rows of what there is more after the second call of a function than before it; None if there is nothing."""
    from .tracker import SummaryTracker

    function(*args)
    tracker = SummaryTracker()
    function(*args)
    return tracker.diff() or None


def _is_containerobject(o: Any) -> bool:
    return bool(getattr(type(o), "__flags__", 0) & _HAS_COLLECTOR_HEAD)


def _remove_duplicates(objects: Sequence[Any]) -> List[Any]:
    return list({id(obj): obj for obj in objects}.values())
