"""What ClassTracker gathered, as text; kept in files by pickle."""

import copy
import pickle
import sys
from typing import Any, Dict, IO, Iterable, List, Optional, Tuple, Union

from ._asized import Asized
from ._texts import pp, pp_timestamp, trunc
from ._tracked import Snapshot, TrackedObject

_CRITERIA = ("classname", "tsize", "birth", "death", "name", "repr", "size")
#: Share of the whole below which a referent is not listed, in per cent.
_LEAST_SHARE = 0.1


class Stats:
    """What a tracker gathered, or a file of it.

    Attributes: ``index``, ``snapshots`` and ``history`` of the tracker,
    ``sorted`` (TrackedObjects), ``stream``. A file is a pickle: load only
    what you wrote yourself.
    """

    def __init__(self, tracker: Any = None, filename: Optional[str] = None, stream: Optional[IO[str]] = None) -> None:
        self.stream: IO[str] = stream or sys.stdout
        self.tracker = tracker
        self.index: Dict[str, List[TrackedObject]] = tracker.index if tracker else {}
        self.snapshots: List[Snapshot] = tracker.snapshots if tracker else []
        self.history: Dict[str, List[Tuple[float, int]]] = tracker.history if tracker else {}
        self.sorted: List[Any] = []
        if filename:
            self.load_stats(filename)

    def load_stats(self, fdump: Union[str, IO[bytes]]) -> None:
        """Reads what ``dump_stats`` wrote, from a path or an open file."""
        if isinstance(fdump, str):
            with open(fdump, "rb") as file:
                return self.load_stats(file)
        self.index = pickle.load(fdump)
        self.snapshots = pickle.load(fdump)
        self.sorted = []

    def dump_stats(self, fdump: Union[str, IO[bytes]], close: bool = True) -> None:
        """Writes index and snapshots to a path or an open file, which is closed unless told otherwise; ends periodic snapshots."""
        if self.tracker:
            self.tracker.stop_periodic_snapshots()
        file = open(fdump, "wb") if isinstance(fdump, str) else fdump
        try:
            pickle.dump(self.index, file, protocol=pickle.HIGHEST_PROTOCOL)
            pickle.dump(self.snapshots, file, protocol=pickle.HIGHEST_PROTOCOL)
        finally:
            if close:
                file.close()

    def sort_stats(self, *args: str) -> "Stats":
        """Sorts the objects by classname, name, birth, death, repr, size (their largest) or tsize (at the largest snapshot), sizes downwards.

        Several keys count one after the other; all without any. Raises
        ValueError for another key. Returns itself.
        """
        unknown = [each for each in args if each not in _CRITERIA]
        if unknown:
            raise ValueError("objects are sorted by %s, not by %s" % (", ".join(_CRITERIA), ", ".join(map(str, unknown))))
        self._init_sort()
        self.sorted.sort(key=lambda tracked: tuple(_sort_key(tracked, each) for each in args or _CRITERIA))
        return self

    def reverse_order(self) -> "Stats":
        """Turns the order round. Returns itself."""
        self._init_sort()
        self.sorted.reverse()
        return self

    def annotate(self) -> None:
        """Gives all snapshots their totals by class."""
        for snapshot in self.snapshots:
            self.annotate_snapshot(snapshot)

    def annotate_snapshot(self, snapshot: Snapshot) -> Dict[str, Dict[str, Any]]:
        """Totals by class at a snapshot: ``sum``, ``avg`` (bytes), ``pct`` (of the process), ``active`` (instances), ``merged`` (Asized)."""
        if snapshot.classes is None:
            snapshot.classes = {name: self._class_totals(name, snapshot) for name in self.index}
        return snapshot.classes

    @property
    def tracked_classes(self) -> List[str]:
        """The names that objects are tracked under."""
        return sorted(self.index)

    def _class_totals(self, name: str, snapshot: Snapshot) -> Dict[str, Any]:
        merged = Asized(0, 0)
        active = total = 0
        for tracked in self.index[name]:
            for timestamp, size in tracked.snapshots:
                if timestamp == snapshot.timestamp:
                    merge(merged, size)
                    total += size.size
            is_dead = tracked.death is not None and tracked.death <= snapshot.timestamp
            active += tracked.birth < snapshot.timestamp and not is_dead
        pct = total * 100.0 / snapshot.total if snapshot.total else 0
        return dict(sum=total, avg=total / active if active else 0, pct=pct, active=active, merged=merged)

    def _init_sort(self) -> None:
        if self.sorted:
            return
        largest = max(self.snapshots, key=lambda each: each.tracked_total, default=None)
        for name, tracked_objects in self.index.items():
            for tracked in tracked_objects:
                tracked.__dict__.update(
                    classname=name, size=tracked.get_max_size(), tsize=tracked.get_size_at_time(largest.timestamp if largest else None)
                )
            self.sorted.extend(tracked_objects)


