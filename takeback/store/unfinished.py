"""Folders that are being written: each in a place beside its target that says so, and that is taken away if we die.

The place holds a lock file, which its writer holds for as long as it lives, and the folder itself. What has no lock
file of ours, or a writer that is alive, is never touched.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from takeback.store import disk

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK, INSIDE, LOCK = ".unfinished-", "folder", "takeback.lock"
ABANDONED = 3600
"""Seconds after which a place counts as abandoned where a system has no locks that end with their process."""


@contextmanager
def place(target: Path) -> Iterator[Path]:
    """An empty private folder beside a target; whatever is still there at the end is removed."""
    outer = Path(tempfile.mkdtemp(prefix=f"{target.name[:200]}{MARK}", dir=target.parent))
    try:
        lock = _lock(outer)
        try:
            (outer / INSIDE).mkdir(mode=0o700)
            yield outer / INSIDE
        finally:
            shutil.rmtree(outer, ignore_errors=True)
            os.close(lock)
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _lock(outer: Path) -> int:
    """A lock file that is held before it has the name by which others find it."""
    new = outer / "new.lock"
    handle = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | disk.nofollow(), 0o600)
    if fcntl:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    new.rename(outer / LOCK)
    return handle


def sweep(folder: Path) -> None:
    """Take away what writers that are gone left in a folder."""
    for outer in folder.glob(f"*{MARK}*"):
        if _ours(outer) and _abandoned(outer / LOCK):
            shutil.rmtree(outer, ignore_errors=True)


def _ours(outer: Path) -> bool:
    """Whether it is a place that we made: a private folder with nothing in it but a lock and the folder."""
    try:
        found, lock = outer.lstat(), (outer / LOCK).lstat()
        private = stat.S_ISDIR(found.st_mode) and stat.S_ISREG(lock.st_mode) and lock.st_size == 0
        mine = os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
        return private and mine and {one.name for one in outer.iterdir()} <= {LOCK, INSIDE}
    except OSError:
        return False


def _abandoned(lock: Path) -> bool:
    if not fcntl:
        return lock.lstat().st_mtime < time.time() - ABANDONED
    try:
        handle = os.open(lock, os.O_RDWR | disk.nofollow())
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
