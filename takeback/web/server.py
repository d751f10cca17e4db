"""The local app's server: 127.0.0.1 only, a random port, one person, no log, gone when the last page closes.

The address that is opened carries a token that works once. Requests are streamed, so that a file can be sealed as it
arrives; nothing is buffered to a temporary file. A broken request gets one sentence, and nothing is ever printed or
written about any. The process leaves no core dump, and another program of the same person can't look into it.
"""

from __future__ import annotations

import ctypes
import io
import os
import shutil
import sys
import threading
import time
import webbrowser
from contextlib import suppress
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer, make_server

from takeback import packs
from takeback.web import peer
from takeback.web.desk import Desk
from takeback.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LOOPBACK = "127.0.0.1"
MOST_AT_ONCE = 64
"""Connections at once; a browser opens six."""

PATIENCE_FOR_HEAD = 10
"""Seconds without a byte in which a request's head has to go on."""

PATIENCE_FOR_BODY = 600
"""The same for the rest; a browser lets a download wait while the person looks for a folder."""

BARE = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
"""What an answer carries that the guard never saw: a request that can't be read, and a fault of ours outside of it."""

UNCLEAR = "This could not be understood, so Takeback did nothing.\n"
PR_SET_DUMPABLE = 4


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request; they end with the process."""

    daemon_threads = True
    request_queue_size = MOST_AT_ONCE
    owner: int = peer.me()
    """Whose connections are answered."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(*arguments, **more)

    def server_bind(self) -> None:
        """Bind without asking a name server what this computer is called."""
        super(WSGIServer, self).server_bind()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Hang up on everybody else who is logged in to this computer, and on one more than MOST_AT_ONCE."""
        theirs = client_address[1]
        return peer.welcome(request, self.server_port, theirs, self.owner) and self.places.acquire(blocking=False)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, then make room for the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that went away in the middle is nothing to print, and nothing else is for a log either."""


class Answer(ServerHandler):
    """One answer, without saying what answers. What goes wrong in it is written to nothing (see `Handler.handle`)."""

    server_software = ""
    error_headers = list(BARE)  # noqa: RUF012
    error_body = b"Something went wrong inside Takeback. What was kept before is safe.\n"


class Handler(WSGIRequestHandler):
    """Requests without a log: an address can say more than a person wants written down."""

    timeout = PATIENCE_FOR_HEAD

    def handle(self) -> None:
        """Read one request's head, answer it, and hang up."""
        self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536 or not self.parse_request():
            self.close_connection = True
            return
        self.connection.settimeout(PATIENCE_FOR_BODY)
        answer = Answer(self.rfile, self.wfile, io.StringIO(), self.get_environ(), multithread=True)  # type: ignore[arg-type]
        answer.request_handler = self  # type: ignore[attr-defined]
        answer.run(self.server.get_app())  # type: ignore[attr-defined]

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """One sentence that repeats nothing of a request that can't be read."""
        del message, explain
        heads = "".join(f"{name}: {value}\r\n" for name, value in BARE)
        body = UNCLEAR.encode()
        last = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self.wfile.write(f"HTTP/1.0 {code} Refused\r\n{heads}{last}".encode() + body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class calls it so
        """Write nothing."""

    def address_string(self) -> str:
        """The caller's address, without asking a name server."""
        return LOOPBACK


def application(desk: Desk) -> Callable[..., Iterable[bytes]]:
    """The Django app, with the desk handed in beside each request."""
    from takeback.web.app import wsgi  # noqa: PLC0415  Django loads here and not before

    answer = wsgi()

    def with_desk(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["takeback.desk"] = desk
        answered: Iterable[bytes] = answer(environ, start_response)
        return answered

    return with_desk


def listen(desk: Desk) -> Server:
    """A server on a free port of the loopback address; the desk learns the port."""
    server = make_server(LOOPBACK, 0, application(desk), server_class=Server, handler_class=Handler)
    desk.port = server.server_port
    return server


def run() -> int:
    """Serve until the last page closes or Ctrl-C. Prints the address where no browser can be opened."""
    packs.load()  # packs that are wrong are told to nobody: nothing is served
    close_to_others()
    desk = Desk()
    server = listen(desk)
    address = f"http://{LOOPBACK}:{desk.port}/enter/{desk.token}"
    threading.Thread(target=_watch, args=(server, desk), daemon=True).start()
    with suppress(KeyboardInterrupt):
        _announce(address)
        server.serve_forever(poll_interval=0.2)
    desk.leave()
    server.server_close()
    return 0


def _announce(address: str) -> None:
    """Open the person's browser, or say what to open in it."""
    if _open_browser(address):
        opened = _("takeback is open in your browser. Close its last page, or press Ctrl-C here, to stop it.")
        sys.stdout.write(f"{opened}\n")
    else:
        first = _("takeback is running. Open this address in a browser on this computer:")
        sys.stdout.write(f"{first}\n\n    {address}\n\n")
    sys.stdout.flush()


def close_to_others() -> None:
    """No core dump, no debugger, and memory that only this process and root can read, where the system can do that."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _open_browser(address: str) -> bool:
    """Open the person's browser, where there is one that draws windows."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    if sys.platform == "linux" and not shutil.which("xdg-open") and not os.environ.get("BROWSER"):
        return False
    return webbrowser.open(address)


def _watch(server: Server, desk: Desk) -> None:
    while not desk.deserted():
        desk.lock_if_idle()
        time.sleep(1)
    server.shutdown()
