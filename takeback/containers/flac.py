"""FLAC: metadata blocks, then sound to the end (RFC 9639)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Pen, Walk

NAMES = ("STREAMINFO", "PADDING", "APPLICATION", "SEEKTABLE", "VORBIS_COMMENT", "CUESHEET", "PICTURE")


def walk(data: bytes, pen: Pen) -> Walk:
    """The blocks of a FLAC file."""
    parts, at, size, last = [pen.part("signature", 0, 4, 4)], 4, len(data), False
    while not last and at + 4 <= size:
        kind, long = data[at] & 0x7F, int.from_bytes(data[at + 1 : at + 4], "big")
        last, end = bool(data[at] & 0x80), at + 4 + long
        name = NAMES[kind] if kind < len(NAMES) else f"block-{kind}"
        if end > size:
            pen.flaw("cut", at, end - size, name)
            end = size
        parts.append(pen.part(name, at, end - at, at + 4))
        at = end
    if at < size:
        parts.append(pen.part("sound", at, size - at, at))
    else:
        pen.flaw("no-end", size)
    return pen.walked(parts, size, size)
