"""Cycles that nobody can reach, each with a payload, and a collector that was switched off.

A session and its connection name each other, so reference counts never fall to zero; gc.disable(), often left in for speed,
means that nobody comes to break the cycles.

    ./hognose run examples/cycle_with_payload.py
        "still held at the end" is led by Connection.__init__, at the line of its buffer: 5,000 buffers of 4 KB, 20 MB.
        Nothing in the program names them any more.

    python3 examples/cycle_with_payload.py --serve &
    ./hognose heap PID
        bytearray leads the table, with 5,000 objects; Session and Connection are there 5,000 times each.
"""
import gc

from serving import main

SESSIONS = 5_000


class Connection:
    def __init__(self, session):
        self.session = session
        self.buffer = bytearray(4096)

    def transfer(self):
        for position in range(0, len(self.buffer), 16):
            self.buffer[position:position + 16] = b"%016d" % position


class Session:
    def __init__(self):
        self.connection = Connection(self)


def work():
    gc.disable()
    for _ in range(SESSIONS):
        Session().connection.transfer()
    return "%d sessions over, none of them collected" % SESSIONS


main(work)
