"""What the marks of the pytest plugin measure, and the words with which they fail a test."""

import contextlib
import gc
import linecache
import tracemalloc

import pytest
from types import CodeType
from typing import Any, Callable, Iterator, List

from . import _hognose
from ._collections import size_text
from ._leaks import bytes_of, leaks, text_of
from ._test_stacks import left_by_stack, look

_DEPTH = 16
_MOST_SITES = 5

#: What calls and context managers around a test hold, at most: some 1,700 bytes on 3.11.
_MEASURING_BYTES = 4096

#: What the parameter is called: here, and in limit_leaks of pytest-memray.
_LIMIT_NAMES = ("limit", "location_limit")


class Limits:
    """The marks of one test. ``tell`` is called with the most that was held at once and with what is left, in bytes."""

    def __init__(self, marks: Any, tell: Any) -> None:
        self._tell = tell
        self._memory, memory_options = _limit(marks["limit_memory"], ("current_thread_only", "native"))
        self._leaks, options = _limit(marks["limit_leaks"], ("filter_fn", "current_thread_only", "native"))
        self._filter = options.get("filter_fn")
        self._native = bool(memory_options.get("native") or options.get("native"))
        self._memory_alone, self._leaks_alone = bool(memory_options.get("current_thread_only")), bool(options.get("current_thread_only"))
        # tracemalloc knows of no threads.
        self._is_recorded = self._native or self._memory_alone or self._leaks_alone
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
        found = self._growing()
        for number in found:
            yield number
        if found.growth:
            text = text_of(found.growth, self._growth, self._growth_options.get("repeat", 5))
            pytest.fail("limit_growth: " + text, pytrace=False)

    def _growing(self) -> leaks:
        problem = None
        try:
            return leaks(self._growth, raises=False, **dict({"repeat": 5, "warmup": 1}, **self._growth_options))
        except ValueError as error:
            problem = str(error)
        pytest.fail("limit_growth: %s" % problem, pytrace=False)

    def by_line(self, function: Callable[..., Any]) -> Any:
        """The function with its lines counted, where the limit is on what it holds at once: they are named when that is too much."""
        if self._memory is None or self._is_recorded:
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
        if self._is_recorded:
            with self._recording():
                yield
            return
        was_tracing = tracemalloc.is_tracing()
        if was_tracing and not hasattr(tracemalloc, "reset_peak"):
            pytest.fail("tracemalloc is on already, and this Python cannot begin its high-water mark anew: run the test without it", pytrace=False)
        gc.collect()
        old = look() if was_tracing and self._leaks is not None else []
        if was_tracing:
            tracemalloc.reset_peak()
        else:
            tracemalloc.start(_DEPTH)
        before = tracemalloc.get_traced_memory()[0]
        try:
            yield
            peak = tracemalloc.get_traced_memory()[1] - before
            gc.collect()
            left = tracemalloc.get_traced_memory()[0] - before
            late = look() if self._leaks is not None else None
        finally:
            if not was_tracing:
                tracemalloc.stop()
            lines = self._take_lines()
        self._tell(peak, max(0, left))
        self._check(peak, lines, old, late)

    @contextlib.contextmanager
    def _recording(self) -> Iterator[Any]:
        from ._native_limits import NativeMeasure

        gc.collect()
        try:
            measure = NativeMeasure(self._native)
        except RuntimeError as error:
            pytest.fail("%s: %s" % ("native=True" if self._native else "current_thread_only=True", error), pytrace=False)
        try:
            yield
            gc.collect()
            measure.stop()
            memory, left = measure.read(self._memory_alone), measure.read(self._leaks_alone)
        finally:
            measure.close()
        self._tell(memory.peak, left.left)
        self._check_memory(memory.peak, memory.lines)
        self._check_leaks([row for row in left.stacks if self._leaks is not None and row[0] > self._leaks])

    def _check(self, peak: Any, lines: Any, old: Any, late: Any) -> None:
        self._check_memory(peak, lines)
        if late is not None:
            self._check_leaks(left_by_stack(old, late, self._leaks))

    def _check_memory(self, peak: Any, lines: Any) -> None:
        if self._memory is not None and peak > self._memory:
            text = "limit_memory: the test held %s at once, and may hold %s" % (size_text(peak), size_text(self._memory))
            pytest.fail("\n".join([text] + _sites(lines) + self._unnamed(peak, lines)), pytrace=False)

    def _unnamed(self, peak: Any, lines: Any) -> Any:
        """The peak is that of the whole process, and lines are counted in the test's own thread where it is not recorded."""
        named = sum(row[0] for row in lines)
        if self._is_recorded or 2 * named >= peak or peak - named < _MEASURING_BYTES:
            return []
        return ["  most of it no line of the test holds: other threads do, or C code that counts for itself (numpy). native=True names their lines too"]

    def _check_leaks(self, rows: Any) -> None:
        if self._leaks is not None:
            over = [(size, stack) for size, stack in rows if self._filter is None or self._filter(stack)]
            if over:
                text = "limit_leaks: when the test was over there was left, where one stack of calls may leave %s" % size_text(self._leaks)
                pytest.fail("\n".join([text] + ["  %10s  %s" % (size_text(size), stack) for size, stack in over[:_MOST_SITES]]), pytrace=False)


def _limit(mark: Any, names: Any) -> Any:
    """(bytes or None, options)"""
    if mark is None:
        return None, {}
    options = dict(mark.kwargs)
    given = list(mark.args) + [options.pop(name) for name in _LIMIT_NAMES if name in options]
    unknown = [name for name in options if name not in names]
    if len(given) != 1 or unknown:
        pytest.fail('%s takes one limit such as "24 MB"%s' % (mark.name, ", and no %s" % unknown[0] if unknown else ""), pytrace=False)
    problem = None
    try:
        return bytes_of(given[0]), options
    except ValueError as error:
        problem = str(error)
    pytest.fail("%s: %s" % (mark.name, problem), pytrace=False)


def _sites(lines: Any) -> Any:
    return ["  %10s  %s:%d  %s" % (size_text(size), filename, number, linecache.getline(filename, number).strip()) for size, filename, number in lines[:_MOST_SITES]]
