"""The surface of memory_profiler 0.61, its mprof and pympler 1.1: every name, signature, option and default, as data, against the stand-ins."""

import importlib
import inspect
import subprocess
import sys

import hognose.compat
from hognose import _tool

#: "name(parameters)": a function, or a class with what it is called with; "name": anything. A dot: a member of a class. Where ours has another
#: default than the original (docs/compatibility.md), or one where that has none, it is "...".
MEMORY_PROFILER = """
profile(func=None, stream=None, precision=1, backend='psutil')
memory_usage(proc=-1, interval=0.1, timeout=None, timestamps=False, include_children=False, multiprocess=False, max_usage=False, retval=False, stream=None, backend=None, max_iterations=None)
LineProfiler(**kw)
LineProfiler.__call__(func=None, precision=1)
LineProfiler.add_function(func)
LineProfiler.wrap_function(func)
LineProfiler.runctx(cmd, globals, locals)
LineProfiler.enable()
LineProfiler.disable()
LineProfiler.enable_by_count()
LineProfiler.disable_by_count()
LineProfiler.__enter__()
LineProfiler.__exit__(exc_type, exc_val, exc_tb)
TimeStamper(backend, include_children=False)
TimeStamper.__call__(func=None, precision=None)
TimeStamper.timestamp(name='<block>')
TimeStamper.add_function(func)
TimeStamper.wrap_function(func)
TimeStamper.show_results(stream=None)
show_results(prof, stream=None, precision=1)
LogFile(name=None, reportIncrementFlag=False)
LogFile.write(msg, level=20)
LogFile.flush()
choose_backend(new_backend=None)
CodeMap(include_children=..., backend=...)
CodeMap.add(code, toplevel_code=None)
CodeMap.items()
MemTimer(monitor_pid, interval, pipe, backend, max_usage=False, *args, **kw)
MemTimer.run()
MemitResult(mem_usage, baseline, repeat, timeout, interval, include_children)
exec_with_profiler(filename, profiler, backend, passed_args=[])
run_module_with_profiler(module, profiler, backend, passed_args=[])
load_ipython_extension(ip)
MemoryProfilerMagics
"""

