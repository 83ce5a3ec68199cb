"""What ClassTracker gathered, as pages with charts that need nothing but a browser."""

import os
from html import escape
from typing import Any, Dict, Iterable, List, Optional

from . import _charts
from ._asized import Asized
from ._classstats import Stats, format_trace, worth_listing
from ._texts import pp, pp_timestamp, trunc

_MIB = 1024.0 * 1024.0
#: Share of the process below which a class has no piece of a chart, in per cent of the tracked bytes.
_LEAST_PIECE = 3.0

_STYLE = """<style>
body { font-family: sans-serif; margin: 2em; color: #222; }
table { border-collapse: collapse; margin: 0.5em 0 1.5em; }
th, td { padding: 0.2em 0.8em; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
th { background: #f3f3f3; } .num { text-align: right; font-variant-numeric: tabular-nums; }
pre { margin: 0; font-size: 85%; }
</style>"""


class HtmlStats(Stats):
    """Writes pages: an overview, and one for each class."""

    filesdir = ""
    basedir = ""

    def create_html(self, fname: str, title: str = "ClassTracker Statistics") -> None:
        """Writes the overview to ``fname``, and pages and charts (SVG) into a folder beside it, ``NAME_files``."""
        self.basedir = os.path.dirname(os.path.abspath(fname))
        self.filesdir = os.path.abspath(os.path.splitext(fname)[0] + "_files")
        if not os.path.isdir(self.filesdir):
            os.mkdir(self.filesdir)
        self.annotate()
        self.charts: Dict[Any, str] = {"snapshots": self.create_snapshot_chart(os.path.join(self.filesdir, "timespace.svg"))}
        for place, snapshot in enumerate(self.snapshots):
            self.charts[snapshot] = self.create_pie_chart(snapshot, os.path.join(self.filesdir, "fp%d.svg" % place))
        self.links: Dict[str, str] = {}
        taken: Dict[str, int] = {}
        for name in self.tracked_classes:
            base = os.path.join(self.filesdir, _file_name(name, taken))
            self.charts[name] = self.create_lifetime_chart(name, base + "-lt.svg")
            self.links[name] = base + ".html"
            self.print_class_details(self.links[name], name)
        self.create_title_page(fname, title=title)

    def create_title_page(self, filename: str, title: str = "") -> None:
        """Writes the overview: memory over time, and the classes at each snapshot."""
        parts = ["<h1>%s</h1>" % escape(title), "<h2>Memory distribution over time</h2>", self._chart("snapshots"), "<h2>Snapshots</h2>"]
        for snapshot in self.snapshots:
            parts += self._snapshot_parts(snapshot)
        _write(filename, title, parts)

    def print_class_details(self, fname: str, classname: str) -> None:
        """Writes a class' page: how many instances there were, what they held, and each of them."""
        tracked = self.index[classname]
        sizes = [each.get_max_size() for each in tracked] or [0]
        words = len(tracked), pp(sum(sizes) / len(sizes)), pp(min(sizes)), pp(max(sizes))
        parts = ["<h1>%s</h1>" % escape(classname), "<p>%d instances; %s on average, %s the smallest, %s the largest.</p>" % words]
        parts += [self._chart(classname), "<h2>What they refer to, at each snapshot</h2>"]
        for snapshot in self.snapshots:
            info = self.annotate_snapshot(snapshot).get(classname)
            if info:
                merged = info["merged"]
                parts.append("<h3>%s: %s</h3>" % (escape(snapshot.label), pp(merged.size)))
                parts += _reference_table(merged.refs, merged.size) or ["<p>No sizes of referents: track the class with a resolution_level.</p>"]
        parts.append("<h2>Instances</h2>")
        for each in tracked:
            parts += _instance_parts(each)
        _write(fname, classname, parts)

    def create_lifetime_chart(self, classname: str, filename: str = "") -> str:
        """Draws how many instances there were over time; the tag that shows it."""
        changes = sorted([(each.birth, 1) for each in self.index[classname]] + [(each.death, -1) for each in self.index[classname] if each.death is not None])
        counts: List[float] = []
        for _, change in changes:
            counts.append((counts[-1] if counts else 0) + change)
        title = "%s instances" % classname
        return self._drawn(filename, _charts.over_time(title, "instances", [at for at, _ in changes], lines=[(classname, counts)], steps=True), title)

    def create_snapshot_chart(self, filename: str = "") -> str:
        """Draws memory over the snapshots, by class; the tag that shows it."""
        return self._drawn(filename, timespace(self), "memory over time")

    def create_pie_chart(self, snapshot: Any, filename: str = "") -> str:
        """Draws the shares of classes at a snapshot; the tag that shows it, or nothing if nothing was tracked."""
        if not snapshot.tracked_total:
            return ""
        classes = sorted(self.annotate_snapshot(snapshot).items(), key=lambda item: -float(item[1]["sum"]))
        pieces = [(name, float(info["sum"])) for name, info in classes if info["sum"] * 100.0 > _LEAST_PIECE * snapshot.tracked_total]
        whole = max(snapshot.asizeof_total, snapshot.tracked_total)
        other = whole - sum(size for _, size in pieces)
        title = "Memory at %s" % snapshot.label
        return self._drawn(filename, _charts.shares(title, pieces + ([("Other", other)] if other > 0 else [])), title)

    def relative_path(self, filepath: str, basepath: Optional[str] = None) -> str:
        """A path as seen from ``basepath``, by default the overview's folder; unchanged outside of it."""
        base = self.basedir if basepath is None else basepath
        if base and filepath.startswith(base):
            filepath = filepath[len(base) :]
            return filepath[1:] if filepath.startswith(os.sep) else filepath
        return filepath

    def _snapshot_parts(self, snapshot: Any) -> List[str]:
        sizes = pp(snapshot.system_total.vsz), pp(snapshot.tracked_total), pp(snapshot.asizeof_total), pp(snapshot.overhead)
        parts = ["<h3>%s snapshot at %s</h3>" % (escape(snapshot.desc or "Untitled"), pp_timestamp(snapshot.timestamp))]
        parts.append("<p>Address space %s; tracked %s; all objects %s; of the tracker itself %s.</p>" % sizes)
        if not snapshot.tracked_total:
            return parts
        parts.append("<table><tr><th>Class</th><th>Instances</th><th>Total</th><th>Average size</th><th>Share</th></tr>")
        for name, info in sorted(self.annotate_snapshot(snapshot).items()):
            link = '<a href="%s">%s</a>' % (escape(self.relative_path(self.links[name])), escape(name)) if name in getattr(self, "links", {}) else escape(name)
            row = link, info["active"], pp(info["sum"]), pp(info["avg"]), info["pct"]
            parts.append('<tr><td>%s</td><td class="num">%d</td><td class="num">%s</td><td class="num">%s</td><td class="num">%.2f%%</td></tr>' % row)
        return parts + ["</table>", self._chart(snapshot)]

    def _chart(self, key: Any) -> str:
        return getattr(self, "charts", {}).get(key, "")

    def _drawn(self, filename: str, picture: str, words: str) -> str:
        if filename:
            with open(os.path.splitext(filename)[0] + ".svg", "w", encoding="utf-8") as file:
                file.write(picture)
        # Pages show pictures by their own text, so that one can be sent alone.
        return '<figure title="%s">%s</figure>\n' % (escape(words), picture)


