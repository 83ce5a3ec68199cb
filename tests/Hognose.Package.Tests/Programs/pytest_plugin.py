"""The marks and the table of the pytest plugin, each in a pytest of its own."""
import re
import sys

import pytest

HEAD = "import pytest, threading, tracemalloc\nKEPT = []\n"


def run(pytester, text, *options):
    pytester.makepyfile(HEAD + text)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


def figure(result, words):
    """Bytes of the first amount after some words."""
    number, unit = re.search(re.escape(words) + r" ([\d.]+) (B|KiB|MiB)", result.stdout.str()).groups()
    return float(number) * {"B": 1, "KiB": 1024, "MiB": 1 << 20}[unit]


def test_without_marks_nothing_is_measured_and_nothing_is_said(pytester):
    result = run(pytester, "def test_it():\n    assert not tracemalloc.is_tracing()\n")
    result.assert_outcomes(passed=1)
    assert "memory of tests" not in result.stdout.str()
    assert "hognose" not in re.sub("plugins: .*", "", result.stdout.str())


def test_the_marks_are_registered(pytester):
    result = run(pytester, '@pytest.mark.limit_memory("1 GB")\n@pytest.mark.limit_leaks("1 GB")\n@pytest.mark.limit_growth("1 GB")\ndef test_it(): pass\n', "--strict-markers", "-W", "error")
    result.assert_outcomes(passed=1)


def test_limit_memory_is_about_what_is_held_at_once(pytester):
    result = run(pytester, '''
@pytest.mark.limit_memory("3 MB")
def test_one_after_the_other():
    for _ in range(10):
        block = bytearray(2 << 20)
        del block
@pytest.mark.limit_memory("3 MB")
def test_two_at_once():
    first = bytearray(2 << 20)
    second = bytearray(2 << 20)
''')
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_two_at_once*", "limit_memory: the test held * at once, and may hold 3072.0 KiB"])
    assert 4 << 20 <= figure(result, "the test held") < (4 << 20) + 20000


def test_limit_memory_names_the_lines_that_hold_the_most(pytester):
    result = run(pytester, '''
def load():
    return bytearray(2 << 20)
@pytest.mark.limit_memory("1 MB")
def test_it():
    small = bytearray(1 << 16)
    rows = load()
''')
    lines = result.stdout.lines
    first = next(index for index, line in enumerate(lines) if line.startswith("limit_memory:"))
    assert lines[first + 1].endswith(":9  rows = load()") and "2048." in lines[first + 1], lines[first + 1]
    assert lines[first + 2].endswith(":8  small = bytearray(1 << 16)") and "64." in lines[first + 2], lines[first + 2]


def test_other_threads_count_and_fixtures_do_not(pytester):
    result = run(pytester, '''
@pytest.fixture
def large():
    return bytearray(8 << 20)
@pytest.mark.limit_memory("1 MB")
def test_fixture(large):
    assert len(large)
@pytest.mark.limit_memory("1 MB")
def test_thread():
    thread = threading.Thread(target=lambda: bytearray(2 << 20))
    thread.start()
    thread.join()
''')
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*FAILED*::test_thread*"])


def test_limit_leaks_is_about_each_stack_and_asks_the_filter(pytester):
    result = run(pytester, '''
def keep(size):
    KEPT.append(bytearray(size))
@pytest.mark.limit_leaks("100 KB")
def test_leaves():
    keep(200 << 10)
@pytest.mark.limit_leaks("100 KB")
def test_leaves_little_in_two_places():
    keep(60 << 10)
    keep(60 << 10)
@pytest.mark.limit_leaks("100 KB")
def test_cleans_up():
    ring = [bytearray(200 << 10)]
    ring.append(ring)
@pytest.mark.limit_leaks("100 KB", filter_fn=lambda stack: not any(frame.function == "keep" for frame in stack.frames))
def test_filtered():
    keep(200 << 10)
''')
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*limit_leaks: *may leave 100.0 KiB", "*200.? KiB  keep *:5 <- test_leaves *:8"])


def test_sources_are_read_of_stacks_that_are_over_the_limit_alone(pytester):
    """An import leaves thousands of stacks, each some frames long."""
    result = run(pytester, '''
import ast, sys
PARSED, real = [], ast.parse
def parse(*arguments, **keywords):
    if sys._getframe(1).f_globals["__name__"].startswith("hognose"):
        PARSED.append(arguments)
    return real(*arguments, **keywords)
ast.parse = parse
@pytest.mark.limit_leaks("50 MB")
def test_import():
    import asyncio
def test_nothing_was_read():
    assert not PARSED
@pytest.mark.limit_leaks("1 KB")
def test_leaves():
    KEPT.extend([bytearray(2000), bytearray(2000)]); KEPT.append(bytearray(2000))
def test_one_file_was_read():
    assert len(PARSED) == 1
''')
    result.assert_outcomes(passed=3, failed=1)


