"""hognose.profile line by line against tracemalloc, and its occurrences against sys.settrace."""
import ast
import gc
import sys
import tracemalloc
from array import array

import hognose
from hognose import _hognose
from hognose._profiler import Profiler

SOURCE = '''
def straight(n):
    numbers = [0] * 1000
    text = "x" * n
    data = bytearray(5000)
    data.extend(bytes(20000))
    table = {str(index): index for index in range(300)}
    table.clear()
    del text
    joined = ",".join(str(index) for index in range(n))
    numbers = None
    pair = (joined, data, [bytes(700), bytes(800)])
    del pair, data
    return joined

def looping(n):
    kept = []
    for turn in range(n):
        block = bytes(1000 + turn)
        kept.append(block)
        if turn % 3 == 0:
            kept.pop()
        else:
            kept += [bytes(30)] * 2
        while len(kept) > 20:
            del kept[0]
    return kept

def calling(n):
    first = helper(n)
    second = [helper(index) for index in range(n)]
    try:
        helper(-1)
        second = None
    except ValueError as error:
        text = str(error) * 100
        text = len(text)  # the exception is freed behind it
    third = sorted(second, key=lambda item: len(item))
    del first, second
    return third

def helper(n):
    if n < 0:
        raise ValueError("negative")
    temporary = bytes(10000)
    result = temporary[:n * 100]
    return result
'''

# Up to 3.11, CPython makes a bound method for every call of a built-in method while a trace function is on. It comes and goes within the line.
BOUND_METHOD = 0 if hasattr(sys, "monitoring") else sys.getsizeof([].append)


class Instrument(ast.NodeTransformer):
    """Around every simple statement the readings of tracemalloc. None of them holds memory: they go into arrays made before."""

    def __init__(self, has_reset):
        self.before = "before[0] = traced()[0]" + ("; reset()" if has_reset else "")
        self.after = "; ".join(["peak[0] = traced()[1]", "after[0] = traced()[0]", "note(%d)"])

    def generic_visit(self, node):
        super().generic_visit(node)
        for field in ("body", "orelse"):
            if isinstance(node, (ast.Module, ast.Lambda)) or not isinstance(getattr(node, field, None), list):
                continue
            made = []
            for statement in getattr(node, field):
                simple = isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete))
                made += ast.parse(self.before).body if simple else []
                made.append(statement)
                made += ast.parse(self.after % statement.lineno).body if simple else []
            setattr(node, field, made)
        return node


def by_tracemalloc(name, argument):
    """From line to (net, peak) as tracemalloc has them."""
    net, peaks = array("q", [0] * 100), array("q", [0] * 100)
    before, after, peak = array("q", [0]), array("q", [0]), array("q", [0])

    def note(line):
        net[line] += after[0] - before[0]
        peaks[line] = max(peaks[line], peak[0] - before[0])

    tree = ast.fix_missing_locations(Instrument(hasattr(tracemalloc, "reset_peak")).visit(ast.parse(SOURCE)))
    space = dict(before=before, after=after, peak=peak, note=note, traced=tracemalloc.get_traced_memory)
    space["reset"] = getattr(tracemalloc, "reset_peak", None)
    exec(compile(tree, "instrumented", "exec"), space)
    plain = {}
    exec(compile(SOURCE, "plain", "exec"), plain)
    space["helper"] = plain["helper"]
    space[name](argument)
    space[name](argument)
    net[:] = peaks[:] = array("q", [0] * 100)
    tracemalloc.start()
    space[name](argument)
    net[:] = peaks[:] = array("q", [0] * 100)
    space[name](argument)
    tracemalloc.stop()
    measured = {node.lineno for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete))}
    unmeasured = {number for number, text in enumerate(SOURCE.split("\n"), 1) if "#" in text}
    return {line: (net[line], peaks[line]) for line in measured - unmeasured if net[line] or peaks[line]}


def by_us(name, argument):
    space = {}
    exec(compile(SOURCE, "plain", "exec"), space)
    space[name](argument)
    space[name](argument)
    profiler = Profiler()
    profiled = profiler(space[name])
    profiled(argument)
    profiler.clear()
    profiled(argument)
    profiler.print(stream=open("/dev/null", "w"))
    assert _hognose.profile_state() == (0, 0), _hognose.profile_state()
    return profiler.results()[0]


def occurrences(name, argument):
    """From line to how often sys.settrace tells of it."""
    space = {}
    exec(compile(SOURCE, "plain", "exec"), space)
    counts = {}

    def trace(frame, event, arg):
        if frame.f_code is not space[name].__code__:
            return None
        if event == "line":
            counts[frame.f_lineno] = counts.get(frame.f_lineno, 0) + 1
        return trace

    sys.settrace(trace)
    space[name](argument)
    sys.settrace(None)
    return counts


gc.disable()
for name, argument in (("straight", 500), ("looping", 50), ("calling", 30)):
    expected = by_tracemalloc(name, argument)
    found = by_us(name, argument)
    assert len(expected) > 2
    for line, (net, peak) in expected.items():
        figures = found.lines[line]
        assert figures.net == net, (name, line, figures.net, net)
        if hasattr(tracemalloc, "reset_peak"):
            assert figures.peak in (peak, peak + BOUND_METHOD), (name, line, figures.peak, peak)
    counted = {line: figures.occurrences for line, figures in found.lines.items() if figures.occurrences}
    told = occurrences(name, argument)
    if hasattr(sys, "monitoring"):
        # Since comprehensions have no frame of their own, sys.settrace tells of each turn of one; sys.monitoring does not.
        told = {line: 1 if " for " in SOURCE.split("\n")[line - 1] and "=" in SOURCE.split("\n")[line - 1] else count for line, count in told.items()}
    assert counted == told, (name, counted, told)
    assert found.calls == 1 and found.peak >= max(figures.peak for figures in found.lines.values())
print("ok")
