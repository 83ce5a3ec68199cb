"""Cycles of references in words."""

import gc

from . import _hognose
from ._naming import attribute, is_builtin, label, still, word

_MOST_SHOWN = 12


class Cycle:
    """A group of objects that all reach each other, with a shortest cycle through one of them.

    Attributes: ``objects`` (the whole group), ``path`` (the objects of the
    cycle, each referring to the next and the last to the first), ``steps``
    (words for these references).
    """

    __slots__ = ("objects", "path", "steps")

    def __init__(self, objects, path):
        self.objects = objects
        self.path = path
        self.steps = []
        for position, holder in enumerate(path):
            held = path[(position + 1) % len(path)]
            self.steps.append(label(holder, _hognose.edge(holder, held) or (0, None)))

    def __str__(self):
        steps = self._folded()
        shown = [word(item) + (step if step != "->" else "") for item, step in steps[:_MOST_SHOWN]]
        if len(steps) > _MOST_SHOWN:
            shown.append("… %d more" % (len(steps) - _MOST_SHOWN))
        others = len(self.objects) - len(self.path)
        return " -> ".join(shown + [word(steps[0][0])]) + (" (and %d more in the group)" % others if others else "")

    def _folded(self):
        """[(object, step)]: an attribute that lies in an instance's dict is one step, as it is where there is no dict."""
        pairs = list(zip(self.path, self.steps))
        # Wherever the search began: cycles of one shape read alike, from an instance of a class on where there is one.
        start = min(range(len(pairs)), key=lambda place: (pairs[place][1] == "->", is_builtin(pairs[place][0]), word(pairs[place][0]) + pairs[place][1]))
        pairs = pairs[start:] + pairs[:start]
        folded = []
        for item, step in pairs:
            name = attribute(step[2:-2]) if step[:2] == "['" and step[-2:] == "']" else None
            if folded and folded[-1][1] == ".__dict__" and type(item) is dict and name is not None:
                folded[-1] = (folded[-1][0], name)
            else:
                folded.append((item, step))
        return folded

    def __repr__(self):
        return "<hognose.Cycle of %d objects: %s>" % (len(self.objects), self)


def within(item, left_out):
    return _cycles(still(_hognose.cycles, [item], left_out, 0))


def garbage():
    # Nothing may hold what is looked for, so the list is made in the call.
    return _cycles(still(_found_garbage))


def _found_garbage():
    return _hognose.cycles(gc.get_objects(), 0, 1)


def _cycles(groups):
    groups.sort(key=lambda group: -len(group[0]))
    return [Cycle(objects, path[::-1]) for objects, path in groups]
