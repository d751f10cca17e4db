"""A zip, written as it is made to something that only takes bytes, and read back. Pure; times in it say nothing.

A zip and not a tar where the size of a member is not known before it is written, and where a person may open it by a
double click. Only such zips are read as are written here: members as they are, none twice, together no longer than the
file; a name is looked up, and never becomes a path.
"""

from __future__ import annotations

import errno
import zipfile
from contextlib import contextmanager
from io import RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO

from takeback import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CHUNK = 1 << 20
NOT_OURS = "This file is not a case that was saved whole from Takeback, or it is damaged"
NOT_OURS_HINT = "choose the file that “Move this case” saved, or save it there once more"


def writer(write: Callable[[bytes], object]) -> zipfile.ZipFile:
    """A new zip that goes to `write`; close it to finish it."""
    return zipfile.ZipFile(_Stream(write), "w")


def add(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> None:
    """One member, chunk by chunk, as it is: what is sealed does not get smaller."""
    with archive.open(entry(name), "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)


def entry(name: str) -> zipfile.ZipInfo:
    """A member's head."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


class Reader:
    """A zip that somebody hands in. BadFile where it is none, or none of ours."""

    def __init__(self, file: BinaryIO) -> None:
        with _ours():
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
            length = file.seek(0, 2)
        self.sizes = {one.filename: one.file_size for one in members}
        plain = all(one.compress_type == zipfile.ZIP_STORED and one.compress_size == one.file_size for one in members)
        if not plain or len(self.sizes) != len(members) or sum(self.sizes.values()) > length:
            raise errors.BadFile(NOT_OURS, NOT_OURS_HINT)

    def read(self, name: str, most: int) -> bytes:
        """A small member, whole."""
        if self.sizes.get(name, most + 1) > most:
            raise errors.BadFile(NOT_OURS, NOT_OURS_HINT)
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member, chunk by chunk; its checksum is checked at its end."""
        with _ours(), self._zip.open(name) as member:
            while chunk := member.read(CHUNK):
                yield chunk


@contextmanager
def _ours() -> Iterator[None]:
    """Turn what a zip that is none ends in into one sentence."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
        EOFError,
        OverflowError,
    ) as bad:
        raise errors.BadFile(NOT_OURS, NOT_OURS_HINT) from bad
    except OSError as bad:
        if bad.errno not in (None, errno.EINVAL):  # the disk, not the zip
            raise
        raise errors.BadFile(NOT_OURS, NOT_OURS_HINT) from bad


class _Stream(RawIOBase):
    """A function, as a file that can only be written to."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._give = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._give(bytes(data))
        return len(data)
