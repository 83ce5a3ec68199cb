"""Objects of as many shapes as a program has, at random."""
import collections
import types


class Plain:
    def __init__(self, *values):
        self.values = values
        self.me = self


class Slotted:
    __slots__ = ("left", "right")


class Both(Slotted):
    pass


class Str(str):
    pass


class List(list):
    pass


def slotted(left, right):
    made = Slotted()
    made.left, made.right = left, right
    return made


def random_structure(dice):
    made = [None, True, 0, 10**30, 1.5, "text", b"bytes", "é", ()]
    for _ in range(dice.randrange(5, 200)):
        pick = lambda: dice.choice(made)
        made.append(dice.choice([
            lambda: [pick() for _ in range(dice.randrange(6))], lambda: tuple(pick() for _ in range(dice.randrange(6))),
            lambda: {str(i): pick() for i in range(dice.randrange(6))}, lambda: Plain(pick(), pick()), lambda: slotted(pick(), pick()),
            lambda: {dice.random() for _ in range(dice.randrange(20))}, lambda: collections.deque([pick()]), lambda: List([pick()]),
            lambda: types.SimpleNamespace(a=pick()), lambda: collections.OrderedDict(a=pick()), lambda: Str("s"), lambda: Both(),
        ])())
    made[-1:] = [made[dice.randrange(len(made))]]
    containers = [item for item in made if type(item) is list]
    for item in containers:
        item.append(made)
    return made
