"""What the marks of the pytest plugin measure, and the words with which they fail a test."""

import ast
import contextlib
import gc
import linecache
import os
import tracemalloc

import pytest
from types import CodeType
from typing import Any, Callable, Iterator, List

from . import _hognose
from ._collections import size_text
from ._leaks import bytes_of, leaks, text_of

_DEPTH = 16
_OURS = os.path.dirname(__file__) + os.sep
_MOST_SITES = 5


class Frame:
    """One call of a stack that leaves memory: ``function``, ``filename``, ``lineno``."""

    __slots__ = ("function", "filename", "lineno")

    def __init__(self, frame: Any) -> None:
        self.filename, self.lineno = frame.filename, frame.lineno
        self.function = _function_at(frame.filename, frame.lineno)


class Stack:
    """The calls that allocated what is left: ``frames``, the innermost first. It is what ``filter_fn`` of limit_leaks is asked about."""

    __slots__ = ("frames",)

    def __init__(self, traceback: Any) -> None:
        frames = []
        for frame in reversed(list(traceback)):
            if frame.filename.startswith(_OURS):
                break  # from here on outwards it is the test's runner
            frames.append(Frame(frame))
        self.frames = tuple(frames)

    def __str__(self) -> Any:
        return " <- ".join("%s %s:%d" % (frame.function, frame.filename, frame.lineno) for frame in self.frames[:4])


class Limits:
    """The marks of one test. ``tell`` is called with the most that was held at once and with what is left, in bytes."""

    def __init__(self, marks: Any, tell: Any) -> None:
        self._tell = tell
        self._memory, memory_options = _limit(marks["limit_memory"], ("current_thread_only", "native"))
        self._leaks, options = _limit(marks["limit_leaks"], ("filter_fn", "current_thread_only", "native"))
        self._filter = options.get("filter_fn")
        self._native = bool(memory_options.get("native") or options.get("native"))
        self._growth, self._growth_options = _limit(marks["limit_growth"], ("repeat", "warmup"))
        self._is_measured = False
        self._codes: List[Any] = []

    def refuse_growth(self) -> None:
        if self._growth is not None:
            pytest.fail("limit_growth runs a test several times, which a coroutine cannot be: call it from a plain test", pytrace=False)

    def rounds(self) -> Iterator[Any]:
        """One, or as many as limit_growth asks for."""
        if self._growth is None:
            yield 0
            return
        found = leaks(self._growth, raises=False, **dict({"repeat": 5, "warmup": 1}, **self._growth_options))
        for number in found:
            yield number
        if found.growth:
            text = text_of(found.growth, self._growth, self._growth_options.get("repeat", 5))
            pytest.fail("limit_growth: " + text, pytrace=False)

    def by_line(self, function: Callable[..., Any]) -> Any:
        """The function with its lines counted, where the limit is on what it holds at once: they are named when that is too much."""
        if self._memory is None or self._native:
            return function
        from . import _tracing

        try:
            return _tracing.applied(function, self._add_code)
        except TypeError:
            return function  # not written in Python

    def _add_code(self, code: CodeType, name: str) -> None:
        from . import _tracing

        _tracing.add(code)
        self._codes.append((code, name))

    def _take_lines(self) -> Any:
        """[(most bytes held at once while the line ran, file, line)], largest first."""
        if not self._codes:
            return []
        from . import _tracing
        from ._profiler import FunctionLines

        rows = []
        for code, name in self._codes:
            figures = _hognose.profile_read(code, True)
            if figures is not None:
                rows += [(line.peak, code.co_filename, line.line) for line in FunctionLines(name, code, figures).lines.values()]
            _tracing.drop(code)
        self._codes = []
        return sorted((row for row in rows if row[0] > 0), key=lambda row: (-row[0], row[2]))

    @contextlib.contextmanager
    def measuring(self) -> Iterator[Any]:
        # In the first round only: the others would have its caches.
        if self._is_measured:
            yield
            return
        self._is_measured = True
        if self._native:
            with self._measuring_native():
                yield
            return
        was_tracing = tracemalloc.is_tracing()
        if was_tracing and not hasattr(tracemalloc, "reset_peak"):
            pytest.fail("tracemalloc is on already, and this Python cannot begin its high-water mark anew: run the test without it", pytrace=False)
        gc.collect()
        if was_tracing:
            tracemalloc.reset_peak()
        else:
            tracemalloc.start(_DEPTH)
        before = tracemalloc.get_traced_memory()[0]
        old = tracemalloc.take_snapshot() if was_tracing and self._leaks is not None else None
        try:
            yield
            peak = tracemalloc.get_traced_memory()[1] - before
            gc.collect()
            left = tracemalloc.get_traced_memory()[0] - before
            late = tracemalloc.take_snapshot() if self._leaks is not None else None
        finally:
            if not was_tracing:
                tracemalloc.stop()
            lines = self._take_lines()
        self._tell(peak, max(0, left))
        self._check(peak, lines, old, late)

    @contextlib.contextmanager
    def _measuring_native(self) -> Iterator[Any]:
        from ._native_limits import NativeMeasure

        gc.collect()
        try:
            measure = NativeMeasure()
        except RuntimeError as error:
            pytest.fail("native=True: %s" % error, pytrace=False)
        try:
            yield
            gc.collect()
        finally:
            peak, left, held, rows = measure.stop()
        self._tell(peak, left)
        self._check_memory(peak, [(size, stack.frames[0].filename, stack.frames[0].lineno) for size, stack in held])
        self._check_leaks(rows)

    def _check(self, peak: Any, lines: Any, old: Any, late: Any) -> None:
        self._check_memory(peak, lines)
        if late is not None:
            self._check_leaks(_left_by_stack(old, late))

    def _check_memory(self, peak: Any, lines: Any) -> None:
        if self._memory is not None and peak > self._memory:
            pytest.fail("\n".join(["limit_memory: the test held %s at once, and may hold %s" % (size_text(peak), size_text(self._memory))] + _sites(lines)), pytrace=False)

    def _check_leaks(self, rows: Any) -> None:
        if self._leaks is not None:
            over = [(size, stack) for size, stack in rows if size > self._leaks and (self._filter is None or self._filter(stack))]
            if over:
                text = "limit_leaks: when the test was over there was left, where one stack of calls may leave %s" % size_text(self._leaks)
                pytest.fail("\n".join([text] + ["  %10s  %s" % (size_text(size), stack) for size, stack in over[:_MOST_SITES]]), pytrace=False)


