from types import TracebackType
from typing import Any, Iterable, Iterator, List, Optional, Type, Union

class Growth:
    type: str
    objects: int
    bytes: int
    holders: str

class LeakError(AssertionError):
    growth: List[Growth]
    def __init__(self, text: str, growth: List[Growth]) -> None: ...

class leaks:
    growth: List[Growth]
    def __init__(
        self,
        limit: Union[int, float, str] = ...,
        warmup: int = ...,
        repeat: int = ...,
        ignore: Union[str, Type[Any], Iterable[Union[str, Type[Any]]]] = ...,
        raises: bool = ...,
    ) -> None: ...
    def __enter__(self) -> "leaks": ...
    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None: ...
    def __iter__(self) -> Iterator[int]: ...

def bytes_of(limit: Union[int, float, str]) -> int: ...

# The package's own.
def text_of(growth: Any, limit: Any, rounds: int) -> str: ...
