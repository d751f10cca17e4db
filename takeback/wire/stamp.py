"""One question to a time-stamping authority (RFC 3161 over HTTP, its section 3.4), and its answer as bytes.

Nothing is in the question but a hash and a random number. The authority sees where the connection comes from. No
cookie, no name of a program, no proxy, and no other place than the one that was asked for: a redirect is refused. It
goes over checked lines (line.py): a name leads into this computer or the network around it only where whoever set
this computer up named that authority; a number of those that the person wrote does too. Nothing is waited for beyond
its patience.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore
import httpx

from takeback import errors
from takeback.wire import line, numbers

if TYPE_CHECKING:
    from urllib.parse import SplitResult

ASKS, ANSWERS = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 64 << 10
"""The most bytes of an answer that are read; real ones have 1 to 8 kB."""

PATIENCE = 20.0
"""Seconds for the whole exchange."""

LATER = "nothing is lost: it can be stamped later"
FAULTS = (
    OSError,
    ValueError,
    httpx.InvalidURL,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)
SLOW = (httpcore.TimeoutException,)


def ask(
    url: str,
    question: bytes,
    patience: float = PATIENCE,
    *,
    known: bool = False,
    dial: httpcore.NetworkBackend | None = None,
    resolve: line.Resolve = line.resolve,
) -> bytes:
    """An authority's answer, not checked yet. BadInput for an address that is none; Unreached where none comes.

    `known` where whoever set this computer up named it; `dial` and `resolve` are this computer's own.
    """
    place = check(url)
    host = place.hostname or ""
    own = {host} if known or numbers.near(host) or host == "localhost" else set[str]()
    checked = line.Checked(dial or httpcore.SyncBackend(), resolve, line.Deadline(patience), own=own, high=True)
    transport = line.Line(checked, ssl.create_default_context())
    try:
        with httpx.Client(transport=transport, trust_env=False) as client:
            asked = httpx.Request(
                "POST", place.geturl(), headers={"Content-Type": ASKS, "Accept": ANSWERS}, content=question
            )
            answer = client.send(asked, stream=True)
            try:
                return _read(answer)
            finally:
                answer.close()
    except errors.Unreached as cause:
        raise errors.Unreached(cause.why, cause.hint if cause.why == "no-clock" else LATER) from cause
    except SLOW as cause:
        raise errors.Unreached("slow", LATER) from cause
    except FAULTS as cause:
        raise errors.Unreached("silent", LATER) from cause


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


def _read(answer: httpx.Response) -> bytes:
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if answer.status_code != 200 or kind != ANSWERS:
        raise errors.Unreached("no-clock", f"look at its address; {LATER}")
    got = bytearray()
    for part in answer.iter_raw():
        got += part
        if len(got) > LARGEST:
            raise errors.Unreached("slow")
    return bytes(got)
