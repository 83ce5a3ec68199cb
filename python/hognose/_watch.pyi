from typing import Any, Protocol

class Stream(Protocol):
    def write(self, text: str) -> Any: ...
