"""Memory for a bank, in large pages where the system has them: to make an index in, and that of a file.

An index is looked at all over the place, and finding a small page takes about as long as reading it. Linux gives large
ones to memory that asks for them, and from 6.16 on to files on ext4 and XFS too; whoever has none loses nothing.
"""

from __future__ import annotations

import contextlib
import mmap
import os

POPULATE_READ = 22
"""Linux's MADV_POPULATE_READ: read all of it in now. Python has no name for it yet."""


def room(length: int) -> memoryview:
    """Zeros to write on, from a page's start."""
    memory = mmap.mmap(-1, max(length, 1))
    _advise(memory, getattr(mmap, "MADV_HUGEPAGE", None))
    return memoryview(memory)[:length]


def of_file(file: int, length: int) -> mmap.mmap:
    """The beginning of a file, to be read. A large page is read whole: so none for a file that memory can't hold."""
    memory = mmap.mmap(file, length, access=mmap.ACCESS_READ)
    if length < _most():
        _advise(memory, getattr(mmap, "MADV_HUGEPAGE", None))
    return memory


def fetch(file: int, length: int) -> None:
    """Have the beginning of a file in memory, for whoever opens it next; not if that is more than memory can hold."""
    if length < _most():
        with of_file(file, length) as memory:
            _advise(memory, POPULATE_READ if hasattr(mmap, "MADV_HUGEPAGE") else None)


def _most() -> int:
    """Three quarters of the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 * 3


def _advise(memory: mmap.mmap, advice: int | None) -> None:
    if advice is not None:
        with contextlib.suppress(OSError):
            memory.madvise(advice)
