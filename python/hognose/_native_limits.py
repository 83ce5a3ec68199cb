"""What a test holds and leaves, with what C code allocates itself: measured by a recording of the test."""

import json
import os
import shutil
import subprocess
import tempfile
from typing import Any, Tuple

from . import _tool
from ._recording import record

_ALL = "100000"
_OURS = os.path.dirname(__file__) + os.sep


class Place:
    """One line of a stack that leaves memory: ``function``, ``filename``, ``lineno``."""

    __slots__ = ("function", "filename", "lineno")

    def __init__(self, frame: Any) -> None:
        self.function, self.filename, self.lineno = frame["function"] or "?", frame["file"] or "?", frame["line"] or 0


class Held:
    """The line that allocated and those that led there, as far as they are told: ``frames``, the innermost first."""

    __slots__ = ("frames",)

    def __init__(self, site: Any) -> None:
        frames = [Place(frame) for frame in [site] + site["callers"]]
        # From ours on outwards it is the test's runner.
        ours = [number for number, frame in enumerate(frames) if frame.filename.startswith(_OURS)]
        self.frames = tuple(frames[: ours[0]] if ours else frames)

    def __str__(self) -> str:
        return " <- ".join("%s %s:%d" % (frame.function, frame.filename, frame.lineno) for frame in self.frames)


class NativeMeasure:
    """Begins to record. ``stop()`` ends it; RuntimeError, in one line, where a recording cannot be made."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="hognose-test-")
        self._path = os.path.join(self._folder, "test.alloc")
        try:
            self._recording = record(self._path, native_allocations=True, children=False).start()
        except RuntimeError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def stop(self) -> Tuple[int, int, Any, Any]:
        """Bytes held at once at most, bytes left, and for both the lines that held them: [(bytes, Held)], largest first."""
        try:
            self._recording.stop()
            shown = subprocess.run(
                [_tool.path(), "show", self._path, "--json", "--sites", _ALL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
            )
            if shown.returncode != 0:
                raise RuntimeError(shown.stderr.decode(errors="replace").strip())
            document = json.loads(shown.stdout.decode())
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        peak, end = document["high_water_mark"], document["end"]
        return peak["bytes"], end["bytes"], _rows(peak), _rows(end)


def _rows(usage: Any) -> Any:
    rows = [(site["bytes"], Held(site)) for site in usage["sites"] if site["bytes"] > 0 and site["file"]]
    return [(size, held) for size, held in rows if held.frames]
