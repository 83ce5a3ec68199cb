"""Callbacks in sys.monitoring (Python 3.12 and later): only the chosen code objects have events for their lines and calls."""

from __future__ import annotations

import sys

from . import _hognose

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

#: Types of Python 3.11 do not have it.
monitoring: Any = getattr(sys, "monitoring", None)

_NAME = "hognose"

#: Ids without a name first, so that debuggers, coverage and cProfile find theirs free.
_IDS = (3, 4, 5, 2, 1, 0)

_tool = None


def watch(code: CodeType, has_turns: bool) -> None:
    """Asks for the events of a code object. A jump is the only one that a loop's turn has that stays on its line."""
    tool = _opened()
    events = monitoring.events
    wanted = events.LINE | events.PY_START | events.PY_RESUME | events.PY_YIELD | events.PY_RETURN
    if has_turns:
        wanted |= events.JUMP
    monitoring.set_local_events(tool, code, wanted | monitoring.get_local_events(tool, code))


def watch_all() -> None:
    """Asks for the start of every code object, so that the matcher is asked about it."""
    tool = _opened()
    monitoring.set_events(tool, monitoring.get_events(tool) | monitoring.events.PY_START)


def _opened() -> Any:
    global _tool
    if _tool is None or monitoring.get_tool(_tool) != _NAME:
        _tool = _free_id()
        monitoring.use_tool_id(_tool, _NAME)
        _hognose.profile_disable(monitoring.DISABLE)
        events = monitoring.events
        for event, function in (
            (events.LINE, _hognose.profile_line),
            (events.JUMP, _hognose.profile_jump),
            (events.PY_START, _hognose.profile_start),
            (events.PY_RESUME, _hognose.profile_resume),
            (events.PY_THROW, _hognose.profile_resume),
            (events.PY_YIELD, _hognose.profile_yield),
            (events.PY_RETURN, _hognose.profile_leave),
            (events.PY_UNWIND, _hognose.profile_leave),
        ):
            monitoring.register_callback(_tool, event, function)
        # These two cannot be asked for by code object. They come with exceptions only.
        monitoring.set_events(_tool, events.PY_THROW | events.PY_UNWIND)
    return _tool


def _free_id() -> Any:
    for number in _IDS:
        if monitoring.get_tool(number) is None:
            return number
    raise RuntimeError("hognose.profile needs one of the six tool ids of sys.monitoring, and all are in use: end a debugger or profiler first")
