"""A generator resumed at the bottom of a deep stack and then near its top: between the two, CPython gives the deep frames' memory back."""
import sys

sys.setrecursionlimit(20_000)


def produce():
    while True:
        yield bytes(100)


def deep(generator, depth):
    return deep(generator, depth - 1) if depth else len(next(generator))


total = 0
for depth in range(10, 4_000, 130):
    generator = produce()
    for _ in range(5):
        total += deep(generator, depth) + len(next(generator))
print(total)
