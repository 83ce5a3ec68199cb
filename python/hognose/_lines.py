"""``hognose lines script.py``: every function of a script under the line profiler, with nothing in it changed."""

from __future__ import annotations

import fnmatch
import sys

from . import _hognose, _tool, _tracing
from ._profiler import Profiler
from ._running import run

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, List

#: Bit of co_flags that functions have, and bodies of classes and modules have not.
_OPTIMISED = 1


def main() -> None:
    """Reads ``[--function=GLOB]... [--module=GLOB]... script.py [arguments]`` from sys.argv; the tables follow when the script ends."""
    functions: List[str] = []
    modules: List[str] = []
    words = sys.argv[1:]
    while words and words[0].startswith("--"):
        option, _, value = words.pop(0).partition("=")
        {"--function": functions, "--module": modules}[option].append(value)
    chosen = Chosen(functions, modules or ["__main__"])
    status = 0
    chosen.begin()
    try:
        status = run(words)
    finally:
        chosen.end()
        chosen.print()
    sys.exit(status)


class Chosen:
    """The functions that fit, which are found when they are called first."""

    def __init__(self, functions: Any, modules: Any) -> None:
        self._functions, self._modules = functions, modules
        self._profiler = Profiler()
        self._tracing: Any = None

    def begin(self) -> None:
        if _tracing.HAS_MONITORING:
            from ._monitoring import watch_all

            watch_all()
            _hognose.profile_match(self._offered)
            return
        import threading

        from ._wrapping import under_way

        _hognose.profile_match(self._offered)
        self._tracing = under_way()
        self._tracing.__enter__()
        # A thread begins with a trace function of Python's, which makes way for the extension's at its first call.
        threading.settrace(_trace_thread)

    def end(self) -> None:
        _hognose.profile_match(None)
        if self._tracing is not None:
            import threading

            threading.settrace(None)  # type: ignore[arg-type]
            self._tracing.__exit__()

    def print(self) -> None:
        if sys.stdout is not None:
            sys.stdout.flush()
        if any(function.calls for function in self._profiler.results()):
            self._profiler.print()
        elif not _tracing.is_in_use:  # a function with a decorator has its table from that
            _tool.say(sys.stderr, "hognose: no function that was called fits: see 'hognose lines --help' for --function and --module\n")

    def _offered(self, code: CodeType) -> None:
        name = getattr(code, "co_qualname", code.co_name)
        if not code.co_flags & _OPTIMISED or code.co_name.startswith("<") and not self._functions:
            return
        if self._functions and not any(fnmatch.fnmatchcase(name, glob) or fnmatch.fnmatchcase(code.co_name, glob) for glob in self._functions):
            return
        module = sys._getframe(1).f_globals.get("__name__")
        if isinstance(module, str) and any(fnmatch.fnmatchcase(module, glob) for glob in self._modules):
            self._profiler._add(code, name)


def _trace_thread(frame: Any, event: str, arg: Any) -> None:
    _hognose.profile_enter(True)
    return None
