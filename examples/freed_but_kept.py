"""Memory that was freed and that malloc keeps.

30,000 pages of 3 KB are read and let go. One block that was made after them stays, at the end of malloc's heap: what lies before it is
free and not given back.

    python3 examples/freed_but_kept.py --serve &
    ./hognose rss PID
        Retention by the allocator: nearly all is free in malloc's heap, and malloc_trim(0) would give it back.
"""
from serving import main

PAGES = 30_000
summary = []


def work():
    pages = [b"%03000d" % number for number in range(PAGES)]
    summary.append(bytes(3000))
    size = sum(map(len, pages))
    pages.clear()
    return "%d bytes read and let go" % size


main(work)
