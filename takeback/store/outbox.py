"""The outbox: something sealed that is on its way out, made whole on the disk first, and gone once it is read.

What stands there is ciphertext from its first byte; it has no name once it is open, so nothing is left behind, also
where the process is killed while it is filled. (Windows removes it once it closes.)
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from takeback.store import disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

TEMPORARY = getattr(os, "O_TEMPORARY", 0)
"""Windows: the file goes when it is closed, whoever closes it."""


def filled(folder: Path, fill: Callable[[Callable[[bytes], object]], object]) -> BinaryIO:
    """An open file that holds all that `fill` wrote, or the error that stopped it. Only sealed bytes may go in."""
    path = folder / f"outbox-{secrets.token_hex(8)}"
    with disk.spoken():
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | disk.nofollow() | TEMPORARY, 0o600)
        if not TEMPORARY:
            path.unlink()
        file = os.fdopen(handle, "w+b")
        try:
            fill(file.write)
            file.seek(0)
        except BaseException:
            file.close()
            raise
    return file
