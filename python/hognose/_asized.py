"""The tree that asized() gives."""

from typing import Any, List, Optional, Sequence, Tuple, Union

from ._naming import _ATTRIBUTE, _ATTRIBUTES, _CLASS, _KEY, _MEMBER, _VALUE


class Asized:
    """The size of an object.

    Attributes: ``size`` (bytes, with what it refers to), ``flat`` (bytes of
    its own), ``refs`` (Asized of what it refers to), ``name``.
    """

    def __init__(self, size: int, flat: int, refs: Sequence["Asized"] = (), name: Optional[str] = None) -> None:
        self.size = size
        self.flat = flat
        self.name = name
        self.refs: Union[Sequence["Asized"], List["Asized"]] = tuple(refs)

    def __str__(self) -> str:
        return "size %r, flat %r, refs[%d], name %r" % (self.size, self.flat, len(self.refs), self.name)

    def format(
        self, format: str = "%(name)s size=%(size)d flat=%(flat)d", depth: int = -1, order_by: str = "size", indent: str = ""
    ) -> str:
        """The tree as text, a line an object, ``depth`` levels of it (-1: all), sorted by the named attribute: sizes the largest first."""
        lines: List[str] = []
        self._add_lines(lines, format, depth, order_by, indent)
        return "\n".join(lines)

    def get(self, name: str, dflt: Optional["Asized"] = None) -> Optional["Asized"]:
        """The first referent of that name, or ``dflt``."""
        return next((ref for ref in self.refs if ref.name == name), dflt)

    def _add_lines(self, lines: List[str], format: str, depth: int, order_by: str, indent: str) -> None:
        lines.append(indent + format % dict(size=self.size, flat=self.flat, name=self.name))
        if depth:
            is_size = order_by in ("size", "flat")
            for ref in sorted(self.refs, key=lambda each: getattr(each, order_by), reverse=is_size):
                ref._add_lines(lines, format, depth - 1, order_by, indent + "    ")


def clipped_repr(obj: Any, clip: int = 80) -> str:
    """The repr on one line of ``clip`` characters at most, with its middle left out."""
    try:
        text = repr(obj).replace("\n", "\\n")
    except Exception:
        return "N/A"
    side = clip // 2 - 2
    return text if not len(text) > clip > 0 or side <= 0 else text[:side] + "...." + text[-side:]


def pretty(obj: Any, clip: int = 0) -> str:
    """The repr of a type or name, without its brackets and quotes."""
    return clipped_repr(obj, clip).strip("<>").replace("'", "")


def name_of(obj: Any, clip: int = 80) -> str:
    """Its ``__name__`` or its repr; both are the program's code."""
    try:
        name = getattr(obj, "__name__", None)
    except Exception:
        name = None
    return name if isinstance(name, str) and name else clipped_repr(obj, clip)


def reference_name(kind: int, key: Any, held: Any, clip: int = 80) -> Optional[str]:
    """How pympler calls a reference; None for one without a name, such as a list's item."""
    if kind == _KEY:
        return "[K] " + pretty(key, clip)
    if kind == _VALUE:
        return "[V] %s: %s" % (pretty(key, clip), clipped_repr(held, clip))
    if kind in (_MEMBER, _ATTRIBUTE):
        return str(key)
    if kind == _ATTRIBUTES:
        return "__dict__"
    if kind == _CLASS:
        return "__class__"
    return None


def from_tree(tree: Tuple[Any, ...], name: str, detail: int, clip: int = 80) -> Asized:
    """
    Asized of the nested tuples that ``_hognose.sizes`` gives. Attributes that are kept without a dict (3.11 and later) stand below a
    ``__dict__`` of 0 bytes, so that the tree has the same shape on every version.
    """
    _, _, obj, size, own, _, children, _, _ = tree
    if detail <= 0:
        return Asized(size, own, (), name)
    refs: List[Asized] = []
    values: List[Asized] = []
    for child in children:
        kind, key, held = child[0], child[1], child[2]
        if kind == _ATTRIBUTE:
            value_name = "[V] %s: %s" % (key, clipped_repr(held, clip))
            values.append(from_tree(child, value_name, detail - 2, clip))
        else:
            refs.append(from_tree(child, reference_name(kind, key, held, clip) or name_of(held, clip), detail - 1, clip))
    if values:
        refs.insert(0, Asized(sum(value.size for value in values), 0, values if detail > 1 else (), "__dict__"))
    return Asized(size, own, refs, name)
