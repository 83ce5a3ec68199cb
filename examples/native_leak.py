"""Blocks that C code allocates and nobody frees.

A binding takes 1,000 bytes from malloc at every call, fills them, and forgets them. No Python object is lost, so nothing that looks at
Python's objects sees it.

    python3 examples/native_leak.py --serve &
    ./hognose rss PID
        Native memory: 40 MB in 40,000 blocks that nothing leads to.
"""
import ctypes

from serving import main

CALLS = 40_000
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
libc.memset.restype = None


def call():
    libc.memset(libc.malloc(1000), 1, 1000)


def work():
    for _ in range(CALLS):
        call()
    return "%d calls" % CALLS


main(work)
