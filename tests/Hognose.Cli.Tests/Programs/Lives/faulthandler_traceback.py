import faulthandler, os, signal, sys
faulthandler.enable()
def inner():
    kept = [str(i) for i in range(100)]
    os.kill(os.getpid(), signal.SIGABRT)
inner()
