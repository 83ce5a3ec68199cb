# All objects by type, and those of one type: pympler's muppy as it is. Run it by "python -m hognose.compat".
from pympler import muppy, summary


class Connection:
    pass


pool = [Connection() for _ in range(50)]
objects = muppy.get_objects()
found = muppy.filter(objects, Type=Connection)
print(len(found), "connections of", muppy.get_size(found) // len(found), "bytes")
summary.print_(summary.summarize(found + [pool]))
