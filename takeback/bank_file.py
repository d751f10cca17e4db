"""The bytes of a bank file: its first page, its sections, and the frames that are appended to it. Pure.

    first page    what is in the file and where, under a checksum; four words that change: how far the log is on the
                  disk, how far it is shown to whoever has the file open, how often something shown was taken back
                  because the disk refused it, and whether the file was replaced
    sections      columns over the entries, each from a page on: rows and their index, which the kernel reads as they
                  lie; status, edit and consent; texts of ids, consents and edits. They never change
    log           frames, each under a checksum that also holds its place in this file: entries that came later, and
                  entries whose status changed

All numbers are little-endian. Whatever a file says is checked before it is believed: places here, numbers where used.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast, get_args

from takeback.errors import BadFile
from takeback.terms import Entry, EntryStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAGIC = b"takeback bank 1\n"
PAGE = 4096
HASH = 32
MOST = 1 << 30
"""Entries: what the kernel can count."""
SECTIONS = ("rows", "index", "status", "edit", "consent", "ids", "ids_at", "consents", "consents_at", "edits")
STATUSES: tuple[EntryStatus, ...] = get_args(EntryStatus)
"""A status's number is its place here. Nothing but these is ever stored."""

CONFIRMED, SHOWN, TAKEN_BACK, MOVED = 2, 3, 4, 5
"""The four words of the first page that change, counted in words of 8 bytes."""
SIGNS = slice(24, 48)
"""The bytes of the last three: a reader that finds them as they were has nothing to read."""

FIXED = struct.Struct("<16sQQQ")
PLACE = struct.Struct("<QQ16s")
SUM_AT, FIXED_AT = 48, 80
FRAME = struct.Struct("<II16s")
ADDED, MARKED = 1, 2


def damaged(what: str) -> BadFile:
    """The one sentence about a bank that can't be believed."""
    return BadFile(f"This bank is damaged: {what}", "restore it from a copy, or build it anew")


# ---------------------------------------------------------------- the first page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section lies, and its checksum; the index has none, for it can be made anew."""

    start: int
    length: int
    sum: bytes = bytes(16)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first page says. `numbered` is the number that the next entry without an id gets."""

    uid: bytes
    count: int
    numbered: int
    log_at: int
    places: Mapping[str, Place]


def pack_header(header: Header) -> bytes:
    """The first page of a file whose log is empty."""
    places = b"".join(PLACE.pack(p.start, p.length, p.sum) for p in (header.places[name] for name in SECTIONS))
    fixed = FIXED.pack(header.uid, header.count, header.numbered, header.log_at) + places
    body = fixed.ljust(PAGE - FIXED_AT, b"\0")
    words = struct.pack("<QQQQ", header.log_at, header.log_at, 0, 0)
    return MAGIC + words + blake2b(body, digest_size=32).digest() + body


def read_header(page: bytes, size: int) -> Header:
    """What a first page says, if all of it fits a file of this size; raises `BadFile` otherwise."""
    if not page.startswith(MAGIC):
        raise BadFile("This is not a bank of Takeback", "`takeback bank build` makes one")
    if sys.byteorder != "little":
        raise BadFile("Banks can't be read on this kind of processor")
    if len(page) < PAGE:
        raise damaged("it ends too early")
    if blake2b(page[FIXED_AT:PAGE], digest_size=32).digest() != page[SUM_AT:FIXED_AT]:
        raise damaged("its first page has changed")
    uid, count, numbered, log_at = FIXED.unpack_from(page, FIXED_AT)
    at = range(FIXED_AT + FIXED.size, FIXED_AT + FIXED.size + PLACE.size * len(SECTIONS), PLACE.size)
    places = {name: Place(*PLACE.unpack_from(page, where)) for name, where in zip(SECTIONS, at, strict=True)}
    header = Header(uid, count, numbered, log_at, places)
    _check_places(header, size)
    return header


def _check_places(header: Header, size: int) -> None:
    end = PAGE
    if header.count > MOST:
        raise damaged("it says that it has more entries than a bank can hold")
    for place in header.places.values():
        if place.start % PAGE or place.start < end or place.start + place.length > header.log_at:
            raise damaged("its parts lie one over another")
        end = place.start + place.length
    lengths = {"rows": HASH, "status": 1, "edit": 1, "consent": 4}
    for name, each in lengths.items():
        if header.places[name].length not in {each * header.count, 0 if name != "rows" else each * header.count}:
            raise damaged("its parts are of different lengths")
    if any(header.places[name].length % 8 for name in ("ids_at", "consents_at")):
        raise damaged("its parts are of different lengths")
    if header.log_at > size:
        raise damaged("it ends too early")


def pages(length: int) -> int:
    """A length, up to the next whole page."""
    return -(-length // PAGE) * PAGE


# ---------------------------------------------------------------- texts: lines, and where every 64th begins

EACH = 64


class TextWriter:
    """Lines on their way to two sections."""

    def __init__(self) -> None:
        self.lines, self.at, self.count = bytearray(), bytearray(), 0

    def append(self, text: str) -> None:
        """One more line."""
        if self.count % EACH == 0:
            self.at += struct.pack("<Q", len(self.lines))
        self.lines += text.encode() + b"\n"
        self.count += 1


class Texts:
    """Lines in two sections of a file. A line that is not there is damage."""

    def __init__(self, lines: memoryview, at: memoryview) -> None:
        self._lines, self._at = lines, at

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> str:
        """One line."""
        block = self._block(number // EACH)
        if number % EACH >= len(block):
            raise damaged("a text in it is missing")
        return block[number % EACH]

    def count(self) -> int:
        """How many lines there are."""
        blocks = len(self._at) // 8
        return (blocks - 1) * EACH + len(self._block(blocks - 1)) if blocks else 0

    def lines(self) -> Iterator[str]:
        """Every line."""
        for number in range(len(self._at) // 8):
            yield from self._block(number)

    def numbers(self, wanted: frozenset[str]) -> Iterator[int]:
        """The numbers of the lines that are wanted; blocks without any are passed over unread."""
        few = [b"\n" + one.encode() + b"\n" for one in wanted] if len(wanted) <= 8 else []
        stride = 256
        for first in range(0, len(self._at) // 8, stride):
            if few and not self._holds(first, first + stride, few):
                continue
            for number in range(first, min(first + stride, len(self._at) // 8)):
                yield from (number * EACH + i for i, one in enumerate(self._block(number)) if one in wanted)

    def _span(self, first: int, end: int) -> bytes:
        start, stop = self._start(first), self._start(end)
        if not start <= stop <= len(self._lines):
            raise damaged("a text in it is missing")
        return bytes(self._lines[start:stop])

    def _start(self, block: int) -> int:
        if block * 8 >= len(self._at):
            return len(self._lines)
        return int(struct.unpack_from("<Q", self._at, block * 8)[0])

    def _holds(self, first: int, end: int, few: Sequence[bytes]) -> bool:
        text = b"\n" + self._span(first, end)
        return any(one in text for one in few)

    def _block(self, number: int) -> list[str]:
        try:
            return self._span(number, number + 1).decode().split("\n")[:-1]
        except ValueError:
            raise damaged("a text in it can't be read") from None


# ---------------------------------------------------------------- the log


@dataclass(frozen=True, slots=True)
class Added:
    """Entries that came later, and their hashes in the order of bits that a bank keeps."""

    rows: bytes
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Entries whose status changed, by their number: those of the sections first, then those of the log."""

    status: EntryStatus
    numbers: tuple[int, ...]


