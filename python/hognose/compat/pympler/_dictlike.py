"""Classes that adict() named, by module. Kept for its callers: no size depends on it."""

from typing import Dict, Tuple

DICT_LIKE: Dict[str, Tuple[str, ...]] = {"UserDict": ("IterableUserDict", "UserDict"), "weakref": ("WeakKeyDictionary", "WeakValueDictionary")}


def add(kind: type) -> bool:
    """False: the class has not the methods of a dict."""
    if not isinstance(kind, type) or not all(callable(getattr(kind, name, None)) for name in ("get", "items", "keys", "values")):
        return False
    names = DICT_LIKE.get(kind.__module__, ())
    if kind.__name__ not in names:
        DICT_LIKE[kind.__module__] = names + (kind.__name__,)
    return True
