"""A program whose collections are told: what ``hognose gc script.py`` and ``python -m hognose.gc script.py`` run."""

from __future__ import annotations

import atexit
import os

from . import _running, gc

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any


def run(arguments: Any, generation: int = 0) -> Any:
    """Runs script.py, -m module or -c code with its arguments; returns an exit status, or raises what the program raises."""
    gc.debug(generation=generation)
    # Registered before the program can: what it registers comes first. A forked child has its own story.
    atexit.register(_tell_pauses, os.getpid())
    return _running.run(arguments)


def _tell_pauses(own: Any) -> None:
    if os.getpid() != own:
        return
    text = "hognose gc: collections until the program ended\n" + str(gc.pauses()) + "\n"
    try:
        os.write(2, text.replace("\n", "\n    ").rstrip(" ").encode())
    except OSError:
        pass
