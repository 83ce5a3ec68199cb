"""hognose.record: a part of a program recorded as ``hognose run`` records a whole one."""

import atexit
import os
import subprocess
import sys

from . import _hognose, _tool
from ._within import NO_ANSWER, PACKAGE, one_at_a_time, show_copy

__all__ = ["Recording", "record"]

#: What _hognose.record_begin answers. Its numbers are those of the agent's JoinResult.
_TROUBLE = {
    1: "a recording is under way in this process already: stop it first",
    2: "this process is no CPython that hognose can record",
    3: "the tool's shared memory could not be opened: is /proc mounted?",
    5: "the tool did not answer: try again when the machine is less busy",
    6: "there is no memory for the recording in this process",
    7: "another allocator (tracemalloc?) stands in front of an earlier recording's hooks, which record in another way (sample)",
}
_REFUSED = 4
_PATIENCE = 5  # seconds

#: The tool speaks of its options, of which record() has arguments.
_IN_PYTHON = (
    ("give a file with -o", "give the path of a file"),
    ("give another place with -o FILE", "give another path"),
    ("make room or give another place with -o, and run again", "make room or give another path"),
    ("--sample=", "sample="),
    ("leave it out to record every allocation", "leave sample out to record every allocation"),
)


class Recording:
    """A recording of a part of the program: a context manager, or ``start()`` and ``stop()``.

    Every allocation between the two is written with its full stack, by all
    threads; afterwards ``hognose show FILE`` and ``hognose lines FILE`` tell
    of it. The tool follows from a process of its own; should that die, the
    program goes on and ``stop()`` says so. One at a time in a process.

    Pythons that the program starts meanwhile, however it does, are recorded
    too, each in a file of its own, ``x.PID.alloc`` beside ``x.alloc``. Their
    recordings end when they end, or with this one: ``stop()`` waits for no
    child, and one that goes on is left alone from then on.

    Attributes: ``path`` (of the file, whole after ``stop``; without one given,
    None until then), ``heap`` (with ``objects=True``: of the snapshot beside
    it, after ``stop``; None when there is none), ``is_recording``.
    """

    def __init__(self, path=None, aggregate=False, native_allocations=False, sample=False, native_stacks=False, objects=False, children=True):
        self.path = None if path is None else os.path.abspath(os.fspath(path))
        self.heap = None
        self._takes_objects = bool(objects)
        self._options = ["--aggregate"] if aggregate else []
        self._options += ["--native-allocations"] if native_allocations else []
        self._options += ["--native-stacks"] if native_stacks else []
        if sample:
            self._options.append("--sample" if sample is True else "--sample=%s" % sample)
        self._options += ["--objects", PACKAGE] if objects else []
        self._options += [] if children else ["--no-children"]
        self._tool = None
        self._input = None
        self._process = None
        self._folder = ""

    @property
    def is_recording(self):
        return self._tool is not None and self._process == os.getpid()

    def start(self):
        """Begins to record. RuntimeError when it cannot, with the reason in one line."""
        if self.is_recording:
            raise RuntimeError(_TROUBLE[1])
        self._folder = _current_folder()
        tool, to_tool = _started(self.path, self._options)
        self._input = to_tool
        try:
            _join(tool)
        except BaseException:
            self._close_input()
            raise
        self._tool, self._process = tool, os.getpid()
        atexit.register(self._stop_at_exit)
        return self

    def stop(self):
        """Ends the recording; the file is whole when this returns. RuntimeError when it could not be written. A second call does nothing."""
        if not self.is_recording:
            return
        tool, self._tool = self._tool, None
        try:
            if self._takes_objects:
                _show_heap(tool, self._input[1])
        finally:
            _hognose.record_end()
            atexit.unregister(self._stop_at_exit)
            last, errors = tool.communicate()
            self._close_input()
        kept = dict(line.split(" ", 1) for line in os.fsdecode(last).split("\n") if " " in line)
        if tool.returncode != 0 or "kept" not in kept:
            raise RuntimeError(_words(errors, tool.returncode))
        self.path = self._absolute(kept["kept"])
        self.heap = self._absolute(kept["heap"]) if "heap" in kept else None
        if errors:
            _tool.say(sys.stderr, errors.decode("utf-8", "replace"))

    def _absolute(self, name):
        """As the tool, which stays where it was started, means it."""
        return os.path.normpath(os.path.join(self._folder, name))

    def _close_input(self):
        ends, self._input = self._input, None
        for end in ends or ():
            os.close(end)

    def _stop_at_exit(self):
        try:
            self.stop()
        except RuntimeError as trouble:
            _tool.say(sys.stderr, "%s\n" % trouble)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        try:
            self.stop()
        except RuntimeError as trouble:
            # What the program itself raises is the more important of the two.
            if kind is None:
                raise
            _tool.say(sys.stderr, "%s\n" % trouble)


