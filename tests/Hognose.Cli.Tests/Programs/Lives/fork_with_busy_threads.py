import os, sys, threading

stop = threading.Event()
def busy():
    while not stop.is_set():
        kept = [{"a": str(i)} for i in range(200)]
        del kept

threads = [threading.Thread(target=busy) for _ in range(4)]
for thread in threads:
    thread.start()
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
good = 0
for _ in range(30):
    pid = os.fork()
    if pid == 0:
        list(map(str, range(1000)))
        os._exit(5)
    _, status = os.waitpid(pid, 0)
    good += os.WEXITSTATUS(status) == 5
stop.set()
for thread in threads:
    thread.join()
print("children that ended well:", good)
