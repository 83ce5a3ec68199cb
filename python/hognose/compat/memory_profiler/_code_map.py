"""From functions to what was measured of their lines."""

from __future__ import annotations

import inspect
import linecache
import types

from ... import _hognose, _tracing
from ._backends import MIB, choose_backend

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Dict, Iterator, List


class CodeMap(dict):  # type: ignore[type-arg]
    """From a code object to its lines: ``{number: (increment MiB, usage MiB, occurrences)}``.

    What was measured of a code object by this map alone, whoever else measures it. Functions defined within it, lambdas and comprehensions
    belong to it, as they stand among its lines.
    """

    def __init__(self, include_children: bool = False, backend: Any = None) -> None:
        super().__init__()
        self.include_children = include_children
        self.backend = choose_backend(backend)
        self._tops: List[CodeType] = []
        self._figures: Dict[CodeType, _Figures] = {}
        self._under_way: List[Measurement] = []

    def add(self, code: CodeType, toplevel_code: Any = None) -> None:
        if code in self:
            return
        if toplevel_code is None:
            self._tops.append(code)
        self[code] = {} if toplevel_code is None else self[toplevel_code]
        for inner in code.co_consts:
            if isinstance(inner, types.CodeType):
                self.add(inner, toplevel_code or code)

    def begin(self) -> Measurement:
        """Measures what the calling thread calls of it from now on."""
        measurement = Measurement(self)
        self._under_way.append(measurement)
        return measurement

    def items(self) -> Iterator[Any]:  # type: ignore[override]
        """(file name, iterator of (line, its triple or None)) for each function that was called."""
        for measurement in list(self._under_way):
            measurement.take()
        for top in self._tops:
            measured = self._measured(top)
            if measured:
                yield top.co_filename, ((line, measured.get(line)) for line in _block(top))

    def _measured(self, top: Any) -> Any:
        lines = self[top]
        lines.clear()
        figures = self._figures.get(top)
        if figures is None or figures.calls == 0:
            return lines
        by_python = self.backend == "tracemalloc"
        lines[top.co_firstlineno] = (0.0, 0.0, figures.calls) if by_python else (figures.first / MIB, figures.largest / MIB, figures.calls)
        for code in self:
            if self[code] is lines:
                self._merge(lines, code, code is top)
        return lines

    def _merge(self, lines: Any, code: CodeType, is_top: Any) -> None:
        if code not in self._figures:
            return
        for number, (occurrences, net, held, usage, growth) in self._figures[code].lines.items():
            if occurrences == 0 and not (is_top and net):
                continue
            by_python = self.backend == "tracemalloc"
            increment, total = (net / MIB, held / MIB) if by_python else (growth / MIB, usage / MIB)
            known = lines.get(number)
            # A line of the function has what the code within it did counted already.
            lines[number] = (increment, total, occurrences) if known is None else (known[0], max(known[1], total), known[2] + occurrences)


class Measurement:
    """What the functions of a map do in one thread, until it is ended."""

    def __init__(self, code_map: CodeMap) -> None:
        self._map = code_map
        self._parts: List[Any] = []
        self._count = 0
        self.extend()

    def extend(self) -> None:
        """Takes in what was added to the map since."""
        if self._count == len(self._map):
            return
        codes = tuple(self._map)[self._count :]
        for code in codes:
            _tracing.add(code, has_turns=True)
        self._parts.append((codes, _hognose.profile_begin(codes)))
        self._count += len(codes)

    def take(self) -> None:
        """Moves what was measured so far into the map."""
        known = self._map._figures
        for codes, part in self._parts:
            for code, measured in zip(codes, _hognose.profile_take(part)):
                known.setdefault(code, _Figures()).add(*measured)

    def end(self) -> None:
        for codes, part in self._parts:
            _hognose.profile_end(part)
            for code in codes:
                _tracing.drop(code)
        self.take()
        self._map._under_way.remove(self)


class _Figures:
    """Of one code object: calls, RSS before the first one and at most before one; by line occurrences, net, held, largest RSS, growth."""

    __slots__ = ("calls", "first", "largest", "lines")

    def __init__(self) -> None:
        self.calls = self.first = self.largest = 0
        self.lines: Dict[int, Any] = {}

    def add(self, calls: int, first: int, largest: int, rows: Any) -> None:
        self.first = self.first or first
        self.calls += calls
        self.largest = max(self.largest, largest)
        for row in rows:
            number, occurrences, net, held, usage, growth = row[0], row[1], row[2] - row[3], row[6], row[8], row[9]
            known = self.lines.get(number)
            if known is None:
                self.lines[number] = (occurrences, net, held, usage, growth)
            else:
                self.lines[number] = (known[0] + occurrences, known[1] + net, max(known[2], held), max(known[3], usage), known[4] + growth)


def _block(code: CodeType) -> Any:
    """The numbers of a function's lines, decorators included."""
    first = code.co_firstlineno
    source = linecache.getlines(code.co_filename)[first - 1 :]
    return range(first, first + max(1, len(inspect.getblock(source)) if source else 1))