def _limit(mark: Any, names: Any) -> Any:
    """(bytes or None, options)"""
    if mark is None:
        return None, {}
    unknown = [name for name in mark.kwargs if name not in names]
    if len(mark.args) != 1 or unknown:
        pytest.fail('%s takes one limit such as "24 MB"%s' % (mark.name, ", and no %s" % unknown[0] if unknown else ""), pytrace=False)
    problem = None
    try:
        return bytes_of(mark.args[0]), dict(mark.kwargs)
    except ValueError as error:
        problem = str(error)
    pytest.fail("%s: %s" % (mark.name, problem), pytrace=False)


def _sites(lines: Any) -> Any:
    return ["  %10s  %s:%d  %s" % (size_text(size), filename, number, linecache.getline(filename, number).strip()) for size, filename, number in lines[:_MOST_SITES]]


def _left_by_stack(old: Any, late: Any) -> Any:
    rows = late.statistics("traceback") if old is None else late.compare_to(old, "traceback")
    stacks = [(row.size if old is None else row.size_diff, Stack(row.traceback)) for row in rows]
    return [(size, stack) for size, stack in stacks if size > 0 and stack.frames]


def _function_at(filename: str, lineno: Any) -> Any:
    """tracemalloc remembers no names of functions: the innermost one around the line, in the source as it is now."""
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError):
        return "?"
    functions: List[Any] = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    around = [node for node in functions if node.lineno <= lineno <= node.end_lineno]
    return min(around, key=lambda node: int(node.end_lineno - node.lineno)).name if around else "<module>"
