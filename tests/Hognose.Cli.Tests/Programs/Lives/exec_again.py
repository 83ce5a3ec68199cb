import os, sys
if "again" not in sys.argv:
    kept = [str(i) for i in range(10000)]
    print("first", flush=True)
    os.execv(sys.executable, [sys.executable, __file__, "again"])
print("second", sum(len(str(i)) for i in range(10000)), sorted(os.environ) == sorted(os.environ))
sys.exit(5)
