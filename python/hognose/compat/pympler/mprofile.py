"""Bytes of all objects at chosen points of a program: slow, and only as often as it is called."""

import gc
import inspect
import sys
from typing import Any, Dict, List, Optional, Sequence, Tuple

from ... import _hognose
from ..._naming import still
from ..._trackers import _own_frames

__all__ = ["MProfiler"]

Codepoint = Tuple[Optional[str], Optional[str], Optional[int]]


class MProfiler:
    """Notes how many bytes of objects there are whenever the program comes by a codepoint.

    A codepoint is (file, function, line), None standing for any; without
    ``codepoints`` all count. ``events`` are those of ``sys.setprofile``, all
    by default. ``memories``: by codepoint a list of how often it was passed,
    the fewest and the most bytes, and 0.
    """

    def __init__(self, codepoints: Optional[Sequence[Sequence[Any]]] = None, events: Optional[Sequence[str]] = None) -> None:
        self.codepoints = codepoints
        self.events = events
        self.memories: Dict[Codepoint, List[int]] = {}

    def codepoint_included(self, codepoint: Sequence[Any]) -> bool:
        """Whether one of the codepoints fits."""
        if self.codepoints is None:
            return True
        return any(all(wish is None or wish == there for wish, there in zip(each, codepoint)) for each in self.codepoints)

    def profile(self, frame: Any, event: str, arg: Any) -> None:
        """For ``sys.setprofile``."""
        if self.events is not None and event not in self.events:
            return
        code = frame.f_code
        codepoint = inspect.getsourcefile(frame) or code.co_filename, code.co_name, frame.f_lineno
        if not self.codepoint_included(codepoint):
            return
        size = sum(row[2] for row in still(_rows))
        found = self.memories.setdefault(codepoint, [0, size, size, 0])
        found[0] += 1
        found[1], found[2] = min(found[1], size), max(found[2], size)

    def run(self, cmd: Any) -> "MProfiler":
        """Executes source or code in an empty namespace, profiled. Returns itself."""
        sys.setprofile(self.profile)
        try:
            exec(cmd, {"__name__": "__main__", "__builtins__": __builtins__})
        finally:
            sys.setprofile(None)
        return self


def _rows() -> Any:
    return _hognose.summary(gc.get_objects(), _own_frames())
