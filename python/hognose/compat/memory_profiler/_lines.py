"""The line profiler and its table."""

from __future__ import annotations

import functools
import inspect
import linecache
import sys
import types
import warnings

from ... import _hognose, _tracing
from ._backends import MIB, RESIDENT_KINDS, choose_backend

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Dict, Iterator, List

_ROW = "{0:>6} {1:>12} {2:>12}  {3:>10}   {4:<}"


class CodeMap(dict):  # type: ignore[type-arg]
    """From a code object to its lines: ``{number: (increment MiB, usage MiB, occurrences)}``.

    What the extension has counted of a code object since it was added. Functions defined within it, lambdas and comprehensions belong
    to it, as they stand among its lines.
    """

    #: Largest values of other profilers' calls are forgotten, if none of them is at work.
    starts_anew = False

    def __init__(self, include_children: bool = False, backend: Any = None) -> None:
        super().__init__()
        self.include_children = include_children
        self.backend = choose_backend(backend)
        self._tops: List[CodeType] = []
        self._before: Dict[CodeType, Any] = {}

    def add(self, code: CodeType, toplevel_code: Any = None) -> None:
        if code in self:
            return
        if toplevel_code is None:
            self._tops.append(code)
        self[code] = {} if toplevel_code is None else self[toplevel_code]
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                self.add(inner, toplevel_code or code)

    def begin(self) -> None:
        for code in self:
            is_only_one = _tracing.add(code) == 1
            if code in self._before:
                continue
            if is_only_one and self.starts_anew:
                _hognose.profile_read(code, True)
            self._before[code] = _figures(code)

    def end(self) -> None:
        for code in self:
            _tracing.drop(code)

    def items(self) -> Iterator[Any]:  # type: ignore[override]
        """(file name, iterator of (line, its triple or None)) for each function that was called."""
        for top in self._tops:
            measured = self._measured(top)
            if measured:
                yield top.co_filename, ((line, measured.get(line)) for line in _block(top))

    def _measured(self, top: Any) -> Any:
        lines = self[top]
        lines.clear()
        calls, before, _ = _difference(top, self._before.get(top))
        if calls == 0:
            return lines
        base = 0.0 if self.backend == "tracemalloc" else before / MIB
        lines[top.co_firstlineno] = (base, base, calls)
        for code in self:
            if self[code] is lines:
                self._merge(lines, code, code is top)
        return lines

    def _merge(self, lines: Any, code: CodeType, is_top: Any) -> None:
        _, _, rows = _difference(code, self._before.get(code))
        for number, (occurrences, net, held, usage, growth) in rows.items():
            if occurrences == 0 and not (is_top and net):
                continue
            by_python = self.backend == "tracemalloc"
            increment, total = (net / MIB, held / MIB) if by_python else (growth / MIB, usage / MIB)
            known = lines.get(number)
            # A line of the function has what the code within it did counted already.
            lines[number] = (increment, total, occurrences) if known is None else (known[0], max(known[1], total), known[2] + occurrences)


class LineProfiler:
    """Measures, line by line, the functions that are added to it or that it decorates.

    ``backend`` says what "memory" is: RSS (``psutil``, ``posix``), PSS, USS, or what Python allocates (``tracemalloc``: exact, by
    Hognose's own hooks). ``max_mem`` (MiB) steps into the debugger at the line after which a function has more.
    """

    def __init__(self, **kw: Any) -> None:
        self.backend = choose_backend(kw.get("backend"))
        self.max_mem = kw.get("max_mem")
        self.code_map = CodeMap(include_children=kw.get("include_children", False), backend=self.backend)
        self.functions: List[Any] = []
        self.enable_count = 0
        self._tracing: Any = None

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
        if self.enable_count:
            self.code_map.begin()

    def wrap_function(self, func: Any) -> Any:
        """A function that measures while it runs."""
        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def measured(*args: Any, **kwargs: Any) -> Any:
                self.enable_by_count()
                try:
                    return await func(*args, **kwargs)
                finally:
                    self.disable_by_count()

        elif inspect.isgeneratorfunction(func):

            @functools.wraps(func)
            def measured(*args: Any, **kwargs: Any) -> Iterator[Any]:
                self.enable_by_count()
                try:
                    return (yield from func(*args, **kwargs))
                finally:
                    self.disable_by_count()

        else:

            @functools.wraps(func)
            def measured(*args: Any, **kwargs: Any) -> Any:
                self.enable_by_count()
                try:
                    return func(*args, **kwargs)
                finally:
                    self.disable_by_count()

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
        if self.enable_count == 0:
            self.enable()
        self.enable_count += 1

    def disable_by_count(self) -> None:
        if self.enable_count > 0:
            self.enable_count -= 1
            if self.enable_count == 0:
                self.disable()

    def __enter__(self) -> Any:
        self.enable_by_count()
        return self

    def __exit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.disable_by_count()

    def enable(self) -> None:
        if self.backend != "tracemalloc":
            _hognose.profile_resident(RESIDENT_KINDS[self.backend])
        self.code_map.begin()
        if self.max_mem is not None:
            from ._debugging import DebuggingTrace

            self._tracing = DebuggingTrace(self)
        elif not _tracing.HAS_MONITORING:
            from ..._wrapping import under_way

            self._tracing = under_way()
        if self._tracing is not None:
            self._tracing.__enter__()

    def disable(self) -> None:
        tracing, self._tracing = self._tracing, None
        if tracing is not None:
            tracing.__exit__()
        self.code_map.end()


