"""Nested files: whole files that begin inside a part of another one, or after its end. Told by how they begin.

Only parts that hold no picture, sound or video of their own are searched: in those, chance would write such beginnings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from takeback.marks.mark import Mark, mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.containers import Walk

STARTS = re.compile(
    rb"(?P<JPEG>\xff\xd8\xff[\xdb\xe0-\xef\xfe])|(?P<PNG>\x89PNG\r\n\x1a\n)|(?P<GIF>GIF8[79]a)|(?P<PDF>%PDF-[12]\.)"
    rb"|(?P<ZIP>PK\x03\x04[\x0a-\x3f]\x00)|(?P<RAR>Rar!\x1a\x07)|(?P<p7z>7z\xbc\xaf\x27\x1c)|(?P<OGG>OggS\x00\x02)"
    rb"|(?P<RIFF>RIFF.{4}(?:WEBP|WAVE|AVI ))|(?P<MP4>\x00\x00\x00[\x10-\x40]ftyp[\x20-\x7e]{4})"
    rb"|(?P<FLAC>fLaC\x00\x00\x00\x22)|(?P<program>\x7fELF[\x01\x02][\x01\x02]\x01)",
    re.DOTALL,
)  # fmt: skip
NAMES = {"p7z": "7z"}
OWN = {
    "SOS",
    "IDAT",
    "fdAT",
    "mdat",
    "sound",
    "movi",
    "Cluster",
    "frame",
    "strip",
    "tile",
    "page",
    "pixels",
    "VP8",
    "VP8L",
    "ALPH",
    "ANMF",
    "WAVE/data",
    "signature",
    "header",
    "SOI",
    "tag-347",
}
"""Parts that hold a file's own picture or sound, or begin it."""

MOST, STEPS = 12, 40
AFTER = "after the end"


def read(data: bytes, walk: Walk) -> Iterator[Mark]:
    """Each file inside this one: the path of the part, what begins there and where, the first MOST."""
    left = MOST
    for path, start, end in _places(data, walk):
        for found in _starts(data, start, end):
            kind = NAMES.get(found.lastgroup or "", found.lastgroup or "")
            yield mark("nested", path, f"{kind} at byte {found.start()}")
            left -= 1
            if left == 0:
                return


def _places(data: bytes, walk: Walk) -> Iterator[tuple[str, int, int]]:
    """Where to look: the innermost parts, then what stands after the end."""
    for path, part in walk.all():
        if not part.inside and not OWN & {part.name, path} and part.body < part.end:
            yield path, part.body, part.end
    if walk.end < len(data):
        yield AFTER, walk.end, len(data)


def _starts(data: bytes, start: int, end: int) -> Iterator[re.Match[bytes]]:
    """The beginnings in a stretch. A file inside that file is its own matter: only the first of each kind is told."""
    told: set[str | None] = set()
    for step, found in enumerate(STARTS.finditer(data, start, end)):
        if found.lastgroup not in told:
            told.add(found.lastgroup)
            yield found
        if step == STEPS:
            return
