"""Blocks of code that must not grow the heap."""

import gc
import sys

from . import _chains, _hognose
from ._collections import counted, size_text
from ._naming import attribute, full_name
from ._trackers import _own_frames, _packed, _unpacked

_FRAMES = 16
_MOST_SHOWN = 10
_SETTLING_LOOKS = 2

#: Its objects never change, and grow in place only by CPython's cache of their instructions, once they ran 1,024 times (3.8 to 3.10).
_CODE = "code"
_UNITS = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}


class LeakError(AssertionError):
    """A block left more than it found. ``growth`` has what, a list of Growth.

    >>> kept = []
    >>> try:
    ...     with leaks():
    ...         kept.append(object())
    ... except LeakError as error:
    ...     [row.objects for row in error.growth if row.type == "object"]
    [1]
    """

    def __init__(self, text, growth):
        super().__init__(text)
        self.growth = growth


class Growth:
    """What there is more of, of one type.

    Attributes: ``type`` (name), ``objects`` and ``bytes`` (how many more, by
    shallow size; no objects where only some grew in place), ``holders`` (words
    for the way from a module or a running function to one that is new; ""
    where there is none or no new object).
    """

    __slots__ = ("type", "objects", "bytes", "holders")

    def __init__(self, kind, objects, size, holders):
        self.type, self.objects, self.bytes, self.holders = kind, objects, size, holders

    def __repr__(self):
        return "<hognose growth: %+d %s, %+d bytes>" % (self.objects, self.type, self.bytes)


class leaks:
    """A block that must not grow: raises LeakError when more is there after it than before, after a collection.

    ``limit`` is what it may leave, in bytes or as "100 KB" (1 KB is 1024
    bytes). The first ``warmup`` uses fill caches and are not compared.
    ``ignore`` lists types, or their names with module, that may grow.
    ``raises=False`` only fills ``growth``, a list of Growth, most bytes first.

    As the iterable of a loop it runs the block ``warmup + repeat`` times, and
    what grew in every one of the ``repeat`` rounds counts: what a program
    does once in a while is no leak.

    >>> kept = []
    >>> try:
    ...     with leaks():
    ...         kept.append({"a": object()})
    ... except LeakError as error:
    ...     [(row.type, row.objects) for row in error.growth if row.type == "dict"]
    [('dict', 1)]
    >>> for _ in leaks(repeat=3, warmup=1):
    ...     numbers = list(range(1000))
    """

    __slots__ = ("growth", "_limit", "_warmup", "_repeat", "_ignore", "_raises", "_look", "_rows", "_uses", "_grown")

    def __init__(self, limit=0, warmup=0, repeat=1, ignore=(), raises=True):
        if not (type(warmup) is int and warmup >= 0 and type(repeat) is int and repeat >= 1):
            raise ValueError("warmup is a whole number from 0 on and repeat one from 1 on, not %r and %r" % (warmup, repeat))
        self._limit = bytes_of(limit)
        self._warmup, self._repeat, self._raises = warmup, repeat, raises
        self._ignore = frozenset(full_name(each) if isinstance(each, type) else each for each in ([ignore] if isinstance(ignore, (str, type)) else ignore))
        self.growth = []
        self._look = self._rows = self._grown = None
        self._uses = 0

    def __enter__(self):
        self.growth = []
        self._grown = None
        # The first looks fill caches of CPython's, which the last would take for news.
        for _ in range(_SETTLING_LOOKS):
            self._take_look()
        return self

    def __exit__(self, kind, error, traceback):
        frame = sys._getframe(1)
        self._uses += 1
        if kind is None and self._uses > self._warmup:
            self._finish(self._compare(), frame)
        self._forget()

    def __iter__(self):
        self.growth = []
        self._grown = None
        for _ in range(self._warmup):
            yield 0
        for _ in range(_SETTLING_LOOKS):
            self._take_look()
        for number in range(self._repeat - 1):
            yield number
            self._compare()
        yield self._repeat - 1
        self._finish(self._compare(), sys._getframe(1))

    def _forget(self):
        self._look = self._rows = self._grown = None

    def _compare(self):
        """Another look; keeps of what grew only what grew in every round so far, and gives what is new."""
        # Nothing of ours that the collector knows may be alive during a look, and from 3.14 on it knows every dict: hence texts.
        rows_before = self._rows
        added = self._take_look()
        before, now = _totals(rows_before), _totals(self._rows)
        so_far = None if self._grown is None else _totals(self._grown)
        grown = []
        for name, (objects, size) in now.items():
            old_objects, old_size = before.get(name, (0, 0))
            is_cache = name == _CODE and objects <= old_objects
            if size > old_size and not is_cache and name not in self._ignore and (so_far is None or name in so_far):
                more, larger = (so_far or {}).get(name, (0, 0))
                grown.append([name, more + objects - old_objects, larger + size - old_size])
        self._grown = _packed(grown)
        return added

    def _finish(self, added, frame):
        rows = sorted(_unpacked(self._grown), key=lambda row: (-row[2], row[0]))
        self._forget()
        if sum(size for _, _, size in rows) <= self._limit:
            return
        examples = {}
        for item in added:
            examples.setdefault(full_name(type(item)), item)
        del added
        self.growth = [Growth(name, objects, size, _way_to(examples.get(name), frame) if place < _MOST_SHOWN else "") for place, (name, objects, size) in enumerate(rows)]
        if self._raises:
            raise LeakError(text_of(self.growth, self._limit, self._repeat), self.growth)

    def _take_look(self):
        """What is new since the last look; remembers where everything is, 24 bytes an object outside the heap."""
        gc.collect()
        ignored = [self, self.growth, self._look, self._rows, self._grown, self._ignore] + _own_frames()
        ignored = [each for each in ignored if each is not None]
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            self._look, rows, added, _ = _hognose.look(gc.get_objects(), ignored, _FRAMES, self._look)
        finally:
            ignored.clear()
            if was_enabled:
                gc.enable()
        self._rows = _packed([[full_name(kind), objects, size] for kind, objects, size in rows])
        return added