PYMPLER = {
    "asizeof": """
asizeof(*objs, **opts)
asizesof(*objs, **opts)
asized(*objs, **opts)
basicsize(obj, **opts)
itemsize(obj, **opts)
flatsize(obj, align=0, **opts)
leng(obj, **opts)
refs(obj, **opts)
named_refs(obj, **opts)
adict(*classes)
amapped(percentage=None)
Asizer(**opts)
Asizer.asizeof(*objs, **opts)
Asizer.asizesof(*objs, **opts)
Asizer.asized(*objs, **opts)
Asizer.exclude_objs(*objs)
Asizer.exclude_refs(*objs)
Asizer.exclude_types(*objs)
Asizer.print_largest(w=0, cutoff=0, **print3options)
Asizer.print_profiles(w=0, cutoff=0, **print3options)
Asizer.print_stats(objs=(), opts={}, sized=(), sizes=(), stats=3, **print3options)
Asizer.print_summary(w=0, objs=(), **print3options)
Asizer.print_typedefs(w=0, **print3options)
Asizer.reset(above=1024, align=8, clip=80, code=False, cutoff=10, derive=False, detail=0, frames=False, ignored=True, infer=False, limit=..., stats=0, stream=None, **extra)
Asizer.set(above=None, align=None, code=None, cutoff=None, frames=None, detail=None, limit=None, stats=None)
Asizer.above
Asizer.align
Asizer.clip
Asizer.code
Asizer.cutoff
Asizer.derive
Asizer.detail
Asizer.duplicate
Asizer.excluded
Asizer.frames
Asizer.ignored
Asizer.infer
Asizer.limit
Asizer.missed
Asizer.ranked
Asizer.seen
Asizer.sized
Asizer.stats
Asizer.total
Asized(size, flat, refs=(), name=None)
Asized.format(format='%(name)s size=%(size)d flat=%(flat)d', depth=-1, order_by='size', indent='')
Asized.get(name, dflt=None)
""",
    "summary": """
representations
summarize(objects)
get_diff(left, right)
format_(rows, limit=15, sort='size', order='descending')
print_(rows, limit=15, sort='size', order='descending')
_repr(o, verbosity=1)
_traverse(summary, function, *args)
_subtract(summary, o)
_sweep(summary)
""",
    "tracker": """
SummaryTracker(ignore_self=True)
SummaryTracker.create_summary()
SummaryTracker.diff(summary1=None, summary2=None)
SummaryTracker.print_diff(summary1=None, summary2=None)
SummaryTracker.format_diff(summary1=None, summary2=None)
SummaryTracker.store_summary(key)
ObjectTracker()
ObjectTracker.get_diff(ignore=())
ObjectTracker.print_diff(ignore=())
ObjectTracker.format_diff(ignore=())
""",
    "muppy": """
get_objects(remove_dups=True, include_frames=False)
get_size(objects)
get_diff(left, right)
sort(objects)
filter(objects, Type=None, min=-1, max=-1)
get_referents(object, level=1)
print_summary()
ignore_object(obj)
_get_usage(function, *args)
_is_containerobject(o)
_remove_duplicates(objects)
""",
    "classtracker": """
ClassTracker(stream=None)
ClassTracker.track_class(cls, name=None, resolution_level=0, keep=False, trace=False)
ClassTracker.track_object(instance, name=None, resolution_level=0, keep=False, trace=False)
ClassTracker.track_change(instance, resolution_level=0)
ClassTracker.detach_class(cls)
ClassTracker.detach_all_classes()
ClassTracker.detach_all()
ClassTracker.clear()
ClassTracker.close()
ClassTracker.start_periodic_snapshots(interval=1.0)
ClassTracker.stop_periodic_snapshots()
ClassTracker.create_snapshot(description='', compute_total=False)
ClassTracker.stats
TrackedObject(instance, name, resolution_level=0, trace=False, on_delete=None)
TrackedObject.track_size(ts, sizer)
TrackedObject.get_max_size()
TrackedObject.get_size_at_time(timestamp)
TrackedObject.set_resolution_level(resolution_level)
TrackedObject.finalize(ref)
Snapshot(timestamp, description='')
Snapshot.total
Snapshot.label
PeriodicThread(tracker, interval, *args, **kwargs)
track_object_creation(time_series)
track_object_deletion(time_series)
""",
    "classtracker_stats": """
Stats(tracker=None, filename=None, stream=None)
Stats.load_stats(fdump)
Stats.dump_stats(fdump, close=True)
Stats.sort_stats(*args)
Stats.reverse_order()
Stats.annotate()
Stats.annotate_snapshot(snapshot)
Stats.tracked_classes
ConsoleStats(tracker=None, filename=None, stream=None)
ConsoleStats.print_object(tobj)
ConsoleStats.print_stats(clsname=None, limit=1.0)
ConsoleStats.print_summary()
HtmlStats(tracker=None, filename=None, stream=None)
HtmlStats.create_html(fname, title='ClassTracker Statistics')
HtmlStats.print_class_details(fname, classname)
HtmlStats.create_title_page(filename, title='')
HtmlStats.create_lifetime_chart(classname, filename='')
HtmlStats.create_snapshot_chart(filename='')
HtmlStats.create_pie_chart(snapshot, filename='')
HtmlStats.relative_path(filepath, basepath=None)
""",
    "refbrowser": """
RefBrowser(rootobject, maxdepth=3, str_func=..., repeat=True, stream=None)
RefBrowser.get_tree()
StreamBrowser.print_tree(tree=None)
StreamBrowser.hline
StreamBrowser.vline
StreamBrowser.cross
StreamBrowser.space
ConsoleBrowser(*args, **kwargs)
FileBrowser.print_tree(filename, tree=None)
InteractiveBrowser(rootobject, maxdepth=3, str_func=..., repeat=True)
InteractiveBrowser.main(standalone=False)
""",
    "refgraph": """
ReferenceGraph(objects, reduce=False)
ReferenceGraph.reduce_to_cycles()
ReferenceGraph.split()
ReferenceGraph.split_and_sort()
ReferenceGraph.render(filename, cmd='dot', format='ps', unflatten=False)
ReferenceGraph.write_graph(filename)
""",
    "garbagegraph": """
GarbageGraph(reduce=False, collectable=True)
GarbageGraph.print_stats(stream=None)
start_debug_garbage()
end_debug_garbage()
""",
    "process": """
ProcessMemoryInfo()
ProcessMemoryInfo.update()
ProcessMemoryInfo.__sub__(other)
is_available()
ThreadInfo(thread)
get_current_threads()
get_current_thread_id()
""",
    "mprofile": """
MProfiler(codepoints=None, events=None)
MProfiler.profile(frame, event, arg)
MProfiler.run(cmd)
MProfiler.codepoint_included(codepoint)
""",
    "charts": """
tracker_timespace(filename, stats)
""",
    "web": """
start_profiler(host='localhost', port=8090, tracker=None, stats=None, debug=False, **kwargs)
start_in_background(**kwargs)
ProfilerThread
PymplerServer
ServerState
get_ref(obj)
get_obj(ref)
""",
    "panels": """
MemoryPanel
""",
    "util.stringutils": """
safe_repr(obj, clip=None)
trunc(obj, max, left=False)
pp(i, base=1024)
pp_timestamp(t)
""",
}

