"""Asks C code for memory, each kind from a line of its own, and prints what glibc and a counting shim say of it."""
import ctypes
import json
import os
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])
lib.take.restype = ctypes.c_long
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.strdup.restype = ctypes.c_void_p
libc.strdup.argtypes = [ctypes.c_char_p]
said = {}
shim = None
if hasattr(libc, "shim_begin"):
    shim = libc
    shim.shim_blocks.restype = shim.shim_bytes.restype = ctypes.c_long


def taking():
    return lib.take()


def aligned():
    return lib.take_aligned()


def giving():
    lib.give()


def mapping():
    return lib.map_some()


def by_pointer():
    return libc.malloc(123_456)


def by_libc():
    return libc.strdup(b"x" * 54_320)


def in_thread():
    lib.threads(8)


lib.take, lib.take_aligned, lib.map_some, libc.malloc, libc.strdup, lib.threads, lib.give  # looked up once
if shim:
    shim.shim_begin()
said["heap"] = taking()
said["aligned"] = aligned()
if shim:
    shim.shim_end()
    said["shim"] = [shim.shim_blocks(), shim.shim_bytes()]
said["mapped"] = mapping()
kept = by_pointer(), by_libc()
for _ in range(5):
    child = os.fork()
    if child == 0:
        taking()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
threads = [threading.Thread(target=in_thread) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if "numpy" in sys.argv:
    import numpy

    def array():
        return numpy.zeros(3_000_000)

    numbers = array()
if "give" in sys.argv:
    giving()
print(json.dumps(said))
