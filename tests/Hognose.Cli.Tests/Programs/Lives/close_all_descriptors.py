import os
os.closerange(3, 4096)
kept = [str(i) for i in range(30000)]
fd = os.open("/dev/null", os.O_RDONLY)
print(fd, len(kept))
