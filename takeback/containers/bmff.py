"""ISO base media (ISO/IEC 14496-12): boxes, 32 and 64 bit: MP4, MOV, M4A, 3GP, HEIC and AVIF. Data is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers.parts import DEEPEST, Part, Pen, spelled

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

HOLDERS = {
    b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"meta", b"ilst", b"moof", b"traf", b"edts", b"dinf",
    b"iprp", b"ipco", b"mvex", b"mfra",
}  # fmt: skip
"""Boxes that hold boxes."""


def walk(data: bytes, pen: Pen) -> Walk:
    """The boxes of a file."""
    parts, end = _boxes(data, 0, len(data), pen, 0, top=True)
    return pen.walked(list(parts), end, len(data))


def _boxes(
    data: bytes, at: int, end: int, pen: Pen, deep: int, *, top: bool = False, holder: bytes = b""
) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    while at + 8 <= end:
        long, kind, body = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if long == 1 and at + 16 <= end:
            long, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif long == 0:
            if not top:
                break  # QuickTime ends a list of user data with four zero bytes
            long = end - at
        if long < body - at or (top and parts and not _likely(kind)):
            break
        stop = at + long
        if stop > end:
            pen.flaw("cut", at, stop - end, spelled(kind))
            stop = end
        inside = _inside(data, body, stop, pen, deep, kind=kind, holder=holder)
        parts.append(pen.part(_name(kind), at, stop - at, body, inside))
        at = stop
    if not top and end - at > 4:
        pen.flaw("garbled", at, end - at)
    return tuple(parts), at


def _inside(data: bytes, body: int, stop: int, pen: Pen, deep: int, *, kind: bytes, holder: bytes) -> tuple[Part, ...]:
    follow = kind in HOLDERS or holder == b"ilst"
    if not follow or deep >= DEEPEST or stop - body < 8:
        return ()
    if kind == b"meta" and data[body + 4 : body + 8] not in (b"hdlr", b"mhdr"):
        body += 4  # a version and flags, which QuickTime leaves out
    return _boxes(data, body, stop, pen, deep + 1, holder=kind)[0]


def _likely(kind: bytes) -> bool:
    """Whether four bytes can be the name of a box at the top of a file: letters, digits, spaces, the copyright sign."""
    return all(0x20 <= byte < 0x7F or byte == 0xA9 for byte in kind)


def _name(kind: bytes) -> str:
    return spelled(kind.replace(b"\xa9", b"(c)").replace(b" ", b"_")) if kind.strip() else "____"
