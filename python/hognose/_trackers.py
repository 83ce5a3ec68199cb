"""What came and what went between two looks, by type."""

import gc
import sys

from . import _hognose
from ._naming import full_name, still

_UNITS = ("B", "KB", "MB", "GB", "TB")


class SummaryTracker:
    """Objects by type, compared with the last look.

    A summary is a list of rows ``[type, objects, bytes]``; a difference has
    the same rows, with what was gained or lost, and none where nothing was.
    Bytes are shallow sizes, as of ``sys.getsizeof``. Nothing of the tracker
    is in its summaries, and it holds no object of the program.

    >>> from hognose import SummaryTracker
    >>> tracker = SummaryTracker()
    >>> kept = [complex(number) for number in range(100)]
    >>> [row[:2] for row in tracker.diff() if row[0] == "complex"]
    [['complex', 100]]
    """

    # A summary is kept as one string: it can then be left out of the next by its address, and shares no number with the program.
    __slots__ = ("_s0", "_s1", "_summaries")

    def __init__(self):
        self._s0 = self._s1 = None
        self._summaries = {}
        # The first look fills caches of CPython's (method caches, free lists), which the second would take for news.
        self.diff(self.create_summary())
        self._s0 = _packed(self.create_summary())
        self._s1 = None

    @property
    def s0(self):
        """The summary that the next difference starts from."""
        return _unpacked(self._s0)

    @property
    def s1(self):
        """The summary that the last difference ended with; None before the first."""
        return None if self._s1 is None else _unpacked(self._s1)

    @property
    def summaries(self):
        """The summaries that were stored, by their keys."""
        return {key: _unpacked(text) for key, text in self._summaries.items()}

    def create_summary(self):
        """The rows of all objects there are now, by type."""
        return still(_rows, self)

    def diff(self, summary1=None, summary2=None):
        """What changed since the last call, since summary1, or between two summaries."""
        if summary2 is not None:
            if summary1 is None:
                raise ValueError("summary2 is compared with summary1: give both, or summary1 alone")
            return _difference(summary1, summary2)
        now = self.create_summary()
        rows = _difference(self.s0 if summary1 is None else summary1, now)
        self._s0 = self._s1 = _packed(now)
        return rows

    def store_summary(self, key):
        """Keeps a summary of now in ``summaries`` under a key."""
        self._summaries[key] = _packed(self.create_summary())

    def format_diff(self, summary1=None, summary2=None, limit=15):
        """The lines of the table of a difference, most bytes first."""
        return _table(self.diff(summary1, summary2), limit)

    def print_diff(self, summary1=None, summary2=None, limit=15):
        """Prints the table of a difference."""
        print("\n".join(self.format_diff(summary1, summary2, limit)))


def _rows(tracker):
    # All that is made below comes after the look, all that was kept before is left out of it, and so are our frames, which up to 3.10
    # are objects like any other.
    ignored = [each for each in _kept_by(tracker) if each is not None] + _own_frames()
    rows = _hognose.summary(gc.get_objects(), ignored)
    ignored.clear()  # our frame is in it, and it in our frame
    totals = {}
    for kind, objects, size in rows:
        name = full_name(kind)
        count, total = totals.get(name, (0, 0))
        totals[name] = count + objects, total + size
    return [[name, count, total] for name, (count, total) in totals.items()]


def _own_frames():
    """The frames of this package that are running, from the caller's on."""
    found = []
    frame = sys._getframe(1)
    while frame is not None and (frame.f_globals.get("__package__") or "").partition(".")[0] == "hognose":
        found.append(frame)
        frame = frame.f_back
    return found


def _kept_by(tracker):
    return [tracker, tracker._s0, tracker._s1, tracker._summaries] + list(tracker._summaries.values())


def _packed(rows):
    return "".join("%s\t%d\t%d\n" % tuple(row) for row in rows)


def _unpacked(text):
    rows = [line.rsplit("\t", 2) for line in text.splitlines()]
    return [[name, int(objects), int(size)] for name, objects, size in rows]


def _difference(before, after):
    old = {name: (objects, size) for name, objects, size in before}
    rows = []
    for name, objects, size in after:
        old_objects, old_size = old.pop(name, (0, 0))
        if objects != old_objects or size != old_size:
            rows.append([name, objects - old_objects, size - old_size])
    rows += [[name, -objects, -size] for name, (objects, size) in old.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def _table(rows, limit):
    shown = [[name, format(objects, ","), _bytes(size)] for name, objects, size in rows[:limit]]
    head = ["types", "# objects", "total size"]
    widths = [max(len(row[column]) for row in shown + [head]) for column in range(3)]
    line = lambda row: " | ".join(text.rjust(width) for text, width in zip(row, widths))
    rule = " | ".join("=" * width for width in widths)
    return [line(head), rule] + [line(row) for row in shown]


def _bytes(count):
    unit = 0
    size = float(abs(count))
    while size >= 1024 and unit + 1 < len(_UNITS):
        size /= 1024
        unit += 1
    sign = "-" if count < 0 else ""
    return "%s%d     B" % (sign, size) if unit == 0 else "%s%.2f %s" % (sign, size, _UNITS[unit])
