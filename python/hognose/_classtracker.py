"""Lives and sizes of the instances of classes."""

import collections
import functools
import gc
import os
import threading
from typing import Any, Callable, DefaultDict, Dict, IO, List, Optional, Tuple

from ._asized import Asized, from_tree, name_of
from ._measuring import CLASSES, CODE, FRAMES, FUNCTIONS, MODULES, Measurer
from ._tracked import Snapshot, TrackedObject, now

_LEFT_OUT = CLASSES | MODULES | FUNCTIONS | CODE | FRAMES
_ALIGN = 8


class _Observer:
    """How a class is tracked, the ``__init__`` that it had of its own, if any, and ours."""

    __slots__ = ("name", "detail", "keep", "trace", "own", "ours", "is_on")

    def __init__(self, own: Any) -> None:
        self.own = own
        self.ours: Any = None
        self.is_on = True

    def change(self, name: str, detail: int, keep: bool, trace: bool) -> None:
        self.name, self.detail, self.keep, self.trace = name, detail, keep, trace


class PeriodicThread(threading.Thread):
    """Takes a snapshot each ``interval`` seconds until ``stop`` is true."""

    def __init__(self, tracker: "ClassTracker", interval: float, *args: Any, **kwargs: Any) -> None:
        self.tracker = tracker
        self.interval = interval
        self._end = threading.Event()
        super().__init__(*args, **kwargs)

    @property
    def stop(self) -> bool:
        return self._end.is_set()

    @stop.setter
    def stop(self, value: bool) -> None:
        self._end.set() if value else self._end.clear()

    def run(self) -> None:
        while not self._end.is_set():
            self.tracker.create_snapshot()
            self._end.wait(self.interval)