def timespace(stats: Stats) -> str:
    """The picture of memory over the snapshots: classes stacked, and the totals."""
    stats.annotate()
    times = [snapshot.timestamp for snapshot in stats.snapshots]
    areas = []
    for name in stats.tracked_classes:
        sums = [(snapshot.classes or {}).get(name, {}).get("sum", 0) for snapshot in stats.snapshots]
        if any(size * 100.0 > _LEAST_PIECE * snapshot.tracked_total for size, snapshot in zip(sums, stats.snapshots)):
            areas.append((name, [size / _MIB for size in sums]))
    totals = [("Tracked total", [snapshot.tracked_total / _MIB for snapshot in stats.snapshots])]
    if any(snapshot.asizeof_total for snapshot in stats.snapshots):
        totals.append(("Total", [snapshot.asizeof_total / _MIB for snapshot in stats.snapshots]))
    return _charts.over_time("Memory at snapshots", "MiB", times, areas, totals)


def _reference_table(refs: Iterable[Asized], total: int) -> List[str]:
    rows = _reference_rows(refs, total, 0)
    return ["<table>"] + rows + ["</table>"] if rows else []


def _reference_rows(refs: Iterable[Asized], total: int, level: int) -> List[str]:
    rows = []
    for ref, share in worth_listing(refs, total):
        cells = 2 * level, escape(trunc(str(ref.name), 128)), pp(ref.size), share
        rows.append('<tr><td style="padding-left:%dem">%s</td><td class="num">%s</td><td class="num">%.1f%%</td></tr>' % cells)
        rows += _reference_rows(ref.refs, total, level + 1)
    return rows


def _instance_parts(tracked: Any) -> List[str]:
    rows = [("Instance", "%s at 0x%08x" % (escape(tracked.name), tracked.id))]
    rows += [("Representation", escape(tracked.repr))] if tracked.repr else []
    rows.append(("Lifetime", "%s - %s" % (pp_timestamp(tracked.birth), pp_timestamp(tracked.death))))
    rows += [("Instantiation", "<pre>%s</pre>" % escape(format_trace(tracked.trace)))] if tracked.trace else []
    for timestamp, size in tracked.snapshots:
        rows.append((pp_timestamp(timestamp), pp(size.size) + "".join(_reference_table(size.refs, size.size))))
    return ["<table>"] + ["<tr><th>%s</th><td>%s</td></tr>" % row for row in rows] + ["</table>"]


def _file_name(name: str, taken: Dict[str, int]) -> str:
    """One that no other class has: "m.A.b" and "m.A_b" are m_A_b and m_A_b-2."""
    # A name that track_class was given may have any characters.
    safe = "".join(each if each.isalnum() or each == "_" else "_" for each in name)
    taken[safe] = taken.get(safe, 0) + 1
    return safe if taken[safe] == 1 else "%s-%d" % (safe, taken[safe])


def _write(path: str, title: str, parts: Iterable[str]) -> None:
    head = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>%s</title>%s</head><body>' % (escape(title), _STYLE)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join([head] + list(parts) + ["</body></html>", ""]))
