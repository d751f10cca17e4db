"""GIF: blocks up to the trailer (GIF89a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Part, Pen, Walk

EXTENSIONS = {0xFE: "comment", 0xFF: "application", 0xF9: "control", 0x01: "text"}


def walk(data: bytes, pen: Pen) -> Walk:
    """The blocks of a GIF file."""
    size = len(data)
    at = 13 + (3 << (data[10] & 7) + 1 if size > 10 and data[10] & 0x80 else 0)
    parts: list[Part] = [pen.part("header", 0, min(at, size), 13)]
    while at < size:
        kind, start = data[at], at
        if kind == 0x3B:
            return pen.walked([*parts, pen.part("trailer", at, 1, at + 1)], at + 1, size)
        if kind == 0x21 and at + 2 < size:
            name, body = EXTENSIONS.get(data[at + 1], "extension"), at + 2
        elif kind == 0x2C and at + 10 < size:
            name = "frame"
            body = at + 11 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0)
        else:
            pen.flaw("garbled", at, size - at)
            return pen.walked(parts, size, size)
        at = _blocks(data, body)
        parts.append(pen.part(name, start, min(at, size) - start, body))
    pen.flaw("no-end", size)
    return pen.walked(parts, size, size)


def _blocks(data: bytes, at: int) -> int:
    """Where a run of sub-blocks ends."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def joined(content: bytes) -> bytes:
    """The content of a run of sub-blocks."""
    whole, at = bytearray(), 0
    while at < len(content) and content[at]:
        whole += content[at + 1 : at + 1 + content[at]]
        at += content[at] + 1
    return bytes(whole)
