"""``python -m hognose.compat [--compat] script.py | -m module | -c code [arguments]``: the program as it is, with our stand-ins."""

from __future__ import annotations

import sys

from . import install

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any

_USAGE = "usage: python -m hognose.compat [--compat] script.py | -m module | -c code [arguments]"
_BAD_INPUT = 2


def main(arguments: Any) -> Any:
    first = arguments[:1] == ["--compat"]
    if first:
        del arguments[0]
    if not arguments or arguments[0] in ("-m", "-c") and len(arguments) < 2 or arguments[0] in ("-h", "--help"):
        sys.stderr.write(_USAGE + "\n")
        return 0 if arguments and arguments[0] in ("-h", "--help") else _BAD_INPUT
    if arguments[0].startswith("-") and arguments[0] not in ("-m", "-c", "-"):
        sys.stderr.write("hognose.compat: no option %s: %s\n" % (arguments[0], _USAGE))
        return _BAD_INPUT
    install(first)
    from .._running import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
