"""Words for objects and for the ways they refer to each other, without running code of the program's."""

from __future__ import annotations

import gc
import types

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple

_UNNAMED, _ITEM, _VALUE, _KEY, _MEMBER, _ATTRIBUTES, _CLASS, _ATTRIBUTE = range(8)
#: Types whose repr runs nobody's code, by id: comparing types may run a metaclass's code.
_SAFE = frozenset(map(id, (str, int, float, bool, bytes, type(None))))
_LONGEST = 40
_HEAP_TYPE = 1 << 9

_of_type: Any = type.__dict__
_type_dict: Any = _of_type["__dict__"].__get__
_type_name: Any = _of_type["__name__"].__get__
_type_flags: Any = _of_type["__flags__"].__get__


def still(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function that remembers addresses while it makes objects, which up to 3.11 could set off the collector."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return function(*arguments)
    finally:
        if was_enabled:
            gc.enable()


def name_of_type(kind: type) -> str:
    name: str = _type_name(kind)
    return name


def full_name(kind: type) -> str:
    """A type's name with its module, but for builtins, in one line."""
    name = name_of_type(kind)
    # None: a C type that was never made ready.
    module = (_type_dict(kind) or {}).get("__module__")
    full = name if type(module) is not str or module == "builtins" else module + "." + name
    return " ".join(full.split()) if not full.isidentifier() else full  # a name given to type() may have any characters


def is_plain(item: Any) -> bool:
    """Whether an object is a number, a str, bytes or None."""
    return id(type(item)) in _SAFE


def is_builtin(item: Any) -> bool:
    """Whether an object is one of Python's own types, such as a list, and no instance of a class that somebody wrote."""
    return not _type_flags(type(item)) & _HEAP_TYPE or full_name(type(item)).isidentifier()


def clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def word(item: Any) -> str:
    """What an object is, in a few characters: its repr where that is plain data's, else its type and, if it has one, its own name."""
    kind = type(item)
    if id(kind) in _SAFE:
        return clipped(repr(item)) if kind is not str and kind is not bytes else clipped(repr(item[:_LONGEST]))
    if issubclass(kind, type):
        return "class " + name_of_type(item)
    own = own_name(item)
    return name_of_type(kind) + (" " + own if own else "")


def attribute(key: Any) -> Optional[str]:
    """The label of an entry of an instance's dict as that of an attribute; None of a key that is no name."""
    return "." + key if type(key) is str and key.isidentifier() else None


def own_name(item: Any) -> Optional[str]:
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


def label(holder: Any, edge: Tuple[int, Any]) -> str:
    """".name", "[3]", "['key']": the way from an object to what it holds; edge is (kind of name, key) as _hognose tells it."""
    kind, key = edge
    if kind == _ITEM:
        return "[%d]" % key
    if kind == _VALUE:
        return "[%s]" % _key_word(key)
    if kind == _KEY:
        return "key %s" % _key_word(key)
    if kind in (_MEMBER, _ATTRIBUTE):
        return ".%s" % key
    if kind == _ATTRIBUTES:
        return ".__dict__"
    if kind == _CLASS:
        return ".__class__"
    return "{…}" if issubclass(type(holder), (set, frozenset)) else "->"


def _key_word(key: Any) -> str:
    return clipped(repr(key)) if is_plain(key) else "<%s>" % name_of_type(type(key))
