"""hognose.compat: which module a name leads to."""
import importlib
import os
import subprocess
import sys
import tempfile

import importlib.util

import hognose.compat

if importlib.util.find_spec("hognose.compat.pympler") is None:
    stand_in = tempfile.mkdtemp()
    os.mkdir(os.path.join(stand_in, "pympler"))
    for name in ("__init__.py", "asizeof.py"):
        open(os.path.join(stand_in, "pympler", name), "w").close()
    hognose.compat.__path__.append(stand_in)

NAMES = hognose.compat.NAMES


def forget():
    for name in [name for name in sys.modules if name.partition(".")[0] in NAMES]:
        del sys.modules[name]
    importlib.invalidate_caches()


def ours(name):
    return importlib.import_module("hognose.compat." + name)


before = sys.meta_path[:]
hognose.compat.install()
hognose.compat.install()
assert len(sys.meta_path) == len(before) + 1
for name in ("memory_profiler", "mprof"):
    module = importlib.import_module(name)
    assert module is ours(name), name
    assert module.__name__ == module.__spec__.name == "hognose.compat." + name, module.__spec__
import pympler.asizeof

assert pympler is ours("pympler") and pympler.asizeof is ours("pympler.asizeof")
try:
    import pympler.not_there
    raise AssertionError
except ImportError as error:
    assert "not_there" in str(error)
hognose.compat.uninstall()
assert sys.meta_path == before

# An original that is there wins, unless ours is to be first; a mere folder is no original.
with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    with open(os.path.join(folder, "memory_profiler.py"), "w") as file:
        file.write("original = True\n")
    os.mkdir(os.path.join(folder, "pympler"))
    for first in (False, True):
        forget()
        hognose.compat.install(first)
        import memory_profiler, pympler

        assert hasattr(memory_profiler, "original") is not first
        assert pympler is ours("pympler")
    hognose.compat.uninstall()
    forget()
    sys.path.remove(folder)

    # A script under it is __main__ itself, with its own arguments and path.
    with open(os.path.join(folder, "neighbour.py"), "w") as file:
        file.write("there = True\n")
    script = os.path.join(folder, "script.py")
    with open(script, "w") as file:
        file.write(
            "import sys, pickle, neighbour, memory_profiler\n"
            "class Mine: pass\n"
            "pickle.loads(pickle.dumps(Mine()))\n"
            "print(__name__, __file__ == sys.argv[0], sys.argv[1:], memory_profiler.__name__, hasattr(memory_profiler, 'original'))\n"
            "sys.exit(7)\n"
        )

    def run(*arguments):
        made = subprocess.run([sys.executable, "-m", "hognose.compat"] + list(arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return made.returncode, made.stdout.decode(), made.stderr.decode()

    assert run(script, "a", "-m") == (7, "__main__ True ['a', '-m'] memory_profiler True\n", ""), run(script, "a", "-m")
    assert run("--compat", script) == (7, "__main__ True [] hognose.compat.memory_profiler False\n", ""), run("--compat", script)
    assert run("--compat", "-m", "script", "x")[:2] == (7, "__main__ True ['x'] hognose.compat.memory_profiler False\n")
    # A name may be a program: what that imports relatively is ours.
    assert run("--compat", "-m", "mprof", "list") == (0, "", ""), run("--compat", "-m", "mprof", "list")
    assert run("--compat", "-m", "memory_profiler", "--version")[:2] == (0, "0.61.0\n")
    assert run("--compat", "-m", "pympler.asizeof")[0] == 0, run("--compat", "-m", "pympler.asizeof")
    assert run("-c", "import sys; print(sys.argv)", "x") == (0, "['-c', 'x']\n", "")
    assert run("nowhere.py") == (2, "", "hognose: no script nowhere.py: give the path of one, or -m and a module's name\n")
    assert run("--wrong", "x")[0] == run()[0] == run("-m")[0] == 2
print("ok")
