import os, subprocess
os.environ["ADDED"] = "1"
os.environ.pop("PATH", None)
os.environ.clear()
print(dict(os.environ), subprocess.check_output(["/usr/bin/env"]))
