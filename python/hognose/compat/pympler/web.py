"""Pages about this process: its memory, threads, tracked classes and garbage, served by the standard library.

The pages show reprs and local variables of the program: serve them to
yourself only, as is the default.
"""

import os
import sys
import threading
from http.server import HTTPServer
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Dict, Optional
from weakref import WeakValueDictionary

__all__ = ["PymplerServer", "ProfilerThread", "ServerState", "get_obj", "get_ref", "server", "start_in_background", "start_profiler"]


class ServerState(threading.local):
    """What the server of this thread shows, and the objects that its pages link to."""

    def __init__(self) -> None:
        self.server: Optional["PymplerServer"] = None
        self.stats: Any = None
        self.tmpdir = ""
        self.garbage_graphs: Any = None
        self.id2ref: Any = WeakValueDictionary()
        self.id2obj: Dict[int, Any] = {}

    def clear_cache(self) -> None:
        """Forgets the garbage that was found, and what pages linked to."""
        self.garbage_graphs = None
        self.id2obj.clear()


server = ServerState()


def get_ref(obj: Any) -> str:
    """A reference for ``get_obj``: holds the object weakly where its type allows it, else until the next refresh."""
    try:
        server.id2ref[id(obj)] = obj
    except TypeError:
        server.id2obj[id(obj)] = obj
    return str(id(obj))


def get_obj(ref: Any) -> Any:
    """The object of a reference. Raises KeyError if there is none any more, ValueError if it is no number."""
    number = int(ref)
    try:
        return server.id2ref[number]
    except KeyError:
        return server.id2obj[number]


class PymplerServer:
    """Serves on an address until it is shut down; ``server`` is the standard library's."""

    def __init__(self, host: str = "localhost", port: int = 8090, quiet: bool = False, debug: bool = False, **options: Any) -> None:
        self.host, self.port, self.quiet, self.debug, self.options = host, int(port), quiet, debug, options
        self.server: Any = None

    def run(self, handler: Any = None) -> None:
        """Answers requests until ``shutdown``. Raises OSError if the address is in use."""
        from ._webpages import Handler

        self.server = HTTPServer((self.host, self.port), handler or Handler)
        setattr(self.server, "profiler", self)
        if not self.quiet:
            sys.stderr.write("Pympler's pages are at http://%s:%d/ until Ctrl-C.\n" % (self.host, self.server.server_port))
        try:
            self.server.serve_forever(poll_interval=0.1)
        finally:
            self.server.server_close()

    def shutdown(self) -> None:
        """Ends ``run``; from another thread."""
        if self.server is not None:
            self.server.shutdown()


def start_profiler(host: str = "localhost", port: int = 8090, tracker: Any = None, stats: Any = None, debug: bool = False, **kwargs: Any) -> None:
    """Serves the pages from this thread until Ctrl-C.

    ``tracker`` or ``stats``: a ClassTracker's snapshots to show. ``quiet``:
    prints nothing. Raises OSError if the port is in use.
    """
    server.stats = tracker.stats if tracker and not stats else stats
    server.tmpdir = mkdtemp(prefix="pympler")
    try:
        server.server = PymplerServer(host=host, port=port, debug=debug, **kwargs)
        server.server.run()
    finally:
        rmtree(server.tmpdir, ignore_errors=True)
        server.server = None


class ProfilerThread(threading.Thread):
    """A daemon thread that serves the pages."""

    def __init__(self, group: None = None, target: Any = None, name: str = "Pympler web frontend", **kwargs: Any) -> None:
        super().__init__(group=group, target=target, name=name, daemon=True)
        self.kwargs = kwargs

    def run(self) -> None:
        start_profiler(**self.kwargs)


def start_in_background(**kwargs: Any) -> ProfilerThread:
    """Serves the pages from a thread, which is returned. Keywords as of ``start_profiler``."""
    thread = ProfilerThread(**kwargs)
    thread.start()
    return thread


pympler_path = os.path.dirname(os.path.abspath(__file__))
