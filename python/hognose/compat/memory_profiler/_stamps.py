"""When functions ran and what memory the process had, as mprof draws it."""

from __future__ import annotations

import functools
import inspect
import sys
import time

from ._backends import choose_backend, memory

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Dict


class TimeStamper:
    """Notes memory (MiB) and time (seconds since the epoch) when functions begin and end.

    ``functions`` is ``{function: [[(MiB, time) at the start, (MiB, time) at the end], ...]}``, ``stack`` the depth of each call.
    """

    def __init__(self, backend: Any, include_children: bool = False) -> None:
        self.backend = choose_backend(backend)
        self.include_children = include_children
        self.functions: Dict[Any, Any] = {}
        self.stack: Dict[Any, Any] = {}
        self.current_stack_level = -1

    def __call__(self, func: Any = None, precision: Any = None) -> Any:
        if func is None:
            return functools.partial(self, precision=precision)
        if not callable(func):
            raise ValueError("a TimeStamper decorates functions, not %r" % (func,))
        self.add_function(func)
        return self.wrap_function(func)

    def timestamp(self, name: str = "<block>") -> Any:
        """A context manager that notes a block under that name."""
        block = _Named(name)
        self.add_function(block)
        return _Block(self, block)

    def add_function(self, func: Any) -> None:
        self.functions.setdefault(func, [])
        self.stack.setdefault(func, [])

    def wrap_function(self, func: Any) -> Any:
        """The function, noted at each call."""
        if inspect.iscoroutinefunction(func):

            @functools.wraps(func)
            async def noted(*args: Any, **kwargs: Any) -> Any:
                with _Block(self, func):
                    return await func(*args, **kwargs)

        else:

            @functools.wraps(func)
            def noted(*args: Any, **kwargs: Any) -> Any:
                with _Block(self, func):
                    return func(*args, **kwargs)

        return noted

    def show_results(self, stream: Any = None) -> None:
        """Writes ``FUNC name MiB time MiB time depth`` for each call, as in mprof's files."""
        stream = sys.stdout if stream is None else stream
        if stream is None:
            # As with print(): the program may have none.
            return
        for func, calls in self.functions.items():
            name = "%s.%s" % (func.__module__, func.__name__)
            for call, level in zip(calls, self.stack[func]):
                # A call that goes on has no end yet.
                if len(call) == 2:
                    stream.write("FUNC %s %.4f %.4f %.4f %.4f %d\n" % ((name,) + call[0] + call[1] + (level,)))

    def _now(self) -> Any:
        return memory(-1, self.backend, self.include_children), time.time()


class _Named:
    """Stands for a block among the functions."""

    __module__ = ""

    def __init__(self, name: str) -> None:
        self.__name__ = name


class _Block:
    def __init__(self, stamper: Any, key: Any) -> None:
        self._stamper, self._key = stamper, key

    def __enter__(self) -> Any:
        stamper = self._stamper
        stamper.current_stack_level += 1
        self._call = [stamper._now()]
        stamper.functions[self._key].append(self._call)
        stamper.stack[self._key].append(stamper.current_stack_level)
        return self

    def __exit__(self, *_: Any) -> None:
        self._call.append(self._stamper._now())
        self._stamper.current_stack_level -= 1
