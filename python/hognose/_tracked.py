"""What ClassTracker remembers: objects with their lives, and instants with their totals."""

import linecache
import sys
import time
import weakref
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._asized import Asized
from ._hognose import sizeof
from ._process import ProcessMemoryInfo
from ._texts import safe_repr

_start = time.time()
#: (file, line, function, source in a list or None, 0 or None): what inspect.stack() has behind the frame
Trace = List[Tuple[str, int, str, Optional[List[str]], Optional[int]]]


def now() -> float:
    """Seconds since this module was imported."""
    return time.time() - _start


class TrackedObject:
    """An object's life and sizes; it does not hold the object.

    Attributes: ``ref`` (weak), ``id``, ``name`` (of the class it is tracked
    as), ``repr`` (at the last snapshot), ``birth`` and ``death`` (seconds;
    None while it lives), ``trace`` (where it was made, or None),
    ``snapshots`` (pairs of seconds and Asized).
    """

    __slots__ = ("ref", "id", "repr", "name", "birth", "death", "trace", "snapshots", "_resolution_level", "_on_delete", "__dict__")

    def __init__(
        self, instance: Any, name: str, resolution_level: int = 0, trace: bool = False, on_delete: Optional[Callable[[], None]] = None
    ) -> None:
        self.ref: Any = weakref.ref(instance, self.finalize)
        self.id = id(instance)
        self.repr = ""
        self.name = name
        self.birth = now()
        self.death: Optional[float] = None
        self.trace: Optional[Trace] = _trace() if trace else None
        own = _own_size(instance)
        self.snapshots: List[Tuple[float, Asized]] = [(self.birth, Asized(own, own))]
        self._resolution_level = resolution_level
        self._on_delete = on_delete

    def __getstate__(self) -> Dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("ref", "_on_delete", "__dict__")}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def track_size(self, ts: float, sizer: Any) -> None:
        """Notes the size that an Asizer gives the object, at an instant; nothing once it is gone."""
        obj = self.ref()
        if obj is not None:
            self.note(ts, obj, sizer.asized(obj, detail=self._resolution_level))

    def note(self, ts: float, obj: Any, size: Asized) -> None:
        self.snapshots.append((ts, size))
        self.repr = safe_repr(obj, clip=128)

    def get_max_size(self) -> int:
        """The most bytes that it had at any snapshot."""
        return max(size.size for _, size in self.snapshots)

    def get_size_at_time(self, timestamp: Optional[float]) -> int:
        """Its bytes at a snapshot; 0 if it was not there."""
        return next((size.size for at, size in self.snapshots if at == timestamp), 0)

    def set_resolution_level(self, resolution_level: int) -> None:
        """Levels of what it refers to that are sized one by one from now on."""
        self._resolution_level = resolution_level

    def finalize(self, ref: Any) -> None:
        """Notes the object's death; called by its weak reference."""
        try:
            self.death = now()
            if self._on_delete:
                self._on_delete()
        except Exception:
            pass  # while the interpreter takes itself down, modules are empty


class Snapshot:
    """An instant.

    Attributes: ``timestamp`` (seconds), ``desc``, ``tracked_total`` (bytes of
    tracked objects), ``asizeof_total`` (of all objects, if it was asked for),
    ``overhead`` (of the tracker), ``system_total`` (ProcessMemoryInfo),
    ``classes`` (what Stats made of it).
    """

    def __init__(self, timestamp: float, description: str = "") -> None:
        self.timestamp = timestamp
        self.desc = description
        self.tracked_total = self.asizeof_total = self.overhead = 0
        self.system_total = ProcessMemoryInfo()
        self.classes: Optional[Dict[str, Dict[str, Any]]] = None

    @property
    def total(self) -> int:
        """Bytes of address space of the process, or of objects where the kernel tells nothing."""
        return self.system_total.vsz if self.system_total.available else self.asizeof_total or self.tracked_total

    @property
    def label(self) -> str:
        seconds = "%.3fs" % self.timestamp
        return "%s (%s)" % (self.desc, seconds) if self.desc else seconds


def _own_size(obj: Any) -> int:
    try:
        return sizeof(obj)
    except Exception:
        return 0  # its own __sizeof__ asks for what __init__ has not made yet


def _trace() -> Trace:
    found: Trace = []
    frame: Any = sys._getframe(1)
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    while frame is not None:
        code = frame.f_code
        source = linecache.getline(code.co_filename, frame.f_lineno, frame.f_globals)
        found.insert(0, (code.co_filename, frame.f_lineno, code.co_name, [source] if source else None, 0 if source else None))
        frame = frame.f_back
    return found


def _is_ours(frame: Any) -> bool:
    return (frame.f_globals.get("__package__") or "").partition(".")[0] == "hognose"
