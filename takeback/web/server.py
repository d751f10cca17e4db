"""The local app's server: 127.0.0.1 only, a random port, one person, no log, gone when the last page closes.

The address that is opened carries a token that works once. Requests are streamed, so that a file can be sealed as it
arrives; nothing is buffered to a temporary file.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
import webbrowser
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from takeback.web.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LOOPBACK = "127.0.0.1"


class Server(ThreadingMixIn, WSGIServer):
    """One thread a request; they end with the process."""

    daemon_threads = True
    request_queue_size = 64

    def server_bind(self) -> None:
        """Bind without asking a name server what this computer is called."""
        super(WSGIServer, self).server_bind()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that went away in the middle is nothing to print, and nothing else is for a log either."""


class Handler(WSGIRequestHandler):
    """Requests without a log: an address can say more than a person wants written down."""

    timeout = 120

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
    desk = Desk()
    server = listen(desk)
    address = f"http://{LOOPBACK}:{desk.port}/enter/{desk.token}"
    threading.Thread(target=_watch, args=(server, desk), daemon=True).start()
    if _open_browser(address):
        sys.stdout.write("takeback is open in your browser. Close its last page, or press Ctrl-C here, to stop it.\n")
    else:
        sys.stdout.write(f"takeback is running. Open this address in a browser on this computer:\n\n    {address}\n\n")
    sys.stdout.flush()
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _open_browser(address: str) -> bool:
    """Open the person's browser, where there is one that draws windows."""
    import os  # noqa: PLC0415

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
