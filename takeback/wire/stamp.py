"""One question to a time-stamping authority (RFC 3161 over HTTP, its section 3.4), and its answer as bytes.

Nothing is in the question but a hash and a random number. The authority sees where the connection comes from. No
cookie, no name of a program, no proxy, and no other place than the one that was asked for: a redirect is refused.
"""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takeback import errors

if TYPE_CHECKING:
    from urllib.parse import SplitResult

ASKS, ANSWERS = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 64 << 10
"""The most bytes of an answer that are read; real ones have 1 to 8 kB."""

PATIENCE = 20
"""Seconds for the whole exchange."""

LATER = "nothing is lost: it can be stamped later"


def ask(url: str, question: bytes, patience: float = PATIENCE) -> bytes:
    """An authority's answer, not checked yet. BadInput for an address that is none; Unreached where none comes."""
    place = check(url)
    until = time.monotonic() + patience
    connection = _connection(place, patience)
    try:
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", path, question, {"Content-Type": ASKS, "Accept": ANSWERS})
        return _answer(connection.getresponse(), until)
    except (OSError, http.client.HTTPException, ValueError) as cause:
        raise errors.Unreached("silent", LATER) from cause
    finally:
        connection.close()


def check(url: str) -> SplitResult:
    """An address that can be asked, in parts."""
    try:
        place = urlsplit(url.strip())
        usable = place.scheme in ("http", "https") and place.hostname and "@" not in place.netloc and place.port != 0
    except ValueError:
        usable = False
    if not usable or not url.strip().isascii() or not url.strip().isprintable() or " " in url.strip():
        raise errors.BadInput(
            "The authority's address can't be used", "it starts with https:// or http://, and names no person"
        )
    return place


def _connection(place: SplitResult, patience: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    return kind(place.hostname or "", place.port, timeout=patience)


def _answer(response: http.client.HTTPResponse, until: float) -> bytes:
    kind = (response.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if response.status != 200 or kind != ANSWERS:
        raise errors.Unreached("no-clock", f"look at its address; {LATER}")
    got = bytearray()
    while chunk := response.read1(LARGEST + 1 - len(got)):
        got += chunk
        if len(got) > LARGEST or time.monotonic() > until:
            raise errors.Unreached("slow", LATER)
    return bytes(got)
