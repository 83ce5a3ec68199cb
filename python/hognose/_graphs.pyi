from typing import Any, List, Optional, Tuple

class Node:
    number: int
    address: int
    type: str
    text: str
    size: int
    is_given: bool
    rows: List[Tuple[str, Optional["Edge"]]]
    hidden: int

class Edge:
    source: int
    target: int
    name: str
    is_on_cycle: bool

class Graph:
    nodes: List[Node]
    edges: List[Edge]
    note: str
    def svg(self) -> str: ...
    def dot(self) -> str: ...

# The package's own.
def of(given: List[Any], depth: Optional[int], limit: int, left_out: int) -> Graph: ...
