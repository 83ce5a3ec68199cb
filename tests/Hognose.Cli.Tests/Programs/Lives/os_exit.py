import os, sys
kept = [str(i) for i in range(10000)]
sys.stdout.write("not flushed, so lost")
os.write(1, b"written\n")
os._exit(23)
