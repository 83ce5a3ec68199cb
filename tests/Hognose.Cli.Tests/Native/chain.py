"""Goes from Python to C and back on stacks of every kind, while its C frames are recorded."""

import ctypes
import sys
import threading

lib = ctypes.CDLL(sys.argv[1])
CALL = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)
lib.chain_with.restype = lib.chain_variable.restype = ctypes.c_void_p
lib.chain_with.argtypes = [CALL, ctypes.c_size_t]
lib.chain_variable.argtypes = [ctypes.c_size_t, ctypes.c_int]
lib.chain_thread.argtypes = [ctypes.c_size_t]
kept = []


def inner(size):
    return lib.chain_variable(size, 100)


def outer():
    return lib.chain_with(callback, 12345)


def elsewhere(size):
    kept.append(bytes(size))
    return 0


def far(depth):
    kept.append(bytes(600))
    return far(depth - 1) if depth else 0


def deep(depth):
    kept.append(bytes(700))
    return sorted([depth], key=lambda _: deep(depth - 1)) if depth else None


def in_thread(call, *arguments):
    thread = threading.Thread(target=call, args=arguments)
    thread.start()
    return thread


callback = CALL(inner)
outer()
on_other_stack = CALL(elsewhere)
lib.chain_switched(on_other_stack)
lib.chain_thread(54321)
for thread in [in_thread(outer) for _ in range(4)]:
    thread.join()
sys.setrecursionlimit(20000)
threading.stack_size(256 << 20)
in_thread(far, 10000).join()
in_thread(deep, 100).join()
print("done")