def record(path=None, aggregate=False, native_allocations=False, sample=False, native_stacks=False, objects=False, children=True):
    """A recording of what runs in ``with hognose.record("x.alloc"):``, or between ``start()`` and ``stop()`` of what this returns.

    Without a path the file is ``hognose-NAME.PID.alloc`` in the current
    directory, as for ``hognose run``; ``path`` tells it after ``stop()``.
    The file is one of ``hognose run``'s: ``hognose show x.alloc`` prints its
    report, ``hognose lines x.alloc`` the source with what each line allocated.
    It grows while the program runs and can be read meanwhile. With
    ``aggregate=True`` it has totals only, no events, and stays small: for days.
    With ``native_allocations=True`` it has also what C code allocates itself
    (malloc, mmap and their kin), under the line that called it.
    ``sample=True`` records samples only, one in 512 KiB allocated on average
    (an int: bytes; a str: ``"64k"``): cheap enough to stay on, and the figures
    are estimates with their error. With ``native_stacks=True`` stacks have the
    C functions between Python's, too: ``hognose show x.alloc --tree`` and
    ``hognose export x.alloc`` show them. With ``objects=True`` the heap is
    looked at when the recording ends, in a frozen copy, or the program by
    ``os._exit``, while it waits: ``hognose show`` then
    names the types of what is left and who holds it, and a snapshot beside the
    file (``heap``) knows of each object the stack that allocated it and its
    age: ``hognose why x.heap TYPE``. A child's heap is looked at before it ends,
    if it does so by itself, and kept beside its own file (``x.PID.heap``).

    Pythons that the program starts meanwhile (fork, multiprocessing,
    subprocess, os.system, exec) are recorded, too, each from its beginning to
    its end, or to this recording's if that comes first, in a file of its own
    (``x.PID.alloc``): the report lists them, ``hognose show x.alloc --family``
    adds them up. Their environment is the one that the program gives them, and
    the program's own is not touched. With ``children=False`` this process
    alone is recorded. A fork's child may make a recording of its own, which
    ends its part of this one.

    RuntimeError when it cannot begin: without the tool, within another
    recording, or where the file cannot be written.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "x.alloc")
    ...     with record(path):
    ...         kept = [bytes(1000) for _ in range(100)]
    ...     os.path.getsize(path) > 0
    True
    """
    return Recording(path, aggregate, native_allocations, sample, native_stacks, objects, children)


def _current_folder():
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""  # it was deleted; a file elsewhere can be written all the same


def _started(path, options):
    """The tool, and both ends of its input, which stay open here: a tool that dies makes no SIGPIPE."""
    tool = _tool.path()
    line = [sys.executable or "python3"] + sys.argv
    name = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv and sys.argv[0] not in ("", "-c", "-m") else "python"))[0]
    place = ["--name", os.fsencode(name)] if path is None else ["--output", path]
    ends = os.pipe()
    try:
        # A session of its own: Ctrl-C at the terminal is for the program.
        process = subprocess.Popen(
            [tool, "follow"] + place + options + ["--"] + [os.fsencode(word) for word in line],
            stdin=ends[0],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as trouble:
        for end in ends:
            os.close(end)
        raise RuntimeError("hognose.record: the tool cannot be started: %s" % trouble) from None
    return process, ends


def _join(tool):
    """Lets the tool record this process, or ends it: RuntimeError."""
    answer = tool.stdout.readline().split()
    if len(answer) != 4 or answer[0] != b"ring":
        raise RuntimeError(_last_words(tool))
    failure = _joined(*map(int, answer[1:]))
    if failure == _REFUSED:
        raise RuntimeError(_last_words(tool))
    if failure:
        _end(tool)
        raise RuntimeError("hognose.record: " + _TROUBLE[failure])


def _end(tool):
    """Lets a tool go that nothing was recorded with: it takes its file away."""
    tool.terminate()
    try:
        tool.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        tool.kill()
        tool.communicate()


def _show_heap(tool, to_tool):
    """A frozen copy of this process for the tool. Without one the recording has no objects, and says so."""
    with one_at_a_time():
        failure = show_copy(to_tool, tool.stdout.fileno(), tool.pid, tool.stdout.readline)
    if failure:
        reason = "the tool did not answer" if failure == NO_ANSWER else os.strerror(-failure)
        _tool.say(sys.stderr, "hognose: the program cannot be copied: %s. The recording has no objects.\n" % reason)


def _joined(process, descriptor, nonce):
    try:
        region = os.open("/proc/%d/fd/%d" % (process, descriptor), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return 3
    try:
        return _hognose.record_begin(region, nonce)
    finally:
        os.close(region)


def _last_words(tool):
    _, errors = tool.communicate()
    return _words(errors, tool.returncode)


def _words(errors, status):
    text = errors.decode("utf-8", "replace").strip().split("\n")[-1]
    for of_tool, of_python in _IN_PYTHON:
        text = text.replace(of_tool, of_python)
    return text or "hognose.record: the tool ended with status %d before the recording was whole" % status
