"""What %memit tells."""


class MemitResult:
    """The samples (MiB) of several runs and the memory before them; printing it prints the peak and the growth."""

    def __init__(self, mem_usage, baseline, repeat, timeout, interval, include_children):
        self.mem_usage = mem_usage
        self.baseline = baseline
        self.repeat = repeat
        self.timeout = timeout
        self.interval = interval
        self.include_children = include_children

    def __str__(self):
        peak = max(self.mem_usage)
        return "peak memory: %.2f MiB, increment: %.2f MiB" % (peak, peak - self.baseline)

    def _repr_pretty_(self, p, cycle):
        p.text("<MemitResult : %s>" % self)
