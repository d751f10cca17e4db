"""RIFF: chunks and lists, padded to even lengths: WebP, WAV and AVI; RF64 and further AVI parts too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers.parts import DEEPEST, Part, Pen, spelled

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

TOPS = (b"RIFF", b"RF64")
UNKNOWN = 0xFFFFFFFF
"""The length that RF64 and a recorder that was cut off write: until the end."""


def walk(data: bytes, pen: Pen) -> Walk:
    """Each RIFF form of a file, with its chunks."""
    parts: list[Part] = []
    at, size = 0, len(data)
    while at + 12 <= size and data[at : at + 4] in TOPS:
        long = int.from_bytes(data[at + 4 : at + 8], "little")
        end = size if long == UNKNOWN else at + 8 + long
        if end > size:
            pen.flaw("cut", at, end - size, spelled(data[at + 8 : at + 12].rstrip()))
            end = size
        inside = _chunks(data, at + 12, end, pen, 1)
        parts.append(pen.part(spelled(data[at + 8 : at + 12].rstrip()), at, end - at, at + 12, inside))
        at = end + (end & 1 if end < size and data[end : end + 1] == b"\0" else 0)
    return pen.walked(parts, at, size)


def _chunks(data: bytes, at: int, end: int, pen: Pen, deep: int) -> tuple[Part, ...]:
    parts = []
    while at + 8 <= end:
        kind, long = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        stop = end if long == UNKNOWN else at + 8 + long
        if stop > end:
            pen.flaw("cut", at, stop - end, spelled(kind))
            stop = end
        name, body = spelled(kind.rstrip()), at + 8
        inside: tuple[Part, ...] = ()
        if kind == b"LIST" and stop - body >= 4:
            name, body = spelled(data[body : body + 4].rstrip()), body + 4
            inside = _chunks(data, body, stop, pen, deep + 1) if deep < DEEPEST and name != "movi" else ()
        parts.append(pen.part(name, at, stop - at, body, inside))
        at = stop + (stop & 1)
    if at < end:
        pen.flaw("garbled", at, end - at)
    return tuple(parts)
