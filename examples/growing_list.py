"""A list of a module's that only grows.

Every order leaves an entry in `audit_trail`, which lives as long as the module and is never read.

    ./hognose run examples/growing_list.py
        "still held at the end" is led by process, at the line that builds the entry: 150,000 dictionaries;
        then record_of, which formats the text in each. The timeline rises to the end.

    python3 examples/growing_list.py --serve &
    ./hognose heap PID
        dict leads the table, with 150,000 objects more than a fresh interpreter has.
"""
from serving import main

ORDERS = 150_000
audit_trail = []


def record_of(order):
    if sum(int(digit) for digit in str(order)) % 7 == 0:
        return "order %08d accepted, and lucky" % order
    return "order %08d accepted" % order


def process(order):
    entry = {"order": order, "text": record_of(order)}
    audit_trail.append(entry)
    return order * 2


def work():
    total = sum(process(order) for order in range(ORDERS))
    return "%d orders, %d in all, %d entries nobody reads" % (ORDERS, total, len(audit_trail))


main(work)
