"""A private folder in memory, for a program that insists on writing files down; gone with it, or with the next one.

Only where this system has a folder that is memory and no disk (Linux: /dev/shm).
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from takeback.store import disk, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")  # noqa: S108  (it is asked for because it is no disk)


@contextmanager
def room() -> Iterator[Path | None]:
    """An empty folder in memory, its owner's only; None where this system has none."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)):
        yield None
        return
    with disk.spoken():
        unfinished.sweep(MEMORY)
    with unfinished.place(MEMORY / "takeback") as folder:
        yield folder
