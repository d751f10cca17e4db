"""The bank: hashes that somebody consented to, matched exactly, added to at once, and really withdrawn from.

    bank = Bank.build(hashes, "bank")          bank.match(value) -> [Match(entry, distance)]
    bank = Bank.open("bank")                   bank.add([Entry(value, id)])   bank.withdraw([id])   bank.compact()

One file, opened by memory map (bank_file.py says what is in it). Any number of readers, in any process, while one
writer writes; writers wait for one another. What is added or withdrawn counts in every open bank as soon as it is
written, before the disk has it: each match first looks at three words of the mapped first page. What `add` and
`withdraw` return for is on the disk. A process that is killed at any instant leaves a file that opens. `compact` writes
a new file without what was withdrawn, and takes the old one's place.

It touches the path that it is given, and PATH.new while it writes a new file; nothing else. The one thing that it
asks the clock is the day, and that can be handed in: an entry whose consent has expired must not match by default.
"""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from takeback import _kernel, bank_memory
from takeback import bank_file as form
from takeback.bank_columns import Columns, held, name, text
from takeback.bank_file import HASH
from takeback.bank_pen import Pen, fresh, spoken
from takeback.bank_view import Pairs, View
from takeback.errors import BadInput
from takeback.signals import THRESHOLD
from takeback.terms import Entry, EntryStatus, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from typing_extensions import Buffer

FARTHEST = 63


class Bank:
    """A bank file, open. Threads may share one."""

    def __init__(self, path: Path, clock: Callable[[], date]) -> None:
        self.path = path.absolute()
        self._clock, self._lock = clock, threading.Lock()
        self._view, self._fixed = View(self.path), False

    @classmethod
    def build(
        cls,
        hashes: Buffer | Sequence[Buffer | str] | Sequence[Entry],
        path: str | os.PathLike[str],
        ids: Iterable[str | int] | None = None,
        progress: Callable[[float], object] = lambda _: None,
    ) -> Self:
        """A new bank: of hashes, 32 bytes each, with an id for each if there are any; or of entries."""
        columns = Columns()
        if isinstance(hashes, list | tuple) and hashes and all(isinstance(one, Entry) for one in hashes):
            _append(columns, hashes)
        else:
            columns.fill(as_hashes(cast("Buffer | Sequence[Buffer | str]", hashes)), ids)
        target = Path(path).absolute()
        if target.exists() or target.is_symlink():
            raise BadInput("There is already something of that name, so nothing was written", "choose another name")
        with spoken(), fresh(target) as new:
            new.write(columns, progress)
            new.take_place()
        return cls.open(target)

    @classmethod
    def open(cls, path: str | os.PathLike[str], clock: Callable[[], date] = date.today) -> Self:
        """A bank that is there already; raises `BadFile` where it is none, or damaged."""
        return cls(Path(path), clock)

    @classmethod
    def in_memory(cls, chunks: Iterable[bytes], clock: Callable[[], date] = date.today) -> Self:
        """A bank whose bytes come from elsewhere, a sealed file say. It can be matched, not changed."""
        file = bank_memory.hidden(chunks)
        try:
            bank = cls(Path(f"/proc/self/fd/{file}"), clock)
        except BaseException:
            os.close(file)
            raise
        bank._fixed = True
        weakref.finalize(bank, os.close, file)
        return bank

    def close(self) -> None:
        """Nothing more is asked of this bank. What is open is closed once no match is under way."""
        del self._view

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ match

    def match(self, value: Buffer | str, distance: int = THRESHOLD) -> list[Match]:
        """The active entries within a distance of a hash, nearest first."""
        return self._asked(as_hash(value), distance, threads=1)[0]

    def match_many(
        self, values: Buffer | Sequence[Buffer | str], distance: int = THRESHOLD, threads: int = 1
    ) -> list[list[Match]]:
        """The same for many hashes, a list for each."""
        return self._asked(as_hashes(values), distance, threads)

    def _asked(self, queries: bytes | memoryview, distance: int, threads: int) -> list[list[Match]]:
        if not 0 <= distance <= FARTHEST:
            raise BadInput(f"A distance lies between 0 and {FARTHEST} bits", f"{THRESHOLD} is what banks agree on")
        while True:
            view = self._now()
            found = _scan(view, queries, distance, threads)
            later = self._now()  # what was withdrawn while we looked must not be told
            if later is view:
                return [self._told(view, pairs) for pairs in found]

    def _told(self, view: View, pairs: Pairs) -> list[Match]:
        if not pairs:
            return []
        ordered = sorted(dict(pairs).items(), key=lambda one: (one[1], one[0]))
        return [Match(view.id(number), apart) for number, apart in ordered if view.matches(number, self._clock)]

    def _now(self) -> View:
        """The view of the file as it is at this moment."""
        view = self._view
        if view.is_current():
            return view
        with self._lock:
            if self._view.is_stale(self.path):
                self._view = View(self.path)
            self._view.catch_up()
            return self._view

    # ------------------------------------------------------------ change

    def add(self, entries: Iterable[Entry], benign: Bank | None = None) -> list[str]:
        """Add entries, all or none; gives their ids. They match at once, and are on the disk when this returns.

        One of low quality, or near an entry of a bank of `benign` pictures, waits as `received` until `activate`.
        """
        entries = [_checked(one) for one in entries]
        if benign is not None:
            entries = hold(entries, benign)
        if not entries:
            return []
        rows = _kernel.spread(b"".join(one.value for one in entries))
        with self._writing() as (pen, view):
            named = view.number(entries)
            pen.append(view, *form.added(rows, named))
        self._now()
        return [str(one.id) for one in named]

    def withdraw(self, ids: Iterable[str], status: EntryStatus = "withdrawn") -> int:
        """Entries that never match again from the moment this returns, in any open bank; gives how many they were.

        Their hashes stay in the file until `compact`. An id that the bank does not have is an error, and then nothing
        is withdrawn.
        """
        return self._mark(ids, status, ("active", "received"))

    def activate(self, ids: Iterable[str]) -> int:
        """Entries that waited, and that a person has looked at, match from now on."""
        return self._mark(ids, "active", ("received",))

    def _mark(self, ids: Iterable[str], status: EntryStatus, may: Sequence[EntryStatus]) -> int:
        wanted = frozenset(ids)
        with self._writing() as (pen, view):
            named = view.named(wanted)
            missing = wanted - {view.id(number) for number in named}
            if missing:
                some = ", ".join(sorted(missing)[:3])
                raise BadInput(f"This bank has no entry called {some}, so nothing was changed", "check the id")
            numbers = [number for number in named if view.status(number) in may]
            if numbers:
                pen.append(view, *form.marked(status, numbers))
        self._now()
        return len(numbers)

    def compact(self, progress: Callable[[float], object] = lambda _: None) -> None:
        """Write the file anew: what was withdrawn, deleted or has expired is gone from it, and the log is empty."""
        with self._writing() as (pen, view), fresh(self.path) as new:
            new.write(view.kept(self._clock()), progress)
            pen.say_moved()
            new.take_place()
        self._now()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[tuple[Pen, View]]:
        """The only writer, and the file as it is under this path now."""
        if self._fixed:
            raise BadInput("This bank lies in memory alone, so it can't be changed", "change the one that was sealed")
        with spoken(), Pen(self.path) as pen:
            with self._lock:
                if not self._view.is_at(self.path):
                    self._view = View(self.path)
                self._view.catch_up()
            yield pen, self._view

    # ------------------------------------------------------------ what it is

    def __len__(self) -> int:
        return self._now().total

    def info(self) -> dict[str, Any]:
        """How many entries it has of each status, and how large it is."""
        view = self._now()
        size = self.path.stat().st_size
        return {
            "entries": view.total,
            **{str(status): count for status, count in view.statuses().items()},
            "bytes": size,
            "bytes_per_entry": round(size / view.total, 1) if view.total else None,
            "indexed": view.base.index is not None,
            "added_since": len(view.late),
            "changed_since": len(view.marks),
        }

    def warm(self) -> bool:
        """Read the file into memory now, as a server does before it is asked: a second for each gigabyte or two.

        Needed only after a restart of the machine. Gives False where the system can't, or hasn't the memory.
        """
        return self._now().fetch()

    def check(self) -> None:
        """Read all of the file; raises `BadFile` where anything in it has changed since it was written."""
        view = self._now()
        view.base.check()

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        """All that the bank knows of the entries with these ids."""
        view = self._now()
        return [view.entry(number) for number in view.named(frozenset(ids))]


