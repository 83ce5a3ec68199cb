"""hognose.sizes against deepsizeof and the slow reference."""
import gc
import random
import sys

from hognose import deepsizeof, sizes
from reference import deep_size
from structures import Plain, random_structure


def add_up(tree):
    """A tree's size is its own and its children's; returns how many objects its nodes stand for."""
    assert tree.own == sys.getsizeof(tree.object)
    if tree.children or tree.others:
        assert tree.size == tree.own + sum(child.size for child in tree.children) + tree.others_size
    for child in tree.children:
        add_up(child)


for seed in range(40):
    structure = random_structure(random.Random(seed))
    for depth in (0, 1, 2, 5, 100):
        tree = sizes(structure, depth=depth, limit=1 + seed)
        assert tree.size == deepsizeof(structure) == deep_size(structure)
        assert len(tree.children) <= 1 + seed
        assert [child.size for child in tree.children] == sorted((child.size for child in tree.children), reverse=True)
        add_up(tree)
        str(tree), repr(tree)

tree = sizes({"few": [1], "many": ["x" * 1000]}, depth=2)
assert [child.name for child in tree.children][:2] == ["['many']", "['few']"], tree.children
assert tree.children[0].children[0].name == "[0]"
assert "['many']  list" in str(tree), str(tree)
wide = sizes([[index] for index in range(1000)], limit=3)
assert len(wide.children) == 3 and wide.others == 997 and "… 997 more" in str(wide)

instance = Plain("value")
tree = sizes(instance, depth=2)
names = [child.name for child in tree.children] + [low.name for child in tree.children for low in child.children]
assert ".values" in names or "['values']" in names, names
if sys.version_info >= (3, 11):
    assert ".values" in names, names
    assert not any(type(item) is dict for item in gc.get_referents(instance)), "the instance's dict came into being"


class Liar:
    def __sizeof__(self):
        return 1 << 40


assert sizes([Liar()]).remarks == ("1 object with a __sizeof__ of their own in Python, which was not called",)
assert gc.isenabled()
gc.disable()
sizes([])
assert not gc.isenabled()
for wrong in ({"depth": -1}, {"depth": 101}, {"limit": 0}, {"depth": "x"}):
    try:
        sizes([], **wrong)
        raise AssertionError(wrong)
    except ValueError:
        pass
print("ok")
