"""Lists of signers that are trusted, as whoever runs Takeback put them on this computer.

A folder, `trust` in the data folder or what `TAKEBACK_TRUST` names, holds one folder a list, named after the list and
its day: `official-2026-08-21`, `older-2026-01-01` (a name that starts with `older` or `interim` is the frozen list).
In it every `.pem` file holds certificates: those named `allowed…` of signers themselves, those named `tsa…` are of
clocks and stay unread, all others of authorities. A folder with no day in its name is left out: a list without a day
says nothing. Takeback brings no list, and without one nobody is trusted.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from takeback.credentials import List
from takeback.store import data, disk

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "TAKEBACK_TRUST"
NAME = re.compile(r"([a-z][a-z0-9-]{0,40})-(\d{4}-\d\d-\d\d)")
OLDER = ("older", "interim")
MOST = 4 << 20
"""Bytes of certificates in one file: the largest public list has 200,000."""


def lists(environment: Mapping[str, str] = os.environ) -> tuple[List, ...]:
    """Every list on this computer, the newest first; none where there is no folder."""
    named = environment.get(VARIABLE)
    folder = Path(named).expanduser() if named else data.place(environment) / "trust"
    with disk.spoken():
        if not folder.is_dir():
            return ()
        found = [(NAME.fullmatch(one.name), one) for one in folder.iterdir() if one.is_dir()]
        read = [_list(name[1], name[2], one) for name, one in found if name]
    return tuple(sorted((one for one in read if one.anchors or one.allowed), key=lambda one: one.day, reverse=True))


def _list(name: str, day: str, folder: Path) -> List:
    anchors, allowed = "", ""
    for file in sorted(folder.glob("*.pem")):
        if file.stat().st_size > MOST or "tsa" in file.name.lower():
            continue
        text = file.read_text("utf-8", "replace")
        if file.name.startswith("allowed"):
            allowed += text
        else:
            anchors += text
    return List(name, day, name.startswith(OLDER), anchors, allowed)
