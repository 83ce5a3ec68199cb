"""Prints, as sorted JSON, everything of its process that could tell whether somebody else has a hand in it."""
import atexit, builtins, gc, json, os, resource, signal, sys, threading

def descriptors():
    found = {}
    for fd in range(1024):
        try:
            found[str(fd)] = (os.readlink("/proc/self/fd/%d" % fd).split(":")[0], os.get_inheritable(fd))
        except OSError:
            pass
    return found

def status_lines():
    wanted = ("SigQ", "SigIgn", "SigBlk", "SigCgt", "SigPnd", "ShdPnd", "Threads", "Umask", "NoNewPrivs", "Seccomp", "CapEff", "CoreDumping", "TracerPid")
    with open("/proc/self/status") as file:
        pairs = [line.rstrip("\n").split(":\t", 1) for line in file]
    # SigQ counts the signals queued for the user, of all processes.
    return {pair[0]: pair[1] for pair in pairs if pair[0] in wanted and pair[0] != "SigQ"}

def children():
    path = "/proc/self/task/%d/children" % os.getpid()
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()

state = {
    "argv": sys.argv, "orig_argv": getattr(sys, "orig_argv", None) and sys.orig_argv[1:], "executable": sys.executable,
    "flags": str(sys.flags), "path": sys.path, "prefixes": [sys.prefix, sys.base_prefix, sys.exec_prefix],
    "warnoptions": sys.warnoptions, "xoptions": sorted(sys._xoptions), "modules": sorted(sys.modules),
    "meta_path": [str(type(each)) for each in sys.meta_path], "hooks": [str(sys.gettrace()), str(sys.getprofile()), str(sys.excepthook), str(sys.displayhook)],
    "main": [__name__, sys.modules["__main__"].__dict__.get("__file__"), str(__spec__ and __spec__.name), sorted(globals())],
    "cwd": os.getcwd(), "environment": dict(os.environ), "builtins": sorted(vars(builtins)),
    "descriptors": descriptors(), "status": status_lines(), "threads": threading.active_count(), "atexit": atexit._ncallbacks(),
    "limits": {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")},
    "handlers": {str(int(each)): str(signal.getsignal(each)) for each in signal.Signals if each not in (signal.SIGKILL, signal.SIGSTOP)},
    "session": [os.getsid(0), os.nice(0)], "recursion": sys.getrecursionlimit(), "gc": [gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)],
    "encodings": [sys.stdout.encoding, sys.stdin.encoding, sys.getfilesystemencoding()], "buffered": sys.stdout.line_buffering,
    "children": children(),
}
print(json.dumps(state, sort_keys=True, indent=1, default=str))
