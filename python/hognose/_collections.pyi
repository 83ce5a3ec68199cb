from typing import List, Tuple

class Collection:
    generation: int
    time: float
    pause: float
    looked_through: int
    collected: int
    uncollectable: int
    saved: int
    types: List[Tuple[str, int, int]]
    cycles: List[Tuple[str, int, bool]]
    more_cycles: int
    revived: int
    @property
    def found(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    def headline(self) -> str: ...
    def details(self, is_saved: bool = ...) -> List[str]: ...

class Pending(Collection): ...

class Pauses:
    generations: List[Tuple[int, float, float, int, int]]
    @property
    def count(self) -> int: ...
    @property
    def total(self) -> float: ...
    @property
    def longest(self) -> float: ...
    def copy(self) -> "Pauses": ...
