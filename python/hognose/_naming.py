"""Words for objects and for the ways they refer to each other, without running code of the program's."""

import gc
import types

_UNNAMED, _ITEM, _VALUE, _KEY, _MEMBER, _ATTRIBUTES, _CLASS = range(7)
_SAFE = (str, int, float, bool, bytes, type(None))
_LONGEST = 40
_MANAGED_DICT = 1 << 4
_HEAP_TYPE = 1 << 9

_mro = type.__dict__["__mro__"].__get__
_type_dict = type.__dict__["__dict__"].__get__
_type_name = type.__dict__["__name__"].__get__
_type_flags = type.__dict__["__flags__"].__get__


def still(function, *arguments):
    """Calls a function that remembers addresses while it makes objects, which up to 3.11 could set off the collector."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return function(*arguments)
    finally:
        if was_enabled:
            gc.enable()


def name_of_type(kind):
    return _type_name(kind)


def full_name(kind):
    """A type's name with its module, but for builtins, in one line."""
    name = name_of_type(kind)
    # None: a C type that was never made ready.
    module = (_type_dict(kind) or {}).get("__module__")
    full = name if type(module) is not str or module == "builtins" else module + "." + name
    return " ".join(full.split()) if not full.isidentifier() else full  # a name given to type() may have any characters


def is_builtin(item):
    """Whether an object is one of Python's own types, such as a list, and no instance of a class that somebody wrote."""
    return not _type_flags(type(item)) & _HEAP_TYPE or full_name(type(item)).isidentifier()


def clipped(text):
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def word(item):
    """What an object is, in a few characters: its repr where that is plain data's, else its type and, if it has one, its own name."""
    kind = type(item)
    if kind in _SAFE:
        return clipped(repr(item)) if kind is not str and kind is not bytes else clipped(repr(item[:_LONGEST]))
    if issubclass(kind, type):
        return "class " + _type_name(item)
    own = own_name(item)
    return name_of_type(kind) + (" " + own if own else "")


def attribute(key):
    """The label of an entry of an instance's dict as that of an attribute; None of a key that is no name."""
    return "." + key if type(key) is str and key.isidentifier() else None


def own_name(item):
    """The name of a module, function or code object; None of others."""
    kind = type(item)
    if kind is types.ModuleType:
        name = types.ModuleType.__getattribute__(item, "__dict__").get("__name__")
    elif kind is types.FunctionType:
        name = item.__qualname__
    elif kind is types.CodeType:
        name = item.co_name
    else:
        return None
    return name if type(name) is str else None


def label(holder, edge, held, used=()):
    """
    ".name", "[3]", "['key']": the way from holder to held. edge is (kind of name, key) as _hognose tells it; used are labels that other
    references of the holder have, which tells apart attributes with one value.
    """
    kind, key = edge
    if kind == _ITEM:
        return "[%d]" % key
    if kind == _VALUE:
        return "[%s]" % _key_word(key)
    if kind == _KEY:
        return "key %s" % _key_word(key)
    if kind == _MEMBER:
        return ".%s" % key
    if kind == _ATTRIBUTES:
        return ".__dict__"
    if kind == _CLASS:
        return ".__class__"
    return _guessed(holder, held, used)


def _key_word(key):
    return clipped(repr(key)) if type(key) in _SAFE else "<%s>" % name_of_type(type(key))


def _guessed(holder, held, used):
    kind = type(holder)
    if issubclass(kind, (set, frozenset)):
        return "{…}"
    name = _attribute_name(holder, held, used)
    if name is not None:
        return "." + name
    if type(held) is dict and _type_flags(kind) & _MANAGED_DICT:
        return ".__dict__"
    return "->"


def _attribute_name(holder, held, used):
    """
    The attribute of an object without a dict (3.11+) that holds another. Such attributes have no table that could be asked without making
    the dict, so every name that the class's own functions use is tried, unless the class has something of that name that might run.
    """
    kind = type(holder)
    if not _type_flags(kind) & _MANAGED_DICT:
        return None
    for name in _names_used_by(kind):
        try:
            if "." + name not in used and object.__getattribute__(holder, name) is held:
                return name
        except AttributeError:
            pass
    return None


def _names_used_by(kind):
    spaces = [_type_dict(base) for base in _mro(kind)]
    names = {}
    for space in spaces:
        for value in list(space.values()):
            for function in _wrapped(value):
                names.update(dict.fromkeys(function.__code__.co_names))
    return [name for name in names if not any(name in space for space in spaces)]


def _wrapped(function):
    """A function and what it wraps (functools.wraps). Asking for its ``__dict__`` would make one."""
    import gc
    import types

    found = []
    while type(function) is types.FunctionType and function not in found:
        found.append(function)
        attributes = [held for held in gc.get_referents(function) if type(held) is dict and held is not function.__globals__]
        function = next((held["__wrapped__"] for held in attributes if "__wrapped__" in held), None)
    return found
