from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union
import os

class BigObject(NamedTuple):
    address: int
    type: str
    name: str
    retained: int
    shallow: int
    objects: int
    held_by: str

class Answer:
    json: Dict[str, Any]
    text: str
    pause: float

class Snapshot(Answer):
    path: str
    bytes: int
    objects: int
    def __fspath__(self) -> str: ...

class Why(Answer):
    ways: List[str]
    type: str
    retained: int

class Retained(Answer):
    bytes: int
    shallow: int
    parts: List[Tuple[str, str, int]]
    def __int__(self) -> int: ...

class Biggest(Answer):
    objects: List[BigObject]
    held: int
    garbage: int
    def __iter__(self) -> Iterator[BigObject]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, place: int) -> BigObject: ...

class Resident(Answer):
    bytes: int
    parts: List[Tuple[str, str, int]]
    explained: float
    verdict: str
    remedy: str

def snapshot(path: Union[None, str, "os.PathLike[str]"] = ..., contents: bool = ...) -> Snapshot: ...
def marked(name: str) -> Snapshot: ...
def why(obj: object, contents: bool = ...) -> Why: ...
def retained(obj: object, depth: int = ..., top: int = ..., contents: bool = ...) -> Retained: ...
def biggest(top: int = ..., contents: bool = ...) -> Biggest: ...
def rss(top: int = ..., contents: bool = ...) -> Resident: ...
