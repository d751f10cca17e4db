"""A source: a stranger's bytes as they are handed in, told by their first ones, and a video as one open file.

A file of this computer is read where it lies. A video that is none, such as a sealed exhibit, is written into a file
that is only memory and can't be changed any more; where there is no such thing, it is only hashed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from takeback import film, formats
from takeback.errors import BadFile
from takeback.terms import Sums

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 256 * 1024

MOST_IN_MEMORY = 512 << 20
"""Bytes of a video that is no file: of a larger one there are the exact hashes only."""


class Source(Protocol):
    """Anything that can be read from and is at hand: an open file, an upload, an exhibit as it is opened."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


class Opened:
    """A source whose first bytes were looked at. `video` is the name of its format where its frames can be had."""

    def __init__(self, source: Source) -> None:
        self._source, self._head = source, source.read(CHUNK)
        self._memory: int | None = None
        self._file = _regular(source)
        self._state = _state(self._file)
        self.video = _video(self._head)

    def read(self, size: int, /) -> bytes:
        """The source's bytes, from the first on."""
        head, self._head = self._head, b""
        return head or self._source.read(size)

    def sums(self) -> Sums:
        """The exact hashes of all of it; where it is no file, it is in memory after this."""
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
        if self._file is None and hasattr(os, "memfd_create"):
            self._memory = os.memfd_create("video", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        while chunk := self.read(CHUNK):
            size += len(chunk)
            sha256.update(chunk)
            md5.update(chunk)
            self._keep(chunk, size)
        if self._memory is not None:
            sealed = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
            fcntl.fcntl(self._memory, fcntl.F_ADD_SEALS, sealed)
        return Sums(sha256.hexdigest(), md5.hexdigest(), size)

    def unchanged(self) -> None:
        """Raise `BadFile` where the file is no longer what was hashed."""
        if _state(self._file) != self._state:
            raise BadFile("This file changed while it was being read", "wait until it is whole, then try again")

    def fileno(self) -> int | None:
        """The open file that a video is in; None where there is none."""
        return self._file if self._file is not None else self._memory

    def close(self) -> None:
        """Give back the memory."""
        if self._memory is not None:
            os.close(self._memory)
            self._memory = None

    def _keep(self, chunk: bytes, size: int) -> None:
        if self._memory is None:
            return
        if size > MOST_IN_MEMORY:
            self.close()
            return
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self._memory, rest) :]


@contextmanager
def opened(source: Source | bytes) -> Iterator[Opened]:
    """A source, closed again: what was held in memory is gone afterwards."""
    made = Opened(BytesIO(source) if isinstance(source, bytes) else source)
    try:
        yield made
    finally:
        made.close()


def _video(head: bytes) -> str | None:
    try:
        name = formats.sniff(head).name
    except formats.Unreadable:
        return None
    return name if name in film.CONTAINERS else None


def _state(file: int | None) -> tuple[int, int]:
    """What changes when a file is written to: its size, and when that was."""
    if file is None:
        return 0, 0
    found = os.fstat(file)
    return found.st_size, found.st_mtime_ns


def _regular(source: Source) -> int | None:
    """The number of an open file that can only be read, and lies on this computer; None for all else."""
    try:
        file: int = source.fileno()  # type: ignore[attr-defined]
        only_read = fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
        return file if only_read and stat.S_ISREG(os.fstat(file).st_mode) else None
    except (AttributeError, OSError, ValueError):
        return None
