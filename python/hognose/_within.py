"""Questions about the program itself, answered by the tool from a frozen copy of it."""

from __future__ import annotations

import _thread
import json
import os
import time

from . import _hognose, _tool

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, List

PACKAGE = os.path.dirname(os.path.abspath(__file__))
_lock = _thread.allocate_lock()
NO_ANSWER = -1000


def one_at_a_time() -> Any:
    """The lock of those who make copies."""
    return _lock


def _renew() -> None:
    global _lock
    # Whoever held it when the program forked does not go on in the child.
    _lock = _thread.allocate_lock()


os.register_at_fork(after_in_child=_renew)


class Answer:
    """What the tool said. Printing it prints its report.

    Attributes: ``json`` (a dict, as the command's ``--json`` has it), ``pause``
    (seconds for which the program stood still), ``text`` (the report).
    """

    def __init__(self, document: Any, text: str) -> None:
        self.json, self.text = document, text
        self.pause = document["pause"]["seconds"]

    def __str__(self) -> Any:
        return self.text.strip("\n")

    def _words(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "<hognose.%s: %s>" % (type(self).__name__, self._words())


def ask(answer: Any, *arguments: Any) -> Any:
    """An answer of that class; RuntimeError, with one line, when there is none."""
    tool = _tool.path()
    with one_at_a_time():
        document, _, text = _answer(_Asked([tool, "within"] + list(arguments) + ["--package", PACKAGE] + _recorder(arguments[0]))).partition("\f")
    return answer(json.loads(document), text)


def _recorder(question: str) -> List[str]:
    """Where births are told, for who records this process knows them."""
    recorder = _hognose.recorder() if question in ("snapshot", "why") else None
    return ["--recorder", "%d:%d" % recorder] if recorder else []


def _answer(asked: Any) -> Any:
    try:
        if asked.line() == b"ready":
            failure = show_copy(asked.to_tool, asked.from_tool, asked.process, asked.line)
            if failure and failure != NO_ANSWER:
                raise RuntimeError("hognose: the program cannot be copied: %s" % os.strerror(-failure))
        return asked.rest()
    finally:
        asked.end()


def show_copy(to_tool: int, from_tool: int, process: int, line: Any) -> int:
    """Has the tool, which is that process, look at a frozen copy of this one. 0, NO_ANSWER, or a negative errno. One at a time."""
    _leave_no_copy()
    try:
        failure = _hognose.freeze(to_tool, from_tool, process)
        if failure:
            os.write(to_tool, b"none\n")  # it may wait for the copy's pid
        else:
            line()  # the rest of "looked"
            line()  # "copied"
        return failure
    finally:
        _leave_no_copy()


def _leave_no_copy() -> None:
    while not _hognose.thaw():
        time.sleep(0.0005)


class _Asked:
    """The tool as a process, without subprocess, which many programs have not imported; in a group of its own, for Ctrl-C is the program's."""

    def __init__(self, words: Any) -> None:
        self.process, self._read = 0, b""
        # Both ends of its input stay open here, so that a tool that dies makes no SIGPIPE.
        self._input, self.to_tool = os.pipe()
        self.from_tool, output = os.pipe()
        self._errors, errors = os.pipe()
        try:
            places = [(os.POSIX_SPAWN_DUP2, end, place) for place, end in enumerate((self._input, output, errors))]
            self.process = os.posix_spawn(words[0], words, os.environ, file_actions=places, setpgroup=0, setsigmask=())
        except OSError as trouble:
            raise RuntimeError("hognose: the tool cannot be started: %s" % trouble) from None
        finally:
            os.close(output)
            os.close(errors)
            if not self.process:
                self._close()

    def line(self) -> bytes:
        while b"\n" not in self._read:
            piece = os.read(self.from_tool, 65536)
            if not piece:
                return b""
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line

    def rest(self) -> str:
        text = self._read + _all(self.from_tool)
        trouble = _all(self._errors)
        if b"\f" not in text:
            raise RuntimeError(trouble.decode("utf-8", "replace").strip().split("\n")[-1] or "hognose: the tool ended without an answer")
        return text.decode("utf-8", "surrogateescape")

    def end(self) -> None:
        # Closed first: a tool that still waits for a word ends then.
        self._close()
        try:
            os.waitpid(self.process, 0)
        except ChildProcessError:
            pass  # somebody waits for all children, or ignores SIGCHLD

    def _close(self) -> None:
        for end in (self._input, self.to_tool, self.from_tool, self._errors):
            os.close(end)


def _all(descriptor: int) -> bytes:
    pieces: List[bytes] = []
    while True:
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
