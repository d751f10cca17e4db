"""The outbox: something sealed that is on its way out, made whole on the disk first, and gone once it is read.

What stands there is ciphertext from its first byte; it has no name once it is open, so nothing is left behind.
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


def filled(folder: Path, fill: Callable[[Callable[[bytes], object]], object]) -> BinaryIO:
    """An open file that holds all that `fill` wrote, or the error that stopped it. Only sealed bytes may go in."""
    path = folder / f"outbox-{secrets.token_hex(8)}"
    with disk.spoken():
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | disk.nofollow(), 0o600), "w+b")
        try:
            fill(file.write)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        finally:
            path.unlink(missing_ok=True)
    return file
