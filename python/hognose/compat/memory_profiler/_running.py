"""``python -m memory_profiler``: a script or module with ``profile`` among its builtins."""

from __future__ import annotations

import argparse
import builtins
import os
import sys

from ..._running import run
from ._backends import BACKENDS
from ._lines import LineProfiler
from ._stamps import TimeStamper
from ._table import show_results

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any

_NO_SCRIPT = 1
_BAD_INPUT = 2


def exec_with_profiler(filename: str, profiler: Any, backend: Any, passed_args: Any = []) -> None:
    """Runs a script as the main module, with ``profile`` being that profiler and sys.argv the arguments after the script's name."""
    _run([filename] + list(passed_args), profiler, backend)


def run_module_with_profiler(module: Any, profiler: Any, backend: Any, passed_args: Any = []) -> None:
    """Runs a module as ``python -m`` does, with ``profile`` being that profiler."""
    _run(["-m", module] + list(passed_args), profiler, backend)


class among_builtins:
    """For a ``with`` block: ``profile`` is that profiler for all modules."""

    def __init__(self, profiler: Any) -> None:
        self._profiler = profiler

    def __enter__(self) -> None:
        self._known = builtins.__dict__.get("profile")
        builtins.__dict__["profile"] = self._profiler

    def __exit__(self, *_: Any) -> None:
        if self._known is None:
            builtins.__dict__.pop("profile", None)
        else:
            builtins.__dict__["profile"] = self._known


def _run(arguments: Any, profiler: Any, backend: Any) -> None:
    started = backend == "tracemalloc" and isinstance(profiler, TimeStamper)
    if started:
        import tracemalloc

        tracemalloc.start()
    try:
        with among_builtins(profiler):
            if run(arguments) != 0:
                sys.exit(_NO_SCRIPT)
    finally:
        if started:
            tracemalloc.stop()


def main() -> None:
    """The command line. Ends with the script's own status, 1 when there is no script or none was named, 2 for arguments that make no sense."""
    arguments = _parser().parse_args()
    if not arguments.program:
        sys.stderr.write("memory_profiler: name a script or a module to run; --help lists the options\n")
        sys.exit(_NO_SCRIPT)
    target, passed = arguments.program[0], arguments.program[1:]
    output = _opened(arguments.out_filename)
    profiler: Any
    if arguments.timestamp:
        profiler = TimeStamper(arguments.backend, include_children=arguments.include_children)
    else:
        profiler = LineProfiler(max_mem=arguments.max_mem, backend=arguments.backend, include_children=arguments.include_children)
    try:
        if target.endswith(".py"):
            exec_with_profiler(_found(target), profiler, arguments.backend, passed)
        else:
            run_module_with_profiler(target, profiler, arguments.backend, passed)
    finally:
        if arguments.timestamp:
            profiler.show_results(stream=output)
        else:
            show_results(profiler, precision=arguments.precision, stream=output)
        if output is not sys.stdout:
            output.close()


def _parser() -> Any:
    from . import __version__

    parser = argparse.ArgumentParser(prog="python -m memory_profiler", usage="%(prog)s [options] script.py|module [arguments]", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--pdb-mmem", dest="max_mem", metavar="MAXMEM", type=float, help="step into the debugger when a profiled function has more MiB")
    parser.add_argument("--precision", type=_digits, default=3, help="digits of a MiB (3)")
    parser.add_argument("-o", dest="out_filename", metavar="FILE", help="append the results to this file")
    parser.add_argument("--timestamp", action="store_true", help="print when functions ran instead of their lines")
    parser.add_argument("--include-children", action="store_true", help="count the memory of child processes, too (with --timestamp)")
    parser.add_argument("--backend", choices=BACKENDS, default="psutil", help="which memory is measured (psutil: RSS)")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="script.py or module, and its arguments")
    return parser


def _digits(text: str) -> Any:
    if text not in tuple("0123456789"):
        raise argparse.ArgumentTypeError("%s is no number of digits from 0 to 9" % text)
    return int(text)


def _opened(name: str) -> Any:
    # Before the script runs: hours of work must not end with a file that cannot be written.
    if name is None:
        return sys.stdout
    try:
        return open(name, "a")
    except OSError as trouble:
        sys.stderr.write("memory_profiler: %s cannot be written: %s\n" % (name, trouble.strerror))
        sys.exit(_BAD_INPUT)


def _found(script: Any) -> Any:
    """The script here, or else on PATH."""
    for folder in [""] + os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, script)
        if os.path.isfile(path):
            return path
    sys.stderr.write("Could not find script %s\n" % script)
    sys.exit(_NO_SCRIPT)
