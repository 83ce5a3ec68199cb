"""What a ClassTracker gathered, as text, pages and files."""

from ..._classhtml import HtmlStats
from ..._classstats import ConsoleStats, Stats

__all__ = ["ConsoleStats", "HtmlStats", "Stats"]
