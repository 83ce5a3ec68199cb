"""Runs tracemalloc, allocates in known ways, and prints what take_snapshot() says by line and by traceback.

The snapshot is taken in a child that is forked without Python knowing (its hooks would change what is traced), so that nothing happens in this
process after it. What both do on the way is allocated by this file, which is left out.
"""
import _tracemalloc
import ctypes
import os
import sys
import threading
import tracemalloc

WORK = "/made/up/grö\N{LATIN SMALL LETTER SHARP S}e \N{SNAKE}.py"
SOURCE = """
kept, threads = [], []
def deep(depth, make):
    if depth: return deep(depth - 1, make)
    kept.append(make())
def strings(): return ["row %d" % number for number in range(500)]
def dicts(): return {str(number): {number} for number in range(300)}
def large(): return [bytearray(1000000), bytes(70000)]
def gone(): return [object() for number in range(1000)] and None
def work():
    for depth in (0, 3, 40): deep(depth, strings)
    deep(1, dicts); deep(2, large); deep(5, gone)
    kept[0].pop(); kept[1][:] = kept[1][:100]
def late(ready, wait):
    deep(10, strings); kept.append([None] * 77)
    ready.release(); wait.acquire()
"""

space = {}
exec(compile(SOURCE, WORK, "exec"), space)
buffers = [ctypes.create_string_buffer(64) for number in range(3)]
tracemalloc.start(int(sys.argv[1]))
space["work"]()
wait = threading.Lock()
wait.acquire()
# Plain locks: a semaphore's release goes on in Python, and allocates, when who waited for it goes on already.
ready = [threading.Lock() for number in range(3)]
threads = [threading.Thread(target=space["late"], args=(lock, wait), daemon=True) for lock in ready if lock.acquire()]
for thread in threads:
    thread.start()
for lock in ready:
    lock.acquire()
track = ctypes.pythonapi.PyTraceMalloc_Track
track.argtypes = [ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t]
exec(compile("for buffer in buffers: track(389047, address(buffer), 12345)", "/made/up/array.py", "exec"), {"buffers": buffers, "track": track, "address": ctypes.addressof})

fork = ctypes.PyDLL(None).fork
fork.restype = None
mine = os.getpid()
getpid, read = os.getpid, os.read
fork()
if getpid() == mine:
    read(0, 1)
else:
    traces = _tracemalloc._get_traces()  # First of all: a call of a Python function might take a traced frame from a free list.
    snapshot = tracemalloc.Snapshot(traces, tracemalloc.get_traceback_limit())
    for kind in ("lineno", "traceback"):
        for row in snapshot.statistics(kind):
            frames = [(frame.filename, frame.lineno) for frame in row.traceback]
            if frames[-1][0] != __file__:
                print("\t".join([kind, str(row.size), str(row.count)] + ["%s:%d" % frame for frame in frames]))
    print("ready", flush=True)
    os._exit(0)
