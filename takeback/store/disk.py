"""The few disk habits that everything here shares: private modes, fsync, rename, and one sentence when it is full."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ROOM = errors.Unwritable(
    "There is no room left on the disk, so this was not kept; everything kept before is safe",
    "make some room, then try again",
)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what the system says of a disk into one sentence for a person."""
    try:
        yield
    except OSError as cause:
        if cause.errno in FULL:
            raise errors.Unwritable(NO_ROOM.what, NO_ROOM.hint) from cause
        raise errors.Unwritable(
            f"The disk refused: {(cause.strerror or 'it gave no reason').lower()}; nothing kept before is lost",
            "look at the folder and who may write to it, then try again",
        ) from cause


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name only once all of it is on the disk, and only if nothing goes wrong.

    Until then it has a name beside it that nothing else has: what stands there already is not written over.
    """
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | nofollow(), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last; Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def nofollow() -> int:
    """The flag that refuses a link, where the system has it."""
    return getattr(os, "O_NOFOLLOW", 0)
