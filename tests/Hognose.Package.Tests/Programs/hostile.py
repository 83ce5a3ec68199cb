"""Objects that lie, raise, or forbid everything."""
import ctypes
import sys

import hognose
from hognose import _hognose, deepsizeof, sizeof


class Liar:
    __slots__ = ()

    def __sizeof__(self):
        called.append(self)
        return 10**6


class Twin:
    """As Liar, but for the lie."""

    __slots__ = ()


class Raiser(list):
    def __sizeof__(self):
        raise RuntimeError("no")


class ListTwin(list):
    pass


class NoNumber:
    __slots__ = ()

    def __sizeof__(self):
        return "large"


class Negative:
    __slots__ = ()

    def __sizeof__(self):
        return -5


class Forbids(type):
    def __getattribute__(cls, name):
        raise RuntimeError("hands off " + name)

    def __instancecheck__(cls, item):
        raise RuntimeError("hands off")

    def __hash__(cls):
        raise RuntimeError("hands off")

    def __eq__(cls, other):
        raise RuntimeError("hands off")


class Forbidden(metaclass=Forbids):
    def __getattribute__(self, name):
        raise RuntimeError("hands off " + name)

    def __repr__(self):
        raise RuntimeError("hands off")

    __len__ = __iter__ = __hash__ = __repr__


def raises(kind, call):
    try:
        call()
    except kind as trouble:
        return str(trouble)
    raise AssertionError("nothing was raised")


called = []
liar = Liar()
plain = deepsizeof(liar)
assert not called, "code of the program ran"
assert plain == sys.getsizeof(Twin()), plain
assert sizeof(liar) == sys.getsizeof(liar) >= 10**6
assert deepsizeof([liar], run_code=True) == sys.getsizeof([0]) + sys.getsizeof(liar)
assert _hognose.deepsizeof((liar,), 31, 0)[2] == 1

raiser = Raiser([1])
assert deepsizeof(raiser) == deepsizeof(ListTwin([1]))
assert raises(RuntimeError, lambda: sizeof(raiser)) == "no"
assert raises(RuntimeError, lambda: deepsizeof(raiser, run_code=True)) == "no"
assert deepsizeof(NoNumber()) == sys.getsizeof(Twin())
raises(TypeError, lambda: deepsizeof(NoNumber(), run_code=True))
raises(ValueError, lambda: deepsizeof(Negative(), run_code=True))

forbidden = Forbidden()
assert deepsizeof(forbidden) > 0
assert deepsizeof([forbidden, Forbidden], classes=True) > deepsizeof(forbidden)

# Nothing of it runs when it is shown, either.
object.__setattr__(forbidden, "kept", [forbidden])
assert "Forbidden" in str(hognose.sizes([forbidden], depth=3)) and "kept" in str(hognose.sizes(forbidden, depth=3))
assert any(held is Forbidden or name.endswith(("kept", "__dict__")) for name, held in hognose.refs(forbidden))
assert any(name == "[0]" for name, _ in hognose.referrers(forbidden))
assert "kept" in str(hognose.cycles(forbidden)[0]) and "Forbidden" in hognose.graph(forbidden).svg()
assert str(hognose.chain(forbidden)).startswith("module __main__")

# A code that takes the structure apart while it is measured.
class Vandal:
    def __init__(self, victims):
        self.victims = victims

    def __sizeof__(self):
        self.victims.clear()
        return 16


victims = []
victims.extend(Vandal(victims) for _ in range(1000))
assert deepsizeof(victims, run_code=True) > 0 and not victims

# A C type that was never made ready, and one whose objects are half made.
assert deepsizeof(ctypes.py_object()) > 0
assert deepsizeof(BaseException.__new__(BaseException)) > 0
assert deepsizeof(dict.__new__(dict), list.__new__(list), tuple.__new__(tuple)) > 0
assert deepsizeof(*map(object.__new__, [Liar, NoNumber])) > 0

raises(TypeError, lambda: sizeof())
raises(TypeError, lambda: sizeof(1, 2))
raises(TypeError, lambda: deepsizeof(1, depth=3))
raises(TypeError, lambda: _hognose.deepsizeof([1], 31, 0))
raises(TypeError, lambda: _hognose.deepsizeof((1,), "x", 0))
print("ok")