class ClassTracker:
    """Follows instances of classes from their ``__init__`` to their end, and sizes them at snapshots.

    Attributes: ``index`` (TrackedObjects by class name, the dead among them),
    ``objects`` (TrackedObjects by id), ``snapshots``, ``history`` (pairs of
    seconds and instances by class name), ``stats``. It holds no tracked
    object unless ``keep`` is asked for. Sizes are deep, rounded up to 8
    bytes; what several objects share counts for the oldest.

    >>> import hognose
    >>> class Page:
    ...     def __init__(self):
    ...         self.text = "x" * 1000
    >>> tracker = hognose.ClassTracker()
    >>> tracker.track_class(Page)
    >>> pages = [Page(), Page()]
    >>> tracker.create_snapshot("two pages")
    >>> len(tracker.objects), tracker.snapshots[0].tracked_total > 1000
    (2, True)
    >>> tracker.close()
    """

    #: Snapshots are taken one at a time.
    snapshot_lock = threading.Lock()

    def __init__(self, stream: Optional[IO[str]] = None) -> None:
        self.index: DefaultDict[str, List[TrackedObject]] = collections.defaultdict(list)
        self.objects: Dict[int, TrackedObject] = {}
        self.snapshots: List[Snapshot] = []
        self.history: DefaultDict[str, List[Tuple[float, int]]] = collections.defaultdict(list)
        self._kept: List[Any] = []
        self._observers: Dict[type, _Observer] = {}
        self._periodic_thread: Optional[PeriodicThread] = None
        self._stream = stream

    @property
    def stats(self) -> Any:
        """ConsoleStats of what was gathered; they print to the tracker's stream."""
        from ._classstats import ConsoleStats

        return ConsoleStats(tracker=self, stream=self._stream)

    def html(self, path: str, title: str = "ClassTracker Statistics") -> None:
        """Writes a report as a page, with a page for each class and charts in a folder beside it."""
        from ._classhtml import HtmlStats

        HtmlStats(tracker=self).create_html(path, title)

    def track_class(
        self, cls: type, name: Optional[str] = None, resolution_level: int = 0, keep: bool = False, trace: bool = False
    ) -> None:
        """Tracks all instances that are made from now on; of a tracked class, changes how.

        ``name``: to list them under, by default module and class.
        ``resolution_level``: levels of what they refer to that are sized one
        by one. ``keep``: hold them. ``trace``: note where they are made. The
        class gets an ``__init__`` that calls its own, until it is detached.
        Raises TypeError for what is no class of Python's own making.
        """
        if not isinstance(cls, type):
            raise TypeError("only classes can be tracked, not %s" % name_of(cls))
        if cls not in self._observers:
            self._observers[cls] = self._observe(cls)
        self._observers[cls].change(name or cls.__module__ + "." + cls.__name__, resolution_level, keep, trace)

    def track_object(
        self, instance: Any, name: Optional[str] = None, resolution_level: int = 0, keep: bool = False, trace: bool = False
    ) -> None:
        """Tracks one object, unless it is tracked. Raises TypeError if it cannot be referred to weakly."""
        known = self.objects.get(id(instance))
        # The dead are there until another takes their place.
        if known is not None and known.ref() is not None:
            return
        name = name or type(instance).__name__
        history = self.history[name]
        tracked = TrackedObject(instance, name, resolution_level, trace, functools.partial(track_object_deletion, history))
        track_object_creation(history)
        self.index[name].append(tracked)
        self.objects[id(instance)] = tracked
        if keep:
            self._kept.append(instance)

    def track_change(self, instance: Any, resolution_level: int = 0) -> None:
        """Changes how a tracked object is sized. Raises KeyError if it is not tracked."""
        self.objects[id(instance)].set_resolution_level(resolution_level)

    def detach_class(self, cls: type) -> None:
        """Gives the class its ``__init__`` back; its instances stay tracked. Raises KeyError if it is not tracked."""
        observer = self._observers.pop(cls)
        observer.is_on = False
        # Another tracker may have come above ours, which then stays and does nothing.
        if _own_init(cls) is not observer.ours:
            return
        if observer.own is None:
            del cls.__init__  # type: ignore[misc]
        else:
            cls.__init__ = observer.own  # type: ignore[misc]

    def detach_all_classes(self) -> None:
        """``detach_class`` for all tracked classes."""
        for cls in list(self._observers):
            self.detach_class(cls)

    def detach_all(self) -> None:
        """Tracks nothing any more; snapshots stay."""
        self.detach_all_classes()
        self.objects.clear()
        self.index.clear()
        self._kept.clear()

    def clear(self) -> None:
        """Tracks nothing and forgets the snapshots."""
        self.detach_all()
        self.snapshots.clear()

    def close(self) -> None:
        """Ends periodic snapshots and gives all classes back their ``__init__``; for ``contextlib.closing``."""
        self.stop_periodic_snapshots()
        self.detach_all_classes()

    def start_periodic_snapshots(self, interval: float = 1.0) -> None:
        """Takes a snapshot each ``interval`` seconds in a daemon thread; if it runs, changes the interval."""
        if self._periodic_thread is not None and self._periodic_thread.is_alive():
            self._periodic_thread.interval = interval
            return
        self._periodic_thread = PeriodicThread(self, interval, name="BackgroundMonitor", daemon=True)
        self._periodic_thread.start()

    def stop_periodic_snapshots(self) -> None:
        """Ends that thread, and waits for it."""
        thread, self._periodic_thread = self._periodic_thread, None
        if thread is not None and thread.is_alive():
            thread.stop = True
            thread.join()

    def create_snapshot(self, description: str = "", compute_total: bool = False) -> None:
        """Sizes all tracked objects and the tracker; with ``compute_total`` also everything there is, classes and code included."""
        with self.snapshot_lock:
            snapshot = Snapshot(now(), str(description))
            measurer = Measurer()
            snapshot.tracked_total = self._size_objects(measurer, snapshot.timestamp)
            if compute_total:
                snapshot.asizeof_total = sum(Measurer().measure(gc.get_objects(), FRAMES, _ALIGN).sizes)
            if snapshot.tracked_total:
                snapshot.overhead = sum(measurer.measure([self], _LEFT_OUT, _ALIGN).sizes)
                snapshot.asizeof_total = max(0, snapshot.asizeof_total - snapshot.overhead)
            self.snapshots.append(snapshot)

    def _size_objects(self, measurer: Measurer, timestamp: float) -> int:
        """Older objects first: what they share with younger ones is theirs."""
        living = [(tracked, tracked.ref()) for tracked in sorted(self.objects.values(), key=lambda each: each.birth)]
        living = [(tracked, obj) for tracked, obj in living if obj is not None]
        measurer.bar([obj for _, obj in living])
        whole = [(tracked, obj) for tracked, obj in living if not tracked._resolution_level]
        sizes = measurer.measure([obj for _, obj in whole], _LEFT_OUT, _ALIGN).sizes
        for (tracked, obj), size in zip(whole, sizes):
            tracked.note(timestamp, obj, Asized(size, size, (), name_of(obj)))
        total = sum(sizes)
        for tracked, obj in living:
            if tracked._resolution_level:
                tree = measurer.tree(obj, tracked._resolution_level, _LEFT_OUT, _ALIGN).whole
                tracked.note(timestamp, obj, from_tree(tree, name_of(obj), tracked._resolution_level))
                total += tree[3]
        return total

    def _observe(self, cls: type) -> _Observer:
        observer = _Observer(_own_init(cls))
        original: Callable[..., None] = cls.__init__  # type: ignore[misc]

        # The parameters' names must not clash with those of the class' own.
        @functools.wraps(original)
        def __init__(*args: Any, **kwargs: Any) -> None:
            if observer.is_on:
                self.track_object(args[0], observer.name, observer.detail, observer.keep, observer.trace)
            original(*args, **kwargs)

        try:
            cls.__init__ = __init__  # type: ignore[misc]
        except TypeError:
            raise TypeError("%s is not written in Python, so its instances cannot be tracked: track a subclass of it" % cls.__name__) from None
        observer.ours = __init__
        return observer


def _own_init(cls: type) -> Any:
    of_type: Any = type.__dict__
    return of_type["__dict__"].__get__(cls).get("__init__")


def track_object_creation(time_series: List[Tuple[float, int]]) -> None:
    """Appends an instance more."""
    time_series.append((now(), (time_series[-1][1] if time_series else 0) + 1))


def track_object_deletion(time_series: List[Tuple[float, int]]) -> None:
    """Appends an instance fewer."""
    time_series.append((now(), time_series[-1][1] - 1))


def _renew_lock() -> None:
    # Whoever held it when the program forked does not go on in the child.
    ClassTracker.snapshot_lock = threading.Lock()


os.register_at_fork(after_in_child=_renew_lock)
