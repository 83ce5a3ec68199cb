"""Tables into a log."""

from __future__ import annotations

import logging

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any


class LogFile:
    """A file whose text goes to the logger of that name; with ``reportIncrementFlag`` only lines of a table with a growth above zero."""

    def __init__(self, name: Any = None, reportIncrementFlag: bool = False) -> None:
        self.logger = logging.getLogger(name)
        self.reportIncrementFlag = reportIncrementFlag

    def write(self, msg: Any, level: Any = logging.INFO) -> None:
        if not self.reportIncrementFlag or _is_heading(msg) or _growth(msg) > 0:
            self.logger.log(level, msg)

    def flush(self) -> None:
        for handler in self.logger.handlers:
            handler.flush()


def _is_heading(text: str) -> Any:
    return "Filename:" in text or "Line Contents" in text


def _growth(text: str) -> Any:
    """The second figure of a table's line, in MiB."""
    parts = text.split("MiB")
    try:
        return float(parts[1]) if len(parts) > 2 else 0.0
    except ValueError:
        return 0.0
