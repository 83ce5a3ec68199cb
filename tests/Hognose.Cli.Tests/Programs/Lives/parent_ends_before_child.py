import os, sys
reads, writes = os.pipe()
pid = os.fork()
if pid == 0:
    os.read(reads, 1)   # returns when the parent is gone, and with it the last other end
    os.close(writes)
    while os.read(reads, 1):
        pass
    total = sum(len(str(i)) for i in range(50000))
    sys.stderr.write("child done %d\n" % total)
    sys.stderr.flush()
    os._exit(0)
os.write(writes, b"x")
print("parent done")
sys.stdout.flush()
os._exit(6)
