"""hognose.gc against what the collector itself counts, and against the same program without it."""
import gc
import io
import os
import random
import subprocess
import sys
import weakref

import hognose
from structures import random_structure

before = set(sys.modules)
import hognose.gc

assert sys.modules["gc"] is gc and hognose.gc is not gc
assert gc.callbacks == [], "importing hooks nothing"
assert all(getattr(hognose.gc, name) is getattr(gc, name) for name in dir(gc) if not name.startswith("__") and name not in ("set_debug", "get_debug"))
gc.collect()


class Tree:
    def __init__(self):
        self.children = []


class Node:
    def __init__(self, parent):
        self.parent = parent
        parent.children.append(self)


class Revived:
    kept = []

    def __del__(self):
        Revived.kept.append(self)


class Finalized:
    log = []

    def __init__(self, number):
        self.number = number
        self.me = self

    def __del__(self):
        Finalized.log.append(self.number)


def make_tree(nodes):
    tree = Tree()
    for _ in range(nodes):
        Node(tree)


# What is foreseen is what is found: counts, types, cycles.
gc.disable()
said = io.StringIO()
with hognose.gc.debug(stream=said):
    gc.collect()
    for seed in range(60):
        random_structure(random.Random(seed))
        for generation in (0, 1, 2):
            make_tree(seed % 5)
            found = gc.collect(generation)
            last = hognose.gc.history()[-1]
            assert last.generation == generation and found == last.collected + last.uncollectable, (found, str(last))
            assert last.found == found, (found, str(last))
            if seed % 5:
                assert dict((name, count) for name, count, _ in last.types)["__main__.Node"] == seed % 5
                assert any(words.startswith("Node.parent -> Tree.children -> list[") for words, _, _ in last.cycles), str(last)
    make_tree(4)
    gc.collect()
    last = hognose.gc.history()[-1]
    assert last.looked_through >= len(gc.get_objects()) * 0.9 and 0 < last.pause < 60 and last.bytes > 0
text = said.getvalue()
assert text.count("hognose gc: generation ") == len(hognose.gc.history()) == 60 * 3 + 2, (text.count("\n"), len(hognose.gc.history()))
assert str(last).replace("\n    ", "") in text.replace("\n    ", ""), (str(last), text[-500:])
assert gc.callbacks == [] and gc.get_debug() == 0
pauses = hognose.gc.pauses()
assert pauses.count == 182 and pauses.longest <= pauses.total and pauses.generations[0][0] == 60 and str(pauses).count("\n") == 3
assert len(hognose.gc.history()) == 182, "what was remembered stays"

# Many cycles of one shape are one line.
with hognose.gc.debug(quiet=True):
    for _ in range(300):
        item = ["x"]
        item.append(item)
    del item
    gc.collect()
assert ("list[1] -> list", 300, False) in hognose.gc.history()[-1].cycles, hognose.gc.history()[-1].cycles
with hognose.gc.debug(quiet=True):
    for _ in range(1500):
        item = []
        item.append(item)
    del item
    gc.collect()
last = hognose.gc.history()[-1]
assert last.cycles == [("list[0] -> list", 1000, False)] and last.more_cycles == 500 and "500 more cycles" in str(last)


# The collector does what it does without us, object by object.
def scenario():
    log, watched = [], []
    dice = random.Random(7)
    for round in range(40):
        made = [Finalized((round, number)) for number in range(dice.randrange(6))]
        watched += [weakref.ref(item, lambda ref, name=item.number: log.append(name)) for item in made]
        random_structure(dice)
        if made:
            made.append(made)
            made[0].others = made
        del made[:1]
        log.append(gc.collect(dice.randrange(3)))
        log.append(sum(ref() is None for ref in watched))
    made = None
    gc.collect()
    log += Finalized.log
    del Finalized.log[:]
    return log, gc.get_count(), len(gc.garbage)


gc.collect()
plain = scenario()
with hognose.gc.debug(quiet=True):
    watched = scenario()
assert plain[0] == watched[0] and plain[2] == watched[2], "the collector found something else"

# Collections that begin by themselves are all told, and the program's own callbacks stay.
class Picky:
    def __init__(self):
        self.phases = []

    def __call__(self, phase, info):
        self.phases.append((phase, info["generation"]))

    def __eq__(self, other):
        raise RuntimeError("nobody compares me")


picky = Picky()
gc.callbacks.append(picky)
gc.enable()
counts = [generation["collections"] for generation in gc.get_stats()]
with hognose.gc.debug(quiet=True):
    already = hognose.gc.pauses().count
    for _ in range(30000):
        item = []
        item.append(item)
    told = hognose.gc.pauses().count - already
    gc.disable()
    done = sum(generation["collections"] for generation in gc.get_stats()) - sum(counts)
