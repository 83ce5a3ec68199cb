"""Small pictures as SVG: lines, stacked areas, shares."""

import html
import math
from typing import Callable, List, Sequence, Tuple

_COLOURS = ("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#9c755f")
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 720, 320, 70, 40, 30, 180
_TICKS = 4

Series = Tuple[str, Sequence[float]]
Scale = Callable[[float], float]


def colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def over_time(title: str, unit: str, times: Sequence[float], areas: Sequence[Series] = (), lines: Sequence[Series] = (), steps: bool = False) -> str:
    """Values over seconds: areas one above the other, and lines; ``steps`` keeps a value until the next."""
    stacked = _stacked(areas, len(times))
    top = max([value for _, values in list(lines) + stacked for value in values] + [0]) or 1
    first, last = (times[0], times[-1]) if times else (0.0, 1.0)
    x: Scale = lambda at: _LEFT + (at - first) / ((last - first) or 1) * (_WIDTH - _LEFT - _RIGHT)
    y: Scale = lambda value: _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _BOTTOM - _TOP)
    parts = _frame(title, unit, first, last, top, x, y)
    below = [0.0] * len(times)
    for place, (label, values) in enumerate(stacked):
        edge = [(x(at), y(value)) for at, value in zip(times, values)] + [(x(at), y(value)) for at, value in zip(times, below)][::-1]
        parts.append('<polygon points="%s" fill="%s"/>' % (_points(edge), colour(place)))
        parts += _legend(place, label, colour(place))
        below = list(values)
    for place, (label, values) in enumerate(lines, len(stacked)):
        points = _in_steps(times, values) if steps else list(zip(times, values))
        drawn = _points([(x(at), y(value)) for at, value in points])
        parts.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (drawn, colour(place)))
        parts += ['<circle cx="%.1f" cy="%.1f" r="2.5" fill="%s"/>' % (x(at), y(value), colour(place)) for at, value in zip(times, values)]
        parts += _legend(place, label, colour(place))
    return _picture(_WIDTH, _HEIGHT, title, parts)


def shares(title: str, parts: Sequence[Tuple[str, float]]) -> str:
    """A pie, its pieces in the given order."""
    whole = sum(value for _, value in parts) or 1
    drawn = ['<text x="10" y="20" font-weight="bold">%s</text>' % html.escape(title)]
    angle = 0.0
    for place, (label, value) in enumerate(parts):
        share = value / whole
        drawn.append(_slice(angle, share, colour(place)))
        drawn += _legend(place, "%s  %.1f %%" % (label, share * 100), colour(place), 300)
        angle += share
    return _picture(520, 300, title, drawn)


def _slice(begin: float, share: float, fill: str) -> str:
    if share >= 0.9999:
        return '<circle cx="150" cy="160" r="120" fill="%s"/>' % fill
    at: Callable[[float], Tuple[float, float]] = lambda turn: (150 + 120 * math.sin(2 * math.pi * turn), 160 - 120 * math.cos(2 * math.pi * turn))
    (x1, y1), (x2, y2) = at(begin), at(begin + share)
    return '<path d="M150 160 L%.1f %.1f A120 120 0 %d 1 %.1f %.1f Z" fill="%s"/>' % (x1, y1, share > 0.5, x2, y2, fill)


def _stacked(areas: Sequence[Series], count: int) -> List[Series]:
    base = [0.0] * count
    found: List[Series] = []
    for label, values in areas:
        base = [low + value for low, value in zip(base, values)]
        found.append((label, base))
    return found


def _in_steps(times: Sequence[float], values: Sequence[float]) -> List[Tuple[float, float]]:
    points: List[Tuple[float, float]] = []
    for at, value in zip(times, values):
        if points:
            points.append((at, points[-1][1]))
        points.append((at, value))
    return points


def _frame(title: str, unit: str, first: float, last: float, top: float, x: Scale, y: Scale) -> List[str]:
    parts = ['<text x="%d" y="18" font-weight="bold">%s</text>' % (_LEFT, html.escape(title))]
    for tick in range(_TICKS + 1):
        value, at = top * tick / _TICKS, first + (last - first) * tick / _TICKS
        line = _LEFT, y(value), _WIDTH - _RIGHT, y(value)
        parts.append('<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/>' % line)
        parts.append('<text x="%d" y="%.1f" text-anchor="end">%s</text>' % (_LEFT - 6, y(value) + 4, "%.3g" % value))
        parts.append('<text x="%.1f" y="%d" text-anchor="middle">%.3g s</text>' % (x(at), _HEIGHT - _BOTTOM + 18, at))
    parts.append('<text x="6" y="%d" font-size="11" transform="rotate(-90 12 %d)">%s</text>' % (_HEIGHT // 2, _HEIGHT // 2, html.escape(unit)))
    return parts


def _legend(place: int, label: str, fill: str, left: int = _WIDTH - _RIGHT + 12) -> List[str]:
    top = 40 + 18 * place
    short = label if len(label) <= 26 else "…" + label[-25:]
    return [
        '<rect x="%d" y="%d" width="10" height="10" fill="%s"/>' % (left, top - 9, fill),
        '<text x="%d" y="%d"><title>%s</title>%s</text>' % (left + 15, top, html.escape(label), html.escape(short)),
    ]


def _points(points: Sequence[Tuple[float, float]]) -> str:
    return " ".join("%.1f,%.1f" % point for point in points)


def _picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">'
    return "\n".join([head % (width, height, width, height), "<title>%s</title>" % html.escape(title)] + list(parts) + ["</svg>", ""])