def profile(func: Any = None, stream: Any = None, precision: int = 1, backend: str = "psutil") -> Any:
    """Decorator that prints the table of a function after each call, to ``stream`` or standard output. Also for coroutines and classes."""
    backend = choose_backend(backend)
    if func is None:
        return functools.partial(profile, stream=stream, precision=precision, backend=backend)
    if isinstance(func, type):
        return _profiled_class(func, stream, precision, backend)
    if isinstance(func, (staticmethod, classmethod)):
        return type(func)(profile(func.__func__, stream, precision, backend))

    def for_one_call() -> Any:
        profiler = LineProfiler(backend=backend)
        profiler.code_map.starts_anew = True
        return profiler

    def reported(profiler: Any) -> None:
        show_results(profiler, stream=stream, precision=precision)

    if inspect.iscoroutinefunction(func):

        @functools.wraps(func)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            profiler = for_one_call()
            value = await profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    elif inspect.isgeneratorfunction(func):

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Iterator[Any]:
            profiler = for_one_call()
            value = yield from profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    else:

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            profiler = for_one_call()
            value = profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    return wrapper


def _profiled_class(item: Any, stream: Any, precision: Any, backend: Any) -> Any:
    for name, value in list(vars(item).items()):
        if isinstance(value, (types.FunctionType, staticmethod, classmethod)):
            setattr(item, name, profile(value, stream, precision, backend))
    return item


def show_results(prof: Any, stream: Any = None, precision: int = 1) -> None:
    """Writes the table of every function that a profiler has measured. ``precision`` is the digits of a MiB."""
    stream = sys.stdout if stream is None else stream
    header = _ROW.format("Line #", "Mem usage", "Increment", "Occurrences", "Line Contents")
    amount = "{0:%d.%df} MiB" % (precision + 4, precision)
    for filename, lines in prof.code_map.items():
        stream.write("Filename: %s\n\n" % filename)
        stream.write(header + "\n" + "=" * len(header) + "\n")
        source = linecache.getlines(filename)
        for number, figures in lines:
            cells = ("", "", "")
            if figures:
                increment, usage, occurrences = figures
                cells = amount.format(usage), amount.format(increment), occurrences
            text = source[number - 1] if number <= len(source) else "\n"
            stream.write(_ROW.format(number, cells[0], cells[1], cells[2], text))
        stream.write("\n\n")


def _figures(code: CodeType) -> Any:
    """(calls, RSS before, {line: (occurrences, net, held, largest RSS, growth)}) of a code object so far."""
    read = _hognose.profile_read(code, False)
    if read is None:
        return 0, 0, {}
    calls, _, before, rows = read
    return calls, before, {row[0]: (row[1], row[2] - row[3], row[6], row[8], row[9]) for row in rows}


def _difference(code: CodeType, earlier: Any) -> Any:
    """The same since it was asked earlier. Largest values cannot be taken apart, and are those of all calls."""
    calls, before, rows = _figures(code)
    if earlier is None:
        return calls, before, rows
    since = {}
    for line, (occurrences, net, held, usage, growth) in rows.items():
        known = earlier[2].get(line, (0, 0, 0, 0, 0))
        since[line] = (occurrences - known[0], net - known[1], held, usage, growth - known[4])
    return calls - earlier[0], before, since


def _block(code: CodeType) -> Any:
    """The numbers of a function's lines, decorators included."""
    first = code.co_firstlineno
    source = linecache.getlines(code.co_filename)[first - 1 :]
    return range(first, first + max(1, len(inspect.getblock(source)) if source else 1))
