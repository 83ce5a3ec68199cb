import atexit, gc, sys, weakref

class Noisy:
    def __init__(self, name):
        self.name = name
        self.me = self

    def __del__(self):
        self.made = [self.name] * 1000 + [str(i) for i in range(500)]
        try:
            sys.stdout.write("del %s\n" % self.name)
        except Exception:
            pass

kept = [Noisy("module %d" % i) for i in range(3)]
for each in kept:
    del each.me
cycle = Noisy("cycle")
weakref.finalize(cycle, lambda: print("finalized", len([0] * 1000)))
atexit.register(lambda: print("atexit", len([str(i) for i in range(2000)])))
del each
print("end of the script")
