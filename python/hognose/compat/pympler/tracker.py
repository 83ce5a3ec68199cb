"""Trackers of what came and what went, with pympler's tables.

>>> from hognose.compat.pympler import tracker
>>> memory = tracker.SummaryTracker()
>>> kept = [complex(number) for number in range(100)]
>>> [row[:2] for row in memory.diff() if row[0] == "complex"]
[['complex', 100]]
"""

import gc
from typing import Any, Dict, Iterator, List, Optional, Sequence

from ... import _hognose
from ..._naming import still
from ..._objecttracker import ObjectTracker as _ObjectTracker
from ..._trackers import SummaryTracker as _SummaryTracker
from ..._trackers import _kept_by, _own_frames
from . import summary

__all__ = ["ObjectTracker", "SummaryTracker"]


class SummaryTracker(_SummaryTracker):
    """hognose.SummaryTracker with pympler's words and tables: functions, modules and frames are listed by name.

    ``ignore_self``: whether what the tracker keeps is left out.
    """

    __slots__ = ("ignore_self",)

    def __init__(self, ignore_self: bool = True) -> None:
        self.ignore_self = ignore_self
        gc.collect()  # As pympler's own: what importing left as garbage would else show as gone.
        super().__init__()

    def create_summary(self) -> List[List[Any]]:
        """The rows of all objects there are now, after a collection."""
        gc.collect()
        return [[" ".join(name.split()), objects, size] for name, objects, size in summary.rows_of(*still(_looked, self))]

    def diff(self, summary1: Optional[List[List[Any]]] = None, summary2: Optional[List[List[Any]]] = None) -> List[List[Any]]:
        """Rows of what changed since the last call, since summary1, or between two summaries."""
        return super().diff(summary1, summary2)

    def print_diff(self, summary1: Optional[List[List[Any]]] = None, summary2: Optional[List[List[Any]]] = None) -> None:  # type: ignore[override]
        """Prints the table of a difference."""
        summary.print_(self.diff(summary1, summary2))

    def format_diff(self, summary1: Optional[List[List[Any]]] = None, summary2: Optional[List[List[Any]]] = None) -> Iterator[str]:  # type: ignore[override]
        """The lines of the table of a difference."""
        return summary.format_(self.diff(summary1, summary2))


class ObjectTracker:
    """Objects that came since the last look, and what went. It holds none of them, where pympler's holds all.

    What is gone cannot be given any more: ``summary.Gone`` stands for it,
    with type and bytes.
    """

    def __init__(self) -> None:
        self._tracker = _ObjectTracker()

    def get_diff(self, ignore: Sequence[Any] = ()) -> Dict[str, List[Any]]:
        """{"+": new objects, "-": a Gone for each object that is no more}, but for those to ignore."""
        found = self._tracker.diff(tuple(ignore) + (self, self.__dict__))
        return {"+": found.added, "-": _gone(found.removed)}

    def print_diff(self, ignore: Sequence[Any] = ()) -> None:
        """Prints two tables of a difference."""
        for line in self.format_diff(ignore):
            print(line)

    def format_diff(self, ignore: Sequence[Any] = ()) -> List[str]:
        """The lines of two tables of a difference."""
        diff = self.get_diff(ignore)
        return (
            ["Added objects:"] + list(summary.format_(summary.summarize(diff["+"])))
            + ["Removed objects:"] + list(summary.format_(summary.summarize(diff["-"])))
        )


# Apart from get_diff, in whose frame a cell for a comprehension would be an object that came and went.
def _gone(removed: List[List[Any]]) -> List[Any]:
    found: List[Any] = []
    for name, objects, size in removed:
        each = size // objects
        found += [summary.Gone(name, each) for _ in range(objects - 1)] + [summary.Gone(name, size - each * (objects - 1))]
    return found


def _looked(tracker: SummaryTracker) -> Any:
    ignored = _own_frames() + ([each for each in _kept_by(tracker) if each is not None] if tracker.ignore_self else [])
    found = _hognose.summary(gc.get_objects(), ignored, summary.types_apart())
    ignored.clear()  # our frame is in it, and it in our frame
    return found
