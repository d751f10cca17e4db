"""Messages: what an exported chat or an e-mail says, as who, when and what. Pure; the file itself stays as it is.

A chat is WhatsApp's text export, from either kind of phone, in any order of day and month: times are shown as they are
written, never worked out. An e-mail is read with its lines about who sent it and on which way it came. Whatever the
bytes are, something comes out: nothing here trusts them, follows them or opens what hangs on them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

from takeback import markup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

MOST = 2 << 20
"""Bytes that are read of a file to show it; the whole of it stays sealed."""

MOST_MESSAGES = 5000
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that turn text around; WhatsApp writes some, and they hide what a line is."""

TIME = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ \u00a0]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?"
LINE = re.compile(rf"(?:\[(?P<square>{TIME})\] ?|(?P<plain>{TIME}) - )(?P<rest>.*)")
"""`[03/05/2026, 21:14:05] Alex: text` or `03/05/2026, 21:14 - Alex: text`."""

SAID = re.compile(r"(?P<who>[^:]{1,80}): ?(?P<what>.*)", re.DOTALL)
HEADS = ("from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id")
WAY = ("received", "x-originating-ip", "authentication-results", "dkim-signature")
"""Lines that tell on which way a mail came; the police ask for them."""

UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a mail that was made to break a reader can end in."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat, as it stands in the file. `who` is empty where the app itself says something."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail: its own lines, the lines about its way, its text, and the names of what hangs on it."""

    heads: tuple[tuple[str, str], ...]
    way: tuple[tuple[str, str], ...]
    text: str
    attached: tuple[str, ...]


# ---------------------------------------------------------------- a chat


def chat(data: bytes) -> tuple[Said, ...]:
    """The messages of an exported chat, in the order of the file; none where it is no such file."""
    found: list[tuple[str, list[str]]] = []
    for raw in _text(data).splitlines():
        line = MARKS.sub("", raw)
        if start := LINE.fullmatch(line):
            if len(found) == MOST_MESSAGES:
                break
            found.append((start["square"] or start["plain"], [start["rest"]]))
        elif found:
            found[-1][1].append(line)
    return tuple(_said(at, "\n".join(lines)) for at, lines in found)


def _said(at: str, rest: str) -> Said:
    said = SAID.fullmatch(rest)
    return Said(at, said["who"].strip(), said["what"]) if said else Said(at, "", rest)


def _text(data: bytes) -> str:
    """The letters of a text file."""
    for name in ("utf-8-sig", "utf-16"):
        if name == "utf-8-sig" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            try:
                return data[:MOST].decode(name)
            except UnicodeDecodeError:
                continue
    return data[:MOST].decode("utf-8", "replace")


# ---------------------------------------------------------------- an e-mail


def mail(data: bytes) -> Mail:
    """What an e-mail says; empty where it is none."""
    try:
        read = message_from_bytes(data[:MOST])
        parts = list(read.walk())
    except UNREADABLE:
        return Mail((), (), "", ())
    return Mail(_heads(read, HEADS), _heads(read, WAY), _body(parts), tuple(_attached(parts)))


def _heads(read: Message, wanted: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = [(str(name), _decoded(str(value))) for name, value in read.items() if str(name).lower() in wanted]
    return tuple(found[:100])


def _decoded(value: str) -> str:
    """A line of a mail's head in its own letters."""
    with suppress(*UNREADABLE):
        value = str(make_header(decode_header(value)))
    return MARKS.sub("", " ".join(value.split()))


def _body(parts: list[Message]) -> str:
    """The plain text; where there is none, the words of the page that the mail is."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and not part.is_multipart() and not _name(part):
                data = _payload(part)
                text = _letters(part, data) if kind == "text/plain" else markup.read(data, "").text
                return MARKS.sub("", text).strip()
    return ""


def _payload(part: Message) -> bytes:
    with suppress(*UNREADABLE):
        payload = part.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else b""
    return b""


def _letters(part: Message, data: bytes) -> str:
    """A part's bytes as letters, whatever it says of them."""
    with suppress(*UNREADABLE):
        return data.decode(part.get_content_charset("utf-8"), "replace")
    return data.decode("utf-8", "replace")


def _attached(parts: list[Message]) -> Iterator[str]:
    """What hangs on a mail, by name alone. It is never opened."""
    for part in parts:
        if name := _name(part):
            yield name


def _name(part: Message) -> str:
    try:
        return _decoded(str(part.get_filename() or ""))[:200]
    except UNREADABLE:
        return "without a name"
