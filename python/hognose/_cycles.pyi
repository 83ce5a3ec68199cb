from typing import Any, List

class Cycle:
    objects: List[Any]
    path: List[Any]
    steps: List[str]
