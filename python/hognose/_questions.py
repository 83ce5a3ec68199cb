"""snapshot, why, retained, biggest and rss of the program itself."""

import os
import sys
from collections import namedtuple

from ._within import Answer, ask

__all__ = ["Biggest", "Resident", "Retained", "Snapshot", "Why", "biggest", "retained", "rss", "snapshot", "why"]

#: Up to 3.10 arguments stay on the stack of whoever calls, and our frames are objects that refer to theirs. From 3.11 on the argument may be the only
#: reference; it is our variable, which the tool knows for ours.
_CALLER_KEEPS_IT = sys.version_info < (3, 11)

BigObject = namedtuple("BigObject", "address type name retained shallow objects held_by")
BigObject.__doc__ = "One of ``biggest()``: sizes in bytes, ``objects`` how many would be freed with it, ``held_by`` who holds it, in words."


class Snapshot(Answer):
    """A heap that was kept in a file.

    Attributes: ``path`` (of the file), ``bytes`` (of the file), ``objects``
    (in it), and those of every answer: ``json``, ``text``, ``pause``.
    """

    def __init__(self, document, text):
        Answer.__init__(self, document, text)
        self.path, self.bytes, self.objects = document["path"], document["file_bytes"], document["objects"]

    def __fspath__(self):
        return self.path

    def _words(self):
        return "%s, %s objects" % (self.path, format(self.objects, ","))


class Why(Answer):
    """Who holds an object.

    Attributes: ``ways`` (words for up to five ways to it, the shortest from a
    module or a variable first), ``type``, ``retained`` (bytes that would be
    freed with it), and those of every answer: ``json``, ``text``, ``pause``.
    """

    def __init__(self, document, text):
        Answer.__init__(self, document, text)
        self.ways = [way["held_by"] for way in document["ways"]]
        self.type = document["type"]
        self.retained = document["ways"][0]["retained_bytes"]

    def _words(self):
        return "%s held by %s" % (self.type, self.ways[0])


class Retained(Answer):
    """What would be freed with an object. ``int()`` of it is ``bytes``.

    Attributes: ``bytes`` (retained), ``shallow`` (of the object alone, as
    ``sys.getsizeof``), ``parts`` ((how it is referred to, type, bytes that it
    retains) of the largest parts), and those of every answer: ``json``,
    ``text``, ``pause``.
    """

    def __init__(self, document, text):
        Answer.__init__(self, document, text)
        top = document["top"]
        self.bytes, self.shallow = top["retained_bytes"], top["object"]["shallow_bytes"]
        self.parts = [(part["reference"] or "(several ways)", part["object"]["type"], part["retained_bytes"]) for part in top["parts"]]

    def __int__(self):
        return self.bytes

    def _words(self):
        return "%s bytes, of which %s its own" % (format(self.bytes, ","), format(self.shallow, ","))


class Biggest(Answer):
    """The objects that keep the most alive.

    Attributes: ``objects`` (a list of BigObject, the largest first; iterating
    over the answer iterates over it), ``held`` and ``garbage`` (bytes of all
    that something holds, and of what a collection would free), and those of
    every answer: ``json``, ``text``, ``pause``.
    """

    def __init__(self, document, text):
        Answer.__init__(self, document, text)
        self.objects = [
            BigObject(int(each["address"], 16), each["type"], each["name"], each["retained_bytes"], each["shallow_bytes"], each["retained_objects"], each["held_by"])
            for each in document["objects"]
        ]
        self.held, self.garbage = document["totals"]["held_bytes"], document["totals"]["garbage_bytes"]

    def __iter__(self):
        return iter(self.objects)

    def __len__(self):
        return len(self.objects)

    def __getitem__(self, place):
        return self.objects[place]

    def _words(self):
        return "%s of %s bytes" % (self.objects[0].held_by, format(self.objects[0].retained, ",")) if self.objects else "nothing"


class Resident(Answer):
    """Where the resident memory is.

    Attributes: ``bytes`` (resident, the sum of ``parts`` and of Rss over
    ``/proc/self/smaps``), ``parts`` ((kind, name, bytes), as
    docs/formats/rss-json.md explains the kinds), ``explained`` (the share of
    bytes, 0 to 1), ``verdict`` and ``remedy`` (sentences), and those of every
    answer: ``json``, ``text``, ``pause``.
    """

    def __init__(self, document, text):
        Answer.__init__(self, document, text)
        self.bytes, self.explained = document["totals"]["resident_bytes"], document["totals"]["explained_share"]
        self.parts = [(part["kind"], part["name"], part["resident_bytes"]) for part in document["parts"]]
        self.verdict, self.remedy = document["verdict"]["sentence"], document["verdict"]["remedy"]

    def _words(self):
        return "%s bytes resident. %s" % (format(self.bytes, ","), self.verdict)


