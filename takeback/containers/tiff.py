"""TIFF and BigTIFF: lists of tags, what they lead to, and the strips or tiles of each picture (TIFF 6.0).

A TIFF file has no end mark: it ends with the last byte that any list of tags leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Part, Pen, Walk

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes of one value, by its type."""

DEEPER = {0x014A: "sub", 0x8769: "exif", 0x8825: "gps", 0xA005: "interop"}
"""Tags that lead to further lists of tags."""

DATA = {0x0111: ("strip", 0x0117), 0x0144: ("tile", 0x0145), 0x0201: ("thumbnail", 0x0202)}
"""Tags that say where a picture's data stands: its name, and the tag that says how long each piece is."""

MOST_LISTS, MOST_TAGS = 400, 2000
ROUNDED = 16


@dataclass(slots=True)
class _File:
    """A file while it is walked: its byte order, and how wide its places and counts are."""

    data: bytes
    pen: Pen
    order: str
    big: bool
    parts: list[Part] = field(default_factory=list)
    todo: list[tuple[str, int]] = field(default_factory=list)

    def number(self, at: int, wide: int) -> int:
        return int.from_bytes(self.data[at : at + wide], "little" if self.order == "<" else "big")

    def add(self, name: str, at: int, size: int, body: int | None = None) -> None:
        """One more part; where it does not fit into the file, a flaw."""
        if size <= 0:
            return
        if at + size > len(self.data):
            self.pen.flaw("cut", min(at, len(self.data)), at + size - len(self.data), name)
        if at < len(self.data):
            self.parts.append(self.pen.part(name, at, size, at if body is None else body))


def walk(data: bytes, pen: Pen) -> Walk:
    """The lists of a TIFF file and what they lead to, in the order in which it stands there."""
    file = _File(data, pen, "<" if data[:2] == b"II" else ">", data[2:4] in (b"+\0", b"\0+"))
    wide = 8 if file.big else 4
    file.add("header", 0, 2 * wide)
    file.todo.append(("IFD", file.number(wide, wide)))
    seen: set[int] = set()
    while file.todo and len(seen) < MOST_LISTS:
        name, at = file.todo.pop(0)
        if at in seen:
            pen.flaw("garbled", min(at, len(data)), 0, name)
        elif at:
            seen.add(at)
            _list(file, name, at)
    file.parts.sort(key=lambda part: part.at)
    end = max((part.end for part in file.parts), default=0)
    if len(data) - end < ROUNDED and not any(data[end:]):
        end = len(data)  # writers fill up to an even place, some to one of sixteen
    return pen.walked(file.parts, end, len(data))


def _list(file: _File, name: str, at: int) -> None:
    """A list of tags, what its values lead to, and the list after it."""
    head, entry, wide = (8, 20, 8) if file.big else (2, 12, 4)
    count = file.number(at, head)
    file.add(name, at, head + count * entry + wide, at + head)
    found: dict[int, tuple[int, int, int]] = {}
    for number in range(min(count, MOST_TAGS)):
        here = at + head + number * entry
        if here + entry > len(file.data):
            return
        tag, kind, many = file.number(here, 2), file.number(here + 2, 2), file.number(here + 4, wide)
        long = SIZES.get(kind, 1) * many
        place = here + entry - wide if long <= wide else file.number(here + entry - wide, wide)
        if long > wide:
            file.add(f"tag-{tag}", place, long)
        found[tag] = (place, SIZES.get(kind, 1), many)
    for tag, deeper in DEEPER.items():
        file.todo += [(deeper, one) for one in _values(file, found.get(tag), MOST_LISTS)]
    for tag, (what, lengths) in DATA.items():
        for start, long in zip(_values(file, found.get(tag)), _values(file, found.get(lengths)), strict=False):
            file.add(what, start, long)
    if name == "IFD":
        file.todo.append(("IFD", file.number(at + head + count * entry, wide)))


def _values(file: _File, where: tuple[int, int, int] | None, most: int = 1 << 16) -> list[int]:
    """The numbers of a tag, as far as they stand in the file."""
    if where is None:
        return []
    at, wide, many = where
    stop = min(at + wide * min(many, most), len(file.data) - wide + 1)
    return [file.number(one, wide) for one in range(at, stop, wide)]
