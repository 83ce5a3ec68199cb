"""A program run as Python itself would run it, after something was prepared in its process."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing is not imported into the programs that this runs in
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Dict, List, Optional, Type


def run(arguments: List[str]) -> int:
    """
    Runs ``script.py …``, ``-m module …`` or ``-c code …`` as ``__main__`` with the sys.argv and sys.path that it would see. What it raises goes
    through, SystemExit too; the traceback that Python then prints has none of our frames. Returns 0, or 2 after one line when there is no such
    script.
    """
    try:
        return _run(_apart(arguments))
    except SystemExit:
        raise
    except BaseException:
        _hide_our_frames()
        raise


def _apart(arguments: List[str]) -> List[str]:
    """Python takes "-mpytest" as it takes "-m pytest"."""
    first = arguments[0]
    return [first[:2], first[2:]] + arguments[1:] if first[:2] in ("-m", "-c") and len(first) > 2 else arguments


def _run(arguments: List[str]) -> int:
    import runpy

    kind = arguments[0]
    if kind == "-m":
        sys.argv[:] = arguments[1:]
        _begin_path(os.getcwd())
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv[:] = ["-c"] + arguments[2:]
        _begin_path("")
        exec(compile(arguments[1], "<string>", "exec"), _new_main())
    elif kind == "-":
        sys.argv[:] = arguments
        _begin_path("")
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), _new_main())
    else:
        if not os.path.exists(kind):
            sys.stderr.write("hognose: no script %s: give the path of one, or -m and a module's name\n" % kind)
            return 2
        sys.argv[:] = arguments
        _run_script(kind)
    return 0


def _run_script(path: str) -> None:
    # runpy gives a script a module that is not sys.modules["__main__"] once it is over: atexit functions and threads would miss their globals.
    if os.path.isdir(path) or not _is_source(path):
        import runpy

        _begin_path(path)
        runpy.run_path(path, run_name="__main__")
        return
    _begin_path(os.path.dirname(os.path.realpath(path)))
    with open(path, "rb") as file:
        source = file.read()
    code = compile(source, path, "exec")
    space = _new_main()
    space["__file__"] = path
    exec(code, space)


def _begin_path(folder: str) -> None:
    # With -P, -I or PYTHONSAFEPATH Python puts nothing in front.
    if not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated):
        sys.path[0] = folder


def _is_source(path: str) -> bool:
    import zipfile

    return not path.endswith(".pyc") and not zipfile.is_zipfile(path)


def _new_main() -> Dict[str, Any]:
    import types

    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__["__builtins__"] = sys.modules["builtins"]
    return module.__dict__


def _hide_our_frames() -> None:
    # The program is over, so that what it may have set as sys.excepthook is known.
    show = sys.excepthook

    def hook(kind: Type[BaseException], error: BaseException, traceback: Optional[TracebackType]) -> None:
        error.__traceback__ = traceback = _of_program(traceback)
        show(kind, error, traceback)

    sys.excepthook = hook


def _of_program(traceback: Optional[TracebackType]) -> Optional[TracebackType]:
    place = traceback
    while place is not None and place.tb_frame.f_code.co_filename != __file__:
        place = place.tb_next
    while place is not None and (place.tb_frame.f_code.co_filename == __file__ or place.tb_frame.f_globals.get("__name__") == "runpy"):
        place = place.tb_next
    return place
