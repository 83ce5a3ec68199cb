"""Where the boxes of a picture go: columns from left to right, few crossings, no line through a box."""

from bisect import bisect_left, insort
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

_SWEEPS = 12
_BETWEEN_BOXES = 18
_BETWEEN_LINES = 12
_BETWEEN_COLUMNS = 64
_NO_MORE = (-1, -1)


class Box:
    """A box, or the place where a line passes a column (no number). All lengths are in pixels."""

    __slots__ = ("number", "width", "height", "column", "x", "y", "before", "after")

    def __init__(self, number: Optional[int], width: float, height: float) -> None:
        self.number, self.width, self.height = number, width, height
        self.column, self.x, self.y = 0, 0.0, 0.0
        # The box at the other end of a line, the height in it where the line ends, and that in this one.
        self.before: List[Tuple["Box", float, float]] = []
        self.after: List[Tuple["Box", float, float]] = []


class Line:
    """A line between two boxes, through the places where it passes columns. It runs from left to right unless is_backward."""

    __slots__ = ("boxes", "is_backward")

    def __init__(self, boxes: List[Box], is_backward: bool) -> None:
        self.boxes, self.is_backward = boxes, is_backward


#: (source, target, height in source, height in target)
Arrow = Tuple[int, int, float, float]


def arrange(boxes: List[Box], arrows: Sequence[Arrow]) -> List[Optional[Line]]:
    """Gives boxes their places; returns a Line, or None, for each of them."""
    backward = _backward(boxes, arrows)
    _choose_columns(boxes, arrows, backward)
    columns: List[List[Box]] = [[] for _ in range(1 + max([box.column for box in boxes] or [0]))]
    for box in boxes:
        columns[box.column].append(box)
    lines = [None if arrow[0] == arrow[1] else _line(boxes, columns, arrow, index in backward) for index, arrow in enumerate(arrows)]
    _order(columns)
    _place(columns)
    for column in columns:
        for box in column:
            # Boxes refer to each other: what nobody needs any more must not wait for the program's collector.
            box.before, box.after = [], []
    return lines


def _backward(boxes: List[Box], arrows: Sequence[Arrow]) -> Set[int]:
    """Arrows that close a cycle on the way from the first boxes on: they are drawn from right to left."""
    leaving: List[List[Tuple[int, int]]] = [[] for _ in boxes]
    for index, arrow in enumerate(arrows):
        leaving[arrow[0]].append((index, arrow[1]))
    state = [0] * len(boxes)  # 1: on the way, 2: done
    found: Set[int] = set()
    for first in range(len(boxes)):
        todo = [(first, iter(leaving[first]))] if state[first] == 0 else []
        state[first] = state[first] or 1
        while todo:
            box, rest = todo[-1]
            index, target = next(rest, _NO_MORE)
            if index < 0:
                state[box] = 2
                todo.pop()
            elif state[target] == 1:
                found.add(index)
            elif state[target] == 0:
                state[target] = 1
                todo.append((target, iter(leaving[target])))
    return found


def _choose_columns(boxes: List[Box], arrows: Sequence[Arrow], backward: Set[int]) -> None:
    following: List[List[int]] = [[] for _ in boxes]
    missing = [0] * len(boxes)
    for index, (source, target, _, _) in enumerate(arrows):
        if source != target:
            source, target = (target, source) if index in backward else (source, target)
            following[source].append(target)
            missing[target] += 1
    ready = [number for number in range(len(boxes)) if not missing[number]]
    for number in ready:
        for target in following[number]:
            boxes[target].column = max(boxes[target].column, boxes[number].column + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)


def _line(boxes: List[Box], columns: List[List[Box]], arrow: Arrow, is_backward: bool) -> Line:
    source, target, leaves, arrives = arrow
    left, right = (target, source) if is_backward else (source, target)
    heights = (arrives, leaves) if is_backward else (leaves, arrives)
    way = [boxes[left]]
    for column in range(boxes[left].column + 1, boxes[right].column):
        way.append(Box(None, 0, 0))
        way[-1].column = column
        columns[column].append(way[-1])
    way.append(boxes[right])
    ends = [heights[0]] + [0] * (len(way) - 2) + [heights[1]]
    for here, there, height_here, height_there in zip(way, way[1:], ends, ends[1:]):
        here.after.append((there, height_there, height_here))
        there.before.append((here, height_here, height_there))
    return Line(way, is_backward)


def _order(columns: List[List[Box]]) -> None:
    """Sweeps over the columns, each ordered by where its neighbours stand, and the best of what was seen is kept."""
    best, fewest = [list(column) for column in columns], _crossings(columns)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            ranks = {}
            for other in columns:
                for rank, box in enumerate(other):
                    ranks[id(box)] = rank
            column.sort(key=lambda box: _mean([ranks[id(end[0])] + end[1] * 0.001 for end in (box.before if forward else box.after)], ranks[id(box)]))
        crossings = _crossings(columns)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    columns[:] = best


def _crossings(columns: List[List[Box]]) -> int:
    total = 0
    for left, right in zip(columns, columns[1:]):
        ranks = {id(box): rank for rank, box in enumerate(right)}
        seen: List[Tuple[int, float]] = []
        for box in left:
            ends = sorted((leaves, (ranks[id(there)], height)) for there, height, leaves in box.after)
            for _, end in ends:
                total += len(seen) - bisect_left(seen, end)
                insort(seen, end)
    return total


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _place(columns: List[List[Box]]) -> None:
    x = 0.0
    for column in columns:
        for box in column:
            box.x = x
        widest = max([box.width for box in column] or [0.0])
        for box in column:
            box.width = box.width if box.number is not None else widest
        x += widest + _BETWEEN_COLUMNS
        _settle(column, [0.0] * len(column))
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            _settle(column, [_wanted(box) for box in column])
    top = min([box.y for column in columns for box in column] or [0])
    for column in columns:
        for box in column:
            box.y -= top


def _wanted(box: Box) -> float:
    """The height at which the lines of a box are level."""
    return _mean([there.y + height_there - height_here for there, height_there, height_here in box.before + box.after], box.y)


def _settle(column: List[Box], wanted: List[float]) -> None:
    """Puts boxes below each other, each as near as can be to where it wants to be (least squares, by pooling those that collide)."""
    offsets: List[float] = []
    offset = 0.0
    for box in column:
        offsets.append(offset)
        offset += box.height + (_BETWEEN_LINES if box.number is None else _BETWEEN_BOXES)
    pools: List[List[float]] = []  # [sum of wishes, boxes]
    for height, offset in zip(wanted, offsets):
        pools.append([height - offset, 1])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    index = 0
    for total, count in pools:
        for box, offset in list(zip(column, offsets))[index : index + int(count)]:
            box.y = total / count + offset
        index += int(count)
