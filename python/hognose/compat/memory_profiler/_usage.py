"""memory_usage: the memory of a process, or of this one while a function runs, over time."""

from __future__ import annotations

import inspect
import os
import subprocess
import threading
import time
from multiprocessing import Process

from ._backends import children_of, choose_backend, memory

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Callable, List

#: Fewer samples than these, and the function is run again with a shorter interval.
_ENOUGH = 5
_SHORTEST = 1e-6


class MemTimer(Process):
    """A process that samples another's memory into a pipe: first the first sample, then, when something came in, all and their number."""

    def __init__(self, monitor_pid: Any, interval: Any, pipe: Any, backend: Any, max_usage: bool = False, *args: Any, **kw: Any) -> None:
        self.monitor_pid = monitor_pid
        self.interval = interval
        self.pipe = pipe
        self.backend = choose_backend(backend)
        self.max_usage = max_usage
        self.cont = True
        self.timestamps = kw.pop("timestamps", False)
        self.include_children = kw.pop("include_children", False)
        self.n_measurements = 1
        self.mem_usage = [self._sample()]
        super().__init__(*args, **kw)

    def _sample(self) -> Any:
        return _sample(self.monitor_pid, self.backend, self.include_children, self.timestamps)

    def run(self) -> None:
        self.pipe.send(0)
        stop = False
        while True:
            sample = self._sample()
            self.mem_usage = [max(sample, self.mem_usage[0])] if self.max_usage else self.mem_usage + [sample]
            self.n_measurements += 1
            if stop:
                break
            stop = self.pipe.poll(self.interval)
        self.pipe.send(self.mem_usage)
        self.pipe.send(self.n_measurements)


def memory_usage(
    proc: Any = -1,
    interval: float = 0.1,
    timeout: Any = None,
    timestamps: bool = False,
    include_children: bool = False,
    multiprocess: bool = False,
    max_usage: bool = False,
    retval: bool = False,
    stream: Any = None,
    backend: Any = None,
    max_iterations: Any = None,
) -> Any:
    """The memory of ``proc`` in MiB, a sample each ``interval`` seconds.

    ``proc`` is a process id (-1: this one), a subprocess.Popen, or a function, also as ``(function,)``, ``(function, arguments)`` or
    ``(function, arguments, keywords)``, which is called meanwhile. Returns a list of samples; of ``(MiB, time)`` with ``timestamps``; the
    largest alone with ``max_usage``; ``(samples, what the function returned)`` with ``retval``; with ``multiprocess`` each sample of a process is a
    list of its own MiB and its children's; None with ``stream``, to which lines as in mprof's files are written. A process is sampled ``timeout``
    seconds at most. A function that was over too soon for five samples is called again with a tenth of the interval, ``max_iterations`` or
    ``timeout / interval`` times at most.
    """
    backend = choose_backend(backend)
    if isinstance(proc, str) and proc.isdigit():
        proc = int(proc)
    if interval < 0 or interval == 0 and timeout is not None:
        raise ValueError("the interval is a number of seconds above 0, not %r" % (interval,))
    turns = float("inf") if timeout is None else max(1, int(round(timeout / interval)))
    sampler = _Sampler(interval, timestamps, include_children, multiprocess, max_usage, stream, backend)
    if isinstance(proc, (tuple, list)) or callable(proc):
        sampler.timestamps = timestamps or stream is not None
        return _of_function(_called(proc), sampler, retval, turns if max_iterations is None else min(turns, max_iterations))
    # What is largest has no time.
    sampler.timestamps = timestamps and not max_usage
    if isinstance(proc, subprocess.Popen):
        if proc.returncode is not None:
            raise ValueError("process %d has ended" % proc.pid)
        return _of_process(proc.pid, sampler, turns, lambda: proc.poll() is None)
    if not isinstance(proc, int):
        raise ValueError("memory_usage takes a process id, a Popen or a function, not %r" % (proc,))
    pid = os.getpid() if proc == -1 else proc
    if not os.path.exists("/proc/%d" % pid):
        raise ValueError("there is no process %d" % pid)
    return _of_process(pid, sampler, 1 if timeout is None else turns, lambda: os.path.exists("/proc/%d" % pid))


