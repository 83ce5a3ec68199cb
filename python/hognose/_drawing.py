"""A graph as SVG and in Graphviz's language."""

import unicodedata
import zlib
from typing import Any

from . import _layers

_LETTER = 7.25  # pixels: the widest of the common monospaced fonts at 12 px
_ROW = 17
_HEAD = 22
_INSET = 8
_MARGIN = 16
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def svg(graph: Any) -> str:
    heads = [_head(node) for node in graph.nodes]
    boxes = [_layers.Box(node.number, _width(node, head), _HEAD + _ROW * _rows(node)) for node, head in zip(graph.nodes, heads)]
    ports = {id(edge): _HEAD + _ROW * (index + 0.5) for node in graph.nodes for index, (_, edge) in enumerate(node.rows) if edge is not None}
    lines = _layers.arrange(boxes, [(edge.source, edge.target, ports[id(edge)], _HEAD / 2) for edge in graph.edges])
    captions = _captions(graph)
    width = max([box.x + box.width + 24 for box in boxes] + [_letters(text) * _LETTER for text in captions] + [80])
    bottom = max([box.y + box.height for box in boxes] + [0])
    height = bottom + (_ROW * len(captions) + 10 if captions else 0)
    parts = [_opening(width + 2 * _MARGIN, height + 2 * _MARGIN)]
    for edge, line in sorted(zip(graph.edges, lines), key=lambda pair: bool(pair[0].is_on_cycle)):
        parts.append(_arrow(edge, line, boxes[edge.source], ports[id(edge)]))
    parts += [_box(node, head, box) for node, head, box in zip(graph.nodes, heads, boxes)]
    parts += [_text(0, bottom + 10 + _ROW * (index + 0.7), text, "note") for index, text in enumerate(captions)]
    return "\n".join(parts + ["</g>", "</svg>", ""])


def dot(graph: Any) -> str:
    lines = ["digraph hognose {", "    rankdir=LR;", '    node [shape=box, fontname="monospace"];', '    edge [fontname="monospace"];']
    for node in graph.nodes:
        inline = [text for text, edge in node.rows if edge is None]
        text = "\\n".join([_quoted(part) for part in ["%s  %s" % _head(node)] + inline + _more(node)])
        lines.append('    n%d [label="%s"%s];' % (node.number, text, ", penwidth=2" if node.is_given else ""))
    for edge in graph.edges:
        color = ", color=red" if edge.is_on_cycle else ""
        lines.append('    n%d -> n%d [label="%s"%s];' % (edge.source, edge.target, _quoted(edge.name), color))
    if graph.note:
        lines.append('    label="%s";' % _quoted(graph.note))
    return "\n".join(lines + ["}", ""])


def _quoted(text: str) -> str:
    return _plain(text).replace("\\", "\\\\").replace('"', '\\"')


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\\x%02x" % ord(letter) for letter in text)


def _escaped(text: str) -> str:
    return _plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _head(node: Any) -> Any:
    return node.text, "%s B" % format(node.size, ",")


def _more(node: Any) -> Any:
    return ["… %s more" % format(node.hidden, ",")] if node.hidden > 0 else []


def _rows(node: Any) -> Any:
    return len(node.rows) + len(_more(node))


def _letters(text: str) -> Any:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in _plain(text))


def _width(node: Any, head: Any) -> Any:
    texts = [text for text, _ in node.rows] + _more(node)
    return 2 * _INSET + _LETTER * max([_letters(text) for text in texts] + [_letters(head[0]) + _letters(head[1]) + 2])


def _captions(graph: Any) -> Any:
    red = ["red: on a cycle"] if any(edge.is_on_cycle for edge in graph.edges) else []
    return red + ([graph.note] if graph.note else [])


