"""``@profile``: the table of a function after each of its calls."""

from __future__ import annotations

import functools
import inspect
import types

from ._backends import choose_backend
from ._lines import LineProfiler
from ._table import show_results

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Iterator


def profile(func: Any = None, stream: Any = None, precision: int = 1, backend: str = "psutil") -> Any:
    """Decorator that prints the table of a function after each call, to ``stream`` or standard output. Also for coroutines and classes."""
    backend = choose_backend(backend)
    if func is None:
        return functools.partial(profile, stream=stream, precision=precision, backend=backend)
    if isinstance(func, type):
        return _profiled_class(func, stream, precision, backend)
    if isinstance(func, (staticmethod, classmethod)):
        return type(func)(profile(func.__func__, stream, precision, backend))
    if isinstance(func, property):
        accessors = [accessor and profile(accessor, stream, precision, backend) for accessor in (func.fget, func.fset, func.fdel)]
        return type(func)(*(accessors + [func.__doc__]))

    def for_one_call() -> Any:
        return LineProfiler(backend=backend)

    def reported(profiler: Any) -> None:
        show_results(profiler, stream=stream, precision=precision)

    if inspect.iscoroutinefunction(func):

        @functools.wraps(func)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            profiler = for_one_call()
            value = await profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    elif inspect.isgeneratorfunction(func):

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Iterator[Any]:
            profiler = for_one_call()
            value = yield from profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    else:

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            profiler = for_one_call()
            value = profiler(func)(*args, **kwargs)
            reported(profiler)
            return value

    return wrapper


def _profiled_class(item: Any, stream: Any, precision: Any, backend: Any) -> Any:
    for name, value in list(vars(item).items()):
        if isinstance(value, (types.FunctionType, staticmethod, classmethod, property)):
            setattr(item, name, profile(value, stream, precision, backend))
    return item
