"""Objects, sizes and times as texts of fixed width."""

from typing import Any, Optional, Union

__all__ = ["pp", "pp_timestamp", "safe_repr", "trunc"]

_UNITS = ("B", "KB", "MB", "GB", "TB", "EB")


def safe_repr(obj: Any, clip: Optional[int] = None) -> str:
    """The repr of an object, "N/A" where that raises; with ``clip``, so many characters at most, its last two among them.

    >>> safe_repr([1, 2, 3, 4], clip=8)
    '[1, ..4]'
    """
    try:
        text = repr(obj)
    except Exception:
        return "N/A"
    return text if not clip or len(text) <= clip else text[: clip - 4] + ".." + text[-2:]


def trunc(obj: Any, max: int, left: bool = False) -> str:
    """The str of an object on one line of ``max`` characters at most; "..." stands for what was cut from its end or beginning.

    >>> trunc("one line\\nor two", 9), trunc("one line", 7, left=True)
    ('one li...', '...line')
    """
    text = str(obj).replace("\n", "|")
    if len(text) <= max:
        return text
    return "..." + text[len(text) - max + 3 :] if left else text[: max - 3] + "..."


def pp(i: Union[int, float], base: int = 1024) -> str:
    """A number of bytes in columns, with a unit; a negative one stays in bytes, as in pympler's tables.

    >>> pp(56), pp(2048)
    ('  56     B', '   2.00 KB')
    """
    unit = 0
    size = i
    while size > base and unit + 1 < len(_UNITS):
        size = size / float(base)
        unit += 1
    return "%4d     B" % size if unit == 0 else "%7.2f %s" % (size, _UNITS[unit])


def pp_timestamp(t: Optional[float]) -> str:
    """Seconds as hh:mm:ss.ss; nothing for None.

    >>> pp_timestamp(3725.5)
    '01:02:05.50'
    """
    return "" if t is None else "%02d:%02d:%05.2f" % (int(t / 3600), int(t / 60 % 60), t % 60)
