"""The tree that hognose.sizes gives."""

from ._naming import label, word

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


class Sizes:
    """An object with its deep size, and what it holds, largest first. Printing it prints the tree.

    Attributes: ``name`` (the way to it from what holds it), ``object``,
    ``size`` (bytes, with all that is not counted higher up or earlier),
    ``own`` (bytes, its shallow size), ``objects`` (how many were counted),
    ``children`` (Sizes), ``others`` and ``others_size`` (children that are
    too many to list, and their bytes), ``remarks``.
    """

    __slots__ = ("name", "object", "size", "own", "objects", "children", "others", "others_size", "remarks")

    def __init__(self, holder, tree):
        kind, key, self.object, self.size, self.own, self.objects, children, self.others, self.others_size = tree
        self.name = None if holder is None else label(holder, (kind, key))
        self.children = sorted((Sizes(self.object, child) for child in children), key=lambda each: -each.size)
        self.remarks = ()

    def __str__(self):
        lines = []
        self._add_to(lines, 0)
        width = max(len(text) for text, _, _ in lines)
        table = ["%-*s  %10s  %10s" % (width, "", "size", "own")]
        table += ["%-*s  %10s  %10s" % (width, text, _bytes(size), "" if own is None else _bytes(own)) for text, size, own in lines]
        return "\n".join(table + list(self.remarks))

    def __repr__(self):
        return "<hognose.Sizes of %s: %d bytes in %d objects>" % (word(self.object), self.size, self.objects)

    def _add_to(self, lines, depth):
        indent = "  " * depth
        lines.append((indent + (word(self.object) if self.name is None else "%s  %s" % (self.name, word(self.object))), self.size, self.own))
        for child in self.children:
            child._add_to(lines, depth + 1)
        if self.others:
            lines.append(("%s  … %s more" % (indent, format(self.others, ",")), self.others_size, None))


def _bytes(count):
    unit = 0
    while count >= 10000 and unit + 1 < len(_UNITS):
        count /= 1024.0
        unit += 1
    return "%d B" % count if unit == 0 else "%.1f %s" % (count, _UNITS[unit])


def of(tree):
    root, overridden, failed, _, _, _ = tree
    sizes = Sizes(None, root)
    remarks = []
    if overridden:
        remarks.append("%s with a __sizeof__ of their own in Python, which was not called" % _objects(overridden))
    if failed:
        remarks.append("%s whose __sizeof__ failed, counted with their basic size" % _objects(failed))
    sizes.remarks = tuple(remarks)
    return sizes


def _objects(count):
    return "%s object%s" % (format(count, ","), "" if count == 1 else "s")
