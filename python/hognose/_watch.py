"""What goes on around each collection while hognose.gc.debug is on."""

import collections
import gc
import os
import time

from . import _hognose
from ._collections import Collection, Pauses, Pending
from ._cycles import Cycle
from ._naming import full_name, still

_MOST_PAST = 1000
_MOST_CYCLES_LOOKED_AT = 1000


class _Watch:
    """The one in a process. Between the callbacks of a collection it keeps numbers and texts, never an object of the program's."""

    def __init__(self):
        self.flags = 0
        self.saves = 0
        self.past = collections.deque(maxlen=_MOST_PAST)
        self.pauses = Pauses()
        self._generation = 0
        self._stream = None
        self._is_on = False
        self._reading = None
        self._began = 0.0

    def settings(self):
        return (self.flags, self._generation, self._stream) if self._is_on else None

    def start(self, flags, generation, stream):
        self.flags, self._generation, self._stream = flags, generation, stream
        if not self._is_on:
            # The pause is the collector's alone: last before it, and first after it.
            gc.callbacks.insert(0, self._after)
            gc.callbacks.append(self._before)
            self._is_on = True

    def restore(self, settings):
        if settings is not None:
            self.start(*settings)
        elif self._is_on:
            self._is_on = False
            self.flags = 0
            self._stream = self._reading = None
            # By identity of the object they belong to: other callbacks are the program's, and comparing could run its code.
            gc.callbacks[:] = [each for each in gc.callbacks if type(each) is not type(self._after) or each.__self__ is not self]

    def _before(self, phase, info):
        if phase != "start":
            return
        try:
            self._reading = _Reading(info["generation"])
        except KeyboardInterrupt:
            _interrupt_again()
        self._began = time.perf_counter()

    def _after(self, phase, info):
        ended = time.perf_counter()
        if phase == "stop" and self._reading is not None:
            try:
                self._finish(info, ended)
            except KeyboardInterrupt:
                _interrupt_again()

    def _finish(self, info, ended):
        reading, self._reading = self._reading, None
        collection = reading.finish(info, ended - self._began)
        self.past.append(collection)
        self.pauses.add(collection)
        if collection.generation >= self._generation:
            lines = _lines(collection, self.flags)
            if lines:
                self._write("hognose gc: " + "\n    ".join(lines) + "\n")

    def _write(self, text):
        # Not through sys.stderr: a collection may begin while the program is writing to it.
        if self._stream is not None:
            self._stream.write(text)
            return
        try:
            os.write(2, text.encode("utf-8", "backslashreplace"))
        except OSError:
            pass  # nobody reads, or it is closed


def _interrupt_again():
    # Ctrl-C that came while we were at work: what a callback raises is printed and forgotten.
    import _thread

    _thread.interrupt_main()


class _Reading:
    """What a collection is about to find, in numbers and texts."""

    def __init__(self, generation):
        self.time = time.time()
        self.generation = generation
        self.garbage_before = len(gc.garbage)
        self.looked_through, self.types, self.cycles, self.cycle_count = _look(generation)

    def finish(self, info, pause):
        made = Collection()
        made.generation, made.time, made.pause = self.generation, self.time, pause
        made.looked_through, made.collected, made.uncollectable = self.looked_through, info["collected"], info["uncollectable"]
        saved = {id(item) for item in gc.garbage[self.garbage_before :]}
        made.saved = len(saved)
        made.types = self.types
        counts = {}
        for words, members in self.cycles:
            key = words, bool(saved) and not saved.isdisjoint(members)
            counts[key] = counts.get(key, 0) + 1
        made.cycles = [(words, count, is_saved) for (words, is_saved), count in sorted(counts.items(), key=lambda pair: (not pair[0][1], -pair[1]))]
        made.more_cycles = self.cycle_count - len(self.cycles)
        made.revived = max(0, made.found - made.collected - made.uncollectable)
        return made


def pending():
    """Nothing is collected meanwhile: what is looked for would be gone."""
    made = Pending()
    made.generation, made.time, made.pause = 2, time.time(), 0.0
    made.collected = made.uncollectable = made.saved = made.revived = 0
    made.looked_through, made.types, cycles, count = still(_look, 2)
    counts = {}
    for words, _ in cycles:
        counts[words] = counts.get(words, 0) + 1
    made.cycles = [(words, count, False) for words, count in sorted(counts.items(), key=lambda pair: -pair[1])]
    made.more_cycles = count - len(cycles)
    return made


def _lines(collection, flags):
    has_found = flags & gc.DEBUG_COLLECTABLE and collection.collected
    has_kept = flags & gc.DEBUG_UNCOLLECTABLE and collection.uncollectable
    if not (flags & gc.DEBUG_STATS or has_found or has_kept):
        return []
    lines = [collection.headline()]
    if has_found and (has_kept or not collection.uncollectable):
        return lines + collection.details()
    return lines + collection.details(bool(has_kept)) if has_found or has_kept else lines


def _look(generation):
    """
    All that refers to objects of the program's ends with this function. The collector is at work already, so nothing that is made here
    sets off another collection.
    """
    looked_through, rows, groups, count = _hognose.garbage(_candidates(generation), _MOST_CYCLES_LOOKED_AT)
    types = sorted(((full_name(kind), objects, size) for kind, objects, size in rows), key=lambda row: (-row[1], row[0]))
    cycles = []
    for objects, path in groups:
        cycles.append((str(Cycle(objects, path[::-1])), [id(item) for item in objects]))
    return looked_through, types, cycles, count


def _candidates(generation):
    found = gc.get_objects(generation=0)
    for older in range(1, generation + 1):
        found += gc.get_objects(generation=older)
    return found


WATCH = _Watch()
