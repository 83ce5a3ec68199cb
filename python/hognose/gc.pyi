from gc import *
from types import TracebackType
from typing import List, Optional, Type

from ._collections import Collection as Collection, Pauses as Pauses, Pending as Pending
from ._watch import Stream

class debug:
    def __init__(
        self,
        stats: bool = ...,
        collectable: bool = ...,
        uncollectable: bool = ...,
        generation: int = ...,
        stream: Optional[Stream] = ...,
        quiet: bool = ...,
    ) -> None: ...
    def __enter__(self) -> "debug": ...
    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None: ...

def stop() -> None: ...
def set_debug(flags: int) -> None: ...  # type: ignore[no-redef]
def get_debug() -> int: ...  # type: ignore[no-redef]
def history() -> List[Collection]: ...
def pauses() -> Pauses: ...
def pending() -> Pending: ...
