"""Memory for a bank, in large pages where the system has them: to make an index in, and that of a file.

An index is looked at all over the place, and finding a small page takes about as long as reading it. Linux gives large
ones to memory that asks for them, and from 6.16 on to files on ext4 and XFS too; whoever has none loses nothing.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from typing import TYPE_CHECKING

from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGE_PAGES: int | None = getattr(mmap, "MADV_HUGEPAGE", None)
READ_NOW = 22 if sys.platform == "linux" else None
"""MADV_POPULATE_READ, for which Python has no name yet."""


def room(length: int) -> memoryview:
    """Zeros to write on, from a page's start."""
    memory = mmap.mmap(-1, max(length, 1))
    _advise(memory, LARGE_PAGES)
    return memoryview(memory)[:length]


def fetch(file: int, length: int) -> bool:
    """Read the beginning of a file into memory, for whoever maps it from now on; gives whether that was done.

    It is not done for more than three quarters of the machine's memory: the first pages would be gone by the last. And
    only here large pages are asked for: in a mapping that is read at random each would be read whole, for one line.
    """
    if length > os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 * 3:
        return False
    with mmap.mmap(file, length, access=mmap.ACCESS_READ) as memory:
        _advise(memory, LARGE_PAGES)
        return _advise(memory, READ_NOW)


def hidden(chunks: Iterable[bytes]) -> int:
    """A file of these bytes that has no name and lies in memory alone; a machine that swaps may write it to disk."""
    if not hasattr(os, "memfd_create"):
        raise BadInput("A sealed bank can be opened on Linux alone", "open it with age, onto an encrypted disk")
    file = os.memfd_create("bank", os.MFD_CLOEXEC)
    try:
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(file, rest) :]
    except BaseException:
        os.close(file)
        raise
    return file


def _advise(memory: mmap.mmap, advice: int | None) -> bool:
    """Whether the system took the advice; None is one that this system has not."""
    if advice is None:
        return False
    with contextlib.suppress(OSError):
        memory.madvise(advice)
        return True
    return False
