from typing import Any, List

class Chain:
    root: str
    objects: List[Any]
    steps: List[str]
