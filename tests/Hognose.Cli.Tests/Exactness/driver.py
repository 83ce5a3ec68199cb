# Runs the workload of another file and then, as "truth", prints what tracemalloc says is live: one line a stack, outermost frame first,
# "bytes blocks file:line file:line ...". As "recorded" it does the same without tracemalloc and without printing.
import os
import sys
import tracemalloc

mode, path = sys.argv[1:]
with open(path) as source:
    namespace = {"__name__": "workload"}
    exec(compile(source.read(), path, "exec"), namespace)



def fill_free_lists():
    """So that what a workload makes and drops at once comes from blocks that are older than tracemalloc, and are nobody's for both."""
    class Plain:
        def method(self): pass
    return [
        (range(number), iter(range(number)), slice(number), iter([]), iter(()), number * 1000, number * 0.5, Plain().method, [].append,
         (number,), (number, number), (number, number, number), [], {}, enumerate(()), reversed([]))
        for number in range(300, 600)
    ] and None


fill_free_lists()
if mode == "truth":
    tracemalloc.start(200)
kept = namespace["workload"]()
if mode == "truth":
    stacks = {}
    for trace in tracemalloc.take_snapshot().traces:
        stack = " ".join("%s:%d" % (frame.filename, frame.lineno) for frame in trace.traceback)
        size, count = stacks.get(stack, (0, 0))
        stacks[stack] = size + trace.size, count + 1
    for stack, (size, count) in stacks.items():
        print(size, count, stack)
    sys.stdout.flush()
os._exit(0)
