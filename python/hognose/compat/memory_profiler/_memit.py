"""What %memit tells."""

from __future__ import annotations

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence

class MemitResult:
    """The samples (MiB) of several runs and the memory before them; printing it prints the peak and the growth."""

    def __init__(
        self, mem_usage: Sequence[float], baseline: float, repeat: int, timeout: Optional[float], interval: float, include_children: bool
    ) -> None:
        self.mem_usage = mem_usage
        self.baseline = baseline
        self.repeat = repeat
        self.timeout = timeout
        self.interval = interval
        self.include_children = include_children

    def __str__(self) -> str:
        peak = max(self.mem_usage)
        return "peak memory: %.2f MiB, increment: %.2f MiB" % (peak, peak - self.baseline)

    def _repr_pretty_(self, p: Any, cycle: bool) -> None:
        p.text("<MemitResult : %s>" % self)
