"""``--pdb-mmem``: into the debugger when a function has too much memory."""

from __future__ import annotations

import sys

from ._backends import memory

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any


class DebuggingTrace:
    """Looks at the memory at each line of the profiler's functions, by sys.settrace."""

    def __init__(self, profiler: Any) -> None:
        self._profiler = profiler
        self._other: Any = None

    def __enter__(self) -> None:
        self._other = sys.gettrace()
        sys.settrace(self._event)

    def __exit__(self, *_: Any) -> None:
        if sys.gettrace() == self._event:
            sys.settrace(self._other)

    def _event(self, frame: Any, event: str, arg: Any) -> Any:
        if frame.f_code not in self._profiler.code_map:
            return None
        if event == "line":
            used = memory(-1, self._profiler.backend)
            if used > self._profiler.max_mem:
                print("Current memory {0:.2f} MiB exceeded the maximum of {1:.2f} MiB\nStepping into the debugger ".format(used, self._profiler.max_mem))
                return self._into_debugger(frame)
        return self._event

    def _into_debugger(self, frame: Any) -> Any:
        import pdb

        # One stop is asked for: it goes on by itself afterwards.
        self._profiler.max_mem = float("inf")
        debugger = pdb.Pdb()
        debugger.reset()
        debugger.set_step()
        debugger.botframe = frame
        sys.settrace(debugger.trace_dispatch)
        return debugger.dispatch_line(frame)
