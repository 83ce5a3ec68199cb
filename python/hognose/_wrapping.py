"""
Wrappers that trace a function while it runs, for Pythons without sys.monitoring (3.8 to 3.11). A generator or coroutine is traced while one of
its frames runs, and counts as under way, so that the hooks stay on, until it ends.
"""

import functools
import inspect
import sys
import types
import warnings

from . import _hognose

_warned = []


def wrapped(function):
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

    def __enter__(self):
        self._other = sys.gettrace()
        if self._other is not None:
            _warn(self._other)
        self._token = _hognose.profile_enter()

    def __exit__(self, *_):
        _hognose.profile_exit(self._token)
        if self._other is not None:
            sys.settrace(self._other)


class under_way(traced):
    """The same for a whole call: the hooks are on, too."""

    __slots__ = ()

    def __enter__(self):
        _hognose.profile_open()
        try:
            traced.__enter__(self)
        except BaseException:
            # The program may be at its recursion limit.
            _hognose.profile_close()
            raise

    def __exit__(self, *_):
        try:
            traced.__exit__(self)
        finally:
            _hognose.profile_close()


def _plain(function):
    @functools.wraps(function)
    def profiled(*arguments, **keywords):
        with under_way():
            return function(*arguments, **keywords)

    return profiled


def _generator(function):
    @functools.wraps(function)
    def profiled(*arguments, **keywords):
        return (yield from _delegated(function(*arguments, **keywords)))

    return profiled


def _coroutine(function):
    @functools.wraps(function)
    async def profiled(*arguments, **keywords):
        return await _awaitable(function(*arguments, **keywords))

    return profiled


@types.coroutine
def _awaitable(inner):
    return (yield from _delegated(inner))


def _delegated(inner):
    """What ``yield from inner`` does (PEP 380), with tracing on while inner runs."""
    tracing = traced()
    # What goes through is in this list and in no variable, which would hold it while inner runs on.
    passing = [None]
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


def _asynchronous_generator(function):
    @functools.wraps(function)
    async def profiled(*arguments, **keywords):
        inner = function(*arguments, **keywords)
        passing = [None]
        step = inner.asend
        _hognose.profile_open()
        try:
            while True:
                try:
                    passing.append(await _awaitable(step(passing.pop())))
                except StopAsyncIteration:
                    return
                try:
                    passing.append((yield passing.pop()))
                    step = inner.asend
                except GeneratorExit:
                    await _awaitable(inner.aclose())
                    raise
                except BaseException as thrown:
                    step = inner.athrow
                    passing.append(thrown)
        finally:
            _hognose.profile_close()

    return profiled


def _warn(other):
    if not _warned:
        _warned.append(other)
        warnings.warn(
            "hognose.profile: %r traces this thread, and sees nothing of profiled functions while they run: before Python 3.12 there is"
            " one trace function a thread" % (type(other).__name__ if not hasattr(other, "__qualname__") else other.__qualname__,),
            RuntimeWarning,
            stacklevel=4,
        )
