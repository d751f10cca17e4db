"""A bank's entries as columns: filled one by one or all at once, written as sections, read from a mapped file. Pure.

A column that holds nothing but zeros is left out: all active, all of the whole picture, all without a consent noted.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from takeback import _kernel
from takeback.bank_file import HASH, PAGE, SECTIONS, STATUSES, Header, Place, Texts, TextWriter, damaged, pages
from takeback.bank_memory import room
from takeback.errors import BadInput
from takeback.signals import BANKABLE, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from typing_extensions import Buffer

    from takeback.terms import Entry, EntryStatus

INDEXED_FROM = 1 << 14
"""Below it every row is looked at: that is as fast, and an index takes four megabytes before its first entry."""

LONGEST = 200
"""Bytes of an id, an edit, a consent reference or an origin."""

BANDS = 16

AT_ONCE = 1 << 20
"""Hashes that are spread in one go."""


class Consent(NamedTuple):
    """What several entries share: the reference, who passed it on, and the day from which it no longer counts."""

    reference: str = ""
    origin: str = ""
    expires: date | None = None


NO_CONSENT = Consent()

STAYS = bytes(number < len(STATUSES) and STATUSES[number] in {"active", "received"} for number in range(256))
"""For each status's number whether such an entry is still there after a bank was compacted."""


def text(what: str, said: str) -> str:
    """A text as a bank keeps it: short, and in one line."""
    if not said.isprintable() or len(said.encode()) > LONGEST:
        raise BadInput(f"The {what} of an entry is at most {LONGEST} bytes of plain text", "shorten it")
    return said


def name(said: str) -> str:
    """An id as a bank keeps it."""
    if not said:
        raise BadInput("The id of an entry can't be empty", "leave it out, and the bank numbers the entry")
    return text("id", said)


def number_after(id_: str, numbered: int) -> int:
    """The next number to give, so that no id is given that is one already."""
    return max(numbered, int(id_) + 1) if id_.isdecimal() and len(id_) < 19 else numbered


def held(entry: Entry) -> EntryStatus:
    """The status that an entry comes in with: a hash of low quality waits, for it matches pictures of other things."""
    weak = entry.quality is not None and entry.quality < BANKABLE
    return "received" if weak and entry.status == "active" else entry.status


# ---------------------------------------------------------------- on the way to a file


class Columns:
    """Entries on their way to a file."""

    def __init__(self, numbered: int = 0) -> None:
        self.rows: bytearray | memoryview = bytearray()
        self.status, self.edit, self.consent = bytearray(), bytearray(), array("I")
        self.ids: TextWriter | None = None
        self.consents, self.edits = [NO_CONSENT], [WHOLE]
        self.numbered = numbered
        self._consent_at, self._edit_at = {NO_CONSENT: 0}, {WHOLE: 0}

    def __len__(self) -> int:
        return len(self.rows) // HASH

    def append(self, entry: Entry, row: bytes) -> None:
        """One more entry; its row is its hash, spread."""
        consent = Consent(text("consent", entry.consent), text("origin", entry.origin), entry.expires)
        self.edit.append(self._edit(text("edit", entry.edit)))
        self._name(entry.id)
        self.status.append(STATUSES.index(entry.status))
        self.consent.append(self._consent(consent))
        if isinstance(self.rows, memoryview):
            self.rows = bytearray(self.rows)
        self.rows += row

    def fill(self, hashes: bytes | memoryview, ids: Iterable[str | int] | None) -> None:
        """All entries at once, active, with nothing else known of them."""
        count, step = len(hashes) // HASH, AT_ONCE * HASH
        self.rows = room(len(hashes))
        for at in range(0, len(hashes), step):
            self.rows[at : at + step] = _kernel.spread(hashes[at : at + step])
        self.status, self.edit, self.consent = bytearray(count), bytearray(count), array("I", bytes(4 * count))
        self.numbered = count
        if ids is None:
            return
        self.ids = TextWriter()
        for one in ids:
            self.ids.append(name(str(one)))
            self.numbered = number_after(str(one), self.numbered)
        if self.ids.count != count:
            raise BadInput(f"There are {count} hashes and {self.ids.count} ids", "give one id for each hash")

    def know(self, edits: list[str], consents: list[Consent]) -> None:
        """The texts of another file, under the numbers that they have there."""
        self.edits, self.consents = edits, consents
        self._edit_at = {edit: number for number, edit in enumerate(edits)}
        self._consent_at = {consent: number for number, consent in enumerate(consents)}

    def _edit(self, edit: str) -> int:
        number = self._edit_at.setdefault(edit, len(self.edits))
        if number > 255:
            raise BadInput("A bank knows at most 256 kinds of edit", "use the same words for the same edit")
        if number == len(self.edits):
            self.edits.append(edit)
        return number

    def _consent(self, consent: Consent) -> int:
        number = self._consent_at.setdefault(consent, len(self.consents))
        if number == len(self.consents):
            self.consents.append(consent)
        return number

    def _name(self, id_: str | None) -> None:
        """An id, or the next number. As long as none was given, none is written down."""
        if id_ is not None and self.ids is None:
            self.ids = TextWriter()
            for number in range(len(self)):
                self.ids.append(str(number))
        mine = str(self.numbered) if id_ is None else name(id_)
        self.numbered = number_after(mine, self.numbered)
        if self.ids is not None:
            self.ids.append(mine)

    def texts(self) -> dict[str, bytes | bytearray]:
        """The sections that hold texts. A consent that no entry has any more is let go; its place stays."""
        ids, consents = self.ids or TextWriter(), TextWriter()
        used = set(self.consent)
        for number, consent in enumerate(self.consents):
            reference, origin, expires = consent if number in used else NO_CONSENT
            consents.append(f"{reference}\t{origin}\t{expires.isoformat() if expires else ''}")
        edits = "".join(f"{edit}\n" for edit in self.edits).encode()
        return {
            "ids": ids.lines,
            "ids_at": ids.at,
            "consents": consents.lines,
            "consents_at": consents.at,
            "edits": edits,
        }


