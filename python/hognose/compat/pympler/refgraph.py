"""Graphs of the references among some objects, as pictures."""

import copy
import os
import shutil
import subprocess
from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Union

from ... import _hognose
from ..._asized import reference_name
from ..._naming import still
from ..._texts import safe_repr, trunc
from .asizeof import Asizer

__all__ = ["ReferenceGraph"]

_VALUE, _KEY = 2, 3
_MOST_DRAWN = 1000
_STYLE = ("-Nfontsize=10", "-Efontsize=10", "-Nstyle=filled", "-Nfillcolor=#E5EDB8", "-Ncolor=#CCCCCC")


class _MetaObject:
    """What is told of an object: ``id``, ``type``, ``str``, ``size`` (bytes, without the other objects), ``group``, ``cycle``."""

    __slots__ = ("size", "id", "type", "str", "group", "cycle")

    def __init__(self, obj: Any, size: int) -> None:
        self.size = size
        self.id = id(obj)
        self.type = type(obj).__name__
        self.str = safe_repr(obj, clip=128)
        self.group = 0
        self.cycle = False


class _Edge:
    """A reference, from id to id, with its name."""

    __slots__ = ("src", "dst", "label", "group")

    def __init__(self, src: int, dst: int, label: Any) -> None:
        self.src, self.dst, self.label = src, dst, label
        self.group: Optional[int] = None

    def __repr__(self) -> str:
        return "<%08x => %08x, '%s', %s>" % (self.src, self.dst, self.label, self.group)

    def __hash__(self) -> int:
        return hash((self.src, self.dst, str(self.label)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Edge) and (self.src, self.dst, str(self.label)) == (other.src, other.dst, str(other.label))


class ReferenceGraph:
    """The references among the given objects, which it holds.

    Attributes: ``objects``, ``count``, ``edges``, ``metadata`` (of each
    object), ``total_size`` (bytes), ``num_in_cycles`` (once it was reduced,
    else "N/A"). ``reduce``: only the objects on cycles and between them.

    >>> from hognose.compat.pympler.refgraph import ReferenceGraph
    >>> word = "spam"
    >>> [edge.label for edge in ReferenceGraph([word, {"food": word}]).edges]
    ['food']
    """

    def __init__(self, objects: Iterable[Any], reduce: bool = False) -> None:
        self.objects = list(objects)
        self.count = len(self.objects)
        self.num_in_cycles: Union[int, str] = "N/A"
        self._reduced: Any = None
        if reduce:
            self.num_in_cycles = self._reduce_to_cycles()
            self._reduced = self
        self._describe()

    def reduce_to_cycles(self) -> Optional["ReferenceGraph"]:
        """A graph of the objects on cycles and between them; None if there are none."""
        if self._reduced is None:
            reduced = copy.copy(self)
            reduced.objects = list(self.objects)
            self.num_in_cycles = reduced.num_in_cycles = reduced._reduce_to_cycles()
            if not self.num_in_cycles:
                return None
            reduced._describe()
            for each in reduced.metadata:
                each.cycle = True
            reduced._reduced = self._reduced = reduced
        return self._reduced  # type: ignore[no-any-return]

    def split(self) -> Iterator["ReferenceGraph"]:
        """Graphs of the objects that hang together, each with its ``index``."""
        group_of = _groups([each.id for each in self.metadata], self.edges)
        for each in self.metadata:
            each.group = group_of[each.id]
        for edge in self.edges:
            edge.group = group_of[edge.src]
        for index in range(len(set(group_of.values()))):
            part = copy.copy(self)
            part._reduced = None
            part.index = index  # type: ignore[attr-defined]
            part.metadata = [each for each in self.metadata if each.group == index]
            part.edges = {edge for edge in self.edges if edge.group == index}
            part.objects = [obj for obj in self.objects if group_of[id(obj)] == index]
            part.count = len(part.metadata)
            part.total_size = sum(each.size for each in part.metadata)
            yield part

    def split_and_sort(self) -> List["ReferenceGraph"]:
        """The same as a list, that with most objects first."""
        graphs = sorted(self.split(), key=lambda graph: -graph.count)
        for index, graph in enumerate(graphs):
            graph.index = index  # type: ignore[attr-defined]
        return graphs

    def write_graph(self, filename: str) -> None:
        """Writes the graph in Graphviz's language."""
        with open(filename, "w", encoding="utf-8") as file:
            file.write(self._get_graphviz_data())

    def render(self, filename: str, cmd: str = "dot", format: str = "ps", unflatten: bool = False) -> bool:
        """Draws the graph into a file; False: there is nothing to draw, or Graphviz failed.

        ``cmd`` and ``format`` are Graphviz's; ``unflatten`` spreads chains.
        Where ``cmd`` is not installed, "svg" is drawn without it, and other
        formats raise FileNotFoundError.
        """
        if not self.objects:
            return False
        if shutil.which(cmd) is None:
            if format != "svg":
                raise FileNotFoundError("%s is not installed, which draws %s files: install Graphviz, or draw format='svg'" % (cmd, format))
            return self._draw(filename)
        data = self._get_graphviz_data().encode()
        if unflatten:
            data = subprocess.run(["unflatten", "-l7"], input=data, stdout=subprocess.PIPE).stdout
        return subprocess.run([cmd, "-T" + format, "-o", os.fspath(filename), *_STYLE], input=data).returncode == 0

    def svg(self) -> str:
        """The picture, drawn without Graphviz: the first thousand objects."""
        from ..._graphs import of

        return str(of(self.objects, 0, _MOST_DRAWN, 0).svg())

    def _draw(self, filename: str) -> bool:
        with open(filename, "w", encoding="utf-8") as file:
            file.write(self.svg())
        return True

    def _describe(self) -> None:
        sizer = Asizer()
        self.metadata = [_MetaObject(obj, size) for obj, size in zip(self.objects, sizer.asizesof(*self.objects))]
        self.total_size = sizer.total
        self.edges = self._get_edges()

    def _get_edges(self) -> Set[_Edge]:
        members = {id(obj) for obj in self.objects}
        found: Set[_Edge] = set()
        for obj in self.objects:
            named: Dict[int, Any] = {}
            for kind, key, held in still(_hognose.refs, obj):
                if id(held) in members and not named.get(id(held)):
                    named[id(held)] = _label(obj, kind, key, held)
            found.update(_Edge(id(obj), target, label) for target, label in named.items())
        return found

    def _reduce_to_cycles(self) -> int:
        members = {id(obj): obj for obj in self.objects}
        referents = {number: {id(held) for _, _, held in still(_hognose.refs, obj)} & set(members) for number, obj in members.items()}
        referrers: Dict[int, Set[int]] = {number: set() for number in members}
        for number, held in referents.items():
            for each in held:
                referrers[each].add(number)
        _strip(referents, referrers)
        _strip(referrers, referents)
        self.objects = [obj for obj in self.objects if id(obj) in referents]
        return len(self.objects)

    def _get_graphviz_data(self) -> str:
        lines = ["// Process this file with graphviz", "digraph G {", "    node [shape=box];"]
        for each in self.metadata:
            label = "%s\\n%s" % (_quoted(trunc(each.str, 48)), _quoted(each.type))
            extra = ", color=orange" if each.type == "frame" else ", color=red" if each.type == "method" else ""
            lines.append('    "X%x" [ label = "%s" %s ];' % (each.id, label, extra))
        for edge in self.edges:
            weight = ",weight=100" if edge.label == "__dict__" else ""
            lines.append('    "X%x" -> "X%x" [label="%s"%s];' % (edge.src, edge.dst, _quoted(trunc(safe_str(edge.label), 48)), weight))
        return "\n".join(lines + ["}", ""])


def safe_str(value: Any) -> str:
    return value if type(value) is str else safe_repr(value, clip=48)


def _label(obj: Any, kind: int, key: Any, held: Any) -> Any:
    if kind == _VALUE:
        return key
    if kind == _KEY:
        return ""
    return reference_name(kind, key, held) or ""


def _strip(links: Dict[int, Set[int]], back: Dict[int, Set[int]]) -> None:
    """Takes away what links to nothing, until all that is left does."""
    waiting = [number for number, held in links.items() if not held]
    for number in waiting:
        for each in back.pop(number):
            links[each].discard(number)
            if not links[each]:
                waiting.append(each)
        for each in links.pop(number):
            back[each].discard(number)


def _groups(members: List[int], edges: Iterable[_Edge]) -> Dict[int, int]:
    """Numbers from 0 on for members that hang together, in the order of their first."""
    neighbours: Dict[int, List[int]] = {number: [] for number in members}
    for edge in edges:
        neighbours[edge.src].append(edge.dst)
        neighbours[edge.dst].append(edge.src)
    found: Dict[int, int] = {}
    index = 0
    for first in members:
        if first in found:
            continue
        found[first] = index
        waiting = [first]
        for number in waiting:
            for each in neighbours[number]:
                if each not in found:
                    found[each] = index
                    waiting.append(each)
        index += 1
    return found


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'")
