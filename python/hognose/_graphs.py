"""Pictures of what refers to what: the graph that hognose.graph gives."""

import gc

from . import _hognose
from ._naming import attribute, is_plain, label, still, word

_MOST_ROWS = 12
_MOST_REFERENCES = 10000
_LARGEST_INLINE = 1024
_MOST_CYCLES = 20


class Node:
    """An object of a graph, in words: the graph holds none of its objects.

    Attributes: ``number`` (its place in ``Graph.nodes``), ``address``,
    ``type`` (name), ``text`` (what it is, in a few characters), ``size``
    (shallow, bytes), ``is_given`` (it was asked for), ``rows`` (pairs of
    words for a reference and the Edge, or None for what is no node of its
    own), ``hidden`` (references that have no row).
    """

    __slots__ = ("number", "address", "type", "text", "size", "is_given", "rows", "hidden")

    def __init__(self, number, item, is_given):
        self.number, self.address, self.is_given = number, id(item), is_given
        self.type = type.__dict__["__name__"].__get__(type(item))
        self.text = word(item)
        self.size = _hognose.sizeof(item)
        self.rows = []
        self.hidden = 0

    def __repr__(self):
        return "<hognose graph node %d: %s>" % (self.number, self.text)


class Edge:
    """A reference between two nodes of a graph.

    Attributes: ``source`` and ``target`` (numbers of nodes), ``name``
    (".parent", "[3]", "['key']"; "->" where there is none), ``is_on_cycle``.
    """

    __slots__ = ("source", "target", "name", "is_on_cycle")

    def __init__(self, source, target, name):
        self.source, self.target, self.name, self.is_on_cycle = source, target, name, False

    def __repr__(self):
        return "<hognose graph edge %d %s %d>" % (self.source, self.name, self.target)


class Graph:
    """Objects and how they refer to each other, as a picture. In a notebook it shows itself.

    Attributes: ``nodes`` and ``edges``; ``note``, one line on what the picture
    leaves out ("" where it is whole). It holds none of the objects.
    """

    __slots__ = ("nodes", "edges", "note")

    def __init__(self, nodes, edges, note):
        self.nodes, self.edges, self.note = nodes, edges, note

    def svg(self):
        """The picture as the text of an SVG file; no Graphviz is needed."""
        from . import _drawing

        return _drawing.svg(self)

    def dot(self):
        """The graph in Graphviz's language."""
        from . import _drawing

        return _drawing.dot(self)

    def _repr_svg_(self):
        return self.svg()

    def __str__(self):
        lines = ["%s  %s%s" % (node.number, node.text, "".join("\n    %s" % self._row_words(*row) for row in node.rows)) for node in self.nodes]
        return "\n".join(lines + ([self.note] if self.note else []))

    def __repr__(self):
        return "<hognose.Graph of %d objects and %d references>" % (len(self.nodes), len(self.edges))

    @staticmethod
    def _row_words(text, edge):
        return text if edge is None else "%s  %d" % (text, edge.target)


def of(given, depth, limit, left_out):
    members = {}
    _reach(members, given, depth, limit, left_out)
    return _graph(list(members.values()), {id(item) for item in given}, left_out, "limit=%d" % limit)


def of_cycles(given, limit, left_out):
    """given: None for what waits for the collector."""
    groups = still(_waiting) if given is None else still(_hognose.cycles, given, left_out, 0)
    given = given or []
    groups.sort(key=lambda group: -len(group[0]))
    members = {}
    for objects, path in groups[:_MOST_CYCLES]:
        for item in path[::-1] + objects:
            if len(members) < limit and not _is_folded(members, item, objects):
                members[id(item)] = item
    graph = _graph(list(members.values()), {id(item) for item in given}, left_out, "limit=%d" % limit)
    unseen = len(groups) - sum(1 for objects, _ in groups if any(id(item) in members for item in objects))
    if unseen:
        graph.note += "%s%d more group%s of objects on cycles" % ("; " if graph.note else "", unseen, "" if unseen == 1 else "s")
    return graph


