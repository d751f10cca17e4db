"""Fetch: what a site answers to a stranger who sends nothing of themselves. Used only when a person asked for it.

    wire = Wire()
    answer = wire.get("https://clips.example/watch/1")

No cookie, no referrer, no name of ours; limits on size (after unpacking), time, redirects. Every address on the way is
checked by its spelling (places.py) and by its numbers (line.py), each redirect anew. Whatever a site does, there is an
answer, perhaps a part of one (`Fetched.cut`), or `Unreached` with one sentence.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import getproxies

import httpcore
import httpx

from takeback import hosts, places
from takeback.errors import Unreached
from takeback.terms import Fetched
from takeback.wire import line

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Mapping

AGENT = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
"""What the most careful browser sends, on every computer the same: it tells nobody apart."""

HEADS = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,image/*,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
REDIRECTS = (301, 302, 303, 307, 308)
FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpx.InvalidURL)
MOST_HEADS = 100
LONGEST_HEAD = 2048
"""An answer's head is kept this far and no further: it stands in the case log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a site gets: bytes of an answer once it is unpacked, seconds for all of it, redirects."""

    size: int = 4 << 20
    seconds: float = 20
    hops: int = 6


@dataclass(frozen=True)
class Wire:
    """The way out. `dial` and `resolve` are this computer's own; tests put a site of theirs behind a name."""

    limits: Limits = Limits()
    dial: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    resolve: line.Resolve = line.resolve

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Certificates are checked; nothing in the environment changes how."""
        return httpx.create_ssl_context(trust_env=False)

    def get(self, url: str, limits: Limits | None = None, heads: Mapping[str, str] | None = None) -> Fetched:
        """What stands at an address, redirects followed. Raises `Unreached`."""
        return self._ask("GET", url, limits, heads)

    def head(self, url: str, limits: Limits | None = None) -> Fetched:
        """What a site would answer, without a byte of the page itself. Raises `Unreached`."""
        return self._ask("HEAD", url, limits)

    def post(self, url: str, body: bytes, heads: Mapping[str, str], limits: Limits | None = None) -> Fetched:
        """The answer to what is sent; a redirect is not followed, since nobody asked to send it there."""
        return self._ask("POST", url, limits, heads, body)

    def numbers(self, host: str) -> tuple[str, ...]:
        """The public numbers behind a name. Raises `Unreached` where there are none, or one leads inward."""
        backend = line.Checked(self.dial, self.resolve, line.Deadline(self.limits.seconds))
        return tuple(backend.numbers(hosts.plain(host)))

    def _ask(
        self,
        method: str,
        url: str,
        limits: Limits | None,
        heads: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Fetched:
        _no_proxy()
        most = limits or self.limits
        deadline = line.Deadline(most.seconds)
        at = url
        for _ in range(most.hops + 1):
            got = self._once(
                httpx.Request(method, checked(at), headers={**HEADS, **(heads or {})}, content=body), most, deadline
            )
            onward = got.heads.get("location", "") if got.status in REDIRECTS and method != "POST" else ""
            if not onward:
                return Fetched(url, at, got.status, got.heads, got.body, got.sha256, got.cut)
            at = _joined(at, onward)
        raise Unreached("loops")

    def _once(self, request: httpx.Request, most: Limits, deadline: line.Deadline) -> Fetched:
        """One request and one answer."""
        backend = line.Checked(self.dial, self.resolve, deadline)
        try:
            with httpx.Client(transport=line.Line(backend, self.tls), trust_env=False) as client:
                answer = client.send(request, stream=True)
                try:
                    return _read(request, answer, most)
                finally:
                    answer.close()
        except httpcore.TimeoutException as slow:
            raise Unreached("slow") from slow
        except httpcore.ConnectError as fault:
            raise Unreached("tls") from fault  # the number answered; what failed after it is the certificate
        except FAULTS as fault:
            raise Unreached("odd") from fault


def checked(url: str) -> str:
    """The address as it is asked for: one spelling of its host, no fragment. Raises `Unreached` where it may not be."""
    place = places.read(url, {})
    if place.wrong or not place.host:
        raise Unreached("inward" if "private network" in place.wrong else "odd")
    parts = urlsplit(urldefrag(url if "://" in url else f"https://{url}")[0])
    if parts.port not in (None, places.PORTS[parts.scheme]):
        raise Unreached("door")
    host = f"[{place.host}]" if ":" in place.host else place.host
    return parts._replace(netloc=host).geturl()


def _joined(at: str, onward: str) -> str:
    try:
        return urljoin(at, onward.strip())
    except ValueError as fault:
        raise Unreached("odd") from fault


def _no_proxy() -> None:
    """Where a person's computer speaks through another, speaking past it could show what they meant to hide."""
    if {"http", "https", "all", "socks"} & getproxies().keys():
        raise Unreached("proxy")


# ---------------------------------------------------------------- an answer, as much of it as is wanted


def _read(request: httpx.Request, answer: httpx.Response, most: Limits) -> Fetched:
    body, cut = bytearray(), False
    for part in _unpacked(answer, most.size) if request.method != "HEAD" else ():
        body += part
        if len(body) > most.size:
            cut = True
            del body[most.size :]
            break
    url = str(request.url)
    return Fetched(url, url, answer.status_code, _heads(answer), bytes(body), hashlib.sha256(body).hexdigest(), cut)


def _unpacked(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """The body, unpacked in pieces none of which is larger than what is wanted: a bomb goes off at no cost."""
    packed = answer.headers.get("content-encoding", "").strip().lower()
    if packed in ("", "identity"):
        yield from answer.iter_raw()
        return
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise Unreached("odd")
    try:
        yield from _inflated(answer.iter_raw(), most)
    except zlib.error as fault:
        raise Unreached("odd") from fault


def _inflated(parts: Iterable[bytes], most: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # a head of gzip or of zlib, whichever is there
    for part in parts:
        rest = part
        while rest:
            yield unpack.decompress(rest, most + 1)
            rest = unpack.unconsumed_tail


def _heads(answer: httpx.Response) -> Mapping[str, str]:
    pairs = list(answer.headers.items())[:MOST_HEADS]
    return {name.lower(): value[:LONGEST_HEAD] for name, value in pairs}
