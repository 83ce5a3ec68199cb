"""The table of lines."""

from __future__ import annotations

import linecache
import sys

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any

_ROW = "{0:>6} {1:>12} {2:>12}  {3:>10}   {4:<}"


def show_results(prof: Any, stream: Any = None, precision: int = 1) -> None:
    """Writes the table of every function that a profiler has measured. ``precision`` is the digits of a MiB."""
    stream = sys.stdout if stream is None else stream
    if stream is None:
        # As with print(): the program may have none.
        return
    header = _ROW.format("Line #", "Mem usage", "Increment", "Occurrences", "Line Contents")
    amount = "{0:%d.%df} MiB" % (precision + 4, precision)
    for filename, lines in prof.code_map.items():
        stream.write("Filename: %s\n\n" % filename)
        stream.write(header + "\n" + "=" * len(header) + "\n")
        source = linecache.getlines(filename)
        for number, figures in lines:
            cells = ("", "", "")
            if figures:
                increment, usage, occurrences = figures
                cells = amount.format(usage), amount.format(increment), occurrences
            text = source[number - 1] if number <= len(source) else "\n"
            stream.write(_ROW.format(number, cells[0], cells[1], cells[2], text))
        stream.write("\n\n")
