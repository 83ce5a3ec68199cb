import os, sys, threading
started = threading.Event()
def busy():
    while True:
        kept = [str(i) for i in range(100)]
        started.set()
threading.Thread(target=busy, daemon=True).start()
started.wait()
os.execv("/bin/sh", ["sh", "-c", "echo replaced; exit 11"])
