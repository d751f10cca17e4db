"""EXIF: the tags of a TIFF block that say who, what and when, and where its thumbnail stands (CIPA DC-008).

Read here and not by a library: a few tags are wanted, and a block that loops or points outside must cost nothing.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.marks.mark import Mark, mark, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {
    0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software", 0x0132: "DateTime",
    0x013B: "Artist", 0x013C: "HostComputer", 0x8298: "Copyright", 0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized", 0x9010: "OffsetTime", 0x9286: "UserComment", 0xA434: "LensModel",
    0xA433: "LensMake", 0xA430: "CameraOwnerName", 0x9C9C: "XPComment", 0x9C9B: "XPTitle", 0x9C9E: "XPKeywords",
    0x02BC: "XMLPacket", 0x9290: "SubSecTime", 0x000B: "ProcessingSoftware", 0xA460: "CompositeImage",
    0x0112: "Orientation",
}  # fmt: skip
DEEPER = {0x8769: "exif", 0x8825: "gps"}
"""Tags that lead to a further list of tags."""

MAKER_NOTE, GPS_TIME, GPS_DAY = 0x927C, 0x0007, 0x001D
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
THUMB_AT, THUMB_SIZE = 0x0201, 0x0202
MOST_TAGS = 600
WIDE = (0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F)
"""Tags in Windows's two-byte letters."""

CODES = {b"ASCII\0\0\0": "utf-8", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "latin-1", bytes(8): "utf-8"}


@dataclass(frozen=True, slots=True)
class Exif:
    """What an EXIF block says, and the bytes of its thumbnail."""

    marks: tuple[Mark, ...]
    thumbnail: bytes


def read(block: bytes) -> Exif:
    """A TIFF block, from its byte order on; an empty answer where it is none."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return Exif((), b"")
    marks: list[Mark] = []
    thumb: dict[int, int] = {}
    for place, tag, kind, raw in _entries(block, order):
        if place == "next" and tag in (THUMB_AT, THUMB_SIZE):
            thumb[tag] = _number(raw, kind, order)
        elif place != "next" and (made := _mark(place, tag, raw, order)):
            marks.append(made)
    at, long = thumb.get(THUMB_AT, 0), thumb.get(THUMB_SIZE, 0)
    return Exif(tuple(marks), block[at : at + long] if at and long else b"")


def _entries(block: bytes, order: str) -> Iterator[tuple[str, int, int, bytes]]:
    """Every tag with where it stands: first list, EXIF, GPS, or the list of the thumbnail."""
    todo = [("first", struct.unpack_from(order + "I", block, 4)[0])]
    seen: set[int] = set()
    left = MOST_TAGS
    while todo:
        place, at = todo.pop(0)
        if at in seen or at + 2 > len(block):
            continue
        seen.add(at)
        count = struct.unpack_from(order + "H", block, at)[0]
        for entry in range(at + 2, min(at + 2 + 12 * count, len(block) - 11), 12):
            left -= 1
            if left < 0:
                return
            tag, kind, many = struct.unpack_from(order + "HHI", block, entry)
            long = SIZES.get(kind, 1) * many
            start = entry + 8 if long <= 4 else struct.unpack_from(order + "I", block, entry + 8)[0]
            raw = block[start : start + min(long, 1 << 17)]
            if tag in DEEPER and place == "first":
                todo.append((DEEPER[tag], _number(raw, kind, order)))
            yield place, tag, kind, raw
        after = at + 2 + 12 * count
        if place == "first" and after + 4 <= len(block) and (next_ := struct.unpack_from(order + "I", block, after)[0]):
            todo.append(("next", next_))


def _number(raw: bytes, kind: int, order: str) -> int:
    size = SIZES.get(kind, 1)
    return int.from_bytes(raw[:size], "little" if order == "<" else "big") if len(raw) >= size else 0


def _mark(place: str, tag: int, raw: bytes, order: str) -> Mark | None:
    if place == "gps":
        return _gps(tag, raw, order)
    if tag == MAKER_NOTE:
        return mark("exif", "MakerNote", f"{len(raw)} bytes, {text_of(raw[:12].split(bytes(1))[0])!r}") if raw else None
    name = NAMES.get(tag)
    if name is None or name == "XMLPacket":
        return None
    if name == "UserComment":
        text = _comment(raw, order)
    elif tag in WIDE:
        text = raw.decode("utf-16-le", "replace")
    elif name in ("CompositeImage", "Orientation"):
        text = str(_number(raw, 3, order))
    else:
        text = text_of(raw.rstrip(b"\0"))
    return mark("exif", name, text) if text.strip("\0 ") else None


def _gps(tag: int, raw: bytes, order: str) -> Mark | None:
    """That there is a place, without saying it: it may be somebody's home. And the day that satellites gave."""
    if tag == GPS_DAY and len(raw) >= 10:
        return mark("exif", "GPSDateStamp", text_of(raw[:10]))
    if tag == GPS_TIME and len(raw) >= 24:
        parts = struct.unpack(order + "6I", raw[:24])
        clock = [top // bottom if bottom else 0 for top, bottom in zip(parts[::2], parts[1::2], strict=True)]
        return mark("exif", "GPSTimeStamp", ":".join(f"{one:02}" for one in clock))
    return mark("exif", "GPSLatitude", "there") if tag == 0x0002 else None


def _comment(raw: bytes, order: str) -> str:
    code = CODES.get(raw[:8])
    if code is None:
        return text_of(raw)
    if code == "utf-16":
        return _utf16(raw[8:], order)
    return raw[8:].decode(code, "replace")


def _utf16(raw: bytes, order: str) -> str:
    """Two-byte letters in the order that gives more ordinary ones: writers disagree on which is meant."""
    first = "utf-16-le" if order == "<" else "utf-16-be"
    texts = [raw.decode(code, "replace") for code in (first, "utf-16-le", "utf-16-be")]
    return max(texts, key=lambda text: sum(letter.isascii() for letter in text[:200]))
