"""The entry of sys.meta_path that leads from a name of an original to ours."""

from __future__ import annotations

import importlib
import importlib.machinery
import sys

from . import NAMES

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any, Optional

_PREFIX = __package__ + "."


class Finder:
    """
    Stands before all others, since a module below ``pympler`` that is ours would else be found through that package's path, and be loaded a
    second time under another name. Who comes first for a top-level name it asks itself.
    """

    def __init__(self, first: bool) -> None:
        self.first = first

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        top, _, below = fullname.partition(".")
        if top not in NAMES:
            return None
        if below:
            if not _is_ours(sys.modules.get(fullname.rpartition(".")[0])):
                return None
        elif not self.first and self._finds_original(fullname, path, target):
            return None
        # Only now: a program that imports none of the names has no module more for it.
        from importlib.util import find_spec

        own = find_spec(_PREFIX + fullname)
        if own is None:
            return None
        loader: Any = Loader(own)
        return Spec(fullname, loader, own)

    def _finds_original(self, *arguments: Any) -> bool:
        for finder in sys.meta_path:
            if type(finder) is type(self) or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(*arguments)
            # A mere folder of that name (a namespace package) is no original.
            if spec is not None:
                return spec.loader is not None and spec.origin is not None
        return False


class Spec(importlib.machinery.ModuleSpec):
    """Of a module under its second name. What runpy makes ``__main__`` of it ("python -m mprof") imports relatively by its own package."""

    def __init__(self, fullname: str, loader: Any, own: importlib.machinery.ModuleSpec) -> None:
        super().__init__(fullname, loader, origin=own.origin, is_package=own.submodule_search_locations is not None)
        self._own = own

    @property
    def parent(self) -> Optional[str]:
        return self._own.parent


class Loader:
    """Gives the very module of ``hognose.compat`` under a second name: one module, one set of classes."""

    def __init__(self, own: importlib.machinery.ModuleSpec) -> None:
        self._own = own
        self._own_loader: Any = own.loader
        self._own_spec: Optional[importlib.machinery.ModuleSpec] = None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._own.name)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # importlib has put the alias' spec into it: what the module imports relatively goes by its own.
        module.__spec__ = self._own_spec

    # For runpy ("python -m memory_profiler") and inspect.

    def get_code(self, fullname: str) -> Optional[CodeType]:
        code: Optional[CodeType] = self._own_loader.get_code(self._own.name)
        return code

    def get_source(self, fullname: str) -> Optional[str]:
        source: Optional[str] = self._own_loader.get_source(self._own.name)
        return source

    def is_package(self, fullname: str) -> bool:
        return self._own.submodule_search_locations is not None


def _is_ours(module: Optional[ModuleType]) -> bool:
    return getattr(module, "__name__", "").startswith(_PREFIX)
