"""What the kernel says of this process' memory (proc(5))."""

import mmap
import os
import threading
from typing import Dict, List, Optional, Tuple

from ._texts import pp

_SEGMENTS = {"VmData": "data_segment", "VmExe": "code_segment", "VmLib": "shared_segment", "VmStk": "stack_segment"}
_WORDS = {
    "VmPeak": "Peak virtual memory size",
    "VmSize": "Virtual memory size",
    "VmLck": "Locked memory size",
    "VmHWM": "Peak resident set size",
    "VmRSS": "Resident set size",
    "VmStk": "Size of stack segment",
    "VmData": "Size of data segment",
    "VmExe": "Size of code segment",
    "VmLib": "Shared library code size",
    "VmPTE": "Page table entries size",
}


class _ProcessMemoryInfoProc:
    """Sizes in bytes of this process as they were when it was made or last updated.

    Attributes: ``rss``, ``vsz``, ``data_segment``, ``code_segment``,
    ``shared_segment``, ``stack_segment`` (bytes), ``pagefaults`` (those that
    had to wait for a disk), ``pid``, ``pagesize``, ``os_specific`` (pairs of
    words), ``available`` (whether the kernel told). ``later - earlier`` gives
    pairs of words and bytes.
    """

    pagesize = mmap.PAGESIZE

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.rss = self.vsz = self.pagefaults = 0
        self.data_segment = self.code_segment = self.shared_segment = self.stack_segment = 0
        self.os_specific: List[Tuple[str, str]] = []
        self.available = self.update()

    def __repr__(self) -> str:
        return "<ProcessMemoryInfo vsz=%d rss=%d>" % (self.vsz, self.rss)

    def __sub__(self, other: "_ProcessMemoryInfoProc") -> List[Tuple[str, int]]:
        return [("Resident set size (delta)", self.rss - other.rss), ("Virtual size (delta)", self.vsz - other.vsz)]

    def update(self) -> bool:
        """Reads everything anew; False: there is no /proc."""
        sizes = _status()
        faults = _major_faults()
        if sizes is None or faults is None:
            return False
        self.pagefaults = faults
        self.rss, self.vsz = sizes.get("VmRSS", 0), sizes.get("VmSize", 0)
        for key, name in _SEGMENTS.items():
            setattr(self, name, sizes.get(key, 0))
        self.os_specific = [(_WORDS[key], pp(size)) for key, size in sizes.items() if key in _WORDS]
        return True


def _status() -> Optional[Dict[str, int]]:
    sizes = {}
    try:
        with open("/proc/self/status") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key.startswith("Vm"):
                    sizes[key] = int(value.split()[0]) * 1024
    except OSError:
        return None
    return sizes


def _major_faults() -> Optional[int]:
    try:
        with open("/proc/self/stat") as file:
            # The name may have blanks and brackets in it; majflt is the tenth field behind it.
            return int(file.read().rpartition(")")[2].split()[9])
    except OSError:
        return None


ProcessMemoryInfo = _ProcessMemoryInfoProc


class ThreadInfo:
    """A thread's ``ident``, ``name`` and ``daemon``."""

    def __init__(self, thread: threading.Thread) -> None:
        self.ident, self.name, self.daemon = thread.ident, thread.name, thread.daemon
