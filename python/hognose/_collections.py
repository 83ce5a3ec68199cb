"""Collections in words."""

_MOST_TYPES = 8
_MOST_CYCLES = 8
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class Collection:
    """One collection of garbage. Printing it prints what ``hognose.gc.debug`` says of it.

    Attributes: ``generation``; ``time`` (seconds since 1970, when it began);
    ``pause`` (seconds, without what the reading took); ``looked_through``
    (objects of the generations collected); ``collected`` and
    ``uncollectable`` (objects, as CPython counts them); ``saved`` (objects
    that went to ``gc.garbage``); ``types``: (name, objects, bytes) of what was
    found; ``cycles``: (words for a cycle, how many there were like it, whether
    its objects went to ``gc.garbage``); ``more_cycles``, how many were too
    many for ``cycles``; ``revived``, objects that were found but came back to life or were not looked at.
    """

    __slots__ = ("generation", "time", "pause", "looked_through", "collected", "uncollectable", "saved", "types", "cycles", "more_cycles", "revived")

    @property
    def found(self):
        """Objects, all of ``types``."""
        return sum(objects for _, objects, _ in self.types)

    @property
    def bytes(self):
        """Shallow sizes of what was found, together."""
        return sum(size for _, _, size in self.types)

    def headline(self):
        """The line on counts and time."""
        text = "generation %d, %s, %s looked through: %s collected" % (
            self.generation, duration(self.pause), counted(self.looked_through, "object"), format(self.collected, ","))
        if self.found:
            text += " (%s)" % size_text(self.bytes)
        text += ", %s uncollectable" % format(self.uncollectable, ",")
        if self.saved > self.uncollectable:
            text += ", %s kept in gc.garbage (DEBUG_SAVEALL)" % format(self.saved, ",")
        if self.revived:
            text += ", %s still there (revived by finalizers, or left for later)" % format(self.revived, ",")
        return text

    def details(self, is_saved=None):
        """The lines on types and cycles; is_saved: only of cycles whose objects did, or did not, go to gc.garbage."""
        lines = []
        fate = "uncollectable: " if self.saved <= self.uncollectable else "in gc.garbage: "
        types = ["%s %s" % (format(objects, ","), name) for name, objects, _ in self.types[:_MOST_TYPES]]
        if len(self.types) > _MOST_TYPES:
            types.append(counted(len(self.types) - _MOST_TYPES, "more type"))
        if types:
            lines.append(", ".join(types))
        cycles = [cycle for cycle in self.cycles if is_saved is None or cycle[2] == is_saved]
        for words, count, saved in cycles[:_MOST_CYCLES]:
            lines.append("%s%s%s" % (fate if saved else "", "%s times " % format(count, ",") if count > 1 else "", words))
        more = sum(count for _, count, _ in cycles[_MOST_CYCLES:]) + self.more_cycles
        if more:
            lines.append("%s more cycle%s" % (format(more, ","), "" if more == 1 else "s"))
        return lines

    def __str__(self):
        return "\n    ".join([self.headline()] + self.details())

    def __repr__(self):
        return "<hognose.gc.Collection: %s>" % self.headline()


class Pending(Collection):
    """What a collection would free right now. Printing it prints that by type and by cycle.

    Attributes: ``looked_through`` (objects that the collector knows),
    ``found`` and ``bytes`` (objects that nothing but garbage holds, and their
    shallow sizes together), ``types``, ``cycles`` and ``more_cycles`` as of a
    Collection.
    """

    __slots__ = ()

    def headline(self):
        text = "a collection now: %s looked through, %s would be freed" % (counted(self.looked_through, "object"), format(self.found, ","))
        return text + " (%s)" % size_text(self.bytes) if self.found else text

    def __repr__(self):
        return "<hognose.gc.Pending: %s>" % self.headline()


class Pauses:
    """How long collections held a program up.

    Attributes: ``generations``, for each a tuple (collections, total seconds,
    longest in seconds, objects collected, objects uncollectable).
    """

    __slots__ = ("generations",)

    def __init__(self):
        self.generations = [(0, 0.0, 0.0, 0, 0)] * 3

    def add(self, collection):
        count, total, longest, collected, uncollectable = self.generations[collection.generation]
        self.generations[collection.generation] = (
            count + 1, total + collection.pause, max(longest, collection.pause), collected + collection.collected, uncollectable + collection.uncollectable)

    def copy(self):
        other = Pauses()
        other.generations = list(self.generations)
        return other

    @property
    def count(self):
        """Collections."""
        return sum(row[0] for row in self.generations)

    @property
    def total(self):
        """Seconds."""
        return sum(row[1] for row in self.generations)

    @property
    def longest(self):
        """Seconds."""
        return max(row[2] for row in self.generations)

    def __str__(self):
        rows = [("generation", "collections", "time", "longest", "collected", "uncollectable")]
        for generation, (count, total, longest, collected, uncollectable) in enumerate(self.generations):
            rows.append((str(generation), format(count, ","), duration(total), duration(longest), format(collected, ","), format(uncollectable, ",")))
        widths = [max(len(row[column]) for row in rows) for column in range(6)]
        return "\n".join("  ".join(text.rjust(width) for text, width in zip(row, widths)) for row in rows)

    def __repr__(self):
        return "<hognose.gc.Pauses: %d collections, %s, the longest %s>" % (self.count, duration(self.total), duration(self.longest))


def counted(number, noun):
    return "%s %s%s" % (format(number, ","), noun, "" if number == 1 else "s")


def duration(seconds):
    if seconds < 0.0001:
        return "%.0f us" % (seconds * 1e6)
    return "%.1f ms" % (seconds * 1000) if seconds < 1 else "%.2f s" % seconds


def size_text(count):
    unit = 0
    while count >= 10000 and unit + 1 < len(_UNITS):
        count /= 1024.0
        unit += 1
    return "%d B" % count if unit == 0 else "%.1f %s" % (count, _UNITS[unit])
