"""What arrays of numpy hold, which the collector knows nothing of."""
import sys

import numpy

import hognose
from reference import deep_size


def check(item):
    assert hognose.deepsizeof(item) == deep_size(item), (hognose.deepsizeof(item), deep_size(item))


whole = numpy.zeros(10**5)
for view in whole[10:20], whole.reshape(100, 1000), whole.view(numpy.matrix), whole.T:
    check(view)
    assert hognose.deepsizeof(view) > 8 * 10**5, type(view)
    assert (".base", whole) in [(name, held) for name, held in hognose.refs(view) if held is whole]
check(whole)
assert hognose.deepsizeof(whole) == sys.getsizeof(whole) and hognose.refs(whole) == []
shown = bytes(10000)
check(numpy.frombuffer(shown, dtype="u1"))
assert hognose.deepsizeof(numpy.frombuffer(shown, dtype="u1")) > 10000

# Elements that are objects: the array's own, and once.
texts = numpy.array(["t" * 1000 + str(number) for number in range(1000)], dtype=object)
check(texts)
assert hognose.deepsizeof(texts) > 1000 * 1000
assert [held for _, held in hognose.refs(texts)] == texts.tolist() and hognose.refs(texts)[1][0] == "[1]"
assert hognose.refs(texts[::2]) == [(".base", texts)] or hognose.refs(texts[::2])[0][1] is texts
check(texts[::2])
check(texts.reshape(10, 100).copy())
check(numpy.empty(5, dtype=object))
check(numpy.empty((0, 5), dtype=object))
check(numpy.array(7, dtype=object))
mixed = numpy.empty(2, dtype=object)
mixed[0], mixed[1] = whole[:5], mixed
check(mixed)
CACHE = {"rows": numpy.empty(3, dtype=object)}
CACHE["rows"][1] = treasure = ["treasure"]
del treasure
chain = hognose.chain(CACHE["rows"][1])
assert chain.steps == [".__dict__", "['CACHE']", "['rows']", "[1]"], chain.steps
print("ok")
