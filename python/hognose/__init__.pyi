from typing import List

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