class _Sampler:
    """Takes samples and keeps them in the form that was asked for."""

    def __init__(self, interval: Any, timestamps: Any, include_children: Any, multiprocess: Any, max_usage: Any, stream: Any, backend: Any) -> None:
        self.interval, self.timestamps, self.include_children = interval, timestamps, include_children
        self.multiprocess, self.max_usage, self.stream, self.backend = multiprocess, max_usage, stream, backend
        self.clear()

    def clear(self) -> None:
        self.count = 0
        self._samples: List[Any] = []

    def take(self, process: Any) -> None:
        """A sample of a function's process."""
        self._keep(_sample(process, self.backend, self.include_children, self.timestamps))

    def take_of_process(self, process: Any) -> None:
        """A sample of a process, with its children's where they are wanted."""
        sample = _sample(process, self.backend, self.include_children, self.timestamps)
        children = children_of(process, self.backend) if self.multiprocess and (self.stream is not None or not self.max_usage) else []
        if self.stream is not None:
            self._write(sample[0] if self.timestamps else sample, children)
        elif self.multiprocess and not self.max_usage:
            self._keep([sample] + [amount for _, amount in children])
        else:
            self._keep(sample)

    def result(self) -> Any:
        return self._samples[0] if self.max_usage else self._samples

    def write_all(self) -> None:
        """What was kept of a function, with its times."""
        for amount, moment in self._samples:
            self.stream.write("MEM %.6f %.4f\n" % (amount, moment))
        self.stream.flush()

    def _keep(self, sample: Any) -> None:
        self.count += 1
        if self.max_usage and self._samples:
            self._samples[0] = max(self._samples[0], sample)
        else:
            self._samples.append(sample)

    def _write(self, amount: Any, children: Any) -> None:
        now = time.time()
        self.stream.write("MEM %.6f %.4f\n" % (amount, now))
        for child, used in children:
            self.stream.write("CHLD %d %.6f %.4f\n" % (child, used, now))
        self.stream.flush()


def _sample(process: Any, backend: Any, include_children: Any, timestamps: Any) -> Any:
    amount = memory(process, backend, include_children)
    return (amount, time.time()) if timestamps else amount


def _called(proc: Any) -> Any:
    """A function without arguments for any of the forms."""
    if callable(proc):
        return proc
    if not 1 <= len(proc) <= 3 or not callable(proc[0]):
        raise ValueError("a function with arguments is given as (function, arguments, keywords), not %r" % (proc,))
    function, arguments, keywords = (tuple(proc) + ((), {})[len(proc) - 1 :])[:3]
    if not isinstance(keywords, dict) or isinstance(arguments, dict):
        raise ValueError("arguments come as a tuple and keywords as a dict, not %r" % (proc,))
    return lambda: function(*arguments, **keywords)


def _of_function(function: Callable[..., Any], sampler: Any, retval: Any, max_iterations: Any) -> Any:
    """
    Samples from a thread of this process: no process is started, so that it works without a guard for __main__, and the function's
    own children are the only ones. The first and last sample are taken by the caller, before and after.
    """
    started = sampler.backend == "tracemalloc" and _start_tracemalloc()
    try:
        turns = 0
        while True:
            turns += 1
            sampler.clear()
            value = _sampled(function, sampler)
            if sampler.count >= _ENOUGH or turns >= max_iterations or sampler.interval < _SHORTEST:
                break
            sampler.interval /= 10.0
    finally:
        if started:
            import tracemalloc

            tracemalloc.stop()
    if sampler.stream is not None:
        sampler.write_all()
        return None
    return (sampler.result(), value) if retval else sampler.result()


def _sampled(function: Callable[..., Any], sampler: Any) -> Any:
    over = threading.Event()
    process = os.getpid()
    sampler.take(process)

    def sample() -> None:
        while not over.wait(sampler.interval):
            sampler.take(process)

    thread = threading.Thread(target=sample, name="memory_usage", daemon=True)
    thread.start()
    try:
        value = function()
        if inspect.iscoroutine(value):
            import asyncio

            value = asyncio.run(value)
        return value
    finally:
        over.set()
        thread.join()
        sampler.take(process)


def _start_tracemalloc() -> bool:
    import tracemalloc

    if tracemalloc.is_tracing():
        return False
    tracemalloc.start()
    return True


def _of_process(process: Any, sampler: Any, turns: Any, is_alive: Any) -> Any:
    done = 0
    while True:
        sampler.take_of_process(process)
        done += 1
        if done >= turns or not is_alive():
            break
        time.sleep(sampler.interval)
        if not is_alive():
            break
    return None if sampler.stream is not None else sampler.result()
