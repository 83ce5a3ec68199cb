"""How the extension is told of calls and lines: sys.monitoring where there is one, a trace function of a wrapper's before."""

from __future__ import annotations

import functools
import inspect
import sys
import types

from . import _hognose

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

HAS_MONITORING = hasattr(sys, "monitoring")

#: Whether anybody has asked for a function's lines yet.
is_in_use = False

#: Bits of co_flags: generator, coroutine, iterable coroutine, asynchronous generator.
_SUSPENDABLE = 0x20 | 0x80 | 0x100 | 0x200


def add(code: CodeType, has_turns: bool = False) -> None:
    """Lets the extension count calls of a code object; each turn of a loop on one line, too, where asked for."""
    global is_in_use
    is_in_use = True
    last = max([code.co_firstlineno] + [line for line in _lines(code) if line is not None])
    _hognose.profile_add(code, code.co_firstlineno, last - code.co_firstlineno + 1, code.co_flags & _SUSPENDABLE)
    if HAS_MONITORING:
        from ._monitoring import watch

        watch(code, has_turns)


def drop(code: CodeType) -> None:
    """Takes one add back. Callbacks stay where they are: a frame of it may be running."""
    _hognose.profile_drop(code)


def _lines(code: CodeType) -> Any:
    if hasattr(code, "co_lines"):
        return [line for _, _, line in code.co_lines()]
    import dis

    return [line for _, line in dis.findlinestarts(code)]


def applied(item: Any, chosen: Any) -> Any:
    """
    Calls chosen(code, name) for the function, or for every function of a class, and returns what to put in the place of the item. TypeError
    for anything else.
    """
    if isinstance(item, (staticmethod, classmethod)):
        return type(item)(applied(item.__func__, chosen))
    if isinstance(item, property):
        accessors = [accessor and applied(accessor, chosen) for accessor in (item.fget, item.fset, item.fdel)]
        return type(item)(*(accessors + [item.__doc__]))
    if isinstance(item, type):
        _apply_to_class(item, chosen)
        return item
    if isinstance(item, functools.partial):
        return functools.partial(applied(item.func, chosen), *item.args, **item.keywords)
    if isinstance(item, types.MethodType):
        return types.MethodType(applied(item.__func__, chosen), item.__self__)
    if not isinstance(item, types.FunctionType):
        raise TypeError("hognose.profile takes a function or class written in Python, not %r" % (type(item).__name__,))
    inner = inspect.unwrap(item)
    if isinstance(inner, types.FunctionType):
        chosen(inner.__code__, getattr(inner, "__qualname__", inner.__name__))
    if HAS_MONITORING:
        return item
    from ._wrapping import wrapped

    return wrapped(item)


def _apply_to_class(item: Any, chosen: Any) -> None:
    for name, value in list(vars(item).items()):
        if isinstance(value, (types.FunctionType, staticmethod, classmethod, property)):
            try:
                setattr(item, name, applied(value, chosen))
            except TypeError:
                # A static method may be one of C's.
                pass
