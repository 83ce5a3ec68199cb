# An object with all that it holds, as pympler's asizeof tells it. Run it by "python -m hognose.compat".
from pympler import asizeof


class Page:
    def __init__(self, address):
        self.address = address
        self.links = [address + "/%d" % number for number in range(3)]


page = Page("/news")
print(asizeof.asizeof(page), "bytes, of which", asizeof.flatsize(page), "its own")
print(asizeof.asized(page.links, detail=1).format())
asizeof.asizeof(page.links, page.address, stats=1)
