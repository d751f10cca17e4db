"""Platforms as they behave: a real HTTP server on loopback that stands behind any name, and the real wire to it.

    with Platforms() as net:
        clip = net.shows("clips.example", "/watch/1", picture)
        clip.answers(sent, after=timedelta(hours=49))      # down 49 hours after that
        net.now = sent + timedelta(hours=48)               # time is what the test says it is
        net.wire().get(clip.url)                           # the page, with the picture

Nothing of Takeback is replaced: names lead to public numbers, the wire checks those, and only the last step, the dialling,
ends at this server instead of at theirs.
"""

from __future__ import annotations

import gzip
import socketserver
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

import httpcore

from takeback.wire.fetch import Limits, Wire

PUBLIC = "151.101.1.140"
"""Where every name leads that a test said nothing of: some number that is public."""

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """An answer, whole."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    heads: Mapping[str, str] = field(default_factory=dict)


Behaviour = Callable[["Asking"], None]


class Dial(httpcore.SyncBackend):
    """Dials this server whatever number is asked for, and remembers which it was."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, timeout)


class Asking(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: _Server  # type: ignore[assignment]

    def do_GET(self) -> None:
        net = self.server.net
        host = (self.headers["Host"] or "").lower()
        net.asked.append(Asked(self.command, host, self.path, dict(self.headers.items())))
        answer = net.pages.get((host, self.path), Page(404, b"<title>Not found</title>"))
        answer = answer() if isinstance(answer, Made) else answer
        if isinstance(answer, Page):
            self.say(answer)
        else:
            answer(self)

    do_HEAD = do_POST = do_GET  # noqa: N815

    def say(self, page: Page) -> None:
        self.send_response_only(page.status)
        for name, value in {"Content-Type": page.kind, "Content-Length": str(len(page.body)), **page.heads}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def log_message(self, *_: object) -> None:
        pass


class Made:
    """An answer that is made at the moment when it is asked for."""

    def __init__(self, make: Callable[[], Page | Behaviour]) -> None:
        self.make = make

    def __call__(self) -> Page | Behaviour:
        return self.make()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    net: Platforms

    def handle_error(self, *_: object) -> None:
        """A visitor who hangs up early is what some tests are about."""


@dataclass(frozen=True)
class Asked:
    """What a visitor asked for, and all that they said of themselves."""

    method: str
    host: str
    path: str
    heads: Mapping[str, str]


class Platforms:
    """The internet of one test."""

    def __init__(self) -> None:
        self.now = START
        self.pages: dict[tuple[str, str], Page | Behaviour | Made] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.asked: list[Asked] = []
        self.looked_up: list[str] = []
        self.over = threading.Event()
        self.server = _Server(("127.0.0.1", 0), Asking)
        self.server.net = self
        self.dial = Dial(self.server.server_address[1])
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def wire(self, **limits: Any) -> Wire:
        """The real wire, which reaches this server at the end."""
        return Wire(Limits(**{"seconds": 5, **limits}), self.dial, self.resolve)

    def resolve(self, name: str, seconds: float) -> tuple[str, ...]:
        self.looked_up.append(name)
        return self.names.get(name, (PUBLIC,))

    def put(self, host: str, path: str, answer: Page | Behaviour | Made) -> str:
        """What stands at an address from now on."""
        self.pages[(host, path)] = answer
        return f"https://{host}{path}".replace("https", "http", 1)

    def shows(self, host: str, path: str, picture: bytes, at: str = "/media/1.png") -> Clip:
        """A page that shows a picture, as long as it does."""
        clip = Clip(self, host, path, at)
        self.put(host, path, Made(lambda: html(picture_page(at)) if clip.up else not_found()))
        self.put(host, at, Made(lambda: Page(200, picture, "image/png") if clip.up else not_found()))
        return clip


@dataclass
class Clip:
    """Something that somebody put up, and what its platform does about it."""

    net: Platforms
    host: str
    path: str
    at: str
    down_at: datetime | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    @property
    def up(self) -> bool:
        return self.down_at is None or self.net.now < self.down_at

    def answers(self, sent: datetime, after: timedelta) -> None:
        """The platform takes it down so long after a notice."""
        self.down_at = sent + after


# ---------------------------------------------------------------- pages


def html(body: str, title: str = "A clip", head: str = "") -> Page:
    text = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return Page(200, text.encode())


def picture_page(*pictures: str) -> str:
    shown = "".join(f'<figure><img src="{one}" alt=""></figure>' for one in pictures)
    return f"<main><h1>A clip</h1>{shown}<p>12 comments</p></main>"


def not_found() -> Page:
    return Page(404, b"<title>Not found</title><p>There is nothing here.</p>")


def soft_404() -> Page:
    return html("<main><h1>Sorry, this page isn't available.</h1><p>The link may be broken.</p></main>", "Clips")


def login() -> Page:
    form = "<form action=/login method=post><input name=user><input type=password name=p><button>Log in</button></form>"
    return html(f"<main><h1>Log in to see this</h1>{form}</main>", "Log in • Clips")


def to(where: str, status: int = 302, **heads: str) -> Page:
    return Page(status, b"", heads={"Location": where, **heads})


def rate_limited(seconds: int = 3600) -> Page:
    return Page(429, b"Too many requests", "text/plain", {"Retry-After": str(seconds)})


# ---------------------------------------------------------------- what no honest site does


def hangs(asking: Asking) -> None:
    """Takes the request and never answers."""
    asking.server.net.over.wait(60)


def drips(asking: Asking) -> None:
    """A byte of an endless body, again and again, each well within any patience for one byte."""
    asking.send_response_only(200)
    asking.send_header("Content-Type", "text/html")
    asking.end_headers()
    while not asking.server.net.over.wait(0.05):
        asking.wfile.write(b"a")
        asking.wfile.flush()


def drips_head(asking: Asking) -> None:
    """The same with a head that never ends."""
    asking.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drips_on(asking)


def drips_on(asking: Asking) -> None:
    while not asking.server.net.over.wait(0.05):
        asking.wfile.write(b"a")
        asking.wfile.flush()


def floods(asking: Asking) -> None:
    """As much as is taken."""
    asking.send_response_only(200)
    asking.send_header("Content-Type", "text/html")
    asking.end_headers()
    while not asking.server.net.over.is_set():
        asking.wfile.write(b"a" * 65536)


def bomb(megabytes: int = 200) -> Page:
    """A few kilobytes that unpack to many megabytes."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(pack.compress(bytes(1 << 20)) for _ in range(megabytes)) + pack.flush()
    return Page(200, packed, heads={"Content-Encoding": "gzip"})


def gzipped(page: Page) -> Page:
    return Page(page.status, gzip.compress(page.body), page.kind, {"Content-Encoding": "gzip"})


def nonsense(asking: Asking) -> None:
    asking.wfile.write(b"\x00\xff" * 500 + b"\r\n\r\n")
    asking.close_connection = True


def hangs_up(asking: Asking) -> None:
    """Promises more than it sends."""
    asking.say(Page(200, b"half", heads={"Content-Length": "5000"}))
    asking.close_connection = True


def waited(since: float) -> float:
    return time.monotonic() - since
