"""
Wrappers that trace a function while it runs, for Pythons without sys.monitoring (3.8 to 3.11). A generator or coroutine is traced while one of
its frames runs, and counts as under way, so that the hooks stay on, until it ends.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
import warnings

from . import _hognose

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Callable, Iterator, List

_warned: List[Any] = []


def wrapped(function: Callable[..., Any]) -> Any:
    """The function with tracing around it, of the same kind: plain, generator, coroutine or asynchronous generator."""
    if inspect.isasyncgenfunction(function):
        return _asynchronous_generator(function)
    if inspect.iscoroutinefunction(function):
        return _coroutine(function)
    if inspect.isgeneratorfunction(function):
        return _generator(function)
    return _plain(function)


class traced:
    """Tracing for a ``with`` block of this thread. Another's trace function rests meanwhile and is put back."""

    __slots__ = ("_token", "_other")

    def __enter__(self) -> None:
        self._other = sys.gettrace()
        if self._other is not None:
            _warn(self._other)
        self._token = _hognose.profile_enter()

    def __exit__(self, *_: Any) -> None:
        _hognose.profile_exit(self._token)
        if self._other is not None:
            sys.settrace(self._other)


class under_way(traced):
    """The same for a whole call: the hooks are on, too."""

    __slots__ = ()

    def __enter__(self) -> None:
        _hognose.profile_open()
        try:
            traced.__enter__(self)
        except BaseException:
            # The program may be at its recursion limit.
            _hognose.profile_close()
            raise

    def __exit__(self, *_: Any) -> None:
        try:
            traced.__exit__(self)
        finally:
            _hognose.profile_close()


def _plain(function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def profiled(*arguments: Any, **keywords: Any) -> Any:
        with under_way():
            return function(*arguments, **keywords)

    return profiled


def _generator(function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    def profiled(*arguments: Any, **keywords: Any) -> Iterator[Any]:
        return (yield from delegated(function(*arguments, **keywords), traced()))

    # A generator that may be awaited: types.coroutine, and what asyncio had before.
    return types.coroutine(profiled) if function.__code__.co_flags & inspect.CO_ITERABLE_COROUTINE else profiled


def _coroutine(function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    async def profiled(*arguments: Any, **keywords: Any) -> Any:
        return await awaitable(function(*arguments, **keywords), traced())

    return profiled


@types.coroutine
def awaitable(inner: Any, tracing: Any) -> Any:
    return (yield from delegated(inner, tracing))


def delegated(inner: Any, tracing: Any) -> Iterator[Any]:
    """What ``yield from inner`` does (PEP 380), with a context around each piece of inner that runs, and the hooks on until it ends."""
    # What goes through is in this list and in no variable, which would hold it while inner runs on.
    passing: List[Any] = [None]
    step = inner.send
    _hognose.profile_open()
    try:
        while True:
            try:
                with tracing:
                    passing.append(step(passing.pop()))
            except StopIteration as end:
                return end.value
            try:
                passing.append((yield passing.pop()))
                step = inner.send
            except GeneratorExit:
                with tracing:
                    inner.close()
                raise
            except BaseException as thrown:
                step = inner.throw
                passing.append(thrown)
    finally:
        _hognose.profile_close()


def _asynchronous_generator(function: Callable[..., Any]) -> Any:
    @functools.wraps(function)
    async def profiled(*arguments: Any, **keywords: Any) -> AsyncIterator[Any]:
        inner = function(*arguments, **keywords)
        passing: List[Any] = [None]
        step = inner.asend
        _hognose.profile_open()
        try:
            while True:
                try:
                    passing.append(await awaitable(step(passing.pop()), traced()))
                except StopAsyncIteration:
                    return
                try:
                    passing.append((yield passing.pop()))
                    step = inner.asend
                except GeneratorExit:
                    await awaitable(inner.aclose(), traced())
                    raise
                except BaseException as thrown:
                    step = inner.athrow
                    passing.append(thrown)
        finally:
            _hognose.profile_close()

    return profiled


def _warn(other: Any) -> None:
    if not _warned:
        _warned.append(other)
        warnings.warn(
            "hognose.profile: %r traces this thread, and sees nothing of profiled functions while they run: before Python 3.12 there is"
            " one trace function a thread" % (type(other).__name__ if not hasattr(other, "__qualname__") else other.__qualname__,),
            RuntimeWarning,
            stacklevel=4,
        )
