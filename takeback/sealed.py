"""A sealed package, read as it is opened: `files.tar.age` with its key, `files.zip` with its passphrase.

Nothing readable goes to the disk: age opens it in memory, a piece at a time, and the tar in it is read as it comes.
Without a key only the envelope can be looked at, and `envelope` says how far that goes.
"""

from __future__ import annotations

import errno
import tarfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from takeback import bag, vault
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
LONGEST_NAME = 4096
NO_TAR = (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError)
"""What a tar that somebody else wrote can end in."""
NO_ZIP = (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError)
"""The same of a zip."""
NO_PACKAGE = "What is sealed in it is no package"
CHANGED = "This is no sealed package, or it was changed or cut off"

WRONG = later("can't be opened: the key is another one's, or the file was changed or cut off")


class Sealed:
    """The package in an opened tar: what stands below its folder `package/`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.source = Chunks(chunks)

    def walk(self) -> Iterator[tuple[str, str, Iterable[bytes]]]:
        """Every entry, with its kind and a file's bytes."""
        try:
            with tarfile.open(fileobj=self.source, mode="r|", tarinfo=_Entry) as tar:  # type: ignore[call-overload]
                for entry in tar:
                    yield from self._entry(tar, entry)
            while self.source.read(CHUNK):  # what follows the tar is sealed too, and must open
                pass
        except NO_TAR as cause:
            raise BadFile(NO_PACKAGE) from cause

    def _entry(self, tar: Any, entry: tarfile.TarInfo) -> Iterator[tuple[str, str, Iterable[bytes]]]:
        before, found, path = f"/{entry.name}".partition("/package/")
        if entry.isdir():
            return
        if not found or before not in ("", "/files"):
            if not (entry.isfile() and bag.safe(entry.name)):
                yield entry.name, "other", ()
        elif entry.isfile() and not entry.issparse():
            yield path, "file", _read(tar.extractfile(entry))
        else:
            yield path, "link" if entry.issym() or entry.islnk() else "other", ()


class _Entry(tarfile.TarInfo):
    """An entry of a tar with no damage in it, and with names of a length that can be: tarfile reads them whole."""

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tar)
        except tarfile.HeaderError as cause:
            if type(cause).__name__ in ("EOFHeaderError", "EmptyHeaderError"):
                raise
            raise tarfile.ReadError("damaged") from cause  # or tarfile would take it for the end

    def _proc_member(self, tar: tarfile.TarFile) -> Any:
        if self.type not in tarfile.REGULAR_TYPES and self.size > LONGEST_NAME:
            raise tarfile.ReadError("too large for what it is")
        return super()._proc_member(tar)  # type: ignore[misc]


def _read(file: BinaryIO) -> Iterator[bytes]:
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except tarfile.TarError as cause:
        raise BadFile(NO_PACKAGE) from cause


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
            _header(file.read(HEAD))
            file.seek(0)
            yield Sealed(vault.open_stream(file, _key(identity))) if identity else None


@contextmanager
def _member(file: BinaryIO) -> Iterator[tuple[BinaryIO, bytes]]:
    with _plain(file) as zipped, zipped.open("package.tar.age") as tar, zipped.open("key.age") as key:
        _header(tar.read(HEAD))
        tar.seek(0)
        yield tar, key.read(SMALL)  # type: ignore[misc]


@contextmanager
def _plain(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """A zip whose members are as they are: what unpacks to more than it is was never ours."""
    try:
        with zipfile.ZipFile(file) as zipped:
            if any(one.compress_type != zipfile.ZIP_STORED or one.flag_bits & 1 for one in zipped.infolist()):
                raise BadFile(CHANGED)
            yield zipped
    except NO_ZIP as cause:
        raise BadFile(CHANGED) from cause
    except OSError as cause:
        if cause.errno not in (None, errno.EINVAL):  # the disk, not the zip
            raise
        raise BadFile(CHANGED) from cause


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
            with _plain(file) as zipped:
                broken = zipped.testzip()
            if broken:
                raise BadFile(CHANGED)
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
