import subprocess, sys, os
out = subprocess.check_output([sys.executable, "-c", "import os; print(sorted(os.environ.items())[:0], 'LD_PRELOAD' in os.environ)"])
print(out)
print(subprocess.run(["sh", "-c", "echo ${LD_PRELOAD-unset}; exit 3"], stdout=subprocess.PIPE))
print(subprocess.run([sys.executable, "-c", "raise SystemExit(4)"], close_fds=False).returncode)
env = dict(os.environ, EXTRA="1")
print(subprocess.run(["sh", "-c", "echo $EXTRA"], env=env, stdout=subprocess.PIPE, preexec_fn=lambda: None).stdout)
