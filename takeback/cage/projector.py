"""The projector: what a child does with a video. It looks at one stretch and says what it saw, a line at a time.

It is asked with a JSON list: the format's name, and the second of the frame to go on from.
"""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

from takeback import film, media

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 8
"""Seconds after which a stretch ends. Finding back to where the last one ended comes on top, within the limits."""

ENOUGH = 4000
"""Frames after which a stretch ends: hashes are said while they fit into an answer."""

SAY = 0.5
"""Seconds between two lines about how far it is."""


def look(asked: bytes, file: int) -> Iterator[bytes]:
    """The lines of one stretch of the video that is open as `file`."""
    name, start = json.loads(asked)
    os.lseek(file, 0, os.SEEK_SET)
    seen = media.Folded()
    begun, said, ended, length = None, 0.0, True, None
    with open(file, "rb", closefd=False) as video:
        for frame in film.frames(video, name, start):
            now = time.monotonic()
            begun, length = begun or now, frame.length
            if frame.taken:
                yield _line(frame, seen)
            if now - said > SAY:
                said = now
                yield _json({"far": frame.at, "length": length})
            if now - begun > PATIENCE or len(seen.kept) > ENOUGH:
                ended = False
                break
    yield _json({"ended": ended, "length": length})


def _line(frame: film.Frame, seen: media.Folded) -> bytes:
    one = media.still(frame)
    if one is None or not seen.add(one):
        return _json([frame.at, frame.number])
    return _json([frame.at, frame.number, one.signal.value, one.signal.quality])


def _json(said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"
