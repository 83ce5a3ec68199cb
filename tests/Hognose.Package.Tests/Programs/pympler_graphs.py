"""hognose.compat.pympler's refbrowser, refgraph, garbagegraph, web and panels."""
import gc
import io
import os
import re
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import xml.dom.minidom

import hognose.compat

hognose.compat.install()
from pympler import classtracker, garbagegraph, panels, refbrowser, refgraph, web


def raises(kind, call):
    try:
        call()
    except kind as trouble:
        return str(trouble)
    raise AssertionError("nothing was raised")


class Node:
    def __init__(self, name):
        self.name = name


# A tree to the letter, and one of real referrers.
def tree(name, *children):
    node = refbrowser._Node(name)
    node.children.extend(children)
    return node


out = io.StringIO()
sample = tree("root", tree("one", "a", "b"), tree("two", tree("three", "c", "d"), "e"), tree("four", tree("five", "f")))
refbrowser.StreamBrowser(None, maxdepth=3, stream=out).print_tree(sample)
assert out.getvalue().splitlines() == [
    "root-+-one-+-a",
    "     |     +-b",
    "     |",
    "     +-two-+-three-+-c",
    "     |     |       +-d",
    "     |     |",
    "     |     +-e",
    "     |",
    "     +-four--five--f",
], out.getvalue()
out.truncate(0), out.seek(0)
refbrowser.StreamBrowser(None, maxdepth=1, stream=out).print_tree(sample)
assert out.getvalue().splitlines() == ["root-+-one", "     +-two", "     +-four"], out.getvalue()


KEPT = []


def browsed(root, **options):
    def holders():
        return [first], {"key": root}

    first = [root]
    second, third = holders()
    # No collector's list has a dict of untracked values: it is found by way of this one.
    KEPT.append(third)
    return refbrowser.RefBrowser(root, str_func=lambda obj: type(obj).__name__ if obj is not root else "root", **options).get_tree(), first, second, third


found, first, second, third = browsed(object(), maxdepth=2)
held_by = {id(each.o): each for each in found.children if not isinstance(each, str)}
assert {id(first), id(third)} <= set(held_by) and str(found) == "root", [str(each) for each in found.children]
assert any(each.o is second for each in held_by[id(first)].children)
assert not any(type(each.o) in (refbrowser._Node, refbrowser.RefBrowser) for each in held_by.values())
del found, held_by
found, first, second, third = browsed(object(), maxdepth=2, repeat=False)
del found
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "tree.txt")
    target = object()
    holder = [target]
    refbrowser.FileBrowser(target, maxdepth=1, str_func=lambda obj: type(obj).__name__).print_tree(path)
    with open(path) as file:
        assert file.read().startswith("object-")
assert re.match(r"list\(id=\d+\)$", refbrowser.gui_default_str_function([]))
try:
    import idlelib.tree
    import tkinter
except ImportError:
    assert "needs tkinter" in raises(ImportError, lambda: refbrowser.InteractiveBrowser(target))
else:
    browser = refbrowser.InteractiveBrowser(target, maxdepth=1)
    item = refbrowser._tree_item(browser, idlelib.tree.TreeItem, browser.get_tree())
    assert item.IsExpandable() and item.GetSubList()[0].GetText() and not item.IsEditable()

# Graphs: edges by name, groups, cycles.
one, two = Node("one"), Node("two")
one.__dict__, two.__dict__ = {"next": two}, {"back": one}
alone = ["alone"]
graph = refgraph.ReferenceGraph([one, vars(one), two, vars(two), alone, alone[0]])
edges = {(edge.src, edge.dst, edge.label) for edge in graph.edges}
assert {(id(vars(one)), id(two), "next"), (id(vars(two)), id(one), "back"), (id(alone), id(alone[0]), "")} <= edges, graph.edges
assert (id(one), id(vars(one)), "__dict__") in edges, graph.edges
assert graph.count == 6 and graph.total_size == sum(each.size for each in graph.metadata) and graph.num_in_cycles == "N/A"
parts = graph.split_and_sort()
assert [(part.index, part.count) for part in parts] == [(0, 4), (1, 2)] and sum(part.total_size for part in parts) == graph.total_size
cycle = graph.reduce_to_cycles()
assert cycle.num_in_cycles == graph.num_in_cycles == 4 and {each.id for each in cycle.metadata} == {id(one), id(two), id(vars(one)), id(vars(two))}
assert all(each.cycle for each in cycle.metadata) and refgraph.ReferenceGraph([alone]).reduce_to_cycles() is None
assert refgraph._Edge(1, 2, "a") == refgraph._Edge(1, 2, "a") != refgraph._Edge(1, 2, "b")
slots = Node("slots")
slots.part = alone
assert [edge.label for edge in refgraph.ReferenceGraph([alone, slots]).edges] in (["part"], [""], []), "inline values have a name or none"
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "graph.dot")
    graph.write_graph(path)
    with open(path) as file:
        text = file.read()
    assert text.startswith("// Process this file with graphviz\ndigraph G {") and text.count("->") == len(graph.edges) and text.endswith("}\n")
    assert graph.render(os.path.join(folder, "graph.svg"), format="svg", cmd="no such program") is True
    picture = xml.dom.minidom.parse(os.path.join(folder, "graph.svg"))
    assert "Node" in picture.documentElement.toxml()
    assert "install Graphviz" in raises(FileNotFoundError, lambda: graph.render(os.path.join(folder, "graph.ps"), cmd="no such program"))
    assert refgraph.ReferenceGraph([]).render(os.path.join(folder, "none")) is False and not os.path.exists(os.path.join(folder, "none"))