def _waiting():
    # Nothing may hold what is looked for, so the list is made in the call.
    return _hognose.cycles(gc.get_objects(), 0, 1)


def _is_folded(members, item, group):
    """Whether an instance of the group shows this dict's entries as its attributes."""
    return type(item) is dict and any(held is item for holder in group if type(holder) is not dict for _, held in _attribute_dicts(holder))


def _attribute_dicts(holder):
    references, _ = still(_hognose.some_refs, holder, _MOST_ROWS, 0)
    named = [(label(holder, (kind, key)), held) for kind, key, held in references if type(held) is dict]
    return [pair for pair in named if pair[0] == ".__dict__"]


def _reach(members, given, depth, limit, left_out):
    """Adds objects breadth first, until there are as many as may be shown."""
    for item in given[:limit]:
        members[id(item)] = item
    level = list(members.values())
    while level and depth != 0 and len(members) < limit:
        following = []
        for holder in level:
            for _, held in _references(holder, left_out)[0][:_MOST_ROWS]:
                if id(held) not in members and len(members) < limit and not _is_inline(held):
                    members[id(held)] = held
                    following.append(held)
        level = following
        depth = None if depth is None else depth - 1


def _references(holder, left_out):
    """([(name, referent)], how many there are): an instance's attributes come as its own, not as those of its dict."""
    found, total = still(_hognose.some_refs, holder, _MOST_REFERENCES, left_out)
    named = []
    for kind, key, held in found:
        name = label(holder, (kind, key))
        if name == ".__dict__" and type(held) is dict:
            entries, count = still(_hognose.some_refs, held, _MOST_REFERENCES, left_out)
            total += count - 1
            named += [(_attribute(held, entry), entry[2]) for entry in entries]
        else:
            named.append((name, held))
    return named, total


def _attribute(holder, entry):
    kind, key, held = entry
    return attribute(key) or label(holder, (kind, key))


def _is_inline(item):
    return is_plain(item) and _hognose.sizeof(item) <= _LARGEST_INLINE


def _graph(members, given, left_out, limits):
    nodes = [Node(number, item, id(item) in given) for number, item in enumerate(members)]
    numbers = {id(item): node.number for node, item in zip(nodes, members)}
    edges = []
    unseen = 0
    for node, item in zip(nodes, members):
        references, total = _references(item, left_out)
        # References to nodes have the first claim to rows; they stand in the order in which the object has them.
        arrows = [place for place, (_, held) in enumerate(references) if id(held) in numbers]
        inline = [place for place, (_, held) in enumerate(references) if id(held) not in numbers and _is_inline(held)]
        for place in sorted((arrows[:_MOST_ROWS] + inline)[:_MOST_ROWS]):
            name, held = references[place]
            if id(held) in numbers:
                edges.append(Edge(node.number, numbers[id(held)], name))
                node.rows.append((name, edges[-1]))
            else:
                node.rows.append(("%s = %s" % (name, word(held)), None))
        node.hidden = total - len(node.rows)
        unseen += total - len(arrows) - len(inline)
    _mark_cycles(nodes, edges)
    note = "%s reference%s to objects that are not shown (%s)" % (format(unseen, ","), "" if unseen == 1 else "s", limits) if unseen else ""
    return Graph(nodes, edges, note)


def _mark_cycles(nodes, edges):
    targets = [[] for _ in nodes]
    for edge in edges:
        targets[edge.source].append(edge.target)
    reached = [_all_from(targets, start) for start in range(len(nodes))]
    for edge in edges:
        edge.is_on_cycle = edge.source in reached[edge.target] or edge.source == edge.target


def _all_from(targets, start):
    seen = {start}
    todo = [start]
    while todo:
        for target in targets[todo.pop()]:
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
