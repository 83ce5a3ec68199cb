from types import CodeType
from typing import Any, Callable, Dict, List, Optional, TextIO, TypeVar, overload

_F = TypeVar("_F", bound=Callable[..., Any])

class LineFigures:
    line: int
    occurrences: int
    allocated: int
    freed: int
    older_frees: int
    peak: int
    held: int
    rss: int
    largest_rss: int
    rss_growth: int
    @property
    def net(self) -> int: ...

class FunctionLines:
    name: str
    filename: str
    first_line: int
    calls: int
    peak: int
    rss_before: int
    lines: Dict[int, LineFigures]
    code: CodeType
    def __init__(self, name: str, code: CodeType, figures: Any) -> None: ...
    @property
    def allocated(self) -> int: ...
    @property
    def freed(self) -> int: ...

class Profiler:
    def __init__(self, stream: Optional[TextIO] = ..., precision: int = ...) -> None: ...
    @overload
    def __call__(self, function: _F, *, stream: Optional[TextIO] = ..., precision: Optional[int] = ...) -> _F: ...
    @overload
    def __call__(self, function: None = ..., *, stream: Optional[TextIO] = ..., precision: Optional[int] = ...) -> Callable[[_F], _F]: ...
    def _add(self, code: CodeType, name: str) -> None: ...
    def results(self) -> List[FunctionLines]: ...
    def print(self, stream: Optional[TextIO] = ...) -> None: ...
    def clear(self) -> None: ...

profile: Profiler
