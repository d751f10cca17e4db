"""What can be heard in a file, listened to in the cage. Whatever the file does, `listen` returns `Heard`."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING

from takeback import cage, heard

if TYPE_CHECKING:
    from takeback.cage.source import Source
    from takeback.heard import Heard

COMMAND = (sys.executable, "-I", "-m", "takeback.cage.listener")
LIMITS = cage.Limits(memory=1 << 30, cpu=240, wall=600)
"""Enough for four hours of sound, on a computer that does something else too."""

_shared = cage.Cage(LIMITS, COMMAND)
atexit.register(_shared.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_shared.forget)


def listen(source: Source | bytes, within: cage.Cage | None = None) -> Heard:
    """What can be heard in a file, or why nothing can. Raises `CageBroken` alone."""
    return heard.read((within or _shared).ask(source, most=heard.MOST_ANSWER).raw)
