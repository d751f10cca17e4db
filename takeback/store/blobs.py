"""Sealed files: streamed in under a name of their own, whole or not there, with both hashes taken on the way.

What is on the disk is ciphertext from its first byte, the temporary file too. A file counts only once the database
says so; one that a killed process left behind says nothing, and is swept away later.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from takeback import errors, vault
from takeback.store import disk

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence
    from pathlib import Path

CHUNK = 1 << 20
ABANDONED = 3600
"""Seconds after which a file that nobody confirmed was left behind by a process that is gone."""


class Kept(NamedTuple):
    """What was received: its hashes and its size."""

    sha256: str
    sha512: str
    size: int


@dataclass(frozen=True, slots=True)
class Blobs:
    """The sealed files below one folder."""

    folder: Path

    def put(self, context: vault.Context, chunks: Iterable[bytes], recipients: Sequence[str]) -> Kept:
        """Seal chunks to the disk as they come."""
        counter = _Counter(chunks)
        path = self.path(context)
        try:
            with disk.spoken():
                for folder in (self.folder, path.parent):
                    folder.mkdir(mode=0o700, exist_ok=True)
                with disk.whole_file(path) as file:
                    vault.seal_in(context, counter, file.write, recipients)
        except errors.Unwritable:
            if counter.failed:  # it was not the disk: the sender went away
                raise counter.failed from None
            raise
        return counter.kept()

    def take(self, context: vault.Context, sealed: Iterable[bytes]) -> int:
        """Write what was sealed elsewhere; its size on the disk."""
        path = self.path(context)
        with disk.spoken():
            for folder in (self.folder, path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            with disk.whole_file(path) as file:
                return sum(file.write(chunk) for chunk in sealed)

    def open(self, context: vault.Context, key: vault.CaseKey) -> Iterator[bytes]:
        """The bytes of one, as received."""
        with disk.spoken(), self.path(context).open("rb") as file:
            yield from vault.open_in(context, file, key)

    def sealed(self, context: vault.Context) -> Iterator[bytes]:
        """The ciphertext of one."""
        with disk.spoken(), self.path(context).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def size(self, context: vault.Context) -> int:
        """How much room one takes on the disk."""
        return self.path(context).stat().st_size

    def remove_one(self, context: vault.Context) -> None:
        """Remove one file."""
        with disk.spoken():
            self.path(context).unlink(missing_ok=True)

    def remove(self, case: str) -> None:
        """Remove every file of a case."""
        folder = self.folder / case
        with disk.spoken():
            for path in folder.iterdir() if folder.is_dir() else ():
                path.unlink()
            if folder.is_dir():
                folder.rmdir()

    def sweep(self, confirmed: Container[tuple[str, str]], before: float) -> None:
        """Remove what no case confirmed and nobody has touched since `before`."""
        for path in self.folder.glob("*/*"):
            if (path.parent.name, path.name) not in confirmed and path.lstat().st_mtime < before:
                path.unlink(missing_ok=True)

    def path(self, context: vault.Context) -> Path:
        """Where one is."""
        return self.folder / context.case / str(context.item)


class _Counter:
    """Chunks that are hashed and counted as they pass."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = chunks
        self.sha256, self.sha512, self.size = hashlib.sha256(), hashlib.sha512(), 0
        self.failed: BaseException | None = None

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._arriving():
            self.sha256.update(chunk)
            self.sha512.update(chunk)
            self.size += len(chunk)
            yield chunk

    def _arriving(self) -> Iterator[bytes]:
        try:
            yield from self.chunks
        except OSError as cause:
            self.failed = cause
            raise

    def kept(self) -> Kept:
        return Kept(self.sha256.hexdigest(), self.sha512.hexdigest(), self.size)
