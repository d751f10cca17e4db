"""A sealed package, read as it is opened: `files.tar.age` with its key, `files.zip` with its passphrase.

Nothing readable goes to the disk: age opens it in memory, a piece at a time, and the tar in it is read as it comes.
Without a key only the envelope can be looked at, and `envelope` says how far that goes.
"""

from __future__ import annotations

import tarfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import vault
from takeback.chunks import Chunks
from takeback.errors import BadFile, BadInput
from takeback.store import folder
from takeback.words import later, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

MAGIC = b"age-encryption.org/v1\n"
CHUNK, TAG, NONCE = 64 << 10, 16, 16
"""age's stream: pieces of so many bytes, each with a tag, after a nonce."""

HEAD = 64 << 10
SMALL = 1 << 20
WRONG = later("can't be opened: the key is another one's, or the file was changed or cut off")


class Sealed:
    """The package in an opened tar: what stands below its folder `package/`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.source = Chunks(chunks)
        self.beside = 0

    def walk(self) -> Iterator[tuple[str, str, Iterable[bytes]]]:
        """Every entry, with its kind and a file's bytes."""
        try:
            with tarfile.open(fileobj=self.source, mode="r|") as tar:  # type: ignore[call-overload]
                for entry in tar:
                    yield from self._entry(tar, entry)
            while self.source.read(CHUNK):  # what follows the tar is sealed too, and must open
                pass
        except (tarfile.TarError, EOFError) as cause:
            raise BadFile("What is sealed in it is no package") from cause

    def _entry(self, tar: Any, entry: tarfile.TarInfo) -> Iterator[tuple[str, str, Iterable[bytes]]]:
        before, found, path = f"/{entry.name}".partition("/package/")
        if entry.isdir():
            return
        if not found or before not in ("", "/files"):
            self.beside += 1
        elif entry.isfile():
            yield path, "file", _read(tar.extractfile(entry))
        else:
            yield path, "link" if entry.issym() or entry.islnk() else "other", ()


def _read(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


# ---------------------------------------------------------------- opening one


@contextmanager
def opened(path: Path, identity: Path | None, ask: Callable[[], str] | None) -> Iterator[Sealed | None]:
    """A sealed package, to be read once; None where nobody has a key. BadFile where the key does not open it."""
    with folder.binary(path) as file:
        if zipfile.is_zipfile(file):
            with _member(file) as (tar, wrapped):
                passphrase = ask() if ask else ""
                yield Sealed(vault.open_stream(tar, vault.unwrap_with_passphrase(wrapped, passphrase))) if ask else None
        else:
            file.seek(0)
            yield Sealed(vault.open_stream(file, _key(identity))) if identity else None


@contextmanager
def _member(file: BinaryIO) -> Iterator[tuple[BinaryIO, bytes]]:
    try:
        with zipfile.ZipFile(file) as zipped, zipped.open("package.tar.age") as tar, zipped.open("key.age") as key:
            yield tar, key.read(SMALL)  # type: ignore[misc]
    except (zipfile.BadZipFile, KeyError, EOFError) as cause:
        raise BadFile("This is no sealed package, or it was changed or cut off") from cause


def _key(identity: Path) -> vault.CaseKey:
    text = folder.small(identity, SMALL).decode("ascii", "replace")
    secrets = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(secrets) != 1:
        raise BadInput("This is not an age identity file", "it holds one line that starts with AGE-SECRET-KEY-1")
    return vault.key(secrets[0])


# ---------------------------------------------------------------- without a key


def envelope(path: Path) -> tuple[str, ...]:
    """What can be said without a key; BadFile where it is not even an envelope, or was cut off."""
    with folder.binary(path) as file:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as zipped:
                broken = zipped.testzip()
            if broken:
                raise BadFile(f"{broken} in it was damaged")
            return (later("the zip around it is undamaged, which shows accidents and not changes"), LOCKED_ZIP)
        file.seek(0)
        head = file.read(HEAD)
        size = file.seek(0, 2)
    start = _header(head)
    rest = (size - start - NONCE) % (CHUNK + TAG)
    if size - start < NONCE + TAG or 0 < rest < TAG:
        raise BadFile("This was cut off, or changed")
    kinds = [line.split()[1] for line in head[:start].splitlines() if line.startswith(b"-> ") and len(line) > 3]
    count = sum(not kind.endswith(b"-grease") for kind in kinds)  # age adds stanzas that mean nothing
    keys = "one key" if count == 1 else f"{count} keys"
    return (put(f"it is sealed with age to {keys}, and has a length that can be"), LOCKED)


LOCKED = later("what is in it can't be checked without a key: add --identity FILE")
LOCKED_ZIP = later("what is in it can't be checked without its passphrase")


def _header(head: bytes) -> int:
    """Where age's header ends."""
    end = head.find(b"\n--- ")
    stop = head.find(b"\n", end + 1)
    if not head.startswith(MAGIC) or end < 0 or stop < 0:
        raise BadFile("This is neither a package's folder nor a sealed package")
    return stop + 1