@pytest.mark.parametrize("options", [(), ("-X", "tracemalloc")])
def test_what_measuring_needs_is_nobodys_leak(pytester, options):
    pytester.makepyfile(HEAD + '''
class Leaving:
    def __del__(self):
        KEPT.append(bytearray(5000))
@pytest.mark.limit_leaks(0)
def test_empty(): pass
@pytest.mark.limit_leaks("0")
def test_loop():
    sum(number * number for number in range(1000))
@pytest.mark.limit_leaks("4 KB")
def test_finalizer_that_leaves_something():
    ring = [Leaving()]
    ring.append(ring)
''')
    result = pytester.run(sys.executable, *options, "-m", "pytest", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*5089 B  __del__ *:6"])


def test_threads_count_unless_the_own_one_alone_is_asked_for(pytester):
    result = run(pytester, '''
def in_thread(action):
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()
@pytest.mark.limit_memory("1 MB", current_thread_only=True)
@pytest.mark.limit_leaks("1 MB", current_thread_only=True)
def test_anothers():
    in_thread(lambda: KEPT.append(bytearray(2 << 20)))
@pytest.mark.limit_memory("1 MB", current_thread_only=True)
def test_own():
    bytearray(2 << 20)
@pytest.mark.limit_leaks("1 MB", current_thread_only=True)
def test_own_leak():
    in_thread(lambda: KEPT.append(bytearray(3 << 20)))
    KEPT.append(bytearray(2 << 20))
@pytest.mark.limit_memory("1 MB")
@pytest.mark.limit_leaks("1 MB", current_thread_only=True)
def test_one_of_both():
    in_thread(lambda: bytearray(2 << 20))
@pytest.mark.limit_leaks("1 MB", native=True, current_thread_only=True)
def test_native():
    in_thread(lambda: KEPT.append(bytearray(2 << 20)))
''')
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(["*_ test_own _*", "limit_memory: the test held 204?.? KiB at once*", "*:14  bytearray(2 << 20)"])
    result.stdout.fnmatch_lines(["*_ test_own_leak _*", "limit_leaks:*", "*204?.? KiB  test_own_leak *:18"])
    result.stdout.fnmatch_lines(["*_ test_one_of_both _*", "limit_memory: the test held 20??.? KiB at once*"])


def test_a_recording_judges_stacks_not_lines(pytester):
    result = run(pytester, '''
def keep():
    KEPT.append(bytearray(700 << 10))
def one(): keep()
def two(): keep()
@pytest.mark.limit_leaks("1 MB", native=True)
def test_two_ways_to_one_line():
    one()
    two()
@pytest.mark.limit_leaks("500 KB", native=True, filter_fn=lambda stack: "two" in [frame.function for frame in stack.frames])
def test_filter():
    one()
    two()
''')
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["limit_leaks:*", "*70?.? KiB  keep *:5 <- two *:7 <- test_filter *:15"])
    assert "<- one" not in result.stdout.str()


def test_what_no_line_holds_is_told(pytester):
    result = run(pytester, '''
def fill():
    block = bytearray(2 << 20)
@pytest.mark.limit_memory("1 MB")
def test_thread():
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
@pytest.mark.limit_memory("1 MB", native=True)
def test_recorded():
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
@pytest.mark.limit_memory("1 MB")
def test_own():
    fill()
''')
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(["*_ test_thread _*", "*  most of it no line of the test holds: other threads do*native=True names their lines too"])
    result.stdout.fnmatch_lines(["*_ test_recorded _*", "limit_memory: *", "*20??.? KiB  *:5  block = bytearray(2 << 20)"])
    assert result.stdout.str().count("most of it no line") == 1


def test_a_test_that_is_run_again_begins_anew(pytester):
    pytester.makeconftest('''
from _pytest.runner import runtestprotocol
def pytest_runtest_protocol(item, nextitem):
    for _ in range(3):
        item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    return True
''')
    result = run(pytester, '''
RUNS = []
@pytest.mark.limit_growth("10 KB", repeat=2, warmup=1)
def test_three_rounds():
    RUNS.append(1)
@pytest.mark.limit_memory("1 MB")
def test_becomes_small():
    block = bytearray(2 << 20 if len(RUNS) < 11 else 10)
    RUNS.append(1)
def test_each_was_run_three_times():
    assert len(RUNS) == 9 + 3
''')
    result.assert_outcomes(passed=3)


def test_native_counts_what_a_c_library_takes(pytester):
    """sqlite keeps its pages in memory from malloc."""
    result = run(pytester, '''
import sqlite3
def filled():
    database = sqlite3.connect(":memory:")
    database.execute("create table rows (text)")
    database.executemany("insert into rows values (?)", (("x" * 1000,) for _ in range(1000)))
    return database
@pytest.mark.limit_memory("500 KB", native=True)
def test_holds_too_much():
    filled().close()
@pytest.mark.limit_memory("5 MB", native=True)
def test_holds_little_enough():
    filled().close()
@pytest.mark.limit_memory("500 KB")
def test_of_pythons_allocators_alone():
    filled().close()
@pytest.mark.limit_leaks("500 KB", native=True)
def test_leaves():
    KEPT.append(filled())
@pytest.mark.limit_leaks("500 KB", native=True)
def test_cleans_up():
    filled().close()
@pytest.mark.limit_leaks("500 KB", native=True)
def test_own_failure():
    KEPT.append(filled())
    raise ValueError("its own")
''')
    result.assert_outcomes(passed=3, failed=3)
    result.stdout.fnmatch_lines(["limit_memory: the test held 1???.? KiB at once*", "*1???.? KiB  *:8  database.executemany*"])
    result.stdout.fnmatch_lines(["*limit_leaks: *may leave 500.0 KiB", "*1???.? KiB  filled *:8 <- test_leaves *.py:21"])
    result.stdout.fnmatch_lines(["*ValueError: its own"])
    assert result.stdout.str().count("limit_leaks:") == 1


