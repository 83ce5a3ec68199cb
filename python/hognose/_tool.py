"""The tool, a native executable that the wheel puts on PATH."""

from __future__ import annotations

import os
import sys
import sysconfig

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Iterator, NoReturn


def path() -> str:
    """
    The tool's path: what HOGNOSE_TOOL names, else where the wheel was installed to, else what PATH finds. Raises RuntimeError when it is
    nowhere.
    """
    named = os.environ.get("HOGNOSE_TOOL")
    if named:
        if not os.access(named, os.X_OK):
            raise RuntimeError("HOGNOSE_TOOL names %s, which is no executable file: name the tool, or leave the variable out" % named)
        return named
    for candidate in _installed():
        if os.access(candidate, os.X_OK):
            return candidate
    import shutil

    found = shutil.which("hognose")
    if found is None:
        raise RuntimeError("the tool 'hognose' is neither beside this Python nor on PATH: install the wheel, or name the tool with HOGNOSE_TOOL")
    return found


def _installed() -> Iterator[str]:
    # PREFIX/lib/pythonX.Y/site-packages/hognose, whatever the prefix (a virtual environment, --prefix, --user).
    prefix = os.path.dirname(os.path.abspath(__file__))
    # pip install --target PREFIX
    yield os.path.join(os.path.dirname(prefix), "bin", "hognose")
    for _ in range(4):
        prefix = os.path.dirname(prefix)
    yield os.path.join(prefix, "bin", "hognose")
    yield os.path.join(sysconfig.get_path("scripts"), "hognose")
    yield os.path.join(os.path.dirname(sys.executable), "hognose")


def become(*arguments: str) -> NoReturn:
    """Replaces this process by the tool; where there is none, ends with one line and status 2."""
    try:
        tool = path()
    except RuntimeError as trouble:
        say(sys.stderr, "hognose: %s\n" % trouble)
        sys.exit(2)
    for stream in sys.stdout, sys.stderr:
        if stream is not None:
            stream.flush()
    os.execv(tool, [tool] + list(arguments))


def say(stream: Any, text: str) -> None:
    """Writes what is said beside the program's work, which is no less done where there is no such stream (None), or none that takes it."""
    try:
        if stream is not None:
            stream.write(text)
    except (OSError, ValueError):
        pass
