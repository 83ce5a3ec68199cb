import os, sys
print("before", flush=True)
pid = os.fork()
kept = [str(i) * 10 for i in range(20000)]
if pid == 0:
    print("child", len(kept), flush=True)
    sys.exit(4)
_, status = os.waitpid(pid, 0)
print("parent", os.WEXITSTATUS(status), len(kept))
