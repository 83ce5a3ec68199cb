"""Attributes have the names that vars() says, whoever set them, and no dict comes into being when they are looked for."""

import gc
import sys

import hognose
from hognose import _hognose

ATTRIBUTES = 5  # EdgeName.Attributes


class Plain:
    pass


class Derived(Plain):
    pass


class WithSlots:
    __slots__ = ("first", "second", "__dict__", "__weakref__")


class Number(int):
    pass


class Items(list):
    pass


def filled(item, count, prefix="name"):
    for number in range(count):
        setattr(item, "%s_%d" % (prefix, number), ["value", number])
    return item


def named(item):
    """What refs says, but for the class, slots and items, with an instance's dict opened."""
    found = {}
    for name, held in hognose.refs(item):
        if name == ".__dict__":
            found.update(("." + key, id(value)) for key, value in held.items())
        elif name not in (".__class__", ".first", ".second") and name[0] != "[":
            assert name[0] == "." and name not in found, (type(item), name)
            found[name] = id(held)
    return found


def check(item, has_dict=None):
    before = [id(held) for held in gc.get_referents(item)]
    kinds = [kind for kind, _, _ in _hognose.refs(item)]
    found = named(item)
    text = str(hognose.sizes(item, depth=2, limit=300))
    assert [id(held) for held in gc.get_referents(item)] == before
    if has_dict is not None and sys.version_info >= (3, 11):
        assert (ATTRIBUTES in kinds) == has_dict, (type(item), kinds)
    truth = {"." + name: id(value) for name, value in vars(item).items()}
    assert found == truth, (type(item), found, truth)
    # What is shared is shown once, by one of its names.
    shown = {truth[name] for name in truth if name in text or "['%s']" % name[1:] in text}
    assert shown == set(truth.values()), text
    assert "->" not in text, text


check(filled(Plain(), 3), has_dict=False)
check(filled(Derived(), 3), has_dict=False)
check(filled(WithSlots(), 3))
check(filled(Number(5), 3))
check(filled(Number(-(1 << 100)), 3))
check(filled(Items([["item"]]), 3))

# Names differ from instance to instance, and values lie in the order of the class's names.
left, right = Plain(), Plain()
right.b, right.a, left.a, left.c = ["b"], ["a"], ["a of left"], ["c"]
check(left, has_dict=False)
check(right, has_dict=False)

# One value under several names, a name that was taken away, and one that was set anew.
shared = ["shared"]
same = Plain()
same.one = same.two = same.three = shared
del same.two
same.four, same.two = ["four"], shared
check(same)

# What is no name in the language; more than the class has room for; a dict that was asked for.
odd = Plain()
setattr(odd, "not a name", ["odd"])
setattr(odd, "\u00e9\u4e2d", ["letters"])
check(odd)
check(filled(Plain(), 200, "many"))
asked = filled(Plain(), 2)
vars(asked)["later"] = ["later"]
check(asked)
vars(asked)[5] = "no string"
assert ".name_1" in [name for name, _ in hognose.refs(asked)] + ["." + key for key in vars(asked) if isinstance(key, str)]

# Another class, another dict.
moved = filled(Plain(), 2)
moved.__class__ = Derived
check(moved)
replaced = filled(Plain(), 2)
replaced.__dict__ = {"new": ["new"]}
check(replaced)

# A dict that is an attribute is no dict of attributes.
holder = Plain()
holder.settings = {"debug": [1]}
assert [name for name, held in hognose.refs(holder) if held is holder.settings] in ([".settings"], []), hognose.refs(holder)
check(holder)

# The same names in chains, cycles and graphs.
ring = Plain()
ring.next_one = Plain()
ring.next_one.back = ring
assert str(hognose.cycles(ring)[0]) in ("Plain.back -> Plain.next_one -> Plain", "Plain.next_one -> Plain.back -> Plain"), str(hognose.cycles(ring)[0])
steps = hognose.chain(ring.next_one).steps
assert steps[-1] in (".next_one", "['next_one']"), steps
assert {edge.name for edge in hognose.graph(ring).edges} == {".next_one", ".back"}
print("ok")
