"""The line profiler."""

from __future__ import annotations

import functools
import inspect
import warnings
from _thread import get_ident

from ... import _hognose, _tracing
from ._backends import RESIDENT_KINDS, choose_backend
from ._code_map import CodeMap

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List


class LineProfiler:
    """Measures, line by line, the functions that are added to it or that it decorates.

    ``backend`` says what "memory" is: RSS (``psutil``, ``posix``), PSS, USS, or what Python allocates (``tracemalloc``: exact, by
    Hognose's own hooks). ``max_mem`` (MiB) steps into the debugger at the line after which a function has more. A thread's calls are measured
    where that thread has enabled it.
    """

    def __init__(self, **kw: Any) -> None:
        self.backend = choose_backend(kw.get("backend"))
        self.max_mem = kw.get("max_mem")
        self.code_map = CodeMap(include_children=kw.get("include_children", False), backend=self.backend)
        self.functions: List[Any] = []
        self._counts: Dict[int, int] = {}
        self._at_work: Dict[int, Any] = {}

    @property
    def enable_count(self) -> int:
        """How often it was enabled by count and not disabled, in all threads."""
        return sum(self._counts.values())

    def __call__(self, func: Any = None, precision: int = 1) -> Any:
        if func is None:
            return functools.partial(self, precision=precision)
        self.add_function(func)
        return self.wrap_function(func)

    def add_function(self, func: Any) -> None:
        """Measures a function from the next ``enable`` on."""
        code = getattr(inspect.unwrap(func), "__code__", None)
        if code is None:
            warnings.warn("Could not extract a code object for the object %r" % (func,))
            return
        self.code_map.add(code)
        self.functions.append(func)
        self._extend()

    def wrap_function(self, func: Any) -> Any:
        """A function that measures while it runs."""
        from ..._wrapping import awaitable, delegated

        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def measured(*args: Any, **kwargs: Any) -> Any:
                # While it is suspended, others run, whose calls are not this one's.
                return await awaitable(_called(func, args, kwargs), self)

        elif inspect.isgeneratorfunction(func):

            @functools.wraps(func)
            def measured(*args: Any, **kwargs: Any) -> Iterator[Any]:
                return (yield from delegated(func(*args, **kwargs), self))

        else:

            @functools.wraps(func)
            def measured(*args: Any, **kwargs: Any) -> Any:
                with self:
                    return func(*args, **kwargs)

        return measured

    def run(self, cmd: Any) -> Any:
        """Measures a statement in the program's main module."""
        import __main__

        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

    def runctx(self, cmd: Any, globals: Any, locals: Any) -> Any:
        """Measures a statement in these namespaces; returns the profiler."""
        with self:
            exec(cmd, globals, locals)
        return self

    def runcall(self, func: Any, *args: Any, **kw: Any) -> Any:
        """Measures one call, and returns what it returns."""
        with self:
            return func(*args, **kw)

    def enable_by_count(self) -> None:
        thread = get_ident()
        count = self._counts.get(thread, 0)
        if count == 0:
            self.enable()
        else:
            self._extend()
        self._counts[thread] = count + 1

    def disable_by_count(self) -> None:
        thread = get_ident()
        count = self._counts.pop(thread, 0)
        if count > 1:
            self._counts[thread] = count - 1
        elif count == 1:
            self.disable()

    def __enter__(self) -> Any:
        self.enable_by_count()
        return self

    def __exit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.disable_by_count()

    def enable(self) -> None:
        """Measures what the calling thread calls from now on."""
        if get_ident() in self._at_work:
            return
        if self.backend != "tracemalloc":
            _hognose.profile_resident(RESIDENT_KINDS[self.backend])
        tracing = self._context()
        if tracing is not None:
            tracing.__enter__()
        self._at_work[get_ident()] = self.code_map.begin(), tracing

    def disable(self) -> None:
        measurement, tracing = self._at_work.pop(get_ident(), (None, None))
        if tracing is not None:
            tracing.__exit__()
        if measurement is not None:
            measurement.end()

    def _extend(self) -> None:
        at_work = self._at_work.get(get_ident())
        if at_work is not None:
            at_work[0].extend()

    def _context(self) -> Any:
        if self.max_mem is not None:
            from ._debugging import DebuggingTrace

            return DebuggingTrace(self)
        if _tracing.HAS_MONITORING:
            return None
        from ..._wrapping import under_way

        return under_way()


async def _called(function: Any, arguments: Any, keywords: Any) -> Any:
    """A coroutine whatever the function returns to be awaited."""
    return await function(*arguments, **keywords)
