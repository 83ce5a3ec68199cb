from types import TracebackType
from typing import Optional, Type, Union
import os

class Recording:
    path: Optional[str]
    heap: Optional[str]
    def __init__(
        self,
        path: Union[None, str, "os.PathLike[str]"] = ...,
        aggregate: bool = ...,
        native_allocations: bool = ...,
        sample: Union[bool, int, str] = ...,
        native_stacks: bool = ...,
        objects: bool = ...,
        children: bool = ...,
    ) -> None: ...
    @property
    def is_recording(self) -> bool: ...
    def start(self) -> "Recording": ...
    def stop(self) -> None: ...
    def __enter__(self) -> "Recording": ...
    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None: ...

def record(
    path: Union[None, str, "os.PathLike[str]"] = ...,
    aggregate: bool = ...,
    native_allocations: bool = ...,
    sample: Union[bool, int, str] = ...,
    native_stacks: bool = ...,
    objects: bool = ...,
    children: bool = ...,
) -> Recording: ...
