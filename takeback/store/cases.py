"""The cases on this computer: sealed events in a chain, wrapped keys, sealed files. Never a readable word.

Everything comes in sealed, or is sealed on its way; ids and times come in as arguments. What a call has returned from
is on the disk to stay: a process killed at any instant, or a full disk, loses nothing that was confirmed.
"""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from takeback import custody, errors, vault
from takeback.store import data, disk, settings
from takeback.store.blobs import ABANDONED, Blobs, Kept
from takeback.terms import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from takeback.permit import Permit

ID = re.compile(r"[a-z0-9]{1,64}")
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Store:
    """One data folder. Safe to share between threads; each has a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = data.ready(folder)
        self.alias = settings.database(self.folder)
        self.blobs = Blobs(self.folder / "blobs")
        with self._speaking():
            _migrate(self.alias)
            self._sweep()

    # ------------------------------------------------------------ cases and keys

    def create_case(self, case: str, wrapped: Mapping[str, bytes]) -> None:
        """A new case, with its key wrapped for each recipient: `{"passphrase": …}`."""
        from takeback.store.models import Case, Key  # noqa: PLC0415  (Django is configured by now, not before)

        _check_id(case)
        with self._writing():
            if Case.objects.using(self.alias).filter(id=case).exists():
                raise errors.BadInput("There is already a case with this id")
            Case.objects.using(self.alias).create(id=case)
            for recipient, one in wrapped.items():
                Key.objects.using(self.alias).create(case_id=case, recipient=recipient, wrapped=one)

    def cases(self) -> tuple[str, ...]:
        """The ids of the cases that are kept."""
        from takeback.store.models import Case  # noqa: PLC0415

        with self._speaking():
            return tuple(Case.objects.using(self.alias).order_by("id").values_list("id", flat=True))

    def keys(self, case: str) -> dict[str, bytes]:
        """A case's wrapped keys, by recipient."""
        from takeback.store.models import Key  # noqa: PLC0415

        with self._speaking():
            self._must_have(case)
            rows = Key.objects.using(self.alias).filter(case_id=case).values_list("recipient", "wrapped")
            return {recipient: bytes(wrapped) for recipient, wrapped in rows}

    def set_key(self, case: str, recipient: str, wrapped: bytes) -> None:
        """Wrap a case's key for one more recipient, or anew for one that it has."""
        from takeback.store.models import Key  # noqa: PLC0415

        with self._writing():
            self._must_have(case)
            keys = Key.objects.using(self.alias)
            keys.filter(case_id=case, recipient=recipient).delete()
            keys.create(case_id=case, recipient=recipient, wrapped=wrapped)
        self._forget_pages()

    def adopt(
        self,
        case: str,
        wrapped: Mapping[str, bytes],
        links: Sequence[Link],
        files: Iterable[tuple[str, Permit, Iterable[bytes]]],
    ) -> None:
        """A case that was kept elsewhere, as it was sealed there: all or nothing. Each file comes with its permit."""
        from takeback.store import models  # noqa: PLC0415

        _check_id(case)
        if case in self.cases():
            raise errors.BadInput("There is already a case with this id")
        rows = []
        try:
            for blob, permit, sealed in files:
                _check_id(blob)
                context, ground = _blob_context(case, blob), permit.ground
                rows.append({"blob": blob, "ground": ground, "size": self.blobs.take(context, sealed)})
            with self._writing():
                models.Case.objects.using(self.alias).create(id=case)
                for recipient, one in wrapped.items():
                    models.Key.objects.using(self.alias).create(case_id=case, recipient=recipient, wrapped=one)
                for link in links:
                    event = {"sequence": link.sequence, "sealed": link.sealed, "previous": link.previous}
                    models.Event.objects.using(self.alias).create(case_id=case, **event)
                for row in rows:
                    models.Blob.objects.using(self.alias).create(case_id=case, **row)
        except BaseException:
            if case not in self.cases():
                self.blobs.remove(case)
            raise

    def drop_key(self, case: str, recipient: str) -> None:
        """Take a recipient's wrapped key away. One that is not there is no fault; the last one stays."""
        from takeback.store.models import Key  # noqa: PLC0415

        with self._writing():
            self._must_have(case)
            keys = Key.objects.using(self.alias).filter(case_id=case)
            if keys.exclude(recipient=recipient).exists():
                keys.filter(recipient=recipient).delete()
        self._forget_pages()

    def erase(self, case: str) -> None:
        """Forget a case for good: first its keys, without which nothing of it can be read, then all that is left."""
        from takeback.store import models  # noqa: PLC0415

        with self._writing():
            self._must_have(case)
            for table in (models.Key, models.Blob):
                table.objects.using(self.alias).filter(case_id=case).delete()
            models.Case.objects.using(self.alias).filter(id=case).delete()
            models.Event.objects.using(self.alias).filter(case_id=case).delete()
        self.blobs.remove(case)
        self._forget_pages()

    # ------------------------------------------------------------ the log

    def append(self, case: str, sealed: bytes, previous: str) -> Link:
        """Add one sealed event after the one whose hash is `previous`; `Moved` where that is no longer the last."""
        from takeback.store.models import Event  # noqa: PLC0415

        with self._writing():
            head = self._head(case)
            if previous != head.hash:
                raise errors.Moved(
                    "This case went on in another window, so this was not added yet",
                    "open the case again, then do it once more",
                )
            link = custody.link(case, head, sealed)
            fields = {"sequence": link.sequence, "sealed": sealed, "previous": previous}
            Event.objects.using(self.alias).create(case_id=case, **fields)
        return link

    def links(self, case: str) -> tuple[Link, ...]:
        """A case's events as they stand on the disk, in order. `casework.check` says whether they are whole."""
        from takeback.store.models import Event  # noqa: PLC0415

        with self._speaking():
            self._must_have(case)
            rows = Event.objects.using(self.alias).filter(case_id=case).order_by("sequence")
            return tuple(Link(case, row.sequence, bytes(row.sealed), row.previous) for row in rows)

    def head(self, case: str) -> custody.Head:
        """The end of a case's chain: where the next event goes."""
        with self._speaking():
            return self._head(case)

    def _head(self, case: str) -> custody.Head:
        from takeback.store.models import Event  # noqa: PLC0415

        self._must_have(case)
        last = Event.objects.using(self.alias).filter(case_id=case).order_by("sequence").last()
        if last is None:
            return custody.Head()
        return custody.head([custody.entry(Link(case, last.sequence, bytes(last.sealed), last.previous))])

    # ------------------------------------------------------------ files

    def put_blob(
        self, case: str, blob: str, permit: Permit, chunks: Iterable[bytes], recipients: Sequence[str]
    ) -> Kept:
        """Seal a file's chunks as they come. Takes a permit: without one there is no way in."""
        from takeback.store.models import Blob  # noqa: PLC0415

        _check_id(blob)
        with self._speaking():
            self._must_have(case)
            if Blob.objects.using(self.alias).filter(case_id=case, blob=blob).exists():
                raise errors.BadInput("There is already a file with this id")
        context = _blob_context(case, blob)
        ground = permit.ground
        kept = self.blobs.put(context, chunks, recipients)
        with self._writing():
            self._must_have(case)
            size = self.blobs.size(context)
            Blob.objects.using(self.alias).create(case_id=case, blob=blob, ground=ground, size=size)
        return kept

    def open_blob(self, case: str, blob: str, key: vault.CaseKey) -> Iterator[bytes]:
        """A file's bytes as received."""
        if blob not in self.blob_ids(case):
            raise errors.BadInput("This file is not kept here")
        return self.blobs.open(_blob_context(case, blob), key)

    def sealed_blob(self, case: str, blob: str) -> Iterator[bytes]:
        """A file as it stands on the disk, sealed."""
        if blob not in self.blob_ids(case):
            raise errors.BadInput("This file is not kept here")
        return self.blobs.sealed(_blob_context(case, blob))

    def blob_ids(self, case: str) -> frozenset[str]:
        """The files of a case that are whole."""
        from takeback.store.models import Blob  # noqa: PLC0415

        with self._speaking():
            return frozenset(Blob.objects.using(self.alias).filter(case_id=case).values_list("blob", flat=True))

    def remove_blob(self, case: str, blob: str) -> None:
        """Remove one file for good. One that is not there is no fault."""
        from takeback.store.models import Blob  # noqa: PLC0415

        with self._writing():
            Blob.objects.using(self.alias).filter(case_id=case, blob=blob).delete()
        self.blobs.remove_one(_blob_context(case, blob))

    def _sweep(self) -> None:
        from takeback.store.models import Blob  # noqa: PLC0415

        confirmed = frozenset(Blob.objects.using(self.alias).values_list("case_id", "blob"))
        self.blobs.sweep(confirmed, before=time.time() - ABANDONED)

    # ------------------------------------------------------------ the database

    def close(self) -> None:
        """Close this thread's connection. The next call opens one again."""
        from django.db import connections  # noqa: PLC0415

        connections[self.alias].close()

    def _must_have(self, case: str) -> None:
        from takeback.store.models import Case  # noqa: PLC0415

        if not Case.objects.using(self.alias).filter(id=case).exists():
            raise errors.BadInput("There is no such case here", "`takeback case list` shows the ones that are kept")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, the only writer, on the disk when it ends."""
        from django.db import transaction  # noqa: PLC0415

        with self._speaking(), transaction.atomic(using=self.alias):
            yield

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Turn what SQLite says into one sentence for a person."""
        from django.db import DatabaseError, IntegrityError  # noqa: PLC0415

        try:
            yield
        except IntegrityError as cause:
            raise errors.BadInput("The store refused this, and nothing was changed") from cause
        except DatabaseError as cause:
            raise _sentence(getattr(cause.__cause__, "sqlite_errorcode", 0)) from cause

    def _forget_pages(self) -> None:
        """Empty the write-ahead log, so that what was erased is not left in it."""
        from django.db import connections  # noqa: PLC0415

        with self._speaking(), connections[self.alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _blob_context(case: str, blob: str) -> vault.Context:
    return vault.Context(case, "exhibit", blob)


def _check_id(text: str) -> None:
    if not ID.fullmatch(text):
        raise errors.BadInput("An id in the store is made of small letters and digits")


def _sentence(code: int) -> errors.BadInput:
    primary = code & 0xFF
    if primary in BUSY:
        return errors.Moved("Another window is busy with the cases, so this was not done yet", "try again in a moment")
    if primary in DAMAGED:
        return errors.BadFile(
            "The file that holds the cases is damaged, so Takeback won't write to it",
            "use a package or a copy that was saved before, or restore the data folder from a backup",
        )
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return errors.Unwritable(disk.NO_ROOM.what, disk.NO_ROOM.hint)
    return errors.Unwritable("The cases can't be read or written just now; nothing kept before is lost", "try again")


def _migrate(alias: str) -> None:
    """Bring the database to the shape that this Takeback knows. Two at once: the second finds it done."""
    from django.db import DatabaseError, connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    def plan() -> tuple[MigrationExecutor, list[tuple[str, str]], bool]:
        executor = MigrationExecutor(connections[alias])
        known, applied = executor.loader.disk_migrations, executor.loader.applied_migrations
        if any(one not in known for one in applied):
            raise errors.BadInput("These cases were kept by a newer Takeback", "use that one to open them")
        targets = executor.loader.graph.leaf_nodes()
        return executor, targets, bool(executor.migration_plan(targets))

    executor, targets, needed = plan()
    try:
        if needed:
            executor.migrate(targets)
    except DatabaseError:
        if plan()[2]:
            raise
