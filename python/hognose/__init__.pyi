from typing import Any, List, Optional, Tuple

from . import gc as gc
from ._chains import Chain as Chain
from ._classtracker import ClassTracker as ClassTracker
from ._cycles import Cycle as Cycle
from ._graphs import Graph as Graph
from ._leaks import LeakError as LeakError, leaks as leaks
from ._marking import Mark as Mark, mark as mark
from ._objecttracker import ObjectTracker as ObjectTracker
from ._profiler import FunctionLines as FunctionLines, LineFigures as LineFigures, Profiler as Profiler, profile as profile
from ._questions import (
    BigObject as BigObject, Biggest as Biggest, Resident as Resident, Retained as Retained, Snapshot as Snapshot, Why as Why,
    biggest as biggest, retained as retained, rss as rss, snapshot as snapshot, why as why,
)
from ._recording import Recording as Recording, record as record
from ._sizes import Sizes as Sizes
from ._trackers import SummaryTracker as SummaryTracker

__version__: str
__all__: List[str]

def sizeof(obj: object, /) -> int: ...
def deepsizeof(
    *objs: object,
    classes: bool = ...,
    modules: bool = ...,
    functions: bool = ...,
    code: bool = ...,
    frames: bool = ...,
    run_code: bool = ...,
) -> int: ...
def sizes(
    obj: object,
    depth: int = ...,
    limit: int = ...,
    classes: bool = ...,
    modules: bool = ...,
    functions: bool = ...,
    code: bool = ...,
    frames: bool = ...,
) -> Sizes: ...
def refs(obj: object) -> List[Tuple[str, Any]]: ...
def referrers(obj: object) -> List[Tuple[str, Any]]: ...
def chain(obj: object) -> Optional[Chain]: ...
def cycles(
    obj: object = ...,
    classes: bool = ...,
    modules: bool = ...,
    functions: bool = ...,
    code: bool = ...,
    frames: bool = ...,
) -> List[Cycle]: ...
def graph(
    objs: object = ...,
    depth: Optional[int] = ...,
    limit: int = ...,
    cycles_only: bool = ...,
    classes: bool = ...,
    modules: bool = ...,
    functions: bool = ...,
    code: bool = ...,
    frames: bool = ...,
) -> Graph: ...
