"""hognose.mark: a name for a moment of the recording of this program."""

import os
from collections import namedtuple

from . import _hognose

__all__ = ["Mark", "mark"]

#: Letters of a name, and seconds that the tool may take to answer.
_LONGEST, _PATIENCE = 100, 10

Mark = namedtuple("Mark", "name seconds heap")
Mark.__doc__ = "A moment with a name: ``seconds`` since the recording began, ``heap`` the file of its snapshot, None when none was asked for."


def mark(name=None, objects=False):
    """Gives this moment of the recording of this program a name; a Mark, or None when nobody records it.

    Whoever records it, ``hognose run``, ``hognose attach`` or ``record()``: so
    the call may stay in the program. Commands that read the recording take the
    name where they take a time, ``hognose show x.alloc --growth --since NAME``;
    of several marks with one name it is the last, and ``NAME#2`` is the second.
    Without a name it is "mark 1", "mark 2" ... All that this thread did before
    the call comes before the mark.

    With ``objects=True`` a snapshot of this moment is kept, too, which knows
    where each object was allocated, in ``hognose-PROGRAM.PID.NAME.heap`` in the
    current folder; a path instead of True is the file's. See ``snapshot`` for
    how that is done.

    ValueError for a name of more than 100 letters or several lines, or one
    that reads as a time ("5", "2m"); RuntimeError where the tool that records
    does not answer, or the snapshot cannot be.

    >>> import os, tempfile, hognose
    >>> hognose.mark("nobody listens") is None
    True
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with hognose.record(os.path.join(folder, "x.alloc")):
    ...         hognose.mark("half way").name
    'half way'
    """
    if name is not None and (not isinstance(name, str) or not 0 < len(name) <= _LONGEST or not name.isprintable() or _reads_as_time(name)):
        raise ValueError("%r is no name for a mark: give 1 to %d letters in one line, and no time ('5', '2m')" % (name, _LONGEST))
    recorder = _hognose.recorder()
    if recorder is None:
        return None
    answer = _asked(recorder, "mark %d %s" % (os.getpid(), name or ""))
    if answer[0] != "marked":
        raise RuntimeError("hognose.mark: a recording takes 10000 marks" if answer[0] == "full" else "hognose.mark: this process is not recorded any more")
    return Mark(answer[2], int(answer[1]) / 1e9, _snapshot(answer[2], objects))


def _asked(recorder, line):
    """What the tool that records says, in words; docs/formats/alloc.md has both."""
    import _socket  # without socket, which brings a megabyte into programs that have not imported it

    link = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        link.settimeout(_PATIENCE)
        link.connect("\0hognose-%d-%016x" % recorder)
        link.sendall((line + "\n").encode())
        answer = b""
        while not answer.endswith(b"\n"):
            piece = link.recv(1024)
            if not piece:
                raise OSError("it went away")
            answer += piece
    except OSError as trouble:
        raise RuntimeError("hognose.mark: the tool that records this program (pid %d where it runs) does not answer: %s" % (recorder[0], trouble)) from None
    finally:
        link.close()
    return answer.decode("utf-8", "replace").rstrip("\n").split(" ", 2)


def _snapshot(name, objects):
    if objects is False or objects is None:
        return None
    from ._questions import marked, snapshot

    return (marked(name) if objects is True else snapshot(objects)).path


def _reads_as_time(name):
    for unit in ("ms", "s", "m", "h", ""):
        if name.endswith(unit):
            try:
                float(name[: len(name) - len(unit)])
                return True
            except ValueError:
                pass
    return False
