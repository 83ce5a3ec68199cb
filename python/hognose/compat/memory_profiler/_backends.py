"""How much memory a process has, in MiB, by what memory_profiler calls a backend."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Tuple

BACKENDS = ("psutil", "psutil_pss", "psutil_uss", "posix", "tracemalloc")

MIB = 1024.0 * 1024.0

#: What the extension calls them.
RESIDENT_KINDS = {"psutil": 0, "posix": 0, "tracemalloc": 0, "psutil_pss": 1, "psutil_uss": 2}

_PAGE = os.sysconf("SC_PAGE_SIZE")


def choose_backend(new_backend: Optional[str] = None) -> str:
    """The backend that will be used: the given one, by default ``psutil``. All are there always, without psutil. KeyError for another name."""
    if new_backend is None:
        return BACKENDS[0]
    if new_backend not in BACKENDS:
        raise KeyError("there is no backend %r: there are %s" % (new_backend, ", ".join(BACKENDS)))
    return new_backend


def memory(process: int, backend: str, include_children: bool = False) -> float:
    """
    MiB of a process, and of those below it where asked for. 0.0 once it has gone. ``tracemalloc`` can only tell of this process, and counts what
    Python allocates since it was started. ValueError for a process whose PSS or USS this user may not read.
    """
    if backend == "tracemalloc":
        import tracemalloc

        if process in (-1, os.getpid()):
            return tracemalloc.get_traced_memory()[0] / MIB
        raise ValueError("the backend tracemalloc measures inside a process: for process %d take psutil" % process)
    own = os.getpid() if process == -1 else process
    try:
        total = _of_one(own, backend)
    except PermissionError:
        raise ValueError("the kernel shows the memory of process %d by %s to its user and to root only: take psutil" % (own, backend)) from None
    if include_children:
        total += sum(amount for _, amount in children_of(own, backend))
    return total


def children_of(process: int, backend: str) -> List[Tuple[int, float]]:
    """(pid, MiB) of every process below one; 0.0 MiB where it may not be read, as psutil has it."""
    found = []
    waiting = [process]
    children = _children()
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found.append((child, _of_child(child, backend)))
            waiting.append(child)
    return found


def _of_child(process: int, backend: str) -> float:
    try:
        return _of_one(process, backend)
    except PermissionError:
        return 0.0


def _of_one(process: int, backend: str) -> float:
    try:
        if backend in ("psutil", "posix"):
            with open("/proc/%d/statm" % process) as file:
                return int(file.read().split()[1]) * _PAGE / MIB
        names: Tuple[str, ...] = ("Pss:",) if backend == "psutil_pss" else ("Private_Clean:", "Private_Dirty:", "Private_Hugetlb:")
        with open("/proc/%d/smaps_rollup" % process) as file:
            return sum(int(line.split()[1]) for line in file if line.startswith(names)) / 1024.0
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _children() -> Dict[int, List[int]]:
    """From process to those it started."""
    found: Dict[int, List[int]] = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name) as file:
                # The program's name stands in parentheses and may hold anything.
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        found.setdefault(parent, []).append(int(name))
    return found