# Garbage.
garbagegraph.start_debug_garbage()
try:
    assert not gc.isenabled()
    lonely = []
    lonely.append(lonely)
    lonely.append(Node("leaf"))
    number = id(lonely)
    del lonely
    graph = garbagegraph.GarbageGraph()
    assert graph.count == len(gc.garbage) >= 2 and number in {each.id for each in graph.metadata}
    reduced = garbagegraph.GarbageGraph(reduce=True)
    assert reduced.num_in_cycles == 1 and [each.id for each in reduced.metadata] == [number]
    out = io.StringIO()
    reduced.print_stats(out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "%-10s %8s %-12s %-46s" % ("id", "size", "type", "representation") and lines[1].split()[2] == "list", lines
    assert re.match(r"Garbage: +\d+ collected objects \(1 in cycles\): +\d+ +B$", lines[-1]), lines
    assert garbagegraph.GarbageGraph(collectable=False).count == len(gc.garbage)

    # The pages, from a server in this process.
    class Trash:
        def __init__(self):
            self.text = "rubbish <&>"

    tracker = classtracker.ClassTracker()
    tracker.track_class(Trash, trace=True, resolution_level=1)
    trash = Trash()
    tracker.create_snapshot("first <&>")
    thread = web.start_in_background(port=0, quiet=True, tracker=tracker, host="127.0.0.1")
    assert thread.daemon and thread.name == "Pympler web frontend"

    def states():
        return [each for each in gc.get_objects() if type(each) is web.PymplerServer and getattr(each, "server", None) is not None]

    while not states():
        time.sleep(0.005)
    profiler = states()[0]
    port = profiler.server.server_port

    # A connection on which nothing is asked: browsers open one for later.
    idle = socket.create_connection(("127.0.0.1", port))

    def get(path, status=200):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d%s" % (port, path), timeout=30) as answer:
                found, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            found, body = error.code, error.read()
        assert found == status, (path, found, body)
        return body.decode()

    secret = Node("visible to the page")
    pages = {path: get(path) for path in ("/", "/process", "/tracker", "/garbage", "/help", "/refresh", "/static/style.css")}
    assert "Process overview" in pages["/"] and "MainThread" in pages["/process"], pages["/process"]
    links = set(re.findall(r'href="(/[^"]*)"', "".join(pages.values())))
    assert {"/garbage/0", "/tracker/class/__main__.Trash", "/traceback/%d" % threading.get_ident()} <= links, links
    for link in links:
        get(link)
    assert "first &lt;&amp;&gt;" in pages["/tracker"] and "<svg" in pages["/tracker"]
    assert "1 instance tracked" in get("/tracker/class/__main__.Trash")
    stack = get("/traceback/%d" % threading.get_ident())
    module = re.findall(r"&lt;module&gt;</td><td><a id=\"\d+\" href=\"(/objects/\d+)\"", stack)[-1]
    listed = get(module)
    assert 'id="%d"' % id(secret) in listed, listed[:2000]
    assert "visible to the page" in get("/objects/%d" % id(secret))
    for graph_path in ("/garbage/graph/0", "/garbage/graph/0?reduce=on"):
        body = get(graph_path)
        assert body == "" or xml.dom.minidom.parseString(body.encode())
    assert "Cannot retrieve stacktrace for thread 12345" in get("/traceback/12345")
    for wrong in ("/nothing", "/traceback/gabelstapler", "/objects/1", "/garbage/99999", "/garbage/-1", "/tracker/class/No", "/static/../../etc/passwd", "/garbage/graph/x"):
        get(wrong, 404)
    idle.close()
    profiler.shutdown()
    thread.join(30)
    assert not thread.is_alive()
    tracker.close()
finally:
    garbagegraph.end_debug_garbage()
    del gc.garbage[:]
assert gc.isenabled() and gc.get_debug() == 0
assert raises(ValueError, lambda: web.get_obj("x")) and raises(KeyError, lambda: web.get_obj("1")) and web.get_obj(web.get_ref(alone)) is alone

# The panel, where neither Django nor its toolbar is.
if panels.apps is None:
    panels.MemoryPanel.process_request.__globals__["Panel"].process_request = lambda self, request: "response to " + request
    panel = panels.MemoryPanel()
    assert panel.process_request("me") == "response to me"
    panel.disable_instrumentation()
    assert "B" in panel.nav_subtitle() and "Resident set size" in panel.content and panel.title == "Memory"
print("ok")
