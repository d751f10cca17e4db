"""PNG text: tEXt, zTXt and iTXt chunks as names and texts, unpacked up to a bound; EXIF and XMP in their own chunks."""

from __future__ import annotations

import zlib

from takeback.marks.mark import text_of

MOST = 4 << 20
"""Bytes that a compressed text may unpack to; a workflow of a hundred nodes has 200,000."""

XMP = "XML:com.adobe.xmp"


def read(kind: str, body: bytes) -> tuple[str, bytes] | None:
    """The name and the text of one chunk, as bytes; None where it is no text."""
    name, zero, rest = body.partition(b"\0")
    if not zero or len(name) > 79:
        return None
    if kind == "tEXt":
        return text_of(name), rest
    if kind == "zTXt":
        return text_of(name), unpacked(rest[1:])
    if kind != "iTXt" or len(rest) < 2:
        return None
    packed, rest = rest[0] == 1, rest[2:]
    _, _, rest = rest.partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    return text_of(name), unpacked(rest) if packed else rest


def unpacked(raw: bytes) -> bytes:
    """Deflated bytes, up to MOST of them; nothing where they are damaged."""
    try:
        return zlib.decompressobj().decompress(raw, MOST)
    except zlib.error:
        return b""