def bands(rows: Buffer) -> Iterator[memoryview]:
    """The index over these rows, a band at a time, each in the place of the one before."""
    band = room(_kernel.index_bytes(memoryview(rows).nbytes // HASH) // BANDS)
    for number in range(BANDS):
        _kernel.index_band(rows, number, band)
        yield band


def write(columns: Columns, uid: bytes, put: Callable[[Buffer], object], progress: Callable[[float], object]) -> Header:
    """Everything after the first page, in pieces; gives the header that belongs to it. `progress` gets parts of 1."""
    places: dict[str, Place] = {}
    end, count = PAGE, len(columns)
    small = {
        "rows": columns.rows,
        "status": columns.status if any(columns.status) else b"",
        "edit": columns.edit if any(columns.edit) else b"",
        "consent": columns.consent.tobytes() if any(columns.consent) else b"",
        **columns.texts(),
    }
    for name in SECTIONS:
        if name == "index":
            length = 0
            for done, band in enumerate(bands(columns.rows) if count >= INDEXED_FROM else (), 1):
                put(band)
                length += len(band)
                progress(done / BANDS)
            places[name] = Place(end, length)
        else:
            section = small[name]
            put(section)
            put(bytes(pages(len(section)) - len(section)))
            places[name] = Place(end, len(section), blake2b(section, digest_size=16).digest())
        end += pages(places[name].length)
    return Header(uid, count, columns.numbered, end, places)


# ---------------------------------------------------------------- in a mapped file


@dataclass(frozen=True, slots=True)
class Facts:
    """What a bank knows of an entry, but for its hash."""

    id: str
    status: EntryStatus
    edit: str
    consent: Consent


class Base:
    """The sections of a mapped file. What is read from them is checked when it is read."""

    def __init__(self, header: Header, memory: memoryview) -> None:
        self.header, self.count = header, header.count
        parts = {name: memory[place.start : place.start + place.length] for name, place in header.places.items()}
        self._parts = parts
        self.rows, self.index = parts["rows"], parts["index"] or None
        if self.index is not None and len(self.index) != _kernel.index_bytes(self.count):
            raise damaged("its index is of another length")
        self._ids, self._consents = Texts(parts["ids"], parts["ids_at"]), Texts(parts["consents"], parts["consents_at"])
        self._read: dict[int, Consent] = {}

    def facts(self, row: int) -> Facts:
        """What is known of an entry."""
        edits, number = self._edits(), self._parts["edit"][row] if self._parts["edit"] else 0
        if number >= len(edits):
            raise damaged("a text in it is missing")
        return Facts(self.id(row), self.status(row), edits[number], self.consent_of(row))

    def id(self, row: int) -> str:
        """The id of an entry, or its number."""
        return self._ids.line(row) if len(self._ids) else str(row)

    def status(self, row: int) -> EntryStatus:
        """The status that an entry had when the file was written."""
        number = self._parts["status"][row] if self._parts["status"] else 0
        if number >= len(STATUSES):
            raise damaged("a status in it makes no sense")
        return STATUSES[number]

    def consent_of(self, row: int) -> Consent:
        """The consent of an entry."""
        numbers = self._parts["consent"]
        return self.consent(struct.unpack_from("<I", numbers, 4 * row)[0]) if numbers else NO_CONSENT

    def consent(self, number: int) -> Consent:
        """One consent; those that were asked for stay at hand."""
        if number not in self._read:
            self._read[number] = self._read_consent(number)
        return self._read[number]

    def _read_consent(self, number: int) -> Consent:
        try:
            reference, origin, expires = self._consents.line(number).split("\t")
            return Consent(reference, origin, date.fromisoformat(expires) if expires else None)
        except ValueError:
            raise damaged("a consent in it can't be read") from None

    def _edits(self) -> list[str]:
        return bytes(self._parts["edits"]).decode(errors="replace").split("\n")[:-1]

    def named(self, wanted: frozenset[str]) -> Iterator[int]:
        """The entries that have these ids."""
        if len(self._ids):
            yield from (row for row in self._ids.numbers(wanted) if row < self.count)
            return
        for one in wanted:
            if one.isdecimal() and len(one) < 19 and one == str(int(one)) and int(one) < self.count:
                yield int(one)

    def statuses(self) -> dict[EntryStatus, int]:
        """How many entries had each status when the file was written."""
        written = bytes(self._parts["status"] or bytes(self.count))
        counts = {status: written.count(number) for number, status in enumerate(STATUSES)}
        if sum(counts.values()) != self.count:
            raise damaged("a status in it makes no sense")
        return counts

    def check(self) -> None:
        """Read all of it: raises `BadFile` unless every section is as written, and the index that of its rows."""
        for name, part in self._parts.items():
            if name != "index" and blake2b(part, digest_size=16).digest() != self.header.places[name].sum:
                raise damaged("its entries have changed")
        index = self.index or memoryview(b"")
        for number, band in enumerate(bands(self.rows) if index else ()):
            if index[number * len(band) : (number + 1) * len(band)] != band:
                raise damaged("its index has changed")

    def _expired(self, on: date) -> set[int]:
        """The entries whose consent no longer counts on a day."""
        over = {n for n in range(self._consents.count()) if (until := self._read_consent(n).expires) and until <= on}
        numbers = self._parts["consent"]
        return {row for row, n in enumerate(numbers.cast("I")) if n in over} if over and numbers else set()

    def kept(self, marks: Mapping[int, EntryStatus], on: date) -> Columns:
        """The entries that are left on a day, with the status that they have by then, on their way to another file."""
        columns = Columns(self.header.numbered)
        parts, zeros = self._parts, bytes(self.count)
        status = bytearray(parts["status"] or zeros)
        for row, mark in marks.items():
            status[row] = STATUSES.index(mark)
        keep = status.translate(STAYS)
        for row in self._expired(on):
            keep[row] = 0
        columns.rows = self._rows_where(keep)
        columns.status = bytearray(compress(status, keep))
        columns.edit = bytearray(compress(parts["edit"] or zeros, keep))
        columns.consent = array("I", compress(parts["consent"].cast("I") if parts["consent"] else zeros, keep))
        columns.know(self._edits(), [self._read_consent(number) for number in range(self._consents.count())])
        if len(self._ids) or 0 in keep:
            columns.ids = TextWriter()
            for one in compress(self._ids.lines() if len(self._ids) else map(str, range(self.count)), keep):
                columns.ids.append(one)
        return columns

    def _rows_where(self, keep: bytearray) -> bytearray:
        rows, start = bytearray(), 0
        while start < self.count:
            end = keep.find(0, start) if keep[start] else keep.find(1, start)
            end = self.count if end < 0 else end
            if keep[start]:
                rows += self.rows[start * HASH : end * HASH]
            start = end
        return rows
