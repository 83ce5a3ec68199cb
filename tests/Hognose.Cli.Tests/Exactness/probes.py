# Allocates at one line, called in all the ways Python calls, and prints what Python itself says of the stack each time:
# "bytes blocks file:line file:line ..." by stack, outermost frame first.
import functools
import os
import sys

kept, truth = [], {}


def probe():
    size = 1000 + len(kept)
    block = bytes(size)
    kept.append(block)
    frame, frames = sys._getframe(), []
    line = frame.f_lineno - 3
    while frame is not None:
        frames.append("%s:%d" % (frame.f_code.co_filename, line or frame.f_lineno))
        frame, line = frame.f_back, None
    key = " ".join(reversed(frames))
    held, count = truth.get(key, (0, 0))
    truth[key] = held + sys.getsizeof(block), count + 1


def recursive(depth):
    if depth:
        recursive(depth - 1)
    probe()


def generator(depth):
    probe()
    yield 1
    if depth:
        yield from generator(depth - 1)
    probe()
    yield 2


class WithSpecials:
    def __init__(self): probe()
    def __del__(self): probe()
    def __lt__(self, other): probe(); return id(self) < id(other)
    def __getattr__(self, name): probe(); return name
    def __iter__(self): probe(); return iter(())
    def __eq__(self, other): probe(); return self is other
    __hash__ = object.__hash__


def exceptions():
    try:
        try:
            probe()
            raise ValueError
        except ValueError:
            probe()
            raise KeyError
        finally:
            probe()
    except KeyError:
        probe()


def cached():
    def inner(number): probe(); return number
    for wrapped in functools.lru_cache(maxsize=2)(inner), functools.partial(inner):
        for number in range(4):
            wrapped(number)


async def coroutine(depth):
    probe()
    if depth:
        await coroutine(depth - 1)
    probe()


def run():
    for turn in range(3):
        recursive(30)
        for unused in generator(4): probe()
        objects = [WithSpecials() for unused in range(5)]
        objects.sort()
        objects[0].missing
        list(objects[0])
        objects[0] in objects[1:]
        del objects
        exceptions()
        cached()
        list(map(lambda unused: probe(), range(3)))
        sorted(range(3), key=lambda unused: probe() or 1)
        [probe() for unused in range(3)]
        {number: probe() for number in range(3)}
        exec("probe()\nfor unused in range(2):\n\n    probe()", globals())
        try:
            coroutine(3).send(None)
        except StopIteration:
            pass
        other = generator(2)
        next(other)
        (lambda: next(other))()
        recursive(turn)


run()
for key, (held, count) in truth.items():
    print(held, count, key)
sys.stdout.flush()
os._exit(0)
