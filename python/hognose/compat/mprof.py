"""memory_profiler's ``mprof``: the same commands and options, done by ``hognose mprof``."""

import sys

from .._tool import become

__all__ = ["main"]


def main():
    """The console script: becomes ``hognose mprof`` with the same arguments, and so never returns."""
    become("mprof", *sys.argv[1:])


if __name__ == "__main__":
    main()
