"""
A tree whose nodes know their parents: cycles that only the garbage collector can free. The recipe is the one of every tutorial.

    hognose gc examples/gc_set_debug.py

says of each collection which cycles it found, with the names of their references.
"""

import gc

gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
gc.disable()  # else one might come while the trees are built, and find some of them


class Tree:
    def __init__(self):
        self.children = []


class Node:
    def __init__(self, parent):
        self.parent = parent
        self.payload = bytearray(10_000)
        parent.children.append(self)


def build(nodes):
    tree = Tree()
    for _ in range(nodes):
        Node(tree)


for _ in range(3):
    build(4)
print("unreachable objects:", gc.collect())
print("uncollectable:", gc.garbage)
