"""MP3: ID3 tags before and after, and the frames of sound between them (ID3 2.2 to 2.4, ISO/IEC 11172-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers.parts import Part, Pen, spelled

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

RATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second, by version (3 is MPEG 1) and layer (1 is layer III)."""

SAMPLES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
END = 128
"""Bytes of an ID3 version 1 tag, which stands last."""


def walk(data: bytes, pen: Pen) -> Walk:
    """Tags and sound of an MP3 file."""
    parts: list[Part] = []
    at, size = 0, len(data)
    while data[at : at + 3] == b"ID3" and at + 10 <= size:
        parts.append(tag(data, at, pen))
        at = parts[-1].end
    while at < size and data[at] == 0 and not _frame(data, at):
        at += 1  # padding that a tag forgot to count
    first, frames = at, 0
    while (long := _frame(data, at)) and at + long <= size:
        at, frames = at + long, frames + 1
    if frames:
        parts.append(pen.part("sound", first, at - first, first))
    if long:
        pen.flaw("cut", at, at + long - size, "sound")
        at = size
    return _rest(data, parts, at, pen)


def _rest(data: bytes, parts: list[Part], at: int, pen: Pen) -> Walk:
    """What may stand after the sound: an APE tag, Lyrics3, an ID3 version 1 tag."""
    size = len(data)
    tail = size - END if data[-END : -END + 3] == b"TAG" else size
    if data[at : at + 8] == b"APETAGEX" or (data[at : at + 11] == b"LYRICSBEGIN"):
        parts.append(pen.part("APE" if data[at : at + 3] == b"APE" else "Lyrics3", at, tail - at, at + 8))
        at = tail
    if tail < size and at <= tail:
        if at < tail:
            pen.flaw("garbled", at, tail - at)
        parts.append(pen.part("ID3v1", tail, END, tail + 3))
        at = size
    return pen.walked(parts, at, size)


def tag(data: bytes, at: int, pen: Pen) -> Part:
    """An ID3 version 2 tag and its frames."""
    version, flags, size = data[at + 3], data[at + 5], syncsafe(data[at + 6 : at + 10])
    end = at + 10 + size + (10 if flags & 0x10 else 0)
    if end > len(data):
        pen.flaw("cut", at, end - len(data), "ID3")
        end = len(data)
    inside = () if flags & 0xC0 and version < 4 else _frames(data, at + 10, end, version, pen)
    return pen.part("ID3", at, end - at, at + 10, inside)


def _frames(data: bytes, at: int, end: int, version: int, pen: Pen) -> tuple[Part, ...]:
    parts: list[Part] = []
    wide = 3 if version == 2 else 4
    head = 6 if version == 2 else 10
    while at + head <= end and data[at] != 0:
        kind = data[at : at + wide]
        raw = data[at + wide : at + wide + wide]
        long = syncsafe(raw) if version == 4 else int.from_bytes(raw, "big")
        if not kind.isalnum() or at + head + long > end:
            pen.flaw("garbled", at, end - at, "ID3")
            break
        parts.append(pen.part(spelled(kind), at, head + long, at + head))
        at += head + long
    return tuple(parts)


def syncsafe(raw: bytes) -> int:
    """A number of seven bits a byte."""
    value = 0
    for byte in raw:
        value = value << 7 | (byte & 0x7F)
    return value


def _frame(data: bytes, at: int) -> int:
    """The length of the frame of sound at a place; 0 where there is none."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, sample = head[2] >> 4, head[2] >> 2 & 3
    rates = RATES.get((3 if version == 3 else 2, layer))
    if rates is None or version == 1 or not 1 <= rate <= 14 or sample == 3:
        return 0
    bits, hertz, pad = rates[rate - 1] * 1000, SAMPLES[version][sample], head[2] >> 1 & 1
    if layer == 3:
        return (12 * bits // hertz + pad) * 4
    return (72 if layer == 1 and version != 3 else 144) * bits // hertz + pad
