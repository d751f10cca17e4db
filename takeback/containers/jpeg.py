"""JPEG: markers and segments up to the end mark, over compressed data too (ITU T.81, annex B)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Part, Pen, Walk

SOI, EOI, SOS, TEM = 0xD8, 0xD9, 0xDA, 0x01
ALONE = {TEM, SOI, *range(0xD0, 0xD8)}
"""Markers that have no length."""

NAMES = {0xDB: "DQT", 0xC4: "DHT", 0xCC: "DAC", SOS: "SOS", 0xDD: "DRI", 0xFE: "COM", 0xDC: "DNL"}
AFTER_DATA = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The next marker after compressed data: neither a stuffed byte nor a restart."""


def name(marker: int) -> str:
    """A marker's name in the standard."""
    if 0xE0 <= marker <= 0xEF:
        return f"APP{marker - 0xE0}"
    if 0xC0 <= marker <= 0xCF and marker not in NAMES:
        return f"SOF{marker - 0xC0}"
    return NAMES.get(marker, f"FF{marker:02X}")


def walk(data: bytes, pen: Pen) -> Walk:
    """The segments of a JPEG file, from its start mark to its end mark."""
    parts = [pen.part("SOI", 0, 2, 2)]
    at, size = 2, len(data)
    while at < size:
        start = at
        if data[at] != 0xFF:
            pen.flaw("garbled", at)
            at = data.find(b"\xff", at)
            if at < 0:
                return pen.walked(parts, start, size)
            continue
        while at < size and data[at] == 0xFF:
            at += 1
        if at >= size:
            break
        marker = data[at]
        at += 1
        if marker == EOI:
            return pen.walked([*parts, pen.part("EOI", start, at - start, at)], at, size)
        if marker in ALONE or marker == 0:
            parts.append(pen.part(name(marker), start, at - start, at))
            continue
        part = _segment(data, pen, marker, start, at)
        parts.append(part)
        at = part.end
    pen.flaw("cut" if any(one.name == "cut" for one in pen.flaws) else "no-end", size)
    return pen.walked(parts, size, size)


def _segment(data: bytes, pen: Pen, marker: int, start: int, at: int) -> Part:
    """One segment with a length; after a start of scan, its compressed data too."""
    long = int.from_bytes(data[at : at + 2], "big")
    end = at + max(long, 2)
    if end > len(data) or at + 2 > len(data):
        pen.flaw("cut", start, end - len(data), name(marker))
        end = len(data)
    if marker == SOS:
        found = AFTER_DATA.search(data, end)
        end = found.start() if found else len(data)
    return pen.part(name(marker), start, end - start, min(at + 2, end))