def _totals(rows):
    totals = {}
    for name, objects, size in _unpacked(rows):
        before = totals.get(name, (0, 0))
        totals[name] = before[0] + objects, before[1] + size
    return totals


def _way_to(item, frame):
    if item is None:
        return ""
    found = _chains.from_modules(item) or _chains.from_frames(item, frame)
    return "" if found is None else found.root + "".join(_folded(found.steps))


def _folded(steps):
    """Entries of a module's or an instance's dict as attributes."""
    words = []
    for step in steps:
        name = attribute(step[2:-2]) if step[:2] == "['" and words and words[-1] == ".__dict__" else None
        if name is not None:
            words[-1] = name
        else:
            words.append(step if step[:1] in ".[" else ", " + step if not words and step[:6] == "local " else " -> " + step)
    return words


def text_of(growth, limit, rounds):
    """The lines of a LeakError."""
    total = sum(row.bytes for row in growth)
    within = "" if rounds == 1 else " in %d rounds" % rounds
    lines = ["the block left %s more than it found%s%s" % (size_text(total), within, ", and may leave %s" % size_text(limit) if limit else "")]
    for row in growth[:_MOST_SHOWN]:
        what = counted(row.objects, "object") if row.objects > 0 else "in place"
        lines.append("  %12s  %14s  %s%s" % ("+" + size_text(row.bytes), what, row.type, "  held by " + row.holders if row.holders else ""))
    if len(growth) > _MOST_SHOWN:
        lines.append("  … %s" % counted(len(growth) - _MOST_SHOWN, "more type"))
    return "\n".join(lines)


def bytes_of(limit):
    """Bytes of a number or of text such as "24 MB"; 1 KB is 1024 bytes.

    >>> bytes_of("1.5 KB"), bytes_of(100)
    (1536, 100)
    """
    if type(limit) in (int, float) and 0 <= limit < float("inf"):
        return int(limit)
    if isinstance(limit, str):
        text = limit.strip().lstrip("+")
        number = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        unit = text[len(number) :].upper() or "B"
        try:
            if unit in _UNITS and 0 <= float(number) < float("inf"):
                return int(float(number) * _UNITS[unit])
        except ValueError:
            pass
    raise ValueError('a limit is a number of bytes or text such as "24 MB", not %r' % (limit,))
