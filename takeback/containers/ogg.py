"""OGG: pages, each with its sum, and the packets that they carry (RFC 3533)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.containers.parts import Part, Pen, Walk

HEAD, SUM, SEGMENTS = 27, 22, 26
"""Bytes of a page's header, and where in it its sum and its count of segments stand."""

TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
LAST = 0x04
MOST_PACKET = 1 << 20
"""Bytes of one packet that are put together: comments with a picture among them have less."""


def walk(data: bytes, pen: Pen) -> Walk:
    """The pages of a file, up to where no page follows."""
    parts: list[Part] = []
    at, size, open_streams = 0, len(data), set[bytes]()
    while data[at : at + 4] == b"OggS":
        table = at + HEAD
        count = data[at + SEGMENTS] if at + SEGMENTS < size else 255
        body = table + count
        end = body + sum(data[table:body])
        if end > size or body > size:
            pen.flaw("cut", at, max(end, body) - size, "page")
            parts.append(pen.part("page", at, size - at, min(body, size)))
            return pen.walked(parts, size, size)
        if checksum(data[at:end]) != data[at + SUM : at + SUM + 4]:
            pen.flaw("checksum", at, 0, "page")
        stream = data[at + 14 : at + 18]
        open_streams.add(stream)
        if data[at + 5] & LAST:
            open_streams.discard(stream)
        parts.append(pen.part("page", at, end - at, body))
        at = end
    if open_streams:
        pen.flaw("no-end", at)
    return pen.walked(parts, at, size)


def checksum(page: bytes) -> bytes:
    """A page's sum, as it stands in the page: zlib's, with every byte and the sum itself read backwards."""
    blank = page[:SUM] + bytes(4) + page[SUM + 4 :]
    said = zlib.crc32(blank.translate(TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return said.to_bytes(4, "little").translate(TURNED)[::-1]


def packets(data: bytes, walk: Walk, most: int) -> Iterator[bytes]:
    """The first packets of a file, each as far as MOST_PACKET."""
    held = bytearray()
    for part in walk.parts:
        at = part.body
        for long in data[part.at + HEAD : part.body]:
            if len(held) < MOST_PACKET:
                held += data[at : min(at + long, part.end)]
            at += long
            if long < 255:
                yield bytes(held)
                held.clear()
                most -= 1
                if most == 0:
                    return
