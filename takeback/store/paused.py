"""What there is of videos that were not hashed to the end, in one file that the person named for it.

JSON, of its owner only (0600), each video under its SHA-256. It holds hashes of frames, which are personal data: so it
is written only where the person asked for it, nothing else in the data folder is, and it goes with its last video.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from takeback import errors
from takeback.store import disk

if TYPE_CHECKING:
    from pathlib import Path

MOST = 64 << 20
"""Bytes that such a file never has."""

NONE_OF_OURS = "This file is none in which Takeback keeps unfinished videos, so nothing was changed in it"


class Paused:
    """A file of videos that are to be gone on with. One that is not there yet is empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._videos = self._read()

    def get(self, sha256: str) -> Any:
        """What there is of a video, as it was put in; None where there is nothing."""
        return self._videos.get(sha256)

    def put(self, sha256: str, said: dict[str, object] | None) -> None:
        """Keep what there is of a video, whole or not at all; None where it is done."""
        if said is None and sha256 not in self._videos:
            return
        self._videos |= {sha256: said}
        self._videos = {name: each for name, each in self._videos.items() if each is not None}
        with disk.spoken():
            if not self._videos:
                self.path.unlink(missing_ok=True)
                return
            with disk.whole_file(self.path) as file:
                file.write(json.dumps({"paused": self._videos}).encode())

    def _read(self) -> dict[str, Any]:
        with disk.spoken():
            if not self.path.parent.is_dir():
                raise errors.BadInput("The folder to write into is not there", "make it first, or choose another")
            if not self.path.exists():
                return {}
            try:
                with self.path.open("rb") as file:
                    found = json.loads(file.read(MOST))["paused"]
            except (ValueError, KeyError, TypeError, RecursionError):
                found = None
        if not isinstance(found, dict):
            raise errors.BadInput(NONE_OF_OURS, "choose another name")
        return found
