"""IPython's %memit and %mprun."""

from __future__ import annotations

import io
import linecache
import time

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.core.page import page

from ._backends import memory
from ._lines import LineProfiler
from ._memit import MemitResult
from ._running import among_builtins
from ._table import show_results
from ._usage import memory_usage

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any

_FILE = "<memory_profiler>"


@magics_class
class MemoryProfilerMagics(Magics):
    @line_cell_magic
    def memit(self, line: str = "", cell: Any = None) -> Any:
        """%memit [-r R] [-t T] [-i I] [-c] [-o] [-q] statement; as %%memit, the line is setup and the cell is measured.

        Prints the peak of memory and its growth. -r: runs it R times (1); -t: seconds at most, if R runs take longer (none);
        -i: seconds between samples (0.1); -c: child processes, too; -o: returns the result; -q: prints nothing.
        """
        options, statement = self.parse_options(line, "r:t:i:coq", posix=False, strict=False)
        if not statement and cell is None:
            raise UsageError("%memit measures a statement: give one")
        repeat, interval = _number(options, "r", int, 1), _number(options, "i", float, 0.1)
        timeout = _number(options, "t", float, None)
        children = "c" in options
        names = self.shell.user_ns
        if cell is not None:
            exec(self._compiled(statement), names)
            statement = cell
        code = self._compiled(statement)
        baseline = memory(-1, "psutil", children)
        samples = []
        began = time.monotonic()
        for turn in range(max(1, repeat)):
            samples.append(
                memory_usage((exec, (code, names)), interval=interval, max_usage=True, max_iterations=1, include_children=children)
            )
            if timeout is not None and time.monotonic() - began > timeout:
                break
        result = MemitResult(samples, baseline, repeat, timeout, interval, children)
        if "q" not in options:
            print(result)
        return result if "o" in options else None

    @line_cell_magic
    def mprun(self, parameter_s: str = "", cell: Any = None) -> Any:
        """%mprun [-f function]... [-T file] [-r] [-c] statement; as %%mprun, the cell is run after the statement.

        Runs it and shows the lines of the functions. -f: a function to profile, may be given several times; -T: writes the
        table to a file, too; -r: returns the profiler; -c: accepted for memory_profiler's sake. Within it, @profile is that profiler.
        """
        options, statement = self.parse_options(parameter_s, "rf:T:c", list_all=True, posix=False, strict=False)
        names = self.shell.user_ns
        profiler = LineProfiler()
        for name in options.get("f", []):
            try:
                function = eval(name, self.shell.user_global_ns, names)
            except Exception as trouble:
                raise UsageError("%%mprun: %r is no function: %s: %s" % (name, type(trouble).__name__, trouble)) from None
            if not hasattr(function, "__code__"):
                raise UsageError("%%mprun: %s has no lines: it is not written in Python" % name)
            profiler.add_function(function)
        text = statement if cell is None else statement + "\n" + cell
        # Where the table finds the lines of a function that is defined in it.
        linecache.cache[_FILE] = (len(text), None, text.splitlines(True), _FILE)
        try:
            # What is defined in the statement may be decorated with it.
            with among_builtins(profiler):
                profiler.runctx(self._compiled(text), names, names)
            message = ""
        except SystemExit:
            message = "*** SystemExit exception caught in code being profiled.\n"
        except KeyboardInterrupt:
            message = "*** KeyboardInterrupt exception caught in code being profiled.\n"
        table = io.StringIO()
        show_results(profiler, stream=table)
        page(table.getvalue())
        print(message, end="")
        for name in options.get("T", []):
            with open(name, "w") as file:
                file.write(table.getvalue())
            print("\n*** Profile printout saved to text file %s. %s" % (name, message))
        return profiler if "r" in options else None

    def _compiled(self, text: str) -> Any:
        # IPython's own syntax (magics, !commands) is allowed in what is measured.
        transformed = self.shell.transform_cell(text) if hasattr(self.shell, "transform_cell") else text
        return compile(transformed, _FILE, "exec")


def _number(options: Any, name: str, kind: Any, default: Any) -> Any:
    try:
        return kind(options[name]) if name in options else default
    except ValueError:
        raise UsageError("%%memit: -%s takes a number, not %r" % (name, options[name])) from None
