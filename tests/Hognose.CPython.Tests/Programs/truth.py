"""Tells the truth about this process's heap without changing it: a forked child, which has the same objects at the same addresses, writes
for everything that gc.get_objects and gc.get_referents lead to

    T <type id> <name>                                        one line a type
    O <id> <type id> <getsizeof or -1> <tracked> <referents>  one line an object, numbers in hex

while the parent waits; then the parent says "ready" and waits in a read."""
import gc
import os
import sys


def tell(path, freeze=False):
    gc.collect()
    gc.disable()
    if freeze:
        gc.freeze()
    blocks = sys.getallocatedblocks()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            write(path, blocks)
            status = 0
        finally:
            os._exit(status)
    os.waitpid(child, 0)
    os.write(1, b"ready\n")
    while os.read(0, 4096):
        os.write(1, b"ready\n")


def write(path, blocks):
    import traceback
    try:
        with open(path, "w") as out:
            out.write("B %x\n" % blocks)
            dump(out, sys._getframe())
    except BaseException:
        traceback.print_exc()
        raise


def dump(out, caller):
    stack = gc.get_objects()
    seen = {}
    kinds = {}
    mine = {id(stack), id(seen), id(kinds), id(caller), id(sys._getframe()), id(out), id(out.__dict__), id(out.buffer), id(out.buffer.raw)}
    mine.add(id(mine))
    for name in ("encoder", "decoder"):
        mine.add(id(getattr(out, name, None)))
    while stack:
        one = stack.pop()
        key = id(one)
        if key in seen or key in mine:
            continue
        kind = type(one)
        try:
            size = sys.getsizeof(one)
        except Exception:
            size = -1
        referents = gc.get_referents(one)
        seen[key] = one
        if id(kind) not in kinds:
            kinds[id(kind)] = kind
            out.write("T %x %s.%s\n" % (id(kind), type.__getattribute__(kind, "__module__"), type.__dict__["__qualname__"].__get__(kind)))
        out.write("O %x %x %x %d %s\n" % (key, id(kind), size, gc.is_tracked(one), " ".join(["%x" % id(r) for r in referents])))
        stack.extend(referents)
        del one, referents, kind
    out.write("E\n")
