"""PNG: chunks up to IEND, each with its sum (ISO/IEC 15948)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from takeback.containers.parts import Pen, spelled

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

OVERHEAD = 12
"""Length, name and sum."""


def walk(data: bytes, pen: Pen) -> Walk:
    """The chunks of a PNG file."""
    parts, at, size = [pen.part("signature", 0, 8, 8)], 8, len(data)
    while at + OVERHEAD <= size:
        long = int.from_bytes(data[at : at + 4], "big")
        kind = spelled(data[at + 4 : at + 8])
        end = at + OVERHEAD + long
        if end > size:
            pen.flaw("cut", at, end - size, kind)
            return pen.walked([*parts, pen.part(kind, at, size - at, at + 8)], size, size)
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            pen.flaw("checksum", at, 0, kind)
        parts.append(pen.part(kind, at, end - at, at + 8))
        at = end
        if kind == "IEND":
            return pen.walked(parts, at, size)
    pen.flaw("no-end", at)
    return pen.walked(parts, size, size)


def body(data: bytes, at: int, end: int) -> bytes:
    """A chunk's content without its sum."""
    return data[at : end - 4]
