"""IPython's ``%load_ext hognose``: %memit, %mprun, %%hognose, %sizeof."""

import html
import os
import subprocess
import tempfile

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from . import _tool, deepsizeof, sizeof
from ._profile_table import size
from ._recording import record


@magics_class
class HognoseMagics(Magics):
    """Hognose's own magics; %memit and %mprun are the drop-in's for memory_profiler."""

    @line_magic("sizeof")
    def sizeof_magic(self, line):
        """%sizeof expression: the shallow and the deep size of an object."""
        if not line.strip():
            raise UsageError("%sizeof takes an expression: give one")
        item = eval(line, self.shell.user_global_ns, self.shell.user_ns)
        own, deep = sizeof(item), deepsizeof(item)
        print("%s: %s own, %s with all that it holds" % (type(item).__name__, size(own, 1), size(deep, 1)))

    @cell_magic("hognose")
    def hognose_magic(self, line, cell):
        """%%hognose [-o FILE] [-l ROWS]: runs the cell and shows who allocated what in it. -o keeps the recording, -l: lines shown (10)."""
        options, rest = self.parse_options(line, "o:l:")
        if rest.strip():
            raise UsageError("%%%%hognose takes options only, not %r: what runs is the cell" % rest)
        with tempfile.TemporaryDirectory() as folder:
            path = options.get("o") or os.path.join(folder, "cell.alloc")
            with record(path):
                self.shell.run_cell(cell)
            report = CellReport(path, options.get("l", "10"), is_kept="o" in options)
        from IPython.display import display

        # What the cell raised was shown by run_cell.
        display(report)


class CellReport:
    """The tool's report of a recording, as text and for a notebook."""

    def __init__(self, path, rows, is_kept):
        shown = subprocess.run([_tool.path(), "show", path, "--sites", rows], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_wide())
        if shown.returncode != 0:
            raise UsageError(shown.stderr.decode("utf-8", "replace").strip())
        lines = shown.stdout.decode("utf-8", "replace").rstrip().split("\n")
        self.text = "\n".join(line for line in lines if is_kept or not line.startswith("  Next "))

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return '<pre style="line-height: 1.2">%s</pre>' % html.escape(self.text)


def _wide():
    return dict(os.environ, COLUMNS="110", NO_COLOR="1", LC_ALL="C.UTF-8")
