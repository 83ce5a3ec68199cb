"""What importing the package does to a process: nothing that could be noticed."""
import gc
import os
import sys
import threading


def state():
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":", 1) for line in file)
    return [status[name].strip() for name in ("Threads", "SigCgt", "SigIgn", "SigBlk")] + [os.listdir("/proc/self/fd").__len__(), gc.get_threshold(), gc.callbacks[:], sys.gettrace(), sys.getprofile()]


state()
before_modules = set(sys.modules)
before = state()
import hognose

after = state()
assert before == after, (before, after)
new = set(sys.modules) - before_modules
assert new == {"hognose", "hognose._hognose"}, new
hognose.deepsizeof(list(range(100000)), threading)
assert before == state(), (before, state())
assert set(hognose.__all__) < set(dir(hognose)) and all(hasattr(hognose, name) for name in dir(hognose))
assert "site-packages" in hognose.__file__, hognose.__file__

# What the type hints promise is there, and comes when it is asked for.
import ast

with open(os.path.join(os.path.dirname(hognose.__file__), "__init__.pyi")) as file:
    hints = ast.parse(file.read()).body
promised = [each.asname for node in hints if isinstance(node, ast.ImportFrom) and node.module != "typing" for each in node.names if each.asname]
promised += [node.name for node in hints if isinstance(node, ast.FunctionDef)]
assert {"Profiler", "Recording", "deepsizeof", "gc", "record"} <= set(promised)
assert [name for name in promised if not hasattr(hognose, name)] == []
print("ok")
