"""What the examples share: do the work, say what was done, and with --serve stay, so that `./hognose heap PID` can be tried."""
import os
import sys
import time


def main(work):
    print(work(), flush=True)
    if "--serve" in sys.argv[1:]:
        print("running as PID %d; try: ./hognose heap %d" % (os.getpid(), os.getpid()), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            pass
