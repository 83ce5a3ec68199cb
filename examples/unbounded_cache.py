"""A cache that never forgets.

Every request brings a new key, so functools.lru_cache(maxsize=None) keeps every answer for ever.

    ./hognose run examples/unbounded_cache.py
        "still held at the end" is led by rendered_page, at the line of its return: 20,000 pages of about 1.5 KB.
        The rows that a page is made of are gone by then: they count in the totals only.
        The timeline rises to the end: nothing ever falls.

    python3 examples/unbounded_cache.py --serve &
    ./hognose heap PID
        str leads the table: 20,000 objects of some 1,500 bytes more than a fresh interpreter has.
"""
import functools

from serving import main

REQUESTS = 20_000


@functools.lru_cache(maxsize=None)
def rendered_page(visitor):
    rows = ["<li>%d: %d</li>" % (row, visitor * row) for row in range(80)]
    return "<ul>" + "".join(rows) + "</ul>"


def work():
    for visitor in range(REQUESTS):
        rendered_page(visitor)
    return "%d pages rendered, %d kept" % (REQUESTS, rendered_page.cache_info().currsize)


main(work)
