"""A program whose collections are told: what ``hognose gc script.py`` and ``python -m hognose.gc script.py`` run."""

import atexit
import os

from . import _running, gc


def run(arguments, generation=0):
    """Runs script.py, -m module or -c code with its arguments; returns an exit status, or raises what the program raises."""
    gc.debug(generation=generation)
    # Registered before the program can: what it registers comes first. A forked child has its own story.
    atexit.register(_tell_pauses, os.getpid())
    return _running.run(arguments)


def _tell_pauses(own):
    if os.getpid() != own:
        return
    text = "hognose gc: collections until the program ended\n" + str(gc.pauses()) + "\n"
    try:
        os.write(2, text.replace("\n", "\n    ").rstrip(" ").encode())
    except OSError:
        pass
