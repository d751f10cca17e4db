"""The data folder: where it is, made private, and refused where someone else could read or redirect it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import errors
from takeback.store import disk

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "TAKEBACK_DATA"


def place(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder that `TAKEBACK_DATA` names, or this system's place for a program's data."""
    if named := environment.get(VARIABLE):
        return Path(named).expanduser().absolute()
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "takeback"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "takeback"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "takeback"


def ready(folder: Path) -> Path:
    """The folder, made if it was missing, and checked: ours, private, and no link to somewhere else."""
    with disk.spoken():
        if not folder.is_symlink() and not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        _check(folder.lstat())
    return folder


def _check(found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise errors.Unwritable(
            "The data folder is a link to another place, so Takeback won't use it",
            f"set {VARIABLE} to the real folder",
        )
    if not stat.S_ISDIR(found.st_mode):
        raise errors.Unwritable("The data folder is a file, not a folder", f"set {VARIABLE} to a folder")
    if os.name == "nt":
        return
    if found.st_mode & 0o077:
        raise errors.Unwritable(
            "Other people on this computer can read the data folder, so Takeback won't use it",
            "run `chmod 700` on it, or choose another folder",
        )
    if found.st_uid != os.geteuid():
        raise errors.Unwritable(
            "The data folder belongs to someone else on this computer",
            f"set {VARIABLE} to a folder of your own",
        )
