import sys, threading
def leave():
    kept = [str(i) for i in range(1000)]
    sys.exit(9)
thread = threading.Thread(target=leave)
thread.start()
thread.join()
print("the main thread goes on")
sys.exit(3)
