"""TOML that is parsed once: what a file held is kept beside the packs, as Python keeps its own compiled modules.

`packs/__pycache__/parsed.json` answers for a file whose size and time have not changed since it was parsed; any other
file is parsed again, and a folder that cannot be written to simply has no such memory. Nothing else is ever written.
"""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FORM = 1
DAY = "\0day"
"""The key under which JSON holds a day. No TOML key can be called so."""


class Parsed:
    """The tables of the TOML files below one root."""

    def __init__(self, root: Traversable) -> None:
        self._file = root / "packs" / "__pycache__" / "parsed.json" if isinstance(root, Path) else None
        self._known: dict[str, list[Any]] = {}
        self._new = False
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            held = json.loads(self._file.read_bytes(), object_hook=_with_days) if self._file else {}
            self._known = held["files"] if held.get("form") == FORM else {}

    def tables(self, path: Traversable) -> dict[str, Any]:
        """What a TOML file holds; OSError or ValueError where it can't be read."""
        stamp = _stamp(path)
        known = self._known.get(str(path))
        if known and stamp and known[0] == stamp:
            tables: dict[str, Any] = known[1]
            return tables
        tables = tomllib.loads(path.read_text("utf-8"))
        self._known[str(path)], self._new = [stamp, tables], True
        return tables

    def keep(self) -> None:
        """Keep what was parsed anew, whole or not at all."""
        if self._file is None or not self._new:
            return
        temporary = self._file.with_name(f"parsed.{os.getpid()}")
        with contextlib.suppress(OSError, TypeError):
            self._file.parent.mkdir(exist_ok=True)
            held = json.dumps({"form": FORM, "files": self._known}, default=_day, ensure_ascii=False)
            temporary.write_text(held, "utf-8")
            temporary.replace(self._file)


def _stamp(path: Traversable) -> list[int] | None:
    if not isinstance(path, Path):
        return None
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _day(value: Any) -> dict[str, str]:
    if type(value) is not date:
        raise TypeError(value)
    return {DAY: value.isoformat()}


def _with_days(held: dict[str, Any]) -> Any:
    return date.fromisoformat(held[DAY]) if DAY in held else held
