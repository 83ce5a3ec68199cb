import os, sys

def child(depth):
    kept = [bytes(100) for _ in range(2000)]
    if depth:
        pid = os.fork()
        if pid == 0:
            os._exit(child(depth - 1))
        _, status = os.waitpid(pid, 0)
        assert os.WEXITSTATUS(status) == depth - 1, status
    return depth if len(kept) == 2000 else 99

for _ in range(10):
    pid = os.fork()
    if pid == 0:
        sys.stdout.flush()
        os._exit(child(2))
    _, status = os.waitpid(pid, 0)
    print(os.WIFEXITED(status), os.WEXITSTATUS(status))
