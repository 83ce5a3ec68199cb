"""CPU time (user and system) that one program used, the others that ran beside it left out."""
import os
import subprocess
import sys
import tempfile

# Printed by the program itself at its very end, so that the time of hognose, which waits for it, is not in it. atexit handlers run in
# reverse order: this one is the last of the program's own.
PREFIX = (
    "import atexit, os, resource\n"
    "atexit.register(lambda: open(os.environ['BENCH_CPU'], 'w').write(repr(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))))\n"
)


def of(command, code):
    """Runs `command -c code` and returns the seconds of CPU that the Python process used."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, BENCH_CPU=os.path.join(folder, "cpu"))
        done = subprocess.run(command + ["-c", PREFIX + code], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
        if done.returncode:
            sys.exit("%s ended with %d:\n%s" % (command, done.returncode, done.stderr.decode()))
        with open(environment["BENCH_CPU"]) as file:
            return float(file.read())


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
