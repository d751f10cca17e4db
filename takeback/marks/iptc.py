"""IPTC-IIM: the older records that photo agencies and Photoshop write in a JPEG's APP13 (IIM 4.2)."""

from __future__ import annotations

from takeback.marks.mark import Mark, mark, text_of

NAMES = {
    (2, 55): "DateCreated", (2, 65): "OriginatingProgram", (2, 70): "ProgramVersion", (2, 80): "By-line",
    (2, 110): "Credit", (2, 115): "Source", (2, 116): "Copyright", (2, 120): "Caption", (2, 40): "Instructions",
}  # fmt: skip
HEAD = b"Photoshop 3.0\0"
IIM = 0x0404


def read(segment: bytes) -> tuple[Mark, ...]:
    """The records of an APP13 segment's content."""
    if not segment.startswith(HEAD):
        return ()
    at, found = len(HEAD), []
    while segment[at : at + 4] == b"8BIM" and at + 12 <= len(segment):
        kind = int.from_bytes(segment[at + 4 : at + 6], "big")
        at += 6
        at += (segment[at] + 2) & ~1  # its name, padded to an even length
        long = int.from_bytes(segment[at : at + 4], "big")
        at += 4
        if kind == IIM:
            found += records(segment[at : at + long])
        at += (long + 1) & ~1
    return tuple(found)


def records(block: bytes) -> list[Mark]:
    """IIM records, one after another."""
    at, found = 0, []
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        record, number, long = block[at + 1], block[at + 2], int.from_bytes(block[at + 3 : at + 5], "big")
        if long & 0x8000:
            break  # a length of its own length: nothing that we want is so long
        name = NAMES.get((record, number))
        if name and (text := text_of(block[at + 5 : at + 5 + long])).strip():
            found.append(mark("iptc", name, text))
        at += 5 + long
    return found
