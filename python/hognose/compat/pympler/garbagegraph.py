"""Graphs of what only the collector frees."""

import gc
import sys
from typing import Any, IO, Optional

from ..._texts import pp, trunc
from .refgraph import ReferenceGraph

__all__ = ["GarbageGraph", "end_debug_garbage", "start_debug_garbage"]


class GarbageGraph(ReferenceGraph):
    """The objects that a collection finds unreachable, which it makes the collector keep (``gc.DEBUG_SAVEALL``).

    ``reduce``: only those on cycles and between them. ``collectable=False``:
    only those that the collector cannot free. Call ``start_debug_garbage``
    first, ``end_debug_garbage`` when done, and empty ``gc.garbage``.
    """

    def __init__(self, reduce: bool = False, collectable: bool = True) -> None:
        gc.set_debug(gc.DEBUG_SAVEALL if collectable else 0)
        gc.collect()
        super().__init__(gc.garbage, reduce)

    def print_stats(self, stream: Optional[IO[str]] = None) -> None:
        """Prints the objects, largest first, and their number and bytes."""
        out: Any = stream or sys.stdout
        self.metadata.sort(key=lambda each: -each.size)
        out.write("%-10s %8s %-12s %-46s\n" % ("id", "size", "type", "representation"))
        for each in self.metadata:
            out.write("0x%08x %8d %-12s %-46s\n" % (each.id, each.size, trunc(each.type, 12), trunc(each.str, 46)))
        words = self.count, self.num_in_cycles, pp(self.total_size)
        out.write("Garbage: %8d collected objects (%s in cycles): %12s\n" % words)


def start_debug_garbage() -> None:
    """Collects once and switches automatic collections off, so that what becomes garbage stays."""
    gc.collect()
    gc.disable()


def end_debug_garbage() -> None:
    """Switches them on again, and the collector's debugging off."""
    gc.set_debug(0)
    gc.enable()
