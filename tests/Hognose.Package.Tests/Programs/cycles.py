"""hognose.cycles against cycles that the program made, and against the collector."""
import gc
import random
import weakref

import hognose
from reference import references
from structures import random_structure


class Tree:
    def __init__(self):
        self.children = []


class Node:
    def __init__(self, parent):
        self.parent = parent
        self.extra = ["payload"]
        parent.children.append(self)


class Slot:
    __slots__ = ("other", "__weakref__")


def is_cycle(cycle):
    for holder, held in zip(cycle.path, cycle.path[1:] + cycle.path[:1]):
        assert any(each is held for each in references(holder)), cycle
    assert all(any(item is each for each in cycle.objects) for item in cycle.path)


def components(root):
    """The slow reference: of all that root reaches, the sizes of the groups that reach each other."""
    reached = {}
    todo = [root]
    while todo:
        item = todo.pop()
        if id(item) not in reached:
            reached[id(item)] = item
            todo += [each for each in references(item) if not issubclass(type(each), type)]
    reach = {}
    for key, item in reached.items():
        seen, todo = set(), [item]
        while todo:
            for each in references(todo.pop()):
                if id(each) in reached and id(each) not in seen:
                    seen.add(id(each))
                    todo.append(each)
        reach[key] = seen
    groups = {frozenset(other for other in reach[key] if key in reach[other]) for key in reached if key in reach[key]}
    return sorted(map(len, groups), reverse=True)


gc.disable()
gc.collect()
assert hognose.cycles() == [], hognose.cycles()

tree = Tree()
for _ in range(4):
    Node(tree)
found = hognose.cycles(tree)
assert len(found) == 1, found
is_cycle(found[0])
text = str(found[0])
assert text.startswith("Node.parent -> Tree.children -> list["), text
assert hognose.cycles() == []
for seed in range(25):
    structure = random_structure(random.Random(seed))
    found = hognose.cycles(structure)
    assert [len(cycle.objects) for cycle in found] == components(structure), seed
    for cycle in found:
        is_cycle(cycle)
        str(cycle), repr(cycle)
assert hognose.cycles([1, 2]) == hognose.cycles("text") == []
del found, structure, cycle

# What nothing holds: found before the collector finds it, and left to it.
gc.collect()
left, right = Slot(), Slot()
left.other, right.other = right, left
watch = weakref.ref(left)
del left, right
del tree
found = hognose.cycles()
assert len(found) == 2, found
for cycle in found:
    is_cycle(cycle)
assert sorted(len(cycle.objects) for cycle in found)[0] == 2, found
small = min(found, key=lambda cycle: len(cycle.objects))
assert str(small) == "Slot.other -> Slot.other -> Slot", str(small)
assert small.path[0].other.other is small.path[0]
del found, cycle, small
assert watch() is not None, "looking must not collect"
assert gc.collect() > 0 and watch() is None
assert hognose.cycles() == []

# A hundred thousand in one cycle.
first = last = [None]
for _ in range(100000):
    last = [last]
first[0] = last
cycle = hognose.cycles(first)[0]
assert len(cycle.objects) == len(cycle.path) == 100001
assert "more" in str(cycle)
del last, cycle
assert hognose.cycles() == []
first = None
assert [len(cycle.objects) for cycle in hognose.cycles()] == [100001]
print("ok")