def snapshot(path=None, contents=False):
    """Keeps the heap of this program in a file, as ``hognose snapshot`` does, and goes on; a Snapshot.

    ``path`` is the file; None makes ``hognose-NAME.PID.heap`` in the current
    folder. The values of strings and numbers stay out of it;
    ``contents=True`` keeps text keys of dicts, up to 40 characters of each.
    Every question of the tool can be asked of the file, and
    ``hognose diff BEFORE AFTER`` says what grew between two.

    This and ``why``, ``retained``, ``biggest`` and ``rss`` make a copy of the
    process that stands still (a fork that runs nothing) and have the tool, a
    process beside the program, read it: the same engine as from outside. The
    program stands still for the fork alone (``pause``, some milliseconds per
    100 MB); other threads run on while the answer is worked out. The call
    itself is no part of the answer. RuntimeError, with one line, where it
    cannot be: the tool is not installed, or no memory, or a seccomp filter or
    policy forbids a fork or reading the copy.

    >>> import os, tempfile, hognose
    >>> path = os.path.join(tempfile.mkdtemp(), "now.heap")
    >>> taken = hognose.snapshot(path)
    >>> taken.path == path and taken.bytes == os.path.getsize(path) and taken.objects > 1000
    True
    """
    if path is not None:
        path = os.path.abspath(os.fsdecode(path))
    return ask(Snapshot, "snapshot", *(["--output", path] if path is not None else []), *_keys(contents))


def marked(name):
    """The same, of a moment of a recording, whose name stands in the file's."""
    return ask(Snapshot, "snapshot", "--mark", name)


def why(obj, contents=True):
    """Who holds an object, in the words of ``hognose why``; a Why.

    Ways come from modules and from variables of running functions, else from
    what else holds it; weak references hold nothing. ``contents=False``
    leaves the text keys of dicts out. See ``snapshot`` for how it is done and
    what it raises.

    >>> import sys, hognose
    >>> hognose.why(sys.path).ways[0]
    'module sys.path'
    """
    address = id(obj)
    if _CALLER_KEEPS_IT:
        del obj
    return ask(Why, "why", hex(address), *_keys(contents))


def retained(obj, depth=2, top=8, contents=True):
    """What would be freed with an object: itself and all that nothing else holds; a Retained.

    Printing it prints the tree of that, ``depth`` levels of the ``top``
    largest parts, as ``hognose tree`` does. See ``snapshot`` for how it is
    done and what it raises.

    >>> import hognose
    >>> rows = ["x" * 1000 + str(i) for i in range(10)]
    >>> int(hognose.retained(rows)) == hognose.deepsizeof(rows)
    True
    """
    _positive(depth=depth, top=top)
    address = id(obj)
    if _CALLER_KEEPS_IT:
        del obj
    return ask(Retained, "retained", hex(address), "--depth", str(depth), "--top", str(top), *_keys(contents))


def biggest(top=15, contents=True):
    """The objects that keep the most alive, as ``hognose biggest`` lists them; a Biggest.

    See ``snapshot`` for how it is done and what it raises.

    >>> import hognose
    >>> hognose.planted = [str(i) * 200 for i in range(10000)]
    >>> found = hognose.biggest(top=20)
    >>> [each.held_by for each in found if each.address == id(hognose.planted)]
    ['module hognose.planted']
    >>> del hognose.planted
    """
    _positive(top=top)
    return ask(Biggest, "biggest", "--top", str(top), *_keys(contents))


def rss(top=8, contents=True):
    """Every byte of this program's resident memory explained, with a verdict and a remedy, as ``hognose rss`` does; a Resident.

    See ``snapshot`` for how it is done and what it raises.

    >>> import hognose
    >>> found = hognose.rss()
    >>> found.bytes == sum(size for kind, name, size in found.parts)
    True
    """
    _positive(top=top)
    return ask(Resident, "rss", "--top", str(top), *_keys(contents))


def _keys(contents):
    return ["--contents"] if contents else []


def _positive(**given):
    for name, value in given.items():
        if type(value) is not int or value < 1:
            raise ValueError("%s is a whole number from 1 on, not %r" % (name, value))