def test_limit_growth_is_about_what_grows_each_time(pytester):
    result = run(pytester, '''
RUNS = []
@pytest.mark.limit_growth("10 KB", repeat=4)
def test_grows():
    RUNS.append(1)
    KEPT.append(["x" * 5000 + str(len(KEPT))])
@pytest.mark.limit_growth("10 KB", repeat=4)
def test_fills_a_cache():
    if len(KEPT) < 10:
        KEPT.extend(["y" * 5000 + str(number) for number in range(20)])
def test_ran_once_for_caches_and_four_times_more():
    assert len(RUNS) == 5
''')
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["limit_growth: the block left * in 4 rounds, and may leave 10.0 KiB", "*4 objects  str  held by module *KEPT*"])


def test_a_tests_own_failure_skip_and_expected_failure_win(pytester):
    result = run(pytester, '''
@pytest.mark.limit_memory("1 KB")
def test_fails():
    block = bytearray(100000)
    assert len(block) == 1
@pytest.mark.limit_memory("1 KB")
def test_skips():
    block = bytearray(100000)
    pytest.skip("not today")
@pytest.mark.xfail
@pytest.mark.limit_memory("1 KB")
def test_is_expected():
    block = bytearray(100000)
''')
    result.assert_outcomes(failed=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*assert 100000 == 1"])
    assert "_testing.py" not in result.stdout.str() and "_pytest.py:" not in result.stdout.str()


def test_methods_parameters_unittest_and_classes_are_measured(pytester):
    result = run(pytester, '''
import unittest
@pytest.mark.limit_memory("100 KB")
class TestAll:
    @pytest.mark.parametrize("size", [1000, 200000])
    def test_size(self, size):
        block = bytearray(size)
class TestOld(unittest.TestCase):
    @pytest.mark.limit_memory("100 KB")
    def test_it(self):
        block = bytearray(200000)
''')
    result.assert_outcomes(passed=1, failed=2)


def test_wrong_marks_are_told_in_one_line(pytester):
    result = run(pytester, '''
@pytest.mark.limit_memory("24 XB")
def test_unit(): pass
@pytest.mark.limit_leaks()
def test_nothing(): pass
@pytest.mark.limit_growth("1 KB", times=3)
def test_option(): pass
@pytest.mark.limit_growth("1 KB", repeat=0)
def test_repeat(): pass
@pytest.mark.limit_memory("1 MB", limit="2 MB")
def test_twice(): pass
@pytest.mark.limit_memory(limit="1 MB")
@pytest.mark.limit_leaks(location_limit="1 MB")
@pytest.mark.limit_growth(limit="1 MB")
def test_by_name(): pass
''')
    result.assert_outcomes(failed=5, passed=1)
    result.stdout.fnmatch_lines([
        "limit_memory: a limit is a number of bytes or text such as \"24 MB\", not '24 XB'",
        'limit_leaks takes one limit such as "24 MB"',
        'limit_growth takes one limit such as "24 MB", and no times',
        "limit_growth: warmup is * repeat one from 1 on, not 1 and 0",
        'limit_memory takes one limit such as "24 MB"',
    ])
    assert "Traceback" not in result.stdout.str() and "another exception" not in result.stdout.str()


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_the_table_lists_the_tests_that_hold_the_most_also_through_xdist(pytester, options):
    result = run(pytester, '''
@pytest.mark.parametrize("size", [1, 3, 2])
def test_it(size):
    block = bytearray(size << 20)
def test_keeps():
    KEPT.append(bytearray(512 << 10))
''', "--hognose", "--hognose-tests", "3", *options)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*= memory of tests (hognose) =*", "most at once          left  test", "*::test_it?3?", "*::test_it?2?", "*::test_it?1?", "… 1 more test, see --hognose-tests=0"])


def test_tracing_that_was_on_stays_on(pytester):
    result = run(pytester, '''
@pytest.fixture(autouse=True)
def traced():
    tracemalloc.start()
    kept = bytearray(4 << 20)
    yield
    assert tracemalloc.is_tracing() and tracemalloc.get_traced_memory()[0] > 4 << 20
    tracemalloc.stop()
@pytest.mark.limit_memory("3 MB")
@pytest.mark.limit_leaks("1 MB")
def test_it():
    block = bytearray(2 << 20)
''')
    result.assert_outcomes(passed=1)
