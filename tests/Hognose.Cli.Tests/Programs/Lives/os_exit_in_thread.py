import os, threading
def leave():
    os.write(1, b"leaving\n")
    os._exit(8)
threading.Thread(target=leave).start()
threading.Event().wait()
