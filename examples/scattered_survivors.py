"""A few small objects that outlive a crowd of others, and keep the memory of the crowd.

While 400,000 rows are made, every 500th leaves a note that stays. Then the rows go, but pymalloc gives an arena back only when its last
block is freed, and in every arena stands a note.

    python3 examples/scattered_survivors.py --serve &
    ./hognose rss PID
        Fragmentation: most of the memory is free in arenas; they are kept by 800 notes, held by module __main__.notes.
"""
from serving import main

ROWS = 400_000
notes = []


def work():
    rows = []
    for number in range(ROWS):
        rows.append(("row %d" % number, [number]))
        if number % 500 == 0:
            notes.append("note on row %d" % number)
    rows.clear()
    return "%d rows over, %d notes stay" % (ROWS, len(notes))


main(work)
