"""AAC as a bare stream (ADTS) and AMR: frame after frame, each says how long it is (ISO/IEC 14496-3, RFC 4867)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers import id3

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.containers.parts import Part, Pen, Walk

NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 6, 6, 6, 0, 0, 0, 1)
WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
"""Bytes of a frame of AMR by its kind, its own first byte among them; 0 where there is no such kind."""

SPARE = 0x83
"""Bits of that first byte that are never set."""


def aac(data: bytes, pen: Pen) -> Walk:
    """The frames of an AAC stream, and a tag before them."""
    parts: list[Part] = []
    if data[:3] == b"ID3" and len(data) >= 10:
        parts.append(id3.tag(data, 0, pen))
    return _frames(data, parts, parts[-1].end if parts else 0, _aac, pen)


def amr(data: bytes, pen: Pen) -> Walk:
    """The frames of an AMR recording."""
    wide = data[:9] == b"#!AMR-WB\n"
    start, sizes = (9, WIDE) if wide else (6, NARROW)
    head = pen.part("header", 0, start, start)

    def frame(raw: bytes, at: int) -> int:
        return sizes[raw[at] >> 3 & 15] if at < len(raw) and not raw[at] & SPARE else 0

    return _frames(data, [head], start, frame, pen)


def _frames(data: bytes, parts: list[Part], at: int, frame: Callable[[bytes, int], int], pen: Pen) -> Walk:
    first, size = at, len(data)
    while (long := frame(data, at)) and at + long <= size:
        at += long
    if at > first:
        parts.append(pen.part("sound", first, at - first, first))
    if long:
        pen.flaw("cut", at, at + long - size, "sound")
        at = size
    return pen.walked(parts, at, size)


def _aac(data: bytes, at: int) -> int:
    """The length of the frame at a place; 0 where there is none."""
    head = data[at : at + 6]
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    long = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return long if long >= 7 else 0
