"""BMP: headers, palette, pixels and a colour profile (Windows's BITMAPINFOHEADER and its relatives)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Pen, Walk

FILE, OLD, WITH_PROFILE = 14, 12, 124
"""Bytes of the file's own header, of the oldest description, and of the one that may name a profile."""


def walk(data: bytes, pen: Pen) -> Walk:
    """The parts of a BMP file."""
    long, pixels = _number(data, 14), _number(data, 10)
    parts = [pen.part("header", 0, FILE, FILE), pen.part("description", FILE, long, FILE + 4)]
    told = FILE + long
    if pixels > told:
        parts.append(pen.part("palette", told, pixels - told, told))
    size = _size(data, long)
    end = pixels + size
    parts.append(pen.part("pixels", pixels, size, pixels))
    if long >= WITH_PROFILE and (at := _number(data, FILE + 112)) and (wide := _number(data, FILE + 116)):
        parts.append(pen.part("profile", FILE + at, wide, FILE + at))
        end = max(end, FILE + at + wide)
    end = max(end, told)
    if end > len(data):
        pen.flaw("cut", min(pixels, len(data)), end - len(data), "pixels")
    return pen.walked(sorted(parts, key=lambda one: one.at), min(end, len(data)), len(data))


def _size(data: bytes, long: int) -> int:
    """How many bytes the pixels take: said by the file where they are packed, reckoned where they are not."""
    if long == OLD:
        wide, high, bits = (_number(data, at, 2) for at in (18, 20, 24))
    else:
        wide, bits = _number(data, 18), _number(data, 28, 2)
        high = abs(int.from_bytes(data[22:26], "little", signed=True))
        if _number(data, 30) not in (0, 3, 6):
            return _number(data, 34)
    return (wide * bits + 31) // 32 * 4 * high


def _number(data: bytes, at: int, wide: int = 4) -> int:
    return int.from_bytes(data[at : at + wide], "little")
