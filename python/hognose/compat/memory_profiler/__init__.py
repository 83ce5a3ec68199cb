"""A drop-in for memory_profiler 0.61: the same names, signatures, tables and exit statuses, over ``hognose.profile``.

What was mended, and why, is listed in Hognose's docs/compatibility.md.
"""

from ._backends import choose_backend
from ._code_map import CodeMap
from ._decorator import profile
from ._lines import LineProfiler
from ._logging import LogFile
from ._memit import MemitResult
from ._running import exec_with_profiler, main, run_module_with_profiler
from ._stamps import TimeStamper
from ._table import show_results
from ._usage import MemTimer, memory_usage

__version__ = "0.61.0"
__all__ = [
    "CodeMap",
    "LineProfiler",
    "LogFile",
    "MemTimer",
    "MemitResult",
    "TimeStamper",
    "choose_backend",
    "exec_with_profiler",
    "load_ipython_extension",
    "memory_usage",
    "profile",
    "run_module_with_profiler",
    "show_results",
]


def load_ipython_extension(ip):
    """``%load_ext memory_profiler``: brings %memit and %mprun."""
    from ._magics import MemoryProfilerMagics

    ip.register_magics(MemoryProfilerMagics)


def __getattr__(name):
    # It needs IPython, which is imported by whoever uses it: it's none of the names that import * brings.
    if name != "MemoryProfilerMagics":
        raise AttributeError("module 'memory_profiler' has no attribute %r" % (name,))
    try:
        from ._magics import MemoryProfilerMagics
    except ImportError as trouble:
        raise AttributeError("MemoryProfilerMagics needs IPython: %s" % trouble) from trouble
    return MemoryProfilerMagics
