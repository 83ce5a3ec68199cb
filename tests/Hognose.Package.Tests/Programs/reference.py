"""The slow reference: what a deep size is, in twenty lines of Python."""
import ctypes
import datetime
import gc
import sys
import types

KINDS = [(1, type), (2, types.ModuleType), (4, (types.FunctionType, types.BuiltinFunctionType)), (8, types.CodeType), (16, types.FrameType)]


def is_left_out(item, left_out):
    return any(left_out & bit and issubclass(type(item), kind) for bit, kind in KINDS)


def references(item):
    """What gc.get_referents leaves out: what dict_traverse does, keys of a dict while all are strings; and what types hold that have no tp_traverse."""
    return gc.get_referents(item) + (list(dict.keys(item)) if issubclass(type(item), dict) else []) + untracked(item)


def untracked(item):
    kind = type(item)
    if kind is types.CodeType:
        return code_fields(item)
    if kind is range:
        return [item.start, item.stop, item.step] + objects_at(item, 40)
    if issubclass(kind, (datetime.datetime, datetime.time)):
        zone = kind.tzinfo.__get__(item)
        return [] if zone is None else [zone]
    if kind is datetime.timezone:
        # (distance,) or (distance, name), as for pickle
        return list(item.__getinitargs__())
    if "numpy" in sys.modules and issubclass(kind, sys.modules["numpy"].ndarray):
        return ([] if item.base is None else [item.base]) + (item.ravel().tolist() if item.dtype == object and item.flags.owndata else [])
    return []


def code_fields(code):
    """The members that are objects; from 3.11 on the names and kinds of variables, too, in two words before the file's name."""
    members = [name for name, shown in vars(types.CodeType).items() if type(shown) is types.MemberDescriptorType]
    fields = [value for value in (getattr(code, name) for name in members) if type(value) in (tuple, str, bytes)]
    if not hasattr(code, "co_qualname"):
        return fields
    words = (ctypes.c_void_p * (types.CodeType.__basicsize__ // 8)).from_address(id(code))
    place = 8 * list(words).index(id(code.co_filename))
    return fields + objects_at(code, place - 16, place - 8)


def objects_at(item, *places):
    return [ctypes.py_object.from_address(id(item) + place).value for place in places]


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
