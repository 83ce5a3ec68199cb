"""The name ``mprof`` for Hognose's drop-in: ``hognose.compat.mprof``."""

import sys

from hognose.compat import mprof

if __name__ == "__main__":
    mprof.main()
sys.modules[__name__] = mprof
