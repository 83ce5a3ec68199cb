"""hognose.graph against the references there are, and its pictures against what can be read from them."""
import gc
import random
import weakref
import xml.etree.ElementTree as xml

import hognose
from reference import references
from structures import random_structure

SVG = "{http://www.w3.org/2000/svg}"
gc.disable()


def boxes(picture):
    """(x, y, right, bottom) of each object, as drawn."""
    root = xml.fromstring(picture)
    found = []
    for group in root.iter(SVG + "g"):
        frame = group.find(SVG + "rect")
        if frame is not None:
            x, y, width, height = (float(frame.get(name)) for name in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height))
    return root, found


def check_picture(graph):
    root, found = boxes(graph.svg())
    assert len(found) == len(graph.nodes)
    width, height = float(root.get("width")), float(root.get("height"))
    for x, y, right, bottom in found:
        assert 0 <= x < right <= width and 0 <= y < bottom <= height
    for one, (x, y, right, bottom) in enumerate(found):
        for other in found[:one]:
            assert right <= other[0] or other[2] <= x or bottom <= other[1] or other[3] <= y, "boxes lie upon each other"
    paths = [path for path in root.iter(SVG + "path") if not path.get("class").startswith("tip")]
    assert len(paths) == len(graph.edges)
    assert sum(path.get("class") == "cycle" for path in paths) == sum(edge.is_on_cycle for edge in graph.edges)
    drawn = [text.text for text in root.iter(SVG + "text") if text.get("class") == "row"]
    assert sorted(drawn) == sorted(edge.name for edge in graph.edges)
    assert graph.dot().count(" -> n") == len(graph.edges)


def reached(start, depth):
    seen = {id(start): start}
    level = [start]
    while level and depth:
        level = [held for holder in level for held in references(holder) if not issubclass(type(held), type) and id(held) not in seen and not seen.update({id(held): held})]
        depth -= 1
    return seen


class Thing:
    def __init__(self, parent, number, text):
        self.parent, self.number, self.text, self.children = parent, number, text, []


# The objects and references are those that the collector tells, where nothing was cut.
compared = 0
for seed in range(30):
    structure = random_structure(random.Random(seed))
    members = [item for item in reached(structure, 99).values()]
    graph = hognose.graph(members[:1000], depth=0, limit=1000)
    assert [node.address for node in graph.nodes] == [id(item) for item in members[:1000]]
    for node, item in zip(graph.nodes, members):
        ours = {graph.nodes[edge.target].address for _, edge in node.rows if edge is not None}
        theirs = set(map(id, references(item)))
        assert ours <= theirs | {id(held) for one in references(item) if type(one) is dict for held in references(one)}, (node, item)
        if type(item) in (list, tuple) and len(item) <= 12:
            assert ours == {key for key in theirs if key in {other.address for other in graph.nodes}}, node
            compared += 1
        assert node.size == hognose.sizeof(item)
    check_picture(graph)
    check_picture(hognose.graph(structure, limit=1000))
    check_picture(hognose.graph(structure, limit=20))
    on_cycles = {id(item) for cycle in hognose.cycles(structure) for item in cycle.objects}
    red = {graph.nodes[end].address for edge in graph.edges if edge.is_on_cycle for end in (edge.source, edge.target)}
    assert red <= on_cycles | {id(item) for item in members if type(item) is dict or hasattr(item, "__dict__")}
assert compared > 50
del structure, members, graph, item, node, on_cycles

# A hand-drawn case, with every word.
tree = Thing(None, 0, "root")
for number in range(2):
    tree.children.append(Thing(tree, number, "t" * (5000 + number)))
    del tree.children[number].children
graph = hognose.graph([tree])
words = [(edge.source, edge.name, edge.target, edge.is_on_cycle) for edge in graph.edges]
assert sorted(words) == [
    (0, ".children", 1, True), (1, "[0]", 2, True), (1, "[1]", 3, True), (2, ".parent", 0, True), (2, ".text", 4, False), (3, ".parent", 0, True), (3, ".text", 5, False),
], words
assert [node.is_given for node in graph.nodes][:2] == [True, False] and graph.note == ""
assert sorted(text for text, edge in graph.nodes[0].rows if edge is None) == [".number = 0", ".parent = None", ".text = 'root'"], graph.nodes[0].rows
only = hognose.graph(tree, cycles_only=True)
assert sorted(node.text for node in only.nodes) == ["Thing", "Thing", "Thing", "list"], str(only)
assert all(edge.is_on_cycle for edge in only.edges) and len(only.edges) == 5
assert only._repr_svg_() == only.svg() and "red: on a cycle" in only.svg()
assert [len(hognose.graph([tree], depth=depth).nodes) for depth in (0, 1)] == [1, 2]

# What is cut is said.
wide = hognose.graph([[[] for _ in range(100)]], limit=10)
assert len(wide.nodes) == 10 and wide.note == "91 references to objects that are not shown (limit=10)", wide.note
assert "… 91 more" in wide.svg() and "… 91 more" in wide.dot()
assert hognose.graph([["x"] * 30]).note == "" and "… 18 more" in hognose.graph([["x"] * 30]).svg()

# It holds nothing, leaves nothing for the collector, and what waits for the collector can be drawn without collecting it.
watch = weakref.ref(tree)
gc.collect()
graph.svg(), only.dot(), str(only)
assert gc.collect() == 0
del tree
assert watch() is not None
waiting = hognose.graph(cycles_only=True)
assert sorted(node.type for node in waiting.nodes) == ["Thing", "Thing", "Thing", "list"], str(waiting)
assert watch() is not None and gc.collect() > 0 and watch() is None
assert hognose.graph(cycles_only=True).nodes == [] and hognose.graph(cycles_only=True).svg()

# Names that mean something in XML or to a terminal, and objects that forbid everything.
for name in ("<b>&\"'", "tab\tline\nnul\x00", "\u4e2d\u6587", 'quote"\\'):
    try:
        kind = type(name, (), {})
    except ValueError:
        continue  # no NUL in names
    graph = hognose.graph([[kind(), {name: [1]}]])
    check_picture(graph)
    assert "\x00" not in graph.svg() and "\t" not in graph.svg()


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError("hands off")

    __eq__ = __repr__ = __len__ = __getattribute__

    def __hash__(self):
        return 1


check_picture(hognose.graph([Hostile(), {Hostile(): Hostile()}]))
for wrong in ({"depth": -1}, {"limit": 0}, {"limit": 10 ** 6}, {"depth": "1"}):
    try:
        hognose.graph([1], **wrong)
        raise AssertionError(wrong)
    except ValueError:
        pass
try:
    hognose.graph()
    raise AssertionError("no objects")
except ValueError:
    pass
print("ok")
