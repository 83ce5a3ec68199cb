"""hognose.profile: what each line of a function allocates, frees and holds at most."""

import atexit
import os
import sys

from . import _hognose, _tracing

__all__ = ["FunctionLines", "LineFigures", "Profiler", "profile"]


class LineFigures:
    """What one line did, with all that it called. Bytes, but for the counts.

    Attributes: ``line`` (its number), ``occurrences``, ``allocated``,
    ``freed``, ``net`` (allocated less freed), ``peak`` (the most that was held
    at once beyond what was held when the line began), ``older_frees`` (how
    many freed blocks were from before the call, their size being unknown),
    ``held`` (the most that the call held after the line, beyond what was held
    when the call began),
    ``rss`` and ``rss_growth`` (the process's resident memory after the line,
    and by how much it grew while the line ran; None if it never ran).
    """

    __slots__ = ("line", "occurrences", "allocated", "freed", "older_frees", "peak", "held", "rss", "largest_rss", "rss_growth")

    def __init__(self, row):
        (
            self.line,
            self.occurrences,
            self.allocated,
            self.freed,
            self.older_frees,
            self.peak,
            self.held,
            self.rss,
            self.largest_rss,
            self.rss_growth,
        ) = row

    @property
    def net(self):
        return self.allocated - self.freed

    def __repr__(self):
        return "<line %d: %d times, +%d -%d bytes>" % (self.line, self.occurrences, self.allocated, self.freed)


class FunctionLines:
    """A profiled function with its lines.

    Attributes: ``name`` (qualified where Python tells), ``filename``,
    ``first_line``, ``calls``, ``peak`` (bytes: the most that a call held at
    once beyond what was held when it began), ``rss_before`` (bytes, when it
    was last called), ``lines`` (a dict from line number to LineFigures; lines
    that did nothing are left out), ``code``.
    """

    __slots__ = ("name", "filename", "first_line", "calls", "peak", "rss_before", "lines", "code")

    def __init__(self, name, code, figures):
        self.name, self.code = name, code
        self.filename, self.first_line = code.co_filename, code.co_firstlineno
        self.calls, self.peak, self.rss_before, rows = figures
        self.lines = {row[0]: LineFigures(row) for row in rows}

    @property
    def allocated(self):
        return sum(line.allocated for line in self.lines.values())

    @property
    def freed(self):
        return sum(line.freed for line in self.lines.values())

    def __repr__(self):
        return "<hognose lines of %s: %d calls, +%d -%d bytes>" % (self.name, self.calls, self.allocated, self.freed)

    def __str__(self):
        from ._profile_table import text_of

        return text_of(self, 1)


class Profiler:
    """Counts what each line of chosen functions allocates and frees, exactly: by Python's allocators, not by RSS.

    ``hognose.profile`` is one of these; another keeps functions of its own
    apart. Called with a function, a static or class method, a property or a class,
    it profiles that and returns what to put in its place; on Python 3.12 and
    later the very same object.

    >>> import io
    >>> profile = Profiler(stream=io.StringIO())
    >>> @profile
    ... def half(n):
    ...     return list(range(n))[: n // 2]
    >>> len(half(1000)), profile.results()[0].calls
    (500, 1)
    """

    def __init__(self, stream=None, precision=1):
        self._stream, self._precision = stream, _checked(precision)
        self._names = {}
        self._process = None
        self._is_printed = False

    def __call__(self, function=None, *, stream=None, precision=None):
        """Profiles a function from now on; with keywords alone gives a decorator that does.

        When the program ends the table is printed to ``stream`` (standard
        output when None), with ``precision`` digits. TypeError for what is
        no function written in Python.
        """
        if stream is not None:
            self._stream = stream
        if precision is not None:
            self._precision = _checked(precision)
        if function is None:
            return self
        profiled = _tracing.applied(function, self._add)
        self._print_at_exit()
        return profiled

    def results(self):
        """What was counted so far: a list of FunctionLines, in the order in which the functions were chosen."""
        found = []
        for code, name in list(self._names.items()):
            figures = _hognose.profile_read(code, False)
            if figures is not None:
                found.append(FunctionLines(name, code, figures))
        return found

    def print(self, stream=None):
        """Prints the table now, and not again when the program ends."""
        self._is_printed = True
        from ._profile_table import write

        into = stream or self._stream or sys.stdout
        # As with print(), there may be none.
        if into is not None:
            write(self.results(), into, self._precision)

    def clear(self):
        """Begins to count anew."""
        for code in list(self._names):
            _hognose.profile_read(code, True)
        self._is_printed = False

    def _add(self, code, name):
        if code not in self._names or self._names[code] != name:
            self._names[code] = name
            _tracing.add(code)

    def _print_at_exit(self):
        if self._process is None:
            self._process = os.getpid()
            atexit.register(self._end)

    def _end(self):
        # A forked child has its parent's figures; it is not its task to print them.
        if not self._is_printed and os.getpid() == self._process and any(function.calls for function in self.results()):
            self.print()


def _checked(precision):
    if type(precision) is not int or not 0 <= precision <= 9:
        raise ValueError("precision is a number of digits from 0 to 9, not %r" % (precision,))
    return precision


profile = Profiler()
