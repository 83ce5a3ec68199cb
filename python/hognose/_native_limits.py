"""What a test holds and leaves, with what C code allocates itself or by one thread alone: measured by a recording of the test."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
from typing import Any, Dict, List, Tuple

from . import _tool
from ._recording import record
from ._test_stacks import MOST_SHOWN, own_part


#: What stands for the file of malloc and its kin, innermost in stacks of what C code allocates.
_ALLOCATOR = "<native>"


class Place:
    """One call of a stack that leaves memory: ``function``, ``filename``, ``lineno``."""

    __slots__ = ("function", "filename", "lineno")

    def __init__(self, frame: Any) -> None:
        self.function, self.filename, self.lineno = frame["function"] or "?", frame["file"] or "?", frame["line"] or 0


class Held:
    """The calls that allocated: ``frames``, the innermost first."""

    __slots__ = ("frames",)

    def __init__(self, frames: Any) -> None:
        self.frames = tuple(frames)

    def __str__(self) -> str:
        return " <- ".join("%s %s:%d" % (frame.function, frame.filename, frame.lineno) for frame in self.frames[:MOST_SHOWN])


class Figures:
    """What was held at once at most (``peak``, bytes), the ``lines`` that held it: [(bytes, file, line)]; what is ``left`` and the ``stacks`` that left it: [(bytes, Held)]."""

    __slots__ = ("peak", "lines", "left", "stacks")

    def __init__(self, document: Any) -> None:
        places = [Place(frame) for frame in document["frames"]]
        stacks = [(stack, own_part([place for place in map(places.__getitem__, reversed(stack["frames"])) if place.filename != _ALLOCATOR])) for stack in document["stacks"]]
        self.peak, self.left = (sum(stack[figure] for stack, _ in stacks) for figure in ("high_water_bytes", "end_bytes"))
        self.lines, self.stacks = _lines(stacks), _left(stacks)


class NativeMeasure:
    """Begins to record this process. RuntimeError, in one line, where a recording cannot be made or read."""

    def __init__(self, native: bool) -> None:
        self._thread = str(threading.get_native_id())
        self._folder = tempfile.mkdtemp(prefix="hognose-test-")
        self._path = os.path.join(self._folder, "test.alloc")
        self._read: Dict[bool, Figures] = {}
        try:
            self._recording = record(self._path, native_allocations=native, children=False).start()
        except RuntimeError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def stop(self) -> None:
        self._recording.stop()

    def read(self, current_thread_only: bool) -> Figures:
        """Of the whole process, or of what the thread allocated that began to record. After ``stop``."""
        if current_thread_only not in self._read:
            words = [_tool.path(), "export", self._path, "--to", "json", "--view", "all", "-o", "-"]
            words += ["--thread", self._thread] if current_thread_only else []
            shown = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            if shown.returncode != 0:
                raise RuntimeError(shown.stderr.decode(errors="replace").strip())
            self._read[current_thread_only] = Figures(json.loads(shown.stdout.decode()))
        return self._read[current_thread_only]

    def close(self) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


def _lines(stacks: Any) -> List[Tuple[int, str, int]]:
    bytes_of: Dict[Tuple[str, int], int] = {}
    for stack, own in stacks:
        if own:
            place = own[0].filename, own[0].lineno
            bytes_of[place] = bytes_of.get(place, 0) + stack["high_water_bytes"]
    rows = [(size, filename, line) for (filename, line), size in bytes_of.items() if size > 0]
    return sorted(rows, key=lambda row: -row[0])


def _left(stacks: Any) -> List[Tuple[int, Held]]:
    rows = [(stack["end_bytes"], Held(own)) for stack, own in stacks if own and stack["end_bytes"] > 0]
    return sorted(rows, key=lambda row: -row[0])
