from typing import Any, List, Optional, Tuple

class Sizes:
    name: Optional[str]
    object: Any
    size: int
    own: int
    objects: int
    children: List["Sizes"]
    others: int
    others_size: int
    remarks: Tuple[str, ...]
