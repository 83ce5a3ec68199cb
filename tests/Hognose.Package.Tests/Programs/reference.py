"""The slow reference: what a deep size is, in twenty lines of Python."""
import gc
import sys
import types

KINDS = [(1, type), (2, types.ModuleType), (4, (types.FunctionType, types.BuiltinFunctionType)), (8, types.CodeType), (16, types.FrameType)]


def is_left_out(item, left_out):
    return any(left_out & bit and issubclass(type(item), kind) for bit, kind in KINDS)


def references(item):
    """What gc.get_referents leaves out is what dict_traverse does: keys of a dict while all are strings."""
    return gc.get_referents(item) + (list(dict.keys(item)) if issubclass(type(item), dict) else [])


def reach(objects, left_out=31):
    """All that objects hold, each once."""
    seen = {id(item): item for item in objects}
    todo = list(seen.values())
    while todo:
        for item in references(todo.pop()):
            if id(item) not in seen and not is_left_out(item, left_out):
                seen[id(item)] = item
                todo.append(item)
    return list(seen.values())


def deep_size(*objects, left_out=31):
    return sum(sys.getsizeof(item) for item in reach(objects, left_out))