class ConsoleStats(Stats):
    """Prints to ``stream``."""

    def print_object(self, tobj: TrackedObject) -> None:
        """One object: its name, address and repr, where it was made, its sizes."""
        place = "0x%08x" % tobj.id if not tobj.death else "( free )  "
        self.stream.write("%-32s %s %-35s\n" % (trunc(tobj.name, 32, left=True), place, trunc(tobj.repr, 35)))
        if tobj.trace:
            self.stream.write(format_trace(tobj.trace))
        for timestamp, size in tobj.snapshots:
            self.stream.write("  %-30s %s\n" % (pp_timestamp(timestamp), pp(size.size)))
            self._print_refs(size.refs, size.size)
        if tobj.death is not None:
            self.stream.write("  %-30s finalize\n" % pp_timestamp(tobj.death))

    def print_stats(self, clsname: Optional[str] = None, limit: float = 1.0) -> None:
        """The objects, in the order of ``sort_stats``.

        ``clsname``: those whose class' name contains it. ``limit``: a share
        of all below 1, else how many; 1.0 is one.
        """
        if self.tracker:
            self.tracker.stop_periodic_snapshots()
        if not self.sorted:
            self.sort_stats()
        shown = [each for each in self.sorted if not clsname or clsname in each.classname]
        most = max(1, int(len(self.sorted) * limit)) if limit < 1.0 else int(limit)
        for tracked in shown[:most]:
            self.print_object(tracked)

    def print_summary(self) -> None:
        """A table for each snapshot: classes with their instances, bytes, average, and share of the process."""
        self.stream.write("---- SUMMARY " + "-" * 66 + "\n")
        for snapshot in self.snapshots:
            classes = self.annotate_snapshot(snapshot)
            head = trunc(snapshot.desc, 35), "active", pp(snapshot.asizeof_total), "average", "pct"
            self.stream.write("%-35s %11s %12s %12s %5s\n" % head)
            for name in self.tracked_classes:
                info = classes.get(name) or dict(active=0, sum=0, avg=0, pct=0)
                row = trunc(name, 33), info["active"], pp(info["sum"]), pp(info["avg"]), info["pct"]
                self.stream.write("  %-33s %11d %12s %12s %4d%%\n" % row)
        self.stream.write("-" * 79 + "\n")

    def _print_refs(self, refs: Iterable[Asized], total: int, prefix: str = "    ", level: int = 1) -> None:
        for ref, share in worth_listing(refs, total):
            name = trunc(prefix + str(ref.name), 50)
            self.stream.write("%-50s %-14s %3d%% [%d]\n" % (name, pp(ref.size), int(share), level))
            self._print_refs(ref.refs, total, prefix + "  ", level + 1)


def worth_listing(refs: Iterable[Asized], total: int) -> List[Tuple[Asized, float]]:
    """Referents with their share in per cent, largest first, but for the tiny."""
    listed = [(ref, ref.size * 100.0 / total) for ref in refs if ref.size > 0 and total]
    return sorted((each for each in listed if each[1] > _LEAST_SHARE), key=lambda each: -each[0].size)


def merge(base: Asized, other: Asized, level: int = 0) -> None:
    """Adds a tree to another, referents to those of the same name."""
    base.size += other.size
    base.flat += other.flat
    if level:
        base.name = _key(base)
    base.refs = list(base.refs)
    known = {_key(ref): ref for ref in base.refs}
    for ref in other.refs:
        key = _key(ref)
        if key in known:
            merge(known[key], ref, level + 1)
        else:
            known[key] = copy.deepcopy(ref)
            known[key].name = key
            base.refs.append(known[key])


def format_trace(trace: Iterable[Tuple[str, int, str, Any, Any]]) -> str:
    """Where an object was made: the source with its place below."""
    lines = []
    for file, line, function, source, _ in trace:
        lines += ["    %s\n" % each.strip() for each in source or ()]
        lines.append("  %s:%4d in %s\n" % (file, line, function))
    return "".join(lines)


def _key(ref: Asized) -> str:
    return str(ref.name).partition(":")[0]


def _sort_key(tracked: Any, criterion: str) -> Any:
    value = getattr(tracked, criterion, None)
    if criterion in ("size", "tsize"):
        return -int(value or 0)
    # Those that live come after all that died.
    return float("inf") if criterion == "death" and value is None else value
