"""Tables of lines as text."""

from __future__ import annotations

import linecache

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator, List, TextIO, Tuple

_UNITS = ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
_COLUMNS = ("line", "times", "allocated", "freed", "net", "peak", "RSS")
_LONGEST_SOURCE = 90


def write(functions: Iterable[Any], stream: TextIO, precision: int) -> None:
    for function in functions:
        if function.calls or function.lines:
            stream.write(text_of(function, precision) + "\n\n")


def text_of(function: Any, precision: int) -> str:
    """The table of one function: its source with the figures of each line before it."""
    rows: List[Tuple[str, ...]] = [_COLUMNS + ("source",)]
    for number, source in _source(function):
        figures = function.lines.get(number)
        rows.append((str(number),) + (_cells(figures, precision) if figures else ("",) * 6) + (source,))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = [_title(function, precision)]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths)]
        lines.append(("  " + "  ".join(cells) + "  " + row[-1]).rstrip())
    older = sum(figures.older_frees for figures in function.lines.values())
    if older:
        lines.append("  Not in it: %s of blocks from before the calls, whose size is not known" % _counted(older, "free"))
    return "\n".join(lines)


def _title(function: Any, precision: int) -> str:
    place = "%s:%d" % (function.filename, function.first_line)
    return "%s  %s  %s, at most %s at once" % (function.name, place, _counted(function.calls, "call"), size(function.peak, precision))


def _cells(figures: Any, precision: int) -> Tuple[str, ...]:
    return (
        str(figures.occurrences),
        _or_nothing(figures.allocated, precision),
        _or_nothing(figures.freed, precision),
        _or_nothing(figures.net, precision, "+"),
        _or_nothing(figures.peak, precision),
        size(figures.rss, precision),
    )


def _source(function: Any) -> Iterator[Tuple[int, str]]:
    last = max(list(function.lines) + [function.first_line])
    text = linecache.getlines(function.filename)
    # The block goes on where indentation does, also after the last line that ran.
    for number in range(function.first_line, last + 1):
        source = text[number - 1].rstrip() if number <= len(text) else ""
        yield number, source if len(source) <= _LONGEST_SOURCE else source[: _LONGEST_SOURCE - 1] + "…"


def _or_nothing(count: int, precision: int, sign: str = "") -> str:
    if count == 0:
        return "0"
    return ("-" if count < 0 else sign) + size(abs(count), precision)


def _counted(count: int, what: str) -> str:
    return "%s %s%s" % ("{:,}".format(count), what, "" if count == 1 else "s")


def size(count: int, precision: int) -> str:
    """123 B, 4.5 KiB: with as many digits as asked for, but of bytes."""
    for factor, unit in _UNITS:
        if count >= factor:
            return "%.*f %s" % (precision, count / factor, unit)
    return "%d B" % count