def _opening(width: Any, height: Any) -> Any:
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f">' % (width, height, width, height),
            "<style>",
            ".hognose text { font: 12px %s; fill: #1f2933; white-space: pre }" % _FONT,
            ".hognose .head { font-weight: bold }",
            ".hognose .size { fill: #52606d; text-anchor: end }",
            ".hognose .note { fill: #52606d }",
            ".hognose .inline { fill: #52606d }",
            ".hognose path { fill: none; stroke: #7b8794; stroke-width: 1.2 }",
            ".hognose path.cycle { stroke: #c81e1e; stroke-width: 1.6 }",
            ".hognose .tip { fill: #7b8794; stroke: none }",
            ".hognose .tip.cycle { fill: #c81e1e }",
            "</style>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            '<g class="hognose" transform="translate(%d %d)">' % (_MARGIN, _MARGIN),
        ]
    )


def _text(x: Any, y: Any, text: str, kind: Any) -> str:
    return '<text x="%.1f" y="%.1f" class="%s">%s</text>' % (x, y, kind, _escaped(text))


def _box(node: Any, head: Any, box: Any) -> Any:
    hue = zlib.crc32(node.type.encode("utf-8", "backslashreplace")) % 360
    frame = 'stroke="#1f2933" stroke-width="2"' if node.is_given else 'stroke="#9aa5b1"'
    place = 'x="%.1f" y="%.1f" width="%.1f"' % (box.x, box.y, box.width)
    parts = ["<g><title>%s</title>" % _escaped("%s at 0x%x" % (node.text, node.address))]
    parts.append('<rect %s height="%.1f" rx="4" fill="#ffffff"/>' % (place, box.height))
    parts.append('<rect %s height="%.1f" rx="4" fill="hsl(%d, 55%%, 88%%)"/>' % (place, _HEAD, hue))
    parts.append('<rect %s height="%.1f" rx="4" fill="none" %s/>' % (place, box.height, frame))
    parts.append(_text(box.x + _INSET, box.y + _HEAD - 7, head[0], "head"))
    parts.append(_text(box.x + box.width - _INSET, box.y + _HEAD - 7, head[1], "size"))
    rows = [(text, "inline" if edge is None else "row") for text, edge in node.rows] + [(text, "inline") for text in _more(node)]
    parts += [_text(box.x + _INSET, box.y + _HEAD + _ROW * (index + 0.74), text, kind) for index, (text, kind) in enumerate(rows)]
    return "\n".join(parts + ["</g>"])


def _arrow(edge: Any, line: Any, source: Any, port: Any) -> str:
    kind = "cycle" if edge.is_on_cycle else "plain"
    points = _loop(source, port) if line is None else _points(line, port)
    curve = ["M%.1f %.1f" % points[0]]
    for (x, y), (next_x, next_y) in zip(points, points[1:]):
        bend = (next_x - x) / 2 if line is not None else 26
        curve.append("C%.1f %.1f %.1f %.1f %.1f %.1f" % (x + bend, y, next_x - (bend if line is not None else -26), next_y, next_x, next_y))
    x, y = points[-1]
    side = -1 if line is None or line.is_backward else 1
    tip = "M%.1f %.1fl%d -4v8z" % (x, y, -7 * side)
    return '<path class="%s" d="%s"/><path class="tip %s" d="%s"/>' % (kind, "".join(curve), kind, tip)


def _loop(box: Any, port: Any) -> Any:
    return [(box.x + box.width, box.y + port), (box.x + box.width, box.y + _HEAD / 2)]


def _points(line: Any, port: Any) -> Any:
    """From the source's row, level through each column that is passed, to the target's head."""
    first, last = line.boxes[0], line.boxes[-1]
    heights = (_HEAD / 2, port) if line.is_backward else (port, _HEAD / 2)
    points = [(first.x + first.width, first.y + heights[0])]
    for passed in line.boxes[1:-1]:
        points += [(passed.x, passed.y), (passed.x + passed.width, passed.y)]
    points.append((last.x, last.y + heights[1]))
    return points[::-1] if line.is_backward else points
