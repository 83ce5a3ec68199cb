"""Charts of what a ClassTracker gathered."""

import os
import warnings
from typing import Any, Callable, Iterable, List

from ..._classhtml import timespace
from ..._classstats import Stats

__all__ = ["tracker_timespace"]


def tracker_timespace(filename: str, stats: Stats) -> None:
    """Writes the memory of tracked classes over the snapshots as a picture.

    A name that ends in .svg needs nothing installed. Other formats are
    matplotlib's; where that is not installed, an .svg of the same name is
    written and a warning says so.
    """
    stem, suffix = os.path.splitext(filename)
    if suffix.lower() != ".svg" and _draw_by_matplotlib(filename, stats):
        return
    if suffix.lower() != ".svg":
        warnings.warn("%s.svg was written: %s files take matplotlib, which is not installed" % (stem, suffix or "such"), stacklevel=2)
    with open(stem + ".svg", "w", encoding="utf-8") as file:
        file.write(timespace(stats))


def _draw_by_matplotlib(filename: str, stats: Stats) -> bool:
    """False: it is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return False
    stats.annotate()
    times = [snapshot.timestamp for snapshot in stats.snapshots]
    mib: Callable[[Iterable[float]], List[float]] = lambda sizes: [size / 1048576.0 for size in sizes]
    axes: Any = Figure(figsize=(10, 4)).add_subplot(111)
    series = {name: mib((snapshot.classes or {}).get(name, {}).get("sum", 0) for snapshot in stats.snapshots) for name in stats.tracked_classes}
    if series and times:
        axes.stackplot(times, *series.values(), labels=list(series))
    axes.plot(times, mib(snapshot.asizeof_total for snapshot in stats.snapshots), "r--", label="Total")
    axes.plot(times, mib(snapshot.tracked_total for snapshot in stats.snapshots), "b--", label="Tracked total")
    axes.set(title="Snapshot Memory", xlabel="Execution Time [s]", ylabel="Memory [MiB]")
    axes.legend(loc=2)
    axes.figure.savefig(filename)
    return True
