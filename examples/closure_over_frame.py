"""A small callback that keeps a large local alive.

Each handler is a closure over its maker's local `table`, of which it needs one number only. As long as the handler is
registered, the whole table lives.

    ./hognose run examples/closure_over_frame.py
        "still held at the end" is led by make_handler, at the line that builds the table: 400 lists of 10,000 places, 32 MB.

    python3 examples/closure_over_frame.py --serve &
    ./hognose heap PID
        list leads the table: 400 of them are 80 KB each; there are 400 more cell objects than a fresh interpreter has.
"""
from serving import main

HANDLERS = 400
registered = {}


def make_handler(number):
    table = [number] * 10_000
    table.sort(key=lambda value: -value)

    def handle(position):
        return table[0] + position

    return handle


def work():
    for number in range(HANDLERS):
        registered[number] = make_handler(number)
    return "%d handlers registered, the sum of their answers is %d" % (HANDLERS, sum(handle(1) for handle in registered.values()))


main(work)
