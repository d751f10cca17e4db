"""The gate: a proxy on loopback for one browser, through which every connection of it goes and is checked.

A browser follows redirects, looks names up again and loads what a page tells it to; so nothing short of the connection
itself is a place to check. The gate connects only to public numbers (line.py), passes bytes on, reads none, and ends
with the browser. It serves whoever knows its name and password, which only that browser was told.
"""

from __future__ import annotations

import base64
import secrets
import socket
import threading
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore

from takeback.errors import Unreached
from takeback.wire import line

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

CHUNK = 1 << 16
LONGEST_HEAD = 1 << 16
LOOPBACK = "127.0.0.1"


class Gate:
    """Open as long as the `with` lasts. `refused` are the hosts that were not connected to."""

    def __init__(self, dial: httpcore.NetworkBackend, resolve: line.Resolve, seconds: float) -> None:
        self.name, self.password = "takeback", secrets.token_urlsafe(16)
        self.backend = line.Checked(dial, resolve, line.Deadline(seconds))
        self.refused: set[str] = set()
        self.reached: dict[str, str] = {}
        """The number behind each host that was connected to."""

        self._server = _Server((LOOPBACK, 0), _Passing)
        self._server.gate = self
        self.address = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        """Open."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def knows(self, said: str) -> bool:
        """Whether a browser said the right name and password."""
        ours = base64.b64encode(f"{self.name}:{self.password}".encode()).decode()
        return secrets.compare_digest(said.strip().encode(), f"Basic {ours}".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    gate: Gate

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke is nothing to print."""


class _Passing(StreamRequestHandler):
    """One connection of the browser."""

    server: _Server

    def handle(self) -> None:
        """Read what it wants, check, connect, pass on."""
        gate = self.server.gate
        first, heads = self._head()
        if not gate.knows(heads.get("proxy-authorization", "")):
            self.wfile.write(b'HTTP/1.1 407 Ask\r\nProxy-Authenticate: Basic realm="gate"\r\nContent-Length: 0\r\n\r\n')
            return
        method, _, rest = first.partition(" ")
        where = rest.partition(" ")[0]
        tunnel = method == "CONNECT"
        host, port = _place(f"//{where}" if tunnel else where, 443 if tunnel else 80)
        try:
            onward = gate.backend.connect_tcp(host, port)
        except (Unreached, httpcore.NetworkError, httpcore.TimeoutException):
            gate.refused.add(host)
            self.wfile.write(b"HTTP/1.1 403 Closed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        gate.reached[host] = str((onward.get_extra_info("server_addr") or ("",))[0])
        with suppress(OSError, Unreached, httpcore.NetworkError, httpcore.TimeoutException):
            if tunnel:
                self.wfile.write(b"HTTP/1.1 200 Open\r\n\r\n")
            else:
                onward.write(_plain(method, where, heads))
            self._pass(onward)
        onward.close()

    def _head(self) -> tuple[str, dict[str, str]]:
        lines, size = list[str](), 0
        while (raw := self.rfile.readline(LONGEST_HEAD)) not in (b"\r\n", b"\n", b"") and size < LONGEST_HEAD:
            size += len(raw)
            lines.append(raw.decode("latin-1").rstrip("\r\n"))
        pairs = (one.partition(":") for one in lines[1:])
        return (lines or [""])[0], {name.lower(): value.strip() for name, _, value in pairs}

    def _pass(self, onward: httpcore.NetworkStream) -> None:
        """Bytes both ways, until one side is done."""
        up = threading.Thread(target=self._up, args=(onward,), daemon=True)
        up.start()
        while data := onward.read(CHUNK):
            self.wfile.write(data)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _up(self, onward: httpcore.NetworkStream) -> None:
        with suppress(OSError, ValueError, Unreached, httpcore.NetworkError, httpcore.TimeoutException):
            while data := self.rfile.read1(CHUNK):
                onward.write(data)
        onward.close()


def _place(where: str, port: int) -> tuple[str, int]:
    with suppress(ValueError):
        parts = urlsplit(where)
        return parts.hostname or "", parts.port or port
    return "", port


def _plain(method: str, where: str, heads: dict[str, str]) -> bytes:
    """A request of plain http, as its own site reads it; one a connection, since the next may be for another site."""
    parts = urlsplit(where)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = {name: value for name, value in heads.items() if not name.startswith("proxy-") and name != "connection"}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept.items()), "connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
