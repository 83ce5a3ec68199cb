from typing import NamedTuple, Optional, Union
import os

class Mark(NamedTuple):
    name: str
    seconds: float
    heap: Optional[str]

def mark(name: Optional[str] = ..., objects: Union[bool, str, "os.PathLike[str]"] = ...) -> Optional[Mark]: ...
