"""The name ``pympler`` for Hognose's drop-in: ``hognose.compat.pympler``."""

import sys

import hognose.compat
from hognose.compat import pympler

# What lies below is found under ours, too.
hognose.compat.install(first=True)
sys.modules[__name__] = pympler
