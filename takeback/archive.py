"""A zip, written as it is made to something that only takes bytes. Pure; times in it say nothing.

A zip and not a tar where the size of a member is not known before it is written, and where a person may open it by a
double click.
"""

from __future__ import annotations

import zipfile
from io import RawIOBase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


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
