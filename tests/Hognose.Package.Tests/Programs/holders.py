"""refs, referrers and chain against gc and what the program itself knows."""
import collections
import datetime
import gc
import random
import sys
import threading
import weakref

import hognose
from reference import references
from structures import Both, List, Plain, Slotted, random_structure, slotted


def ids(items):
    return sorted(set(map(id, items)))


# refs: the same objects as gc.get_referents, and the keys of dicts.
named = 0
for seed in range(40):
    for item in random_structure(random.Random(seed)):
        found = hognose.refs(item)
        assert ids(held for _, held in found) == ids(references(item)), (item, found)
        for name, held in found:
            if name.startswith("[") and type(item) in (list, tuple, dict):
                assert eval("item" + name, {"item": item}) is held, name
                named += 1
assert named > 100
assert dict((name, held) for name, held in hognose.refs(slotted(1, 2)))[".left"] == 1
inherited = Both()
inherited.left, inherited.more = "l", "m"
assert {".left"} <= {name for name, _ in hognose.refs(inherited)}
assert [name for name, held in hognose.refs(List([7])) if held == 7] == ["[0]"]
assert hognose.refs(1) == hognose.refs("text") == []
assert ("{…}", 5) in hognose.refs({5})

# What the collector knows nothing of.
zone = datetime.timezone(datetime.timedelta(hours=1), "name")
for holder, name, held in (
    (datetime.datetime(2020, 1, 1, tzinfo=zone), ".tzinfo", zone),
    (datetime.time(1, tzinfo=zone), ".tzinfo", zone),
    (range(10**50, 10**51), ".stop", 10**51),
    (ids.__code__, ".co_consts", ids.__code__.co_consts),
):
    assert (name, held) in hognose.refs(holder), hognose.refs(holder)
    assert ids(each for _, each in hognose.refs(holder)) == ids(references(holder)), holder
    assert any(each is holder for _, each in hognose.referrers(dict(hognose.refs(holder))[name])), name
assert sorted(map(str, (held for _, held in hognose.refs(zone)))) == ["1:00:00", "name"]


# referrers: all that gc.get_referrers finds but frames, and the untracked too.
class Holder:
    def __init__(self, held):
        self.held = held


def module_of_its_own(held):
    holders = [{"key": held}, [1, held], Holder(held), (held,), slotted(held, None), collections.deque([held]), {held_key: held}]
    expected = [holder for holder in gc.get_referrers(held) if type(holder) is not type(sys._getframe()) and holder is not holders]
    found = [holder for _, holder in hognose.referrers(held)]
    missing = set(ids(expected)) - set(ids(found))
    assert not missing, [type(holder) for holder in expected if id(holder) in missing]
    assert set(ids(holders)) <= set(ids(found)) or sys.version_info < (3, 11)
    names = {name for name, holder in hognose.referrers(held) if any(holder is each for each in holders)}
    assert {"['key']", "[1]", ".left"} <= names, names
    assert len(found) == len(ids(found)), "a referrer twice"


held_key = "k"
module_of_its_own(["held"])
own = []
own.append(own)
assert any(holder is own and name == "[0]" for name, holder in hognose.referrers(own))


# chain: every step is a reference, and no chain is shorter.
def is_chain(chain):
    for holder, held in zip(chain.objects, chain.objects[1:]):
        assert id(held) in ids(references(holder)), chain


CACHE = {"a": [0, 1, Plain(["leaf"])]}
leaf = CACHE["a"][2].values[0]
chain = hognose.chain(leaf)
assert chain.root == "module __main__" and chain.objects[-1] is leaf
assert chain.steps == [".__dict__", "['leaf']"], chain.steps
del leaf
chain = hognose.chain(CACHE["a"][2].values)
is_chain(chain)
assert chain.steps[:4] == [".__dict__", "['CACHE']", "['a']", "[2]"], chain.steps
assert str(chain).startswith("module __main__\n  .__dict__"), str(chain)


def inner(marker):
    return hognose.chain(marker[0])


def outer():
    box = [["boxed"]]
    chain = inner(box)
    assert chain.root.split(" at ")[0].split(", ")[1] in ("inner", "outer"), chain.root
    assert chain.steps[-1] == "[0]" and chain.steps[0] in ("local box", "local marker"), chain.steps
    lone = ["lone"]
    chain = hognose.chain(lone)
    assert chain.steps == ["local lone"] and ", outer at " in chain.root, (chain.root, chain.steps)


outer()
assert hognose.chain(["nobody's"]) is None or sys.version_info < (3, 11)


# Looking at variables prolongs no life, up to 3.12 by the dict that a frame keeps; what the program put into its own stays.
class Mortal:
    pass


def let_go(cell):
    mortal = Mortal()
    cell = Mortal()
    gone = weakref.ref(mortal), weakref.ref(cell)

    def inner():
        return cell

    assert hognose.chain(object()) is None
    del mortal, inner
    cell = None
    return [each() for each in gone]


def keeps_its_own():
    first = 1
    own = locals()
    own["more"] = 2
    hognose.chain(object())
    return own


assert let_go(None) == [None, None]
assert keeps_its_own()["first"] == 1 and keeps_its_own()["more"] == 2
module_wide = None
module_wide = sorted(globals())
hognose.chain(object())
assert sorted(globals()) == module_wide

# A chain from another thread's frame.
ready, done = threading.Event(), threading.Event()
kept = []


def worker():
    treasure = [["deep in a thread"]]
    kept.append(id(treasure[0]))
    ready.set()
    done.wait()


thread = threading.Thread(target=worker)
thread.start()
ready.wait()
target = next(item for item in gc.get_objects() if id(item) == kept[0])


def ask():
    found = [None]
    local = globals().pop("target")
    found[0] = hognose.chain(local)
    return found[0]


chain = ask()
assert ", worker at " in chain.root and chain.steps == ["local treasure", "[0]"], str(chain)
done.set()
thread.join()


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError("hands off")

    def __eq__(self, other):
        raise RuntimeError("hands off")

    def __hash__(self):
        return 1


hostile = Hostile()
object.__setattr__(hostile, "x", [1])
assert hognose.refs(hostile) and hognose.sizes([hostile], depth=3).size > 0
assert hognose.referrers(hostile) and hognose.chain(hostile)
assert str(hognose.sizes({hostile: hostile}, depth=3))
for function in (hognose.refs, hognose.referrers, hognose.chain):
    try:
        function()
        raise AssertionError(function)
    except TypeError:
        pass
print("ok")
