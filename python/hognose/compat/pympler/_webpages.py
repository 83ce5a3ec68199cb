"""The pages that pympler.web serves, one function a route."""

import sys
import traceback
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qs, unquote, urlsplit

from ... import _charts
from ..._classhtml import _reference_table
from ..._classstats import format_trace
from ..._texts import pp, pp_timestamp, safe_repr, trunc
from . import asizeof
from .garbagegraph import GarbageGraph
from .process import ProcessMemoryInfo, get_current_threads

_MIB = 1048576.0
_LINKS = (("/", "Overview"), ("/process", "Process"), ("/tracker", "Tracker"), ("/garbage", "Garbage"), ("/refresh", "Refresh"), ("/help", "Help"))
_CSS = (
    "body{font-family:sans-serif;margin:2em;color:#222}nav a{margin-right:1.2em}table{border-collapse:collapse;margin:.5em 0 1.5em}"
    "th,td{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}th{background:#f3f3f3}"
    ".num{text-align:right}pre{margin:0;font-size:85%}"
)


class NotFound(Exception):
    """There is no such page."""


class Redirect(Exception):
    """See another page."""


class Picture(str):
    """An answer that is SVG, or "" if there is nothing to draw."""


class Handler(BaseHTTPRequestHandler):
    """Answers GET; anything that goes wrong becomes a page that says so, and the program goes on."""

    #: Seconds: requests are answered one after the other, and a browser opens connections that it may need later.
    timeout = 1

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parts = [unquote(part) for part in address.path.split("/") if part]
        try:
            answer = _route(parts, parse_qs(address.query))
            kind = "image/svg+xml" if isinstance(answer, Picture) else "text/css" if parts[:1] == ["static"] else "text/html"
            self._answer(200, answer, kind)
        except Redirect as to:
            self._answer(303, "", location=str(to))
        except NotFound as reason:
            self._answer(404, _page("Not found", [_p(str(reason))]))
        except Exception:
            self._answer(500, _page("Error", ["<pre>%s</pre>" % escape(traceback.format_exc())]))

    def log_message(self, format: str, *args: Any) -> None:
        if getattr(getattr(self.server, "profiler", None), "debug", False) and not self.server.profiler.quiet:  # type: ignore[attr-defined]
            super().log_message(format, *args)

    def _answer(self, status: int, text: str, kind: str = "text/html", location: Optional[str] = None) -> None:
        body = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        self.send_header("Content-Type", kind + "; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)


def _route(parts: List[str], query: Dict[str, List[str]]) -> str:
    if parts[:2] == ["garbage", "graph"] and len(parts) == 3:
        return _garbage_picture(_number(parts[2]), bool(query.get("reduce", [""])[0]))
    if parts[:2] == ["tracker", "class"] and len(parts) == 3:
        return _tracker_class(parts[2])
    pages: Dict[Tuple[str, int], Callable[..., str]] = {
        ("process", 0): _process, ("tracker", 0): _tracker, ("garbage", 0): _garbage, ("help", 0): _help, ("refresh", 0): _refresh,
        ("garbage", 1): _garbage_cycle, ("traceback", 1): _traceback, ("objects", 1): _objects, ("static", 1): _static,
    }
    if not parts:
        return _overview()
    page = pages.get((parts[0], len(parts) - 1))
    if page is None:
        raise NotFound("There is no page /%s." % "/".join(parts))
    return page(*parts[1:])


def _overview() -> str:
    info = ProcessMemoryInfo()
    rows = [("Resident set size", pp(info.rss)), ("Virtual size", pp(info.vsz)), ("Page faults", str(info.pagefaults))]
    return _page("Process overview", [_table(("", ""), rows)])


def _process() -> str:
    info = ProcessMemoryInfo()
    parts = [_table(("", ""), [(name, value) for name, value in info.os_specific]), "<h2>Threads</h2>"]
    rows = ['<tr><td><a href="/traceback/%s">%s</a></td><td>%s</td><td>%s</td></tr>' % (each.ident, each.ident, escape(each.name), each.daemon) for each in get_current_threads()]
    return _page("Process", parts + ["<table><tr><th>Ident</th><th>Name</th><th>Daemon</th></tr>"] + rows + ["</table>"])


def _traceback(ident: str) -> str:
    number = _number(ident)
    frame: Any = sys._current_frames().get(number)
    if frame is None:
        return _page("Stack trace", [_p("Cannot retrieve stacktrace for thread %d." % number)])
    rows: List[str] = []
    while frame is not None:
        place = "%s:%d" % (frame.f_code.co_filename, frame.f_lineno)
        rows.insert(0, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>" % (escape(place), escape(frame.f_code.co_name), _object_link(_locals(frame), "locals")))
        frame = frame.f_back
    return _page("Stack trace of thread %d" % number, ["<table><tr><th>Where</th><th>Function</th><th></th></tr>"] + rows + ["</table>"])


def _locals(frame: Any) -> Any:
    # Of 3.13 and later a view, made anew each time, whose contents no reference leads to.
    mapping = frame.f_locals
    return dict(mapping) if type(mapping).__name__ == "FrameLocalsProxy" else mapping


def _objects(oid: str) -> str:
    from .web import get_obj

    try:
        obj = get_obj(_number(oid))
    except KeyError:
        raise NotFound("Object %s is gone, or no page has linked to it." % oid) from None
    named = [(trunc(str(name), 60), held) for name, held in asizeof.named_refs(obj)] or [(type(held).__name__, held) for held in asizeof.refs(obj)]
    rows = []
    for name, held in named:
        cells = escape(name), _object_link(held, type(held).__name__), escape(safe_repr(held, clip=48)), pp(asizeof.asizeof(held))
        rows.append('<tr><td>%s</td><td>%s</td><td>%s</td><td class="num">%s</td></tr>' % cells)
    head = "<table><tr><th>Name</th><th>Type</th><th>Value</th><th>Size</th></tr>"
    return _page("Object %s" % oid, [_p(safe_repr(obj, clip=200)), head] + rows + ["</table>"])


def _tracker() -> str:
    stats = _stats()
    if not stats or not stats.snapshots:
        return _page("Tracker", [_p("No snapshots: give start_profiler a tracker that took some.")])
    stats.annotate()
    times = [each.timestamp for each in stats.snapshots]
    areas = [(name, [(each.classes or {}).get(name, {}).get("sum", 0) / _MIB for each in stats.snapshots]) for name in stats.tracked_classes]
    areas.append(("Profiling overhead", [each.overhead / _MIB for each in stats.snapshots]))
    parts = [_charts.over_time("Tracked classes", "MiB", times, areas)]
    for snapshot in stats.snapshots:
        parts.append("<h2>%s</h2>" % escape(snapshot.label))
        rows = []
        for name, info in sorted((snapshot.classes or {}).items()):
            link = '<a href="/tracker/class/%s">%s</a>' % (escape(name), escape(name))
            rows.append('<tr><td>%s</td><td class="num">%d</td><td class="num">%s</td><td class="num">%s</td></tr>' % (link, info["active"], pp(info["sum"]), pp(info["avg"])))
        parts += ["<table><tr><th>Class</th><th>Instances</th><th>Total</th><th>Average</th></tr>"] + rows + ["</table>"]
    return _page("Tracker", parts)


def _tracker_class(name: str) -> str:
    stats = _stats()
    if not stats:
        raise Redirect("/tracker")
    if name not in stats.index:
        raise NotFound("No class %s is tracked." % name)
    stats.annotate()
    tracked = stats.index[name]
    parts = [_p("%d instance%s tracked." % (len(tracked), "" if len(tracked) == 1 else "s"))]
    for snapshot in stats.snapshots:
        info = (snapshot.classes or {}).get(name)
        if info:
            parts += ["<h2>%s: %s</h2>" % (escape(snapshot.label), pp(info["sum"]))] + _reference_table(info["merged"].refs, info["merged"].size)
    parts.append("<table><tr><th>Instance</th><th>Born</th><th>Died</th><th>Most bytes</th><th>Made at</th></tr>")
    for each in tracked:
        made = "<pre>%s</pre>" % escape(format_trace(each.trace)) if each.trace else ""
        cells = escape(each.repr) or "0x%x" % each.id, pp_timestamp(each.birth), pp_timestamp(each.death), pp(each.get_max_size()), made
        parts.append("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>" % cells)
    return _page(name, parts + ["</table>"])


def _garbage() -> str:
    graphs = _graphs()
    rows = []
    for graph in graphs:
        cells = graph.index, graph.index, graph.count, pp(graph.total_size)
        rows.append('<tr><td><a href="/garbage/%d">%d</a></td><td class="num">%d</td><td class="num">%s</td></tr>' % cells)
    found = "%d reference cycle%s" % (len(graphs), "" if len(graphs) == 1 else "s")
    return _page("Garbage", [_p(found + " found."), "<table><tr><th>Group</th><th>Objects</th><th>Size</th></tr>"] + rows + ["</table>"])


def _garbage_cycle(index: str) -> str:
    graph = _graph(_number(index))
    graph.reduce_to_cycles()
    rows = []
    for each in sorted(graph.metadata, key=lambda each: -int(each.size)):
        cells = each.id, escape(each.type), escape(trunc(each.str, 80)), pp(each.size), "yes" if each.cycle else ""
        rows.append('<tr><td>0x%08x</td><td>%s</td><td>%s</td><td class="num">%s</td><td>%s</td></tr>' % cells)
    pictures = '<p><a href="/garbage/graph/%s">graph</a> <a href="/garbage/graph/%s?reduce=on">only the cycles</a></p><img src="/garbage/graph/%s" alt="graph">'
    head = "<table><tr><th>Id</th><th>Type</th><th>Representation</th><th>Size</th><th>On a cycle</th></tr>"
    return _page("Garbage %s" % index, [pictures % (graph.index, graph.index, graph.index), head] + rows + ["</table>"])


def _garbage_picture(index: int, reduce: bool) -> Picture:
    graph: Any = _graph(index)
    graph = graph.reduce_to_cycles() if reduce else graph
    return Picture(graph.svg() if graph is not None and graph.objects else "")


def _refresh() -> str:
    from .web import server

    server.clear_cache()
    raise Redirect("/")


def _static(name: str) -> str:
    if name != "style.css":
        raise NotFound("There is no file %s: pages need no script." % name)
    return _CSS


def _help() -> str:
    rows = [
        ("/process", "sizes and threads of this process; a thread's link is its stack, with local variables"),
        ("/tracker", "snapshots of the ClassTracker that start_profiler was given"),
        ("/garbage", "groups of objects that only the collector frees, with pictures"),
        ("/refresh", "forgets what was found"),
    ]
    return _page("Help", [_table(("Page", "What it shows"), rows)])


def _stats() -> Any:
    from .web import server

    return server.stats


def _graphs() -> List[Any]:
    from .web import server

    if server.garbage_graphs is None:
        server.garbage_graphs = GarbageGraph().split_and_sort()
    return server.garbage_graphs  # type: ignore[no-any-return]


def _graph(index: int) -> Any:
    graphs = _graphs()
    if not 0 <= index < len(graphs):
        raise NotFound("There is no group %d of garbage: %d were found." % (index, len(graphs)))
    return graphs[index]


def _number(text: Any) -> int:
    try:
        return int(text)
    except ValueError:
        raise NotFound("%s is no number." % text) from None


def _object_link(obj: Any, words: str) -> str:
    from .web import get_ref

    return '<a id="%d" href="/objects/%s">%s</a>' % (id(obj), get_ref(obj), escape(words))


def _table(head: Tuple[str, str], rows: List[Tuple[str, str]]) -> str:
    lines = ["<tr><th>%s</th><td>%s</td></tr>" % (escape(name), escape(value)) for name, value in rows]
    return "<table>%s%s</table>" % ("<tr><th>%s</th><th>%s</th></tr>" % head if any(head) else "", "".join(lines))


def _p(text: str) -> str:
    return "<p>%s</p>" % escape(text)


def _page(title: str, parts: List[str]) -> str:
    links = "".join('<a href="%s">%s</a>' % link for link in _LINKS)
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s</title><link rel="stylesheet" href="/static/style.css"></head><body><nav>%s</nav><h1>%s</h1>'
    return "\n".join([head % (escape(title), links, escape(title))] + parts + ["</body></html>", ""])
