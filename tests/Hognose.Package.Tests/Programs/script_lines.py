"""hognose lines script.py and hognose memory-profiler, from the tool to the table."""
import os
import subprocess
import sys
import tempfile

from hognose import _tool

SCRIPT = """import sys, threading, json

class Cache:
    def fill(self, n):
        self.items = [bytes(1000) for _ in range(n)]

def load(n):
    return "x" * n

def in_thread():
    return bytes(50000)

Cache().fill(100)
load(100000)
for _ in range(3):
    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
json.dumps([1])
print(sys.argv[1:])
sys.exit(5)
"""

folder = tempfile.mkdtemp()
script = os.path.join(folder, "app.py")
with open(script, "w") as file:
    file.write(SCRIPT)


def run(*arguments):
    environment = dict(os.environ, VIRTUAL_ENV="")
    made = subprocess.run([_tool.path()] + list(arguments), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return made.returncode, made.stdout.decode(), made.stderr.decode()


status, text, errors = run("lines", "--python", sys.executable, "app.py", "a", "--function", "b")
assert (status, errors) == (5, "") and text.startswith("['a', '--function', 'b']\n"), (status, text, errors)
assert "fill  app.py:4  1 call" in text and "load  app.py:7  1 call" in text and "in_thread  app.py:10  3 calls" in text, text
assert "class Cache" not in text and "dumps" not in text, text
(row,) = [line.split() for line in text.split("\n") if 'return "x" * n' in line]
assert row[:2] == ["8", "1"] and row[2:4] == ["97.7", "KiB"], row
status, text, errors = run("lines", "--function", "load*", "--python", sys.executable, "app.py")
assert "load" in text and "fill" not in text, text
status, text, errors = run("lines", "--module=json*", "--python", sys.executable, "app.py")
assert "encode" in text and "load  app.py" not in text, text
assert "no function that was called fits" in run("lines", "--function", "nothing", "--python", sys.executable, "app.py")[2]
with open(os.path.join(folder, "decorated.py"), "w") as file:
    file.write("import hognose\n\n@hognose.profile\ndef f():\n    return [0] * 1000\n\nf()\n")
status, text, errors = run("lines", "--python", sys.executable, "decorated.py")
assert (status, errors) == (0, "") and text.count("decorated.py:3  1 call") == 1, (status, text, errors)
assert run("lines", "nowhere.py")[0] == 2 and "no script" in run("lines", "nowhere.py")[2]
assert run("lines", "--own", "app.py")[0] == 2
assert run("lines", "--function", "x", "x.alloc")[0] == 2

os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
with open(os.path.join(folder, "marked.py"), "w") as file:
    file.write("@profile\ndef f():\n    return [0] * 1000\n\nf()\nimport sys; sys.exit(4)\n")
if os.path.basename(sys.executable) in ("python", "python3"):
    status, text, errors = run("memory-profiler", "--precision", "2", "marked.py")
    assert status == 4 and "Line #    Mem usage    Increment  Occurrences   Line Contents" in text, (status, text, errors)
    assert run("memory-profiler", "nowhere.py")[:1] == (1,) and run("memory-profiler")[0] == 1
print("ok")
