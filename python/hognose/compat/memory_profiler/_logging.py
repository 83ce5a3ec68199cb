"""Tables into a log."""

import logging


class LogFile:
    """A file whose text goes to the logger of that name; with ``reportIncrementFlag`` only lines of a table with a growth above zero."""

    def __init__(self, name=None, reportIncrementFlag=False):
        self.logger = logging.getLogger(name)
        self.reportIncrementFlag = reportIncrementFlag

    def write(self, msg, level=logging.INFO):
        if not self.reportIncrementFlag or _is_heading(msg) or _growth(msg) > 0:
            self.logger.log(level, msg)

    def flush(self):
        for handler in self.logger.handlers:
            handler.flush()


def _is_heading(text):
    return "Filename:" in text or "Line Contents" in text


def _growth(text):
    """The second figure of a table's line, in MiB."""
    parts = text.split("MiB")
    try:
        return float(parts[1]) if len(parts) > 2 else 0.0
    except ValueError:
        return 0.0
