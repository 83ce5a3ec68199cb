# Runs a script or a module as __main__ with a builtin `profile` that notes when marked functions run, as "FUNC" lines of a .dat file.
# Given by "python -c": arguments are the file, "1" to count children's memory too, the target, the target's own arguments.


def _hognose_start(namespace):
    import atexit
    import builtins
    import os
    import sys
    import time
    from _thread import get_ident

    dat, with_children, target = sys.argv[1:4]
    page = os.sysconf("SC_PAGE_SIZE")
    own = os.getpid()
    statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    calls = {}  # by function, in the order of their definition: a list of [start, end, level]
    levels = {}

    def children(pid):
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task)) as listed:
                for child in map(int, listed.read().split()):
                    yield child
                    yield from children(child)

    def children_pages():
        pages = 0
        try:
            for child in children(own):
                with open("/proc/%d/statm" % child) as file:
                    pages += int(file.read().split()[1])
        except OSError:  # one ended meanwhile
            pass
        return pages

    def now():
        pages = int(os.pread(statm, 128, 0).split()[1])
        if with_children == "1":
            pages += children_pages()
        return pages * page / 1048576.0, time.time()

    class Times:
        """One run of a function or block, a context manager."""

        def __init__(self, name):
            self.name = name

        def __enter__(self):
            thread = get_ident()
            self.thread, self.level = thread, levels.get(thread, 0)
            levels[thread] = self.level + 1
            self.call = [None, None, self.level]
            calls.setdefault(self.name, []).append(self.call)
            self.call[0] = now()

        def __exit__(self, *_):
            self.call[1] = now()
            levels[self.thread] = self.level

    class Profile:
        """@profile, @profile(precision=4), with profile.timestamp("block")."""

        def __call__(self, func=None, precision=None, **_):
            if func is None:
                return self
            if not callable(func):
                raise ValueError("Value must be callable")
            name = "%s.%s" % (getattr(func, "__module__", ""), getattr(func, "__name__", "?"))
            calls.setdefault(name, [])
            if getattr(getattr(func, "__code__", None), "co_flags", 0) & 0x80:  # a coroutine function

                async def marked(*args, **kwargs):
                    with Times(name):
                        return await func(*args, **kwargs)
            else:

                def marked(*args, **kwargs):
                    with Times(name):
                        return func(*args, **kwargs)

            for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
                if hasattr(func, attribute):
                    setattr(marked, attribute, getattr(func, attribute))
            marked.__dict__.update(getattr(func, "__dict__", {}))
            marked.__wrapped__ = func
            return marked

        def timestamp(self, name="<block>"):
            return Times("." + name.replace("\n", " "))

    def write():
        ended = [(name,) + start + end + (level,) for name, each in calls.items() for start, end, level in each if end]
        if os.getpid() != own or not ended:  # a forked child: the file is its parent's
            return
        lines = "".join("FUNC %s %.4f %.4f %.4f %.4f %d\n" % call for call in ended)
        file = os.open(dat, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        os.write(file, lines.encode("utf-8", "replace"))
        os.close(file)

    atexit.register(write)
    builtins.profile = Profile()
    if not target.endswith(".py"):
        import runpy

        sys.argv[:] = sys.argv[3:]
        sys.path[0] = os.getcwd()
        return lambda: runpy.run_module(target, run_name="__main__", alter_sys=True)

    script = target
    if not os.path.isfile(script):
        found = [os.path.join(folder, target) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
        script = next(filter(os.path.isfile, found), target)
    sys.argv[:] = [script] + sys.argv[4:]
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    with open(script, "rb") as source:
        code = compile(source.read(), script, "exec")
    # The script is __main__ itself, as with "python script.py": pickle, multiprocessing and the shutdown find it there.
    for name in [name for name in namespace if name not in ("__name__", "__builtins__", "__doc__", "__package__", "__loader__", "__spec__")]:
        del namespace[name]
    namespace["__file__"], namespace["__cached__"], namespace["__doc__"] = script, None, None
    return lambda: exec(code, namespace)


_hognose_start(globals())()
