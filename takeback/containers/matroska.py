"""Matroska and WebM (RFC 9559): EBML elements. Clusters are counted and not entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers.parts import DEEPEST, Part, Pen

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

NAMES = {
    0x1A45DFA3: "EBML", 0x18538067: "Segment", 0x114D9B74: "SeekHead", 0x1549A966: "Info", 0x1654AE6B: "Tracks",
    0xAE: "TrackEntry", 0x1254C367: "Tags", 0x7373: "Tag", 0x67C8: "SimpleTag", 0x63C0: "Targets",
    0x1F43B675: "Cluster",
    0x1C53BB6B: "Cues", 0x1941A469: "Attachments", 0x1043A770: "Chapters", 0xEC: "Void", 0xBF: "CRC-32",
    0x4D80: "MuxingApp", 0x5741: "WritingApp", 0x4461: "DateUTC", 0x7BA9: "Title", 0x45A3: "TagName",
    0x4487: "TagString", 0x86: "CodecID", 0x4282: "DocType",
}  # fmt: skip
HOLDERS = {"EBML", "Segment", "Info", "Tracks", "TrackEntry", "Tags", "Tag", "SimpleTag"}
TOP = {"EBML", "Segment", "Void"}
IN_SEGMENT = {"SeekHead", "Info", "Tracks", "Tags", "Cluster", "Cues", "Attachments", "Chapters", "Void", "CRC-32"}


def walk(data: bytes, pen: Pen) -> Walk:
    """The elements of a file."""
    parts, end = _elements(data, 0, len(data), pen, 0, holder="")
    return pen.walked(list(parts), end, len(data))


def _elements(data: bytes, at: int, end: int, pen: Pen, deep: int, *, holder: str) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    while at < end:
        head = _head(data, at, end)
        if head is None:
            break
        name, long, body = head
        if (not holder and name not in TOP) or (holder == "Segment" and name not in IN_SEGMENT):
            break
        stop = _end_of_open(data, body, end, name) if long is None else body + long
        if stop > end:
            pen.flaw("cut", at, stop - end, name)
            stop = end
        follow = name in HOLDERS and deep < DEEPEST
        inside = _elements(data, body, stop, pen, deep + 1, holder=name)[0] if follow else ()
        parts.append(pen.part(name, at, stop - at, body, inside))
        at = stop
    if holder and at < end:
        pen.flaw("garbled", at, end - at, holder)
    return tuple(parts), at


def _end_of_open(data: bytes, body: int, end: int, name: str) -> int:
    """Where an element of unknown length ends: a cluster before the next one, anything else with what holds it."""
    following = data.find(b"\x1f\x43\xb6\x75", body, end) if name == "Cluster" else -1
    return end if following < 0 else following


def _head(data: bytes, at: int, end: int) -> tuple[str, int | None, int] | None:
    """An element's name, its length (None where it is not said) and where its content starts."""
    wide = _width(data[at])
    if wide > 4 or at + wide >= end:
        return None
    number = int.from_bytes(data[at : at + wide], "big")
    at += wide
    wide = _width(data[at])
    if wide > 8 or at + wide > end:
        return None
    long = int.from_bytes(data[at : at + wide], "big") & ((1 << 7 * wide) - 1)
    unknown = long == (1 << 7 * wide) - 1
    return NAMES.get(number, f"{number:X}"), None if unknown else long, at + wide


def _width(first: int) -> int:
    """How many bytes a number takes, from its first; 9 where it is none."""
    return 9 - first.bit_length()
