"""What types tell of their objects' sizes, without an object's own code."""

from array import array
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any, Optional

_of_type: Any = type.__dict__
_flags: Any = _of_type["__flags__"].__get__
_basicsize: Any = _of_type["__basicsize__"].__get__
_itemsize: Any = _of_type["__itemsize__"].__get__
_mro: Any = _of_type["__mro__"].__get__

_HEAP_TYPE = 1 << 9
_HAS_COLLECTOR_HEAD = 1 << 14
#: Words before an object for its dict and weak references; CPython before 3.11 sets neither flag.
_WORDS_BEFORE = (1 << 3) | (1 << 4)

#: Bytes of an item that is kept beside the object, where tp_itemsize is 0.
_ITEMS_BESIDE = ((list, 8), (dict, 24), (set, 16), (frozenset, 16), (bytearray, 1), (str, 1))
_LENGTHS = (str, bytes, bytearray, list, tuple, dict, set, frozenset, array, int)

#: From 3.11 on their items are the slots of the frame within, and no head counts them.
_WITHOUT_LENGTH = (GeneratorType, CoroutineType, AsyncGeneratorType)


def is_static(kind: type) -> bool:
    return not _flags(kind) & _HEAP_TYPE


def has_references(kind: type) -> bool:
    return bool(_flags(kind) & _HAS_COLLECTOR_HEAD)


def has_length(kind: type) -> bool:
    return _base_with_length(kind) is not None or (itemsize_of_type(kind) > 0 and not any(kind is each for each in _WITHOUT_LENGTH))


def basicsize_of_type(kind: type) -> int:
    """Bytes of an object without items, with the words before it that ``sys.getsizeof`` counts."""
    flags: int = _flags(kind)
    size: int = _basicsize(kind)
    return size + (16 if flags & _HAS_COLLECTOR_HEAD else 0) + (16 if flags & _WORDS_BEFORE else 0)


def itemsize_of_type(kind: type) -> int:
    size: int = _itemsize(kind)
    return size or next((size for base in _mro(kind) for each, size in _ITEMS_BESIDE if base is each), 0)


def itemsize(obj: Any) -> int:
    return obj.itemsize if type(obj) is array else itemsize_of_type(type(obj))


def length(obj: Any) -> Optional[int]:
    """Items that an object has room for; None where it has no items. Of a str one more, for the zero at its end."""
    kind = type(obj)
    base = _base_with_length(kind)
    if base is list:
        return (list.__sizeof__(obj) - int(_basicsize(list))) // 8
    if base is int:
        return int(max(0, int.__sizeof__(obj) - _basicsize(int)) // _itemsize(int))
    if base is str:
        return str.__len__(obj) + 1
    if base is not None:
        return base.__len__(obj)  # type: ignore[attr-defined, no-any-return]
    if kind is FrameType:
        return int(max(0, FrameType.__sizeof__(obj) - _basicsize(kind)) // _itemsize(kind))
    if has_length(kind):
        return int(max(0, object.__sizeof__(obj) - _basicsize(kind)) // _itemsize(kind))
    return None


def _base_with_length(kind: type) -> Optional[type]:
    # By identity: a metaclass may have an __eq__ and a __hash__ of its own.
    return next((base for base in _mro(kind) if any(base is each for each in _LENGTHS)), None)
