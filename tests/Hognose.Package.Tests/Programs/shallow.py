"""Every object that can be found: hognose.sizeof and the sizes that deepsizeof adds up are those of sys.getsizeof."""
import array, asyncio, collections, csv, ctypes, datetime, decimal, functools, gc, hashlib, io, itertools, json, logging, pickle, random, re
import sqlite3, ssl, struct, sys, threading, types, unittest, weakref, xml.etree.ElementTree

from hognose import _hognose, sizeof

# As many kinds of objects as come by themselves, and some that don't.
kept = [io.BytesIO(b"x" * 999), io.StringIO("y" * 99), pickle.Pickler(io.BytesIO()), array.array("d", [1, 2, 3]), itertools.tee([1])[0],
        functools.lru_cache(maxsize=4)(len), weakref.ref(gc.callbacks.__class__), memoryview(b"abc"), bytearray(33), slice(1, 2),
        types.SimpleNamespace(a=1), collections.Counter("aab"), frozenset("abc"), (i for i in "x"), 10**99, -1, 1j, "é", "\u20ac", "\U0001f600"]


def everything():
    found = {}
    todo = gc.get_objects()
    while todo:
        item = todo.pop()
        if id(item) not in found:
            found[id(item)] = item
            todo.extend(gc.get_referents(item))
    return [item for item in found.values() if item is not found and item is not todo]


measured = 0
every = everything()
for number, item in enumerate(every):
    if item is every:
        continue
    try:
        expected = sys.getsizeof(item)
    except TypeError:  # a method of an abstract class on its own
        continue
    assert sizeof(item) == expected, (type(item), sizeof(item), expected)
    if number % 4:
        continue
    # All kinds left out: what remains beside the object are its plain referents, which are measured the same way.
    total, objects, overridden, failed, working = _hognose.deepsizeof((item,), 31, 0)
    if objects == 1 and not overridden:
        assert total == expected, (type(item), total, expected)
        measured += 1
assert measured > 5000, measured
print(measured, "ok")
