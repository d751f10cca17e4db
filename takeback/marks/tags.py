"""Tags of sound and of video other than MP4: ID3, RIFF INFO, Vorbis comments and Matroska's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.marks.mark import MOST, Mark, mark, text_of

if TYPE_CHECKING:
    from takeback.containers import Part, Walk

CODES = ("latin-1", "utf-16", "utf-16-be", "utf-8")
"""How an ID3 frame says that its text is written."""

SHORT = {"TT2": "TIT2", "TSS": "TSSE", "TEN": "TENC", "COM": "COMM", "TXX": "TXXX", "TYE": "TYER"}
"""Frames of ID3 2.2 by their later names."""

IN_MATROSKA = ("MuxingApp", "WritingApp", "Title")


def id3(data: bytes, walk: Walk) -> list[Mark]:
    """The text frames of ID3 tags, at the start and at the end."""
    found = []
    for path, part in walk.all():
        name = SHORT.get(part.name, part.name)
        if path.startswith("ID3/") and (name[0] == "T" or name in ("COMM", "USLT", "PRIV", "WXXX")):
            found.append(_frame(name, part.content(data)[:100_000]))
        elif path == "ID3v1":
            found.append(mark("id3", "comment (version 1)", text_of(part.content(data)[94:124].rstrip(b"\0 "))))
    return [one for one in found if one.text][:MOST]


def _frame(name: str, body: bytes) -> Mark:
    if name == "PRIV":
        owner, _, value = body.partition(b"\0")
        return mark("id3", f"PRIV {text_of(owner)}", text_of(value))
    code = CODES[body[0]] if body and body[0] < len(CODES) else "latin-1"
    raw = body[4:] if name in ("COMM", "USLT") else body[1:]
    text = raw.decode(code, "replace").replace("\ufeff", "")
    if name in ("TXXX", "COMM", "USLT", "WXXX"):
        title, split, said = text.partition("\0")
        return mark("id3", f"{name} {title}".strip(), said if split else title)
    return mark("id3", name, text)


def riff(data: bytes, walk: Walk) -> list[Mark]:
    """The INFO list of a RIFF file, and a broadcast recorder's own chunk."""
    found = []
    for path, part in walk.all():
        if path.endswith(("/INFO/" + part.name, "/IDIT")):
            found.append(mark("riff", part.name, text_of(part.content(data).rstrip(b"\0"))))
        elif part.name == "bext":
            body = part.content(data)
            found.append(mark("riff", "bext originator", text_of(body[256:288].rstrip(b"\0"))))
            found.append(mark("riff", "bext date", text_of(body[320:330].rstrip(b"\0"))))
    return [one for one in found if one.text]


def vorbis(block: bytes) -> list[Mark]:
    """A block of Vorbis comments: whose encoder, then NAME=text."""
    found, at = [], 0
    vendor, at = _counted(block, at)
    found.append(mark("vorbis", "vendor", text_of(vendor)))
    count, at = int.from_bytes(block[at : at + 4], "little"), at + 4
    for _ in range(min(count, MOST)):
        line, at = _counted(block, at)
        name, _, value = text_of(line).partition("=")
        found.append(mark("vorbis", name.upper(), value))
    return [one for one in found if one.text]


def _counted(block: bytes, at: int) -> tuple[bytes, int]:
    long = int.from_bytes(block[at : at + 4], "little")
    return block[at + 4 : at + 4 + long], min(at + 4 + long, len(block))


def matroska(data: bytes, walk: Walk) -> list[Mark]:
    """Who wrote a Matroska file, and its tags."""
    found = []
    for _, part in walk.all():
        if part.name in IN_MATROSKA:
            found.append(mark("matroska", part.name, text_of(part.content(data))))
        elif part.name == "SimpleTag":
            found += _simple_tag(data, part)
    return [one for one in found if one.text][:MOST]


def _simple_tag(data: bytes, part: Part) -> list[Mark]:
    said = {one.name: text_of(one.content(data)) for one in part.inside}
    return [mark("matroska", said["TagName"], said["TagString"])] if {"TagName", "TagString"} <= said.keys() else []
