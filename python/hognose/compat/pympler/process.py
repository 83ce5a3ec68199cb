"""Memory and threads of this process."""

import threading
from typing import List

from ..._process import ProcessMemoryInfo, ThreadInfo, _ProcessMemoryInfoProc

__all__ = ["ProcessMemoryInfo", "ThreadInfo", "get_current_thread_id", "get_current_threads", "is_available"]

_ProcessMemoryInfo = _ProcessMemoryInfoProc


def is_available() -> bool:
    """Whether the kernel tells sizes of processes here."""
    return ProcessMemoryInfo().available


def get_current_threads() -> List[ThreadInfo]:
    """A ThreadInfo of each thread that Python knows."""
    return [ThreadInfo(thread) for thread in threading.enumerate()]


def get_current_thread_id() -> int:
    """The ident of the calling thread."""
    return threading.get_ident()