ATTRIBUTES = {
    "classtracker.ClassTracker": "index objects snapshots",
    "tracker.SummaryTracker": "s0 s1 summaries",
    "process.ProcessMemoryInfo": "pid rss vsz pagefaults pagesize data_segment code_segment shared_segment stack_segment os_specific available",
    "mprofile.MProfiler": "memories",
}

#: Options of command lines; of the tool's the second name is the one that its help leads with, or the same.
MEMORY_PROFILER_OPTIONS = "--version --pdb-mmem --precision -o --timestamp --include-children --backend"
MPROF_OPTIONS = {
    "run": "--version --python --nopython --interval -T --include-children -C --multiprocess -M --exit-code -E --attach -a --timeout -t --output -o --backend",
    "attach": "--interval --include-children --multiprocess --timeout --output",
    "rm": "--dry-run",
    "clean": "--dry-run",
    "list": "",
    "plot": "--title -t --no-function-ts -n --output -o --window -w --flame -f --slope -s --backend",
    "peak": "--func",
}


def expected(text):
    """[(name, kind, default)] of "a, b=1, *c"."""
    space = {}
    exec("def function(%s): pass" % text, space)
    return [(each.name, each.kind, each.default) for each in inspect.signature(space["function"]).parameters.values()]


def actual(item):
    parameters = list(inspect.signature(item).parameters.values())
    if parameters and parameters[0].name in ("self", "cls"):
        del parameters[0]
    return [(each.name, each.kind, each.default) for each in parameters]


def find(module, path):
    found = module
    for name in path.split("."):
        found = getattr(found, name)
    return found


problems = []


def check(module, text):
    for line in text.strip().split("\n"):
        name, is_call, parameters = line.partition("(")
        try:
            item = find(module, name)
        except AttributeError as error:
            if "needs IPython" not in str(error):  # the magics are for whoever has it
                problems.append("%s: %s" % (module.__name__, error))
            continue
        if not is_call:
            continue
        wanted, given = expected(parameters[:-1]), actual(item)
        same = [(left[0], left[1]) for left in wanted] == [(right[0], right[1]) for right in given] and all(
            left[2] is ... or left[2] == right[2] for left, right in zip(wanted, given)
        )
        if not same:
            problems.append("%s.%s%s is not %s" % (module.__name__, name, inspect.signature(item), line))


hognose.compat.install(first=True)
check(importlib.import_module("memory_profiler"), MEMORY_PROFILER)
for name, text in PYMPLER.items():
    try:
        module = importlib.import_module("pympler." + name)
    except ImportError as error:
        # panels is a part of the Django debug toolbar.
        assert name == "panels" and "debug_toolbar" in str(error) or "django" in str(error), (name, error)
        continue
    check(module, text)

for path, names in ATTRIBUTES.items():
    module, _, kind = path.partition(".")
    item = getattr(importlib.import_module("pympler." + module), kind)()
    problems += ["pympler.%s has no %s" % (path, name) for name in names.split() if not hasattr(item, name)]

mprof = importlib.import_module("mprof")
problems += [] if callable(mprof.main) else ["mprof.main"]



def check_options(command, options):
    run = subprocess.run(command + ["--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    words = run.stdout.replace(",", " ").replace("[", " ").split()
    problems.extend("%s has no %s" % (" ".join(command[-3:]), option) for option in options.split() if option not in words)


check_options([sys.executable, "-m", "hognose.compat.memory_profiler"], MEMORY_PROFILER_OPTIONS)
for command, options in MPROF_OPTIONS.items():
    check_options([_tool.path(), "mprof", command], options)

assert not problems, "\n" + "\n".join(problems)
print("ok")
