"""A line to one site: the name is looked up once, every number of it is checked, and one of those is connected to.

The check sits where the connection is made, so that no later look-up, redirect or spelling can get around it. A line
has a deadline: whatever a site does, slowly or never, nothing is waited for beyond it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from takeback.errors import Unreached
from takeback.wire import numbers

if TYPE_CHECKING:
    import ssl

PORTS, HIGH = (80, 443), 1024
MOST_NUMBERS = 3
"""How many numbers of one name are tried."""

CONNECT = 6.0
"""Seconds until the next number is tried."""

Resolve = Callable[[str, float], Sequence[str]]


def resolve(name: str, seconds: float) -> Sequence[str]:
    """The numbers behind a name, from this computer's resolver; none where it knows none, or takes too long."""
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(str(one[4][0]) for one in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    asking = threading.Thread(target=ask, daemon=True)  # getaddrinfo has no limit of its own
    asking.start()
    asking.join(seconds)
    return tuple(dict.fromkeys(found))


class Deadline:
    """A moment beyond which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Seconds until then, or `most` where that is less. Unreached where it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unreached("slow")
        return left if most is None else min(left, most)


class Stream(httpcore.NetworkStream):
    """A connection that keeps to a deadline at every read and write."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to so many bytes."""
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of these bytes."""
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted, with the certificate checked against the name and not the number."""
        secure = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return Stream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What is below it."""
        return self._inner.get_extra_info(info)


class Checked(httpcore.NetworkBackend):
    """Connects to names whose every number is public, and to nothing else.

    `own` are hosts that somebody set up themselves and named: those may lead to this computer or the network around it,
    at any door. `high` opens the doors from 1024 on at the others.
    """

    def __init__(
        self,
        dial: httpcore.NetworkBackend,
        resolve: Resolve,
        deadline: Deadline,
        *,
        own: Container[str] = (),
        high: bool = False,
    ) -> None:
        self._dial = dial
        self._resolve = resolve
        self._deadline = deadline
        self._own = own
        self._high = high

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to a checked number."""
        del timeout, local_address, socket_options
        if port not in PORTS and host.strip("[]") not in self._own and not (self._high and port >= HIGH):
            raise Unreached("door")
        for number in self.numbers(host):
            try:
                return Stream(self._dial.connect_tcp(number, port, self._deadline.left(CONNECT)), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise Unreached("silent")

    def numbers(self, host: str) -> Sequence[str]:
        """The numbers to try. One that leads inward among others is a trap, so then none of them is."""
        name = host.strip("[]")
        found = (name,) if _is_number(name) else self._resolve(name, self._deadline.left())
        if not found:
            raise Unreached("name")
        fits = _anywhere if name in self._own else numbers.public
        if not all(map(fits, found)):
            raise Unreached("inward")
        return found[:MOST_NUMBERS]


def _anywhere(number: str) -> bool:
    return numbers.public(number) or numbers.near(number)


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class Line(httpx.BaseTransport):
    """httpx over checked connections: HTTP/1.1, each request on a connection of its own."""

    def __init__(self, backend: httpcore.NetworkBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, http1=True, http2=False, network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is read later, as it comes."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(status_code=answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Hang up."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
