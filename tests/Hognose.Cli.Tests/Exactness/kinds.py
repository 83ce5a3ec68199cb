# Blocks of every size and kind, kept and freed. What CPython puts on a free list is kept only: tracemalloc names such a block after whoever
# took it from the list last (_PyTraceMalloc_NewReference), and an allocator's hook, ours, is not called then.
class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a, self.b = a, b


class Open:
    pass


def strings():
    out = []
    for number in range(200):
        text = "text %d" % number
        out.append(text * 7)
        if number % 3:
            out[-1] = "é" * number
    return out


def buffers():
    out = []
    for number in range(120):
        data = bytearray(number * 17)
        data.extend(b"x" * number)
        if number % 4 == 0:
            out.append(data)
        out.append(bytes(number * 31))
    return out[::2]


def containers():
    growing, table = [], {}
    for number in range(250):
        growing.append("n%d" % number)
        table["k%d" % number] = growing[-1]
    return growing, table, {text for text in growing}, frozenset(growing)


def objects():
    kept = [Slotted("a" * 100, number) for number in range(100)]
    others = [Open() for unused in range(100)]
    for number, other in enumerate(others):
        other.name = "name %d" % number
        if number % 10 == 0:
            other.__dict__["more %d" % number] = bytes(600)
    return kept, others


def closures():
    def make(number):
        def inner():
            return number
        return inner
    return [make(number) for number in range(50)]


def big():
    blocks = [bytes(512 + number * 100) for number in range(60)]
    del blocks[::3]
    for number in range(0, len(blocks), 2):
        blocks[number] = bytearray(10000)
        blocks[number] += bytes(100000)
    return blocks, 10 ** 5000


def workload():
    return strings(), buffers(), containers(), objects(), closures(), big()
