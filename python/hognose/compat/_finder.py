"""The entry of sys.meta_path that leads from a name of an original to ours."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys

from . import NAMES

_PREFIX = __package__ + "."


class Finder(importlib.abc.MetaPathFinder):
    """
    Stands before all others, since a module below ``pympler`` that is ours would else be found through that package's path, and be loaded a
    second time under another name. Who comes first for a top-level name it asks itself.
    """

    def __init__(self, first):
        self.first = first

    def find_spec(self, fullname, path=None, target=None):
        top, _, below = fullname.partition(".")
        if top not in NAMES:
            return None
        if below:
            if not _is_ours(sys.modules.get(fullname.rpartition(".")[0])):
                return None
        elif not self.first and self._finds_original(fullname, path, target):
            return None
        own = importlib.util.find_spec(_PREFIX + fullname)
        if own is None:
            return None
        return importlib.machinery.ModuleSpec(
            fullname, Loader(own), origin=own.origin, is_package=own.submodule_search_locations is not None
        )

    def _finds_original(self, *arguments):
        for finder in sys.meta_path:
            if type(finder) is type(self) or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(*arguments)
            # A mere folder of that name (a namespace package) is no original.
            if spec is not None:
                return spec.loader is not None and spec.origin is not None
        return False


class Loader(importlib.abc.InspectLoader):
    """Gives the very module of ``hognose.compat`` under a second name: one module, one set of classes."""

    def __init__(self, own):
        self._own = own
        self._own_spec = None

    def create_module(self, spec):
        module = importlib.import_module(self._own.name)
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module):
        # importlib has put the alias' spec into it: what the module imports relatively goes by its own.
        module.__spec__ = self._own_spec

    # For runpy ("python -m memory_profiler") and inspect.

    def get_code(self, fullname):
        return self._own.loader.get_code(self._own.name)

    def get_source(self, fullname):
        return self._own.loader.get_source(self._own.name)

    def is_package(self, fullname):
        return self._own.submodule_search_locations is not None


def _is_ours(module):
    return getattr(module, "__name__", "").startswith(_PREFIX)
