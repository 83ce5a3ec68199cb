"""Objects by type: rows ``[type, objects, bytes]``, their differences and tables.

``representations`` says how objects of a type are called: a list of functions
for each type, the later the more detailed. Types without one are called by
their name.
"""

import re
import types
from typing import Any, Callable, Dict, Iterable, Iterator, List, Tuple

from ... import _hognose
from ..._measuring import own_size
from ..._naming import name_of_type
from ..._texts import pp

Row = List[Any]

type_repr = re.compile(r"^<(type|class) '(\S+)'>$")
address = re.compile(r" at 0x[0-9a-f]+")


def _type_word(obj: Any) -> str:
    return str(type(obj))


representations: Dict[type, List[Callable[[Any], str]]] = {
    dict: [_type_word, lambda obj: "dict, len=%d" % len(obj)],
    list: [_type_word, lambda obj: "list, len=%d" % len(obj)],
    set: [_type_word, lambda obj: "set, len=%d" % len(obj)],
    types.FrameType: [
        lambda frame: "frame (codename: %s)" % frame.f_code.co_name,
        lambda frame: "frame (codename: %s, codeline: %s)" % (frame.f_code.co_name, frame.f_code.co_firstlineno),
        lambda frame: "frame (codename: %s, filename: %s, codeline: %s)"
        % (frame.f_code.co_name, frame.f_code.co_filename, frame.f_code.co_firstlineno),
    ],
    types.FunctionType: [
        lambda function: "function (%s)" % function.__name__,
        lambda function: "function (%s.%s)" % (function.__module__, function.__name__),
    ],
    types.ModuleType: [
        lambda module: "module(%s)" % getattr(module, "__name__", getattr(module, "__file__", "nameless, id: %d" % id(module)))
    ],
}


class Gone:
    """Stands for an object that is no more: it has its type's name and its bytes."""

    __slots__ = ("type", "size")

    def __init__(self, type: str, size: int) -> None:
        self.type, self.size = type, size

    def __repr__(self) -> str:
        return "<%s of %d bytes, gone>" % (self.type, self.size)


def summarize(objects: Iterable[Any]) -> List[Row]:
    """Rows of the objects, in no order; one that is there twice counts twice. Bytes are those of ``sys.getsizeof``."""
    return rows_of(*_hognose.summarize(objects if type(objects) is list else list(objects), types_apart()))


def get_diff(left: Iterable[Row], right: Iterable[Row]) -> List[Row]:
    """Rows of what the right summary has more than the left one."""
    before = {row[0]: row for row in left}
    found = []
    for row in right:
        old = before.pop(row[0], None)
        found.append(row if old is None else [row[0], row[1] - old[1], row[2] - old[2]])
    return found + [[name, -objects, -size] for name, objects, size in before.values()]


def format_(rows: Iterable[Row], limit: int = 15, sort: str = "size", order: str = "descending") -> Iterator[str]:
    """The lines of a table of ``limit`` rows, sorted by "type", "#" or "size", "ascending" or "descending".

    Raises ValueError for another sort or order.
    """
    columns = ["type", "#", "size"]
    if sort not in columns:
        raise ValueError("invalid sort %r: it should be one of %s" % (sort, ", ".join(columns)))
    if order not in ("ascending", "descending"):
        raise ValueError("invalid order %r: it should be ascending or descending" % (order,))
    column = columns.index(sort)
    chosen = sorted(rows, key=lambda row: (row[column],), reverse=order == "descending")[:limit]
    return _table([["types", "# objects", "total size"]] + [[str(row[0]), str(row[1]), pp(row[2])] for row in chosen])


def print_(rows: Iterable[Row], limit: int = 15, sort: str = "size", order: str = "descending") -> None:
    """Prints that table."""
    for line in format_(rows, limit=limit, sort=sort, order=order):
        print(line)


def types_apart() -> Tuple[type, ...]:
    """Types whose objects have words of their own, so that they are looked at one by one."""
    return (Gone,) + tuple(kind for kind, words in list(representations.items()) if not words or words[0] is not _type_word)


def rows_of(totals: List[Tuple[type, int, int]], apart: List[Any]) -> List[Row]:
    """Rows of totals by type, and of objects that were looked at one by one."""
    kinds_apart = {id(type(obj)) for obj in apart}
    found: Dict[str, Row] = {}
    for kind, objects, size in totals:
        if id(kind) not in kinds_apart:
            _add(found, _type_name(kind), objects, size)
    for obj in apart:
        if type(obj) is Gone:
            _add(found, obj.type, 1, obj.size)
        else:
            _add(found, _repr(obj), 1, own_size(obj, 0))
    return list(found.values())


def _add(rows: Dict[str, Row], name: str, objects: int, size: int) -> None:
    row = rows.setdefault(name, [name, 0, 0])
    row[1] += objects
    row[2] += size


def _type_name(kind: type) -> str:
    try:
        return str(type_repr.sub(r"\2", address.sub("", str(kind))))
    except Exception:
        return name_of_type(kind)


def _repr(o: Any, verbosity: int = 1) -> str:
    """What an object is called; 0: by its type, else by its type's function of that place, or the last."""
    words = representations.get(type(o)) if verbosity else None
    try:
        text = words[min(verbosity, len(words)) - 1](o) if words else str(type(o))
    except Exception:
        return _type_name(type(o))
    return type_repr.sub(r"\2", address.sub("", text))


def _table(rows: List[List[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) + 2 for column in range(3)]
    for place, row in enumerate(rows):
        yield " | ".join(text.rjust(width) for text, width in zip(row, widths))
        if place == 0:
            yield " | ".join("=" * width for width in widths)


def _traverse(summary: List[Row], function: Callable[..., Any], *args: Any) -> None:
    """Calls a function with a summary, each of its rows and all that stands in them."""
    function(summary, *args)
    for row in summary:
        function(row, *args)
        for item in row:
            function(item, *args)


def _subtract(summary: List[Row], o: Any) -> List[Row]:
    """Takes an object out of a summary, which is changed and returned."""
    name, size = _repr(o), own_size(o, 0)
    rows = [row for row in summary if row[0] == name]
    for row in rows:
        row[1] -= 1
        row[2] -= size
    if not rows:
        summary.append([name, -1, -size])
    return summary


def _sweep(summary: List[Row]) -> List[Row]:
    """The rows that say anything but zero."""
    return [row for row in summary if row[1] or row[2]]


__all__ = ["Gone", "format_", "get_diff", "print_", "representations", "summarize"]
