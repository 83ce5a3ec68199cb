"""A panel for the Django Debug Toolbar: memory of the process, and instances of models, for each request."""

from html import escape
from typing import Any, List

from ..._texts import pp
from .classtracker import ClassTracker
from .process import ProcessMemoryInfo

try:
    from debug_toolbar.panels import Panel
    from django.apps import apps
    from django.template import Context, Template
except ImportError:

    class Panel:  # type: ignore[no-redef]
        """In place of the toolbar's, which is not installed."""

    class Context:  # type: ignore[no-redef]
        """In place of Django's."""

    class Template:  # type: ignore[no-redef]
        """In place of Django's."""

    apps = None


__all__ = ["MemoryPanel"]


class MemoryPanel(Panel):
    """Name it in DEBUG_TOOLBAR_PANELS as "pympler.panels.MemoryPanel"."""

    name = "pympler"
    title = "Memory"
    template = ""
    classes: List[type] = [Context, Template]

    def enable_instrumentation(self) -> None:
        """Tracks all models from now on."""
        self._tracker = ClassTracker()
        for kind in list(apps.get_models() if apps else []) + self.classes:
            self._tracker.track_class(kind)

    def disable_instrumentation(self) -> None:
        """Tracks nothing any more."""
        self._tracker.detach_all_classes()

    def process_request(self, request: Any) -> Any:
        """Answers the request between two looks at the process."""
        if getattr(self, "_tracker", None) is None:
            self.enable_instrumentation()
        before = ProcessMemoryInfo()
        self._tracker.create_snapshot("before")
        response = super().process_request(request)
        after = ProcessMemoryInfo()
        self._tracker.create_snapshot("after")
        self.record_stats({"rss": after.rss, "grown": after.rss - before.rss, "rows": self._rows(before, after), "classes": self._counted()})
        return response

    def nav_subtitle(self) -> str:
        """The resident set, and what it grew by."""
        told = self.get_stats()
        return "%s %s" % (pp(told["rss"]), "(+%s)" % pp(told["grown"]) if told["grown"] > 0 else "")

    @property
    def content(self) -> str:
        """The panel's page."""
        told = self.get_stats()
        rows = "".join("<tr><td>%s</td><td>%s</td></tr>" % (escape(name), escape(value)) for name, value in told["rows"])
        classes = "".join("<tr><td>%s</td><td>%d</td><td>%s</td></tr>" % (escape(name), count, escape(size)) for name, count, size in told["classes"])
        head = "<thead><tr><th>%s</th></tr></thead>"
        tables = head % "Resource</th><th>Value", rows, head % "Class</th><th>Instances</th><th>Size", classes
        return "<table>%s<tbody>%s</tbody></table><table>%s<tbody>%s</tbody></table>" % tables

    @staticmethod
    def _rows(before: ProcessMemoryInfo, after: ProcessMemoryInfo) -> List[Any]:
        sizes = [("Resident set size", after.rss), ("Virtual size", after.vsz)] + (after - before)
        return [[name, pp(size)] for name, size in sizes] + [[name, value] for name, value in after.os_specific]

    def _counted(self) -> List[Any]:
        stats = self._tracker.stats
        stats.annotate()
        last = stats.snapshots[-1].classes or {}
        living = [(name, stats.history[name][-1][1]) for name in stats.tracked_classes if stats.history.get(name)]
        return [[name, count, pp(last.get(name, {}).get("sum", 0))] for name, count in living if count > 0]

    def record_stats(self, stats: Any) -> None:
        """Keeps figures for the page."""
        if hasattr(super(), "record_stats"):
            super().record_stats(stats)
        else:
            self._told = dict(getattr(self, "_told", {}), **stats)

    def get_stats(self) -> Any:
        """The figures that were kept."""
        return super().get_stats() if hasattr(super(), "get_stats") else self._told
