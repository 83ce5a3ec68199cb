"""The pytest plugin: marks that limit what a test allocates, leaves or grows by, and the table of --hognose. Silent until one is used.

``@pytest.mark.limit_memory("24 MB")`` fails a test that holds more at once.
``@pytest.mark.limit_leaks("1 MB")`` fails one of which any stack of calls
leaves more when it is over. ``@pytest.mark.limit_growth("100 KB", repeat=5)``
runs the test once for its caches and five times more, and fails it when what
grew each time is more. Fixtures count in none of them. What goes through
Python's allocators counts, in all threads; what a C library takes from malloc
itself counts with ``native=True``, of limit_memory and limit_leaks: the test is
recorded then (a pointer to malloc that was looked up before the test, such as
ctypes' ``libc.malloc``, goes past the recording). What other threads allocate does
not count with ``current_thread_only=True``, for which the test is recorded, too.
"""

import functools
import inspect

import pytest
from typing import Any, Callable, Dict, Iterator, List

_MARKS = (
    'limit_memory(limit, current_thread_only=False, native=False): fail when the test holds more at once, such as "24 MB"',
    'limit_leaks(limit, filter_fn=None, current_thread_only=False, native=False): fail when one stack of calls leaves more after the test, such as "1 MB"',
    'limit_growth(limit, repeat=5, warmup=1): fail when the test, run repeat times, leaves more each time, such as "100 KB"',
)
_NAMES = ("limit_memory", "limit_leaks", "limit_growth")
_PEAK_COLUMN, _LEFT_COLUMN = "most at once", "left"


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("hognose", "memory of tests")
    group.addoption("--hognose", action="store_true", help="Measure every test's memory and list those that need the most.")
    group.addoption("--hognose-tests", type=int, default=10, metavar="N", help="How many tests --hognose lists (default: 10; 0: all).")


def pytest_configure(config: Any) -> None:
    for mark in _MARKS:
        config.addinivalue_line("markers", mark)
    config.pluginmanager.register(_Memory(config), "hognose-memory")


class _Memory:
    def __init__(self, config: Any) -> None:
        self.measures_all = config.getoption("hognose")
        self.most = config.getoption("hognose_tests")
        # Whoever runs pytest-memray's own plugin gets its marks from it.
        self.is_memray_on = config.pluginmanager.hasplugin("memray") and bool(config.getoption("memray", False))
        self.figures: Dict[str, Any] = {}
        self.rows: List[Any] = []

    # The last of the wrappers: a limit that fails a test is the test's failure to all others.
    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[Any]:
        function = item.obj if isinstance(item, pytest.Function) else None
        if function is not None:
            self._measure(item)
        yield
        if function is not None:
            item.obj = function  # a test that is run again begins anew

    def _measure(self, item: Any) -> None:
        limits = {name: item.get_closest_marker(name) for name in _NAMES}
        if self.is_memray_on:
            limits["limit_memory"] = limits["limit_leaks"] = None
        if self.measures_all or any(limits.values()):
            from ._testing import Limits

            item.obj = _wrapped(item.obj, Limits(limits, lambda peak, left: self.figures.__setitem__(item.nodeid, (peak, left))))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[Any]:
        outcome: Any = yield
        if call.when == "call" and self.measures_all and item.nodeid in self.figures:
            # Numbers in a list get through to the process that xdist reports from.
            outcome.get_result().hognose = list(self.figures.pop(item.nodeid))

    def pytest_runtest_logreport(self, report: Any) -> None:
        figures = getattr(report, "hognose", None)
        if figures is not None:
            self.rows.append((figures[0], figures[1], report.nodeid))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.measures_all or not self.rows:
            return
        from ._collections import counted, size_text

        self.rows.sort(key=lambda row: (-row[0], row[2]))
        shown = self.rows[: self.most] if self.most > 0 else self.rows
        terminalreporter.section("memory of tests (hognose)")
        terminalreporter.write_line("%12s  %12s  test" % (_PEAK_COLUMN, _LEFT_COLUMN))
        for peak, left, name in shown:
            terminalreporter.write_line("%12s  %12s  %s" % (size_text(peak), size_text(left), name))
        if len(shown) < len(self.rows):
            terminalreporter.write_line("… %s, see --hognose-tests=0" % counted(len(self.rows) - len(shown), "more test"))


def _wrapped(function: Callable[..., Any], limits: Any) -> Any:
    counted = limits.by_line(function)
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def measured(*arguments: Any, **keywords: Any) -> Any:
            __tracebackhide__ = True
            limits.refuse_growth()
            with limits.measuring():
                return await counted(*arguments, **keywords)
    else:

        @functools.wraps(function)
        def measured(*arguments: Any, **keywords: Any) -> Any:
            __tracebackhide__ = True
            for _ in limits.rounds():
                with limits.measuring():
                    result = counted(*arguments, **keywords)
            return result

    return measured
