"""IPython's ``%load_ext hognose``: %memit, %mprun, %%hognose, %sizeof."""

import base64
import html
import os
import re
import subprocess
import tempfile
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from . import _tool, deepsizeof, sizeof
from ._profile_table import size
from ._recording import record


@magics_class
class HognoseMagics(Magics):
    """Hognose's own magics; %memit and %mprun are the drop-in's for memory_profiler."""

    @line_magic("sizeof")
    def sizeof_magic(self, line: str) -> None:
        """%sizeof expression: the shallow and the deep size of an object."""
        if not line.strip():
            raise UsageError("%sizeof takes an expression: give one")
        item = eval(line, self.shell.user_global_ns, self.shell.user_ns)
        own, deep = sizeof(item), deepsizeof(item)
        print("%s: %s own, %s with all that it holds" % (type(item).__name__, size(own, 1), size(deep, 1)))

    @cell_magic("hognose")
    def hognose_magic(self, line: str, cell: str) -> None:
        """%%hognose [-o FILE] [-l ROWS] [-n] [-s BYTES] [-a] [--no-children]: runs the cell and shows who allocated what in it, with a picture of memory over time.

        -o FILE keeps the recording, with those of the processes that the cell starts
        beside it unless --no-children is given, -l ROWS: lines shown (10), -n: also what C
        code allocates itself, -s BYTES: samples only, one in BYTES on average (64k), -a:
        totals only, no events.
        """
        options, rest = self.parse_options(line, "o:l:ns:a", "no-children")
        if rest.strip():
            raise UsageError("%%%%hognose takes options only, not %r: what runs is the cell" % rest)
        rows = options.get("l", "10")
        if not rows.isdecimal() or int(rows) < 1:
            raise UsageError("%%%%hognose -l takes a number of lines from 1 on, not %r" % rows)
        with tempfile.TemporaryDirectory() as folder:
            path = options.get("o") or os.path.join(folder, "cell.alloc")
            # Recordings of children that nobody keeps would be named in the report and gone.
            children = "o" in options and "no-children" not in options
            with record(path, aggregate="a" in options, native_allocations="n" in options, sample=options.get("s", False), children=children) as recording:
                self.shell.run_cell(cell)
            # Where the cell goes to another folder the path as given means another file.
            report = CellReport(str(recording.path), rows, is_kept="o" in options)
        from IPython.display import display

        # What the cell raised was shown by run_cell.
        display(report)


class CellReport:
    """The tool's report of a recording, as text, and for a notebook as a picture and text.

    Attributes: ``text`` and ``svg``, the picture of heap and RSS over time.
    """

    def __init__(self, path: str, rows: Any, is_kept: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            picture = os.path.join(folder, "cell.svg")
            words = [_tool.path(), "show", path, "--sites", rows, "--picture", picture]
            shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_wide())
            if shown.returncode != 0:
                raise UsageError(shown.stderr.decode("utf-8", "replace").strip())
            with open(picture, encoding="utf-8") as file:
                self.svg = file.read()
        lines = shown.stdout.decode("utf-8", "replace").rstrip().split("\n")
        self.text = "\n".join(line for line in lines if is_kept or not line.startswith("  Next "))

    def __repr__(self) -> Any:
        return self.text

    def _repr_html_(self) -> Any:
        # As an image: names within an SVG that stands in the page itself would be the page's, and the next cell's too.
        encoded = base64.b64encode(self.svg.encode()).decode()
        image = '<img alt="heap and RSS over time" style="width: 100%%; max-width: 1260px" src="data:image/svg+xml;base64,%s">' % encoded
        return image + '<pre style="line-height: 1.2">%s</pre>' % html.escape(_without_chart(self.text))


def _without_chart(text: str) -> Any:
    """The picture shows it better."""
    return re.sub(r"\n  Heap and RSS over time.*?(?=\n\n  \S)", "", text.strip("\n"), flags=re.DOTALL)


def _wide() -> Any:
    return dict(os.environ, COLUMNS="110", NO_COLOR="1", LC_ALL="C.UTF-8")