def added(rows: bytes, entries: Iterable[Entry]) -> tuple[int, bytes]:
    """The kind and the content of a frame that adds."""
    facts = [[e.id, e.edit, e.consent, e.origin, e.expires and e.expires.isoformat(), e.status] for e in entries]
    return ADDED, struct.pack("<I", len(facts)) + rows + json.dumps(facts, ensure_ascii=False).encode()


def marked(status: EntryStatus, numbers: Iterable[int]) -> tuple[int, bytes]:
    """The kind and the content of a frame that changes a status."""
    return MARKED, json.dumps([status, sorted(numbers)]).encode()


def pack_frame(kind: int, content: bytes, at: int, uid: bytes) -> bytes:
    """A frame for this place of this file."""
    return FRAME.pack(kind, len(content), _frame_sum(kind, content, at, uid)) + content


def _frame_sum(kind: int, content: bytes | memoryview, at: int, uid: bytes) -> bytes:
    made = blake2b(struct.pack("<IQQ", kind, at, len(content)), digest_size=16, key=uid)
    made.update(content)
    return made.digest()


def read_frames(log: bytes, at: int, uid: bytes, confirmed: int) -> Iterator[tuple[int, Added | Marked]]:
    """The frames in these bytes, which lie at `at`, each with where it ends.

    Up to `confirmed` every frame must be whole. Beyond it the last may be torn: nobody was told that it was written.
    """
    view, start = memoryview(log), 0
    while start < len(view):
        kind, length, digest = FRAME.unpack_from(view, start) if start + FRAME.size <= len(view) else (0, 0, b"")
        content = view[start + FRAME.size : start + FRAME.size + length]
        if len(content) < length or digest != _frame_sum(kind, content, at + start, uid):
            if at + start < confirmed:
                raise damaged("what was added to it later has changed")
            return
        start += FRAME.size + length
        yield at + start, _read_frame(kind, content)


def _read_frame(kind: int, content: memoryview) -> Added | Marked:
    try:
        if kind == ADDED:
            return _read_added(content)
        if kind == MARKED:
            status, numbers = json.loads(bytes(content))
            return Marked(_status(status), tuple(int(n) for n in numbers))
    except (ValueError, TypeError, KeyError, struct.error, RecursionError, OverflowError):
        raise damaged("what was added to it later makes no sense") from None
    raise damaged("it holds something that this Takeback does not know")


def _read_added(content: memoryview) -> Added:
    count = struct.unpack_from("<I", content)[0]
    rows, facts = bytes(content[4 : 4 + HASH * count]), json.loads(bytes(content[4 + HASH * count :]))
    if len(rows) != HASH * count or len(facts) != count:
        raise ValueError
    return Added(rows, tuple(_read_entry(fact) for fact in facts))


def _read_entry(fact: Any) -> Entry:
    id_, edit, consent, origin, expires, status = fact
    if not all(isinstance(text, str) for text in (id_, edit, consent, origin)):
        raise TypeError
    until = None if expires is None else date.fromisoformat(expires)
    return Entry(b"", id_, None, edit, consent, origin, until, _status(status))


def _status(text: Any) -> EntryStatus:
    if text not in STATUSES:
        raise ValueError
    return cast("EntryStatus", text)
