"""What an Asizer prints, in pympler's layout."""

import struct
import sys
from typing import Any, Dict, IO, Optional, Sequence

from ._dictlike import DICT_LIKE
from ._typefacts import has_length, has_references, is_static, itemsize_of_type, length, basicsize_of_type

_POINTER = struct.calcsize("P")


def si(size: float) -> str:
    """" or 1.3 KiB" behind a number of bytes; nothing below 1024."""
    if size < 1024:
        return ""
    for unit in "KMGTPE":
        size /= 1024.0
        if size < 1024:
            break
    return " or %.1f %siB" % (size, unit)


def plural(number: int) -> str:
    return "" if number == 1 else "s"


class Report:
    """The printing half of Asizer. ``file``, ``end`` and ``flush`` of ``print3options`` are print's."""

    _stream: Optional[IO[str]]

    def print_summary(self: Any, w: int = 0, objs: Sequence[Any] = (), **print3options: Any) -> None:
        """Totals of all that was counted so far, numbers in columns ``w`` wide."""
        self._printf("%*d bytes%s%s", w, self._total, si(self._total), self._incl, **print3options)
        if self._align > 1:
            self._printf("%*d byte aligned", w, self._align, **print3options)
        self._printf("%*d byte sizeof(void*)", w, _POINTER, **print3options)
        rows = [(len(objs or ()), "given"), (self._sized, "sized")]
        rows += [(self._left, "excluded")] if self._excluded else []
        rows += [(self._met, "seen")] + ([(self._ranked, "ranked")] if self._ranked else []) + [(self._missed, "missed")]
        for number, what in rows:
            self._printf("%*d object%s %s", w, number, plural(number), what, **print3options)
        self._printf("%*d duplicate%s", w, self._duplicates, plural(self._duplicates), **print3options)
        if self._depth > 0:
            self._printf("%*d deepest recursion", w, self._depth, **print3options)

    def print_largest(self: Any, w: int = 0, cutoff: int = 0, **print3options: Any) -> None:
        """The objects that reach most, ``cutoff`` of them at most."""
        shown = self._ranks[: max(int(cutoff) if cutoff else self._cutoff, 0)]
        if not shown or self._above <= 0:
            return
        heading = "\n%*d largest object%s (of %d over %d bytes%s)"
        self._printf(heading, w, len(shown), plural(len(shown)), self._ranked, self._above, si(self._above), **print3options)
        places = {rank.id: place for place, rank in enumerate(self._ranks)}
        for rank in shown:
            obj = rank.object
            text = "%s: %s%s, ix %s" % (self._prepr(rank.key), self._repr(obj), _length_word(obj), places[rank.id])
            text += " (at %d)" % rank.deep if rank.deep else ""
            text += ", pix %s" % places.get(rank.pid, "?") if rank.pid else ""
            self._printf("%*d bytes%s: %s", w, rank.size, si(rank.size), text, **print3options)

    def print_profiles(self: Any, w: int = 0, cutoff: int = 0, **print3options: Any) -> None:
        """Totals by type, down to ``cutoff`` per cent of the whole."""
        profiles = sorted(self._profiles.values(), key=lambda each: (each.total, each.number, self._prepr(each.key)), reverse=True)
        if not profiles:
            return
        percent = (int(cutoff) if cutoff else self._cutoff) if self._total else 0
        heading = "\n%*d profile%s:  total%s, average, and largest flat size%s:  largest object"
        share = " (% of grand total)" if self._total else ""
        self._printf(heading, w, len(profiles), plural(len(profiles)), share, self._incl, **print3options)
        for left, profile in zip(range(len(profiles) - 1, -1, -1), profiles):
            self._printf("%*d %s %s", w, profile.number, self._prepr(profile.key), self._profile_words(profile), **print3options)
            if left > 1 and profile.total < int(percent * 0.01 * self._total):
                self._printf("%+*d profiles below cutoff (%.0f%%)", w, left, percent, **print3options)
                break

    def print_stats(
        self: Any,
        objs: Sequence[Any] = (),
        opts: Dict[str, Any] = {},
        sized: Any = (),
        sizes: Sequence[int] = (),
        stats: float = 3,
        **print3options: Any
    ) -> None:
        """All of the above, as far as ``stats`` of the call and of the Asizer both ask for it: 1 totals and largest, 2 types, 3 more of the types."""
        level = min(opts.get("stats", stats) or 0, self._stats)
        if level <= 0:
            return
        w = len(str(self._missed + self._met + self._total)) + 1
        self._print_heading(w, objs, opts, sized, sizes, **print3options)
        self.print_summary(w=w, objs=objs, **print3options)
        self.print_largest(w=w, cutoff=self._cutoff if level < 2 else 10, **print3options)
        if level > 1:
            self.print_profiles(w=w, cutoff=self._cutoff, **print3options)
        if level > 2:
            self.print_typedefs(w=w, **print3options)

    def print_typedefs(self: Any, w: int = 0, **print3options: Any) -> None:
        """The types that were met, with the sizes of their parts; and the classes that adict() named."""
        for what, wanted in (("dynamic", False), ("static", True)):
            kinds = sorted((self._prepr(each.key), each.key) for each in self._profiles.values() if is_static(each.key) is wanted)
            if not kinds:
                continue
            self._printf("\n%*d %s type%s:  basicsize, itemsize, _len_(), _refs()", w, len(kinds), what, plural(len(kinds)), **print3options)
            for name, kind in kinds:
                row = w, "", name, basicsize_of_type(kind), itemsize_of_type(kind), _name_or("_len", has_length(kind)), _name_or("_refs", has_references(kind))
                self._printf("%*s %s:  %d, %d, %s, %s", *row, **print3options)
        number = sum(len(names) for names in DICT_LIKE.values())
        self._printf("\n%*d dict/-like classes:", w, number, **print3options)
        for module, names in DICT_LIKE.items():
            self._printf("%*s %s:  %s", w, "", module, self._prepr(names), **print3options)

    def _print_heading(self: Any, w: int, objs: Sequence[Any], opts: Dict[str, Any], sized: Any, sizes: Sequence[int], **print3options: Any) -> None:
        named = ", ".join(sorted("%s=%r" % option for option in opts.items()))
        comma = ", " if named and objs else ""
        if sized and objs and len(objs) > 1:
            self._printf("\nasized(...%s%s) ...", comma, named, **print3options)
            for place, each in enumerate(sized):
                self._printf("%*d: %s", w - 1, place, each, **print3options)
        elif sized and objs:
            self._printf("\nasized(%s): %s", named, sized, **print3options)
        elif sizes and objs:
            self._printf("\nasizesof(...%s%s) ...", comma, named, **print3options)
            for size, obj in zip(sizes, objs):
                self._printf("%*d bytes%s%s:  %s", w, size, si(size), self._incl, self._repr(obj), **print3options)
        else:
            self._printf("\nasizeof(%s%s%s) ...", self._repr(objs) if objs else "", comma, named, **print3options)

    def _profile_words(self: Any, profile: Any) -> str:
        share = " (%.0f%%)" % (profile.total * 100.0 / self._total) if self._total > 0 else ""
        average = profile.total // profile.number if profile.number > 1 else profile.total
        words = (plural(profile.number), profile.total, si(profile.total), share, average, si(average), profile.high, si(profile.high))
        obj = profile.object
        return "object%s:  %d%s%s, %d%s, %d%s:  %s%s" % (words + (self._repr(obj), _length_word(obj)))

    @property
    def _incl(self: Any) -> str:
        return " (incl. code)" if self._code else ""

    def _printf(self, text: str, *values: Any, **print3options: Any) -> None:
        print3options["file"] = print3options.get("file") or self._stream or sys.stdout
        print(text % values if values else text, **print3options)


def _name_or(name: str, is_there: bool) -> str:
    return name if is_there else "n/a"


def _length_word(obj: Any) -> str:
    number = length(obj)
    if number is None:
        return ""
    try:
        shown: Optional[int] = len(obj)
    except Exception:
        shown = 0
    return " leng %d%s" % (number, "!" if number > (shown or 0) else "")
