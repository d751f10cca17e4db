"""A bank file, seen: what is mapped of it, and what its log held when it was last looked at.

A view belongs to one file, not to a name: after `compact` there is another file of that name, and another view. It may
be read by several threads at once; `catch_up` is called by one.
"""

from __future__ import annotations

import mmap
import os
import stat
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

from takeback import _kernel, bank_memory
from takeback import bank_file as form
from takeback.bank_columns import Base, Columns, Consent, number_after
from takeback.bank_file import HASH
from takeback.errors import BadFile
from takeback.terms import Entry, EntryStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

Pairs = list[tuple[int, int]]
"""The number of an entry, and its distance."""


class View:
    """One file, as far as it has been read."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            why = (error.strerror or "no reason given").lower()
            raise BadFile(f"This bank can't be opened: {why}", "check the name and try again") from error
        weakref.finalize(self, os.close, self._file)
        self._at = os.fstat(self._file)
        if not stat.S_ISREG(self._at.st_mode):
            raise BadFile("A bank is a file, and this is something else", "check the name and try again")
        header = form.read_header(os.pread(self._file, form.PAGE, 0), self._at.st_size)
        memory = memoryview(mmap.mmap(self._file, header.log_at, access=mmap.ACCESS_READ))
        self._words, self._signs, self._seen = memory[: form.PAGE].cast("Q"), memory[form.SIGNS], b""
        self._taken_back = self._words[form.TAKEN_BACK]
        self.header, self.base = header, Base(header, memory)
        self.late: list[Entry] = []
        self.rows, self.marks = b"", dict[int, EntryStatus]()
        self.numbered, self.end = header.numbered, header.log_at
        self.catch_up()

    @property
    def total(self) -> int:
        """How many entries there are, of any status."""
        return self.base.count + len(self.late)

    def fetch(self) -> bool:
        """Read all that is mapped into memory now; gives whether that was done."""
        return bank_memory.fetch(self._file, self.header.log_at)

    def is_current(self) -> bool:
        """Whether all that was shown has been read, and the file can't have been replaced."""
        return self._signs == self._seen and not self._words[form.MOVED]

    def is_stale(self, path: Path) -> bool:
        """Whether another file has this name now, or what was read of this one was taken back."""
        if self._words[form.TAKEN_BACK] != self._taken_back:
            return True
        try:
            return bool(self._words[form.MOVED]) and not os.path.samestat(path.stat(), self._at)
        except OSError:
            return False  # the name is gone; what is open still counts

    def is_at(self, path: Path) -> bool:
        """Whether this file still has this name."""
        return os.path.samestat(path.stat(), self._at)

    def catch_up(self) -> None:
        """Read what was appended since."""
        signs, confirmed, log = bytes(self._signs), self._words[form.CONFIRMED], bytearray()
        while piece := os.pread(self._file, 1 << 20, self.end + len(log)):
            log += piece
        for end, frame in form.read_frames(bytes(log), self.end, self.header.uid, confirmed):
            self._take(frame)
            self.end = end
        if self.end < confirmed:
            raise form.damaged("it ends too early")
        self._seen = signs

    def _take(self, frame: form.Added | form.Marked) -> None:
        if isinstance(frame, form.Added):
            for one in frame.entries:
                self.numbered = number_after(str(one.id), self.numbered)
            self.late += frame.entries
            self.rows += frame.rows
            return
        if any(not 0 <= number < self.total for number in frame.numbers):
            raise form.damaged("what was added to it later makes no sense")
        self.marks |= dict.fromkeys(frame.numbers, frame.status)

    def scan(self, queries: bytes | memoryview, distance: int) -> list[Pairs]:
        """For each query the entries of any status within a distance."""
        rows, late = self.rows, self.base.count
        try:
            found = _kernel.match(self.base.rows, self.base.index, queries, distance)
        except ValueError as error:
            raise form.damaged("its index has changed") from error
        if rows:
            for hits, more in zip(found, _kernel.match(rows, None, queries, distance), strict=True):
                hits += [(late + row, apart) for row, apart in more]
        return found

    def matches(self, number: int, clock: Callable[[], date]) -> bool:
        """Whether an entry is one to tell of today."""
        if self.status(number) != "active":
            return False
        expires = self.consent(number).expires
        return expires is None or clock() < expires

    def id(self, number: int) -> str:
        """The id of an entry."""
        return self.base.id(number) if number < self.base.count else str(self.late[number - self.base.count].id)

    def status(self, number: int) -> EntryStatus:
        """What became of an entry."""
        if number in self.marks:
            return self.marks[number]
        return self.base.status(number) if number < self.base.count else self.late[number - self.base.count].status

    def consent(self, number: int) -> Consent:
        """The consent of an entry."""
        if number < self.base.count:
            return self.base.consent_of(number)
        one = self.late[number - self.base.count]
        return Consent(one.consent, one.origin, one.expires)

    def entry(self, number: int) -> Entry:
        """All that is known of an entry."""
        at = number - self.base.count
        row = self.rows[HASH * at : HASH * (at + 1)] if at >= 0 else self.base.rows[HASH * number : HASH * (number + 1)]
        edit = self.late[at].edit if at >= 0 else self.base.facts(number).edit
        reference, origin, expires = self.consent(number)
        return Entry(_kernel.gather(row), self.id(number), None, edit, reference, origin, expires, self.status(number))

    def named(self, wanted: frozenset[str]) -> list[int]:
        """The entries that have these ids."""
        late = [self.base.count + i for i, one in enumerate(self.late) if one.id in wanted]
        return [*self.base.named(wanted), *late]

    def number(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries, each with an id: its own, or the next number."""
        numbered, named = self.numbered, []
        for one in entries:
            mine = str(numbered) if one.id is None else one.id
            numbered = number_after(mine, numbered)
            named.append(replace(one, id=mine))
        return named

    def statuses(self) -> dict[EntryStatus, int]:
        """How many entries have each status."""
        counts = self.base.statuses()
        for number in range(self.base.count, self.total):
            counts[self.late[number - self.base.count].status] += 1
        for number, status in self.marks.items():
            at = number - self.base.count
            counts[self.late[at].status if at >= 0 else self.base.status(number)] -= 1
            counts[status] += 1
        return counts

    def kept(self, on: date) -> Columns:
        """What is left on a day of all that was ever in here, on its way to another file."""
        early = {number: status for number, status in self.marks.items() if number < self.base.count}
        columns = self.base.kept(early, on)
        for i, one in enumerate(self.late):
            status = self.status(self.base.count + i)
            if status in {"active", "received"} and (one.expires is None or on < one.expires):
                columns.append(replace(one, status=status), self.rows[HASH * i : HASH * (i + 1)])
        columns.numbered = self.numbered
        return columns
