"""Trees of what refers to an object: on a console, in a file, in a window.

What is untracked is found, too: all that the collector's objects reach is
searched.
"""

import gc
import sys
from typing import Any, Callable, IO, List, Optional, Set, Union

from ... import _hognose
from ..._trackers import _own_frames
from . import muppy, summary

__all__ = ["ConsoleBrowser", "FileBrowser", "InteractiveBrowser", "RefBrowser", "StreamBrowser", "gui_default_str_function"]


class _Node:
    """An object with what refers to it: nodes, or words for what is not followed."""

    # No dict of its own could then be taken for one of the program's.
    __slots__ = ("o", "children", "str_func")

    def __init__(self, o: Any, str_func: Optional[Callable[[Any], str]] = None) -> None:
        self.o = o
        self.children: List[Union["_Node", str]] = []
        self.str_func = str_func

    def __str__(self) -> str:
        return str(self.o) if self.str_func is None else self.str_func(self.o)


class RefBrowser:
    """Finds what refers to an object, and what refers to that, ``maxdepth`` steps far.

    ``str_func`` gives the words for an object; with ``repeat=False`` one that
    was met before is only named. ``ignore``: objects that are left out.
    """

    def __init__(
        self, rootobject: Any, maxdepth: int = 3, str_func: Callable[[Any], str] = summary._repr, repeat: bool = True, stream: Optional[IO[str]] = None
    ) -> None:
        self.root = rootobject
        self.maxdepth = maxdepth
        self.str_func = str_func
        self.repeat = repeat
        self.stream = stream
        self.ignore: List[Any] = []
        self.already_included: Set[int] = set()

    def get_tree(self) -> _Node:
        """The tree; it holds all objects in it."""
        self.already_included = set()
        return self._get_tree(self.root, self.maxdepth)

    def _get_tree(self, root: Any, maxdepth: int) -> _Node:
        node = _Node(root, self.str_func)
        self.already_included.add(id(root))
        if maxdepth == 0:
            return node
        for holder in self._referrers(root):
            if not self.repeat and id(holder) in self.already_included:
                node.children.append("%s (already included, id %s)" % (self.str_func(holder), id(holder)))
            else:
                node.children.append(self._get_tree(holder, maxdepth - 1))
        return node

    def _referrers(self, root: Any) -> List[Any]:
        """Without what is our own: frames, nodes, their lists of children, and this browser."""
        found = _hognose.referrers(root, gc.get_objects())
        own = _own_frames()
        left_out = {id(each) for each in own + self.ignore + [self, self.__dict__, self.ignore, found]}
        own.clear()
        return [holder for holder in found if id(holder) not in left_out and not _is_part_of_node(holder)]


def _is_part_of_node(holder: Any) -> bool:
    if type(holder) is _Node:
        return True
    return type(holder) is list and any(type(each) is _Node and each.children is holder for each in gc.get_referrers(holder))


class StreamBrowser(RefBrowser):
    """Prints the tree to ``stream``; the class attributes are what its lines are drawn with."""

    hline = "-"
    vline = "|"
    cross = "+"
    space = " "

    def print_tree(self, tree: Optional[_Node] = None) -> None:
        """Prints a tree, by default that of the root object."""
        for line in self._lines(self.get_tree() if tree is None else tree, 0):
            (self.stream or sys.stdout).write(line.rstrip(self.space) + "\n")

    def _lines(self, tree: Union[_Node, str], depth: int) -> List[str]:
        text = str(tree)
        children = tree.children if isinstance(tree, _Node) and depth < self.maxdepth else []
        if not children:
            return [text]
        margin = self.space * len(text)
        if len(children) == 1:
            lines = self._lines(children[0], depth + 1)
            return [text + 2 * self.hline + lines[0]] + [margin + 2 * self.space + line for line in lines[1:]]
        found = []
        for place, child in enumerate(children):
            lines = self._lines(child, depth + 1)
            is_last = place == len(children) - 1
            found.append((text + self.hline if place == 0 else margin + self.space) + self.cross + self.hline + lines[0])
            found += [margin + self.space + (self.space if is_last else self.vline) + self.space + line for line in lines[1:]]
            if len(lines) > 1 and not is_last:
                found.append(margin + self.space + self.vline)
        return found


class ConsoleBrowser(StreamBrowser):
    """Prints the tree to the console, unless it was given a stream."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stream = self.stream or sys.stdout


class FileBrowser(StreamBrowser):
    """Prints the tree into a file."""

    def print_tree(self, filename: str, tree: Optional[_Node] = None) -> None:  # type: ignore[override]
        """Writes a tree, by default that of the root object, to a file."""
        before = self.stream
        with open(filename, "w", encoding="utf-8") as self.stream:
            try:
                super().print_tree(tree)
            finally:
                self.stream = before


def gui_default_str_function(o: Any) -> str:
    """The words for an object, and its id."""
    return summary._repr(o) + "(id=%s)" % id(o)


class InteractiveBrowser(RefBrowser):
    """The tree in a window of Tk; what refers to an object is searched when its node is opened.

    Raises ImportError where Python comes without tkinter or IDLE's library.
    """

    def __init__(
        self, rootobject: Any, maxdepth: int = 3, str_func: Callable[[Any], str] = gui_default_str_function, repeat: bool = True
    ) -> None:
        try:
            import idlelib.tree
            import tkinter
        except ImportError:
            raise ImportError("InteractiveBrowser needs tkinter and idlelib (Debian: python3-tk, idle): use ConsoleBrowser without them") from None
        self._tkinter: Any = tkinter
        self._widgets: Any = idlelib.tree
        super().__init__(rootobject, maxdepth, str_func, repeat)

    def main(self, standalone: bool = False) -> None:
        """Opens the window; with ``standalone`` until it is closed."""
        window = self._tkinter.Tk()
        window.title("Referrers")
        canvas = self._widgets.ScrolledCanvas(window, bg="white", highlightthickness=0, takefocus=1)
        canvas.frame.pack(expand=1, fill="both")
        self._widgets.TreeNode(canvas.canvas, None, _tree_item(self, self._widgets.TreeItem, self.get_tree())).expand()
        if standalone:
            window.mainloop()


def _tree_item(browser: RefBrowser, base: Any, node: Union[_Node, str]) -> Any:
    # Its base is known only where Tk is.
    class Item(base):  # type: ignore[misc]
        def GetText(self) -> str:
            return str(node)

        def IsEditable(self) -> bool:
            return False

        def IsExpandable(self) -> bool:
            return isinstance(node, _Node) and (bool(node.children) or muppy._is_containerobject(node.o))

        def GetSubList(self) -> List[Any]:
            if not isinstance(node, _Node):
                return []
            if not node.children:
                node.children = browser._get_tree(node.o, 1).children
            return [_tree_item(browser, base, child) for child in node.children]

    return Item()
