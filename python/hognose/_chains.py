"""Who holds an object: the chain that hognose.chain gives."""

import gc
import sys

from . import _hognose
from ._naming import label, still, word

_FRAME = type(sys._getframe())

#: CO_OPTIMIZED: not the code of a module, a class or exec(), whose variables are the dict.
_FUNCTION = 1

#: References to the dict: the frame's, a variable's and an argument's.
_OF_FRAME_AND_OURS = 3


class Chain:
    """A shortest way to an object from a module or a running frame. Printing it prints the way in words.

    Attributes: ``root`` (words for where it begins), ``objects`` (from the
    first that the root holds to the object itself), ``steps`` (words for
    each of these: how it is held by the one before).
    """

    __slots__ = ("root", "objects", "steps")

    def __init__(self, root, objects, steps):
        self.root, self.objects, self.steps = root, objects, steps

    def __str__(self):
        width = max(len(step) for step in self.steps) if self.steps else 0
        return "\n".join([self.root] + ["  %-*s  %s" % (width, step, word(item)) for step, item in zip(self.steps, self.objects)])

    def __repr__(self):
        return "<hognose.Chain of %d steps from %s>" % (len(self.steps), self.root)


def from_modules(item):
    modules = {id(module): name for name, module in list(sys.modules.items()) if module is not None}
    roots = [module for module in list(sys.modules.values()) if module is not None]
    roots.sort(key=lambda module: modules[id(module)] != "__main__")
    found = still(_hognose.chain, item, roots)
    if found is None:
        return None
    found.reverse()
    return Chain("module %s" % modules[id(found[0])], found[1:], _steps(found))


def from_frames(item, own_frame):
    """From local variables of running frames; those of the caller that hold the object itself come last, since it asks with them."""
    places = {}
    roots = []
    asking = None
    for thread, frame in list(sys._current_frames().items()):
        while frame is not None:
            if not _is_ours(frame):
                for name, value in _locals(frame):
                    if value is item and asking is None and frame is own_frame:
                        asking = _root(thread, frame), name
                    elif id(value) not in places and not (value is item and frame is own_frame):
                        places[id(value)] = _root(thread, frame), name
                        roots.append(value)
            frame = frame.f_back
    found = still(_hognose.chain, item, roots)
    if found is not None:
        found.reverse()
        root, name = places[id(found[0])]
        return Chain(root, found, ["local %s" % name] + _steps(found))
    if asking is not None:
        return Chain(asking[0], [item], ["local %s" % asking[1]])
    return None


def _locals(frame):
    # The code of a class body or of exec() may bring a mapping of its own, whose methods would be the program's.
    mapping = frame.f_locals
    kind = type(mapping)
    if kind is dict:
        rows = list(mapping.items())
        if frame.f_code.co_flags & _FUNCTION and sys.getrefcount(mapping) <= _OF_FRAME_AND_OURS:
            _forget(frame.f_code, mapping)
        return rows
    return list(mapping.items()) if kind.__module__ == "builtins" and kind.__name__ == "FrameLocalsProxy" else []


def _forget(code, mapping):
    """
    Up to 3.12 a function's frame keeps the dict that it was asked for, and that what the variables were until it is asked again. Nobody else has
    it, and it is filled anew for whoever asks; keys that are no variables stay.
    """
    for name in code.co_varnames + code.co_cellvars + code.co_freevars:
        mapping.pop(name, None)


def _is_ours(frame):
    return frame.f_globals.get("__package__") == "hognose"


def _root(thread, frame):
    return "thread %d, %s at %s:%d" % (thread, frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno)


def _steps(found):
    return [label(holder, _hognose.edge(holder, held) or (0, None)) for holder, held in zip(found, found[1:])]


def referrers(item):
    # No comprehension looks at item: up to 3.11 that would make a cell, which then refers to it too.
    found = []
    for holder in _hognose.referrers(item, gc.get_objects()):
        if not (type(holder) is _FRAME and _is_ours(holder)):
            found.append((label(holder, _hognose.edge(holder, item) or (0, None)), holder))
    return found
