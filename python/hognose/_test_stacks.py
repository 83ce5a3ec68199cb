"""Stacks of calls that leave memory behind a test, and which part of each is the test's own."""

import ast
import functools
import linecache
import os

from _tracemalloc import _get_traces
from typing import Any, Dict, List, Tuple

_OURS = os.path.dirname(__file__) + os.sep
_RUNNER = _OURS + "_pytest.py"
_MEASURE = frozenset(_OURS + name for name in ("_testing.py", "_test_stacks.py", "_native_limits.py"))
MOST_SHOWN = 4


class Frame:
    """One call of a stack that leaves memory: ``function``, ``filename``, ``lineno``."""

    __slots__ = ("filename", "lineno")

    def __init__(self, filename: str, lineno: int) -> None:
        self.filename, self.lineno = filename, lineno

    @property
    def function(self) -> str:
        """tracemalloc remembers no names of functions: the innermost one around the line, in the source as it is now."""
        functions = _functions_of(self.filename)
        if functions is None:
            return "?"
        around = [row for row in functions if row[0] <= self.lineno <= row[1]]
        return str(min(around, key=lambda row: int(row[1] - row[0]))[2]) if around else "<module>"


class Stack:
    """The calls that allocated what is left: ``frames``, the innermost first. It is what ``filter_fn`` of limit_leaks is asked about."""

    __slots__ = ("frames",)

    def __init__(self, frames: Any) -> None:
        self.frames = tuple(frames)

    def __str__(self) -> str:
        return " <- ".join("%s %s:%d" % (frame.function, frame.filename, frame.lineno) for frame in self.frames[:MOST_SHOWN])


def own_part(frames: Any) -> Any:
    """The frames that are the test's, innermost first: without those of its runner, and none of what measuring needs for itself."""
    ends = [number for number, frame in enumerate(frames) if frame.filename == _RUNNER or frame.filename in _MEASURE]
    if not ends:
        return frames  # another thread's, or one of many calls
    own = list(frames[: ends[0]])
    if frames[ends[0]].filename == _RUNNER:
        while own and own[-1].filename.startswith(_OURS):
            own.pop()  # the wrapper that traces its lines
        return own
    # A collection that the measure asks for may run the program's finalizers, which are not ours.
    return [] if own and own[-1].filename.startswith(_OURS) else own


def look() -> Any:
    """What tracemalloc has traced. Its own snapshots compare an object a frame: 15 seconds for what a Python with pytest holds."""
    return _get_traces()


def left_by_stack(old: Any, late: Any, limit: int) -> List[Tuple[int, Stack]]:
    """What stacks left that left more than the limit, largest first. Thousands are below it: for those nothing is looked up."""
    left: Dict[Any, int] = {}
    for look, sign in (late, 1), (old, -1):
        for trace in look:
            frames = trace[2]
            left[frames] = left.get(frames, 0) + sign * trace[1]
    over = sorted((row for row in left.items() if row[1] > limit), key=lambda row: -row[1])
    stacks = [(size, own_part([Frame(*frame) for frame in frames])) for frames, size in over]
    return [(size, Stack(frames)) for size, frames in stacks if frames]


@functools.lru_cache(maxsize=64)
def _functions_of(filename: str) -> Any:
    """[(first line, last line, name)], or None where the source is none that this Python reads."""
    lines = linecache.getlines(filename)
    if not lines:
        return None
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return None
    functions: List[Any] = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    # A function's code begins with its first decorator.
    return [(min([node.lineno] + [each.lineno for each in node.decorator_list]), node.end_lineno, node.name) for node in functions]