# ---------------------------------------------------------------- what comes in


def as_hashes(values: Buffer | Sequence[Buffer | str]) -> bytes | memoryview:
    """Hashes one after the other, from a buffer of bytes or from a list of hashes."""
    if isinstance(values, list | tuple):
        return b"".join(as_hash(one) for one in values)
    try:
        view = memoryview(values)  # type: ignore[arg-type]
    except TypeError:
        raise BadInput("Hashes come as bytes, 32 for each", "pass an array of uint8 of the shape (n, 32)") from None
    wide = view.shape[-1] != HASH if view.shape and len(view.shape) > 1 else view.nbytes % HASH
    if view.itemsize != 1 or not view.c_contiguous or wide:
        raise BadInput("Hashes have 32 bytes each, one after the other", "pass an array of uint8 of the shape (n, 32)")
    return view.cast("B") if view.nbytes else b""


def as_hash(value: Buffer | str) -> bytes:
    """One hash, from 32 bytes or 64 hexadecimal digits."""
    if isinstance(value, bytes) and len(value) == HASH:
        return value
    try:
        made = bytes.fromhex(value) if isinstance(value, str) else bytes(memoryview(value))
    except (TypeError, ValueError):
        made = b""
    if len(made) != HASH:
        raise BadInput("This is no PDQ hash", "it has 32 bytes, or 64 characters that are each 0 to 9 or a to f")
    return made


def _checked(entry: Entry) -> Entry:
    for what in ("edit", "consent", "origin"):
        text(what, getattr(entry, what))
    if entry.id is not None:
        name(entry.id)
    if entry.status not in {"active", "received"}:
        raise BadInput("An entry that is added is active or received", "leave out what was withdrawn")
    return replace(entry, value=as_hash(entry.value), status=held(entry))


def hold(entries: Sequence[Entry], benign: Bank) -> list[Entry]:
    """The entries, those near a picture that is known to be benign held for a person to look at."""
    near = benign.match_many([one.value for one in entries])
    return [replace(one, status="received") if found else one for one, found in zip(entries, near, strict=True)]


def _append(columns: Columns, entries: Sequence[Entry]) -> None:
    checked = [_checked(one) for one in entries]
    rows = _kernel.spread(b"".join(one.value for one in checked))
    for i, one in enumerate(checked):
        columns.append(one, rows[HASH * i : HASH * (i + 1)])


def _scan(view: View, queries: bytes | memoryview, distance: int, threads: int) -> list[Pairs]:
    if threads <= 1 or len(queries) <= HASH:
        return view.scan(queries, distance)
    share = -(-len(queries) // HASH // threads) * HASH
    shares = [queries[start : start + share] for start in range(0, len(queries), share)]
    with ThreadPoolExecutor(threads) as pool:
        return [pairs for found in pool.map(lambda one: view.scan(one, distance), shares) for pairs in found]
