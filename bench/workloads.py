"""The programs that bench/run-vs-tracemalloc measures: `python3 workloads.py NAME`. Sizes give about a second each, plain."""
import json
import sqlite3
import sys


def churn():
    for _ in range(12_000_000):
        bytes(100)


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


def objects():
    for i in range(900_000):
        {"id": i, "name": "n%d" % i}, [i, i + 1], Point(i, str(i))


def live():
    kept = []
    for _ in range(60):
        kept.append([{"id": i, "tags": [i, i + 1], "name": (i, str(i))} for i in range(8_000)])
    return kept


def nested():
    for _ in range(180):
        rows = [{"id": i, "tags": [i, i + 1], "name": (i, str(i))} for i in range(8_000)]
    return rows


def dumps_and_loads():
    text = json.dumps([{"id": i, "name": "n%d" % i, "values": [i, i * 2.5, None, True]} for i in range(5_000)])
    for _ in range(65):
        json.dumps(json.loads(text))


def strings():
    for i in range(2_200_000):
        "%d:%s" % (i, ",".join(("a" * (i % 7), str(i), "tail")))


def below(frames):
    def down(depth):
        if depth:
            return down(depth - 1)
        for _ in range(60_000):
            bytes(100)
    for _ in range(200):
        down(frames)


def deep20():
    below(20)


def deep100():
    below(100)


def recursion():
    def walk(depth):
        pair = [depth, str(depth)]
        return walk(depth - 1) + len(pair) if depth else 0
    for _ in range(200_000):
        walk(20)


def calls():
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    fib(34)


def database():
    rows = sqlite3.connect(":memory:")
    rows.execute("create table rows (number integer primary key, text)")
    for start in range(0, 300_000, 1_000):
        rows.executemany("insert into rows values (?, ?)", ((number, "row %d" % number) for number in range(start, start + 1_000)))
        rows.execute("select max(length(text)), count(distinct text) from rows where number >= ?", (start,)).fetchall()


WORKLOADS = {"churn": churn, "objects": objects, "nested": nested, "live": live, "json": dumps_and_loads, "strings": strings, "deep20": deep20, "deep100": deep100, "recursion": recursion, "calls": calls, "database": database}

if __name__ == "__main__":
    WORKLOADS[sys.argv[1]]()
