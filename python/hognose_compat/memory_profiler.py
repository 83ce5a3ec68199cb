"""The name ``memory_profiler`` for Hognose's drop-in: ``hognose.compat.memory_profiler``."""

import sys

from hognose.compat import memory_profiler

if __name__ == "__main__":
    memory_profiler.main()
sys.modules[__name__] = memory_profiler