assert told == done > 2, (told, done)
assert len(picky.phases) == 2 * done and gc.callbacks[0] is picky and len(gc.callbacks) == 1
gc.callbacks.clear()
assert len(hognose.gc.history()) <= 1000

# A finalizer that brings its object back.
gc.collect()
revived = Revived()
revived.me = revived
del revived
with hognose.gc.debug(quiet=True):
    gc.collect()
last = hognose.gc.history()[-1]
assert last.collected == 0 and last.revived >= 1 and "still there" in str(last), str(last)
del Revived.kept[0].me
del Revived.__del__
Revived.kept.clear()

# The flags of gc.set_debug, from hognose.gc: each its part of the reading, and CPython's own lines not.
def told(flags, make):
    code = "import sys; sys.path.insert(0, %r)\nfrom hognose import gc\ngc.collect(); gc.disable()\ngc.set_debug(%s)\n%s\ngc.collect()\nprint(gc.get_debug() == (%s), len(gc.garbage))\ngc.set_debug(0)\nprint(gc.get_debug(), gc.callbacks)\ngc.collect()" % (
        os.path.dirname(os.path.dirname(hognose.__file__)), flags, make, flags)
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[1] == "0 []", run.stdout
    return run.stdout.splitlines()[0].split(), run.stderr


cycle = "x = []; x.append(x); del x"
out, err = told("gc.DEBUG_UNCOLLECTABLE", cycle)
assert out == ["True", "0"] and err == "", err
out, err = told("gc.DEBUG_COLLECTABLE", cycle)
assert out == ["True", "0"] and err.count("hognose gc: ") == 1 and "list[0] -> list" in err and "1 collected" in err, err
out, err = told("gc.DEBUG_STATS", cycle)
assert out == ["True", "0"] and err.count("hognose gc: ") == err.count("\n") == 1, err
out, err = told("gc.DEBUG_LEAK", cycle)
assert out == ["True", "1"] and "1 kept in gc.garbage (DEBUG_SAVEALL)" in err and "in gc.garbage: list[0] -> list" in err, err
out, err = told("gc.DEBUG_SAVEALL", cycle)
assert out == ["True", "1"] and err == "", err
assert "gc: collect" not in err.replace("hognose gc:", "")

# The standard flags go on as they are, and the reading comes beside them.
code = "import sys; sys.path.insert(0, %r); import hognose.gc; hognose.gc.debug(); import gc; gc.collect(); gc.set_debug(gc.DEBUG_STATS | gc.DEBUG_SAVEALL); x = []; x.append(x); del x; gc.collect(); print(gc.get_debug() == gc.DEBUG_STATS | gc.DEBUG_SAVEALL, len(gc.garbage)); hognose.gc.stop(); print(gc.get_debug() == gc.DEBUG_STATS | gc.DEBUG_SAVEALL)" % os.path.dirname(os.path.dirname(hognose.__file__))
run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
assert run.stdout.split() == ["True", "1", "True"], run
assert "gc: collecting generation 2" in run.stderr and "hognose gc: generation 2" in run.stderr and "list[0] -> list" in run.stderr, run.stderr

# What no collection can free: only a C type with a finalizer of the old kind.
try:
    import _testcapi
    with_tp_del = _testcapi.with_tp_del
except (ImportError, AttributeError):
    with_tp_del = None
if with_tp_del is not None:
    class Old:
        def __tp_del__(self):
            pass

        def __init__(self):
            self.partner = [self]

    Old = with_tp_del(Old)
    Old()
    with hognose.gc.debug(quiet=True):
        gc.collect()
    last = hognose.gc.history()[-1]
    assert last.uncollectable >= 1 and "uncollectable: " in str(last) and "Old.partner -> list[0] -> Old" in str(last), str(last)
    gc.garbage.clear()

# Nested blocks, and what is wrong is told.
with hognose.gc.debug(stats=False, quiet=True):
    with hognose.gc.debug(stream=io.StringIO()) as inner:
        assert hognose.gc.get_debug() == gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE | gc.DEBUG_UNCOLLECTABLE
    assert hognose.gc.get_debug() == 0 and len(gc.callbacks) == 2
assert gc.callbacks == []
for wrong, error in (({"generation": 3}, ValueError), ({"stream": 5}, TypeError)):
    try:
        hognose.gc.debug(**wrong)
        raise AssertionError(wrong)
    except error:
        pass
try:
    hognose.gc.set_debug("leak")
    raise AssertionError("not a number")
except TypeError:
    pass

# A closed descriptor, and a program that ends while the reading is on.
code = "import sys, os; sys.path.insert(0, %r); import hognose.gc; hognose.gc.debug(); os.close(2); import gc; gc.collect(); x = []; x.append(x); del x; print('done')" % os.path.dirname(os.path.dirname(hognose.__file__))
run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
assert run.returncode == 0 and run.stdout == "done\n", run
print("ok")
