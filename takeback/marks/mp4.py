"""MP4, MOV, M4A, HEIC: what boxes say: brands, times, handlers, iTunes and QuickTime tags, XMP in a `uuid` box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from takeback.marks import xmp
from takeback.marks.mark import MOST, Mark, mark, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.containers import Part, Walk

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
NOT_TAGS = ("meta", "hdlr", "ilst", "keys", "free", "thmb", "covr", "----")


def read(data: bytes, walk: Walk) -> list[Mark]:
    """Everything that the boxes of a file say of its origin."""
    return list(_read(data, walk))[:MOST]


def _read(data: bytes, walk: Walk) -> Iterator[Mark]:
    for path, part in walk.all():
        body = part.content(data) if part.size < 1 << 20 else b""
        if path == "ftyp":
            brands = [body[:4], *(body[at : at + 4] for at in range(8, min(len(body), 64), 4))]
            yield mark("mp4", "brands", " ".join(text_of(one).strip() for one in brands))
        elif part.name == "mvhd" and (made := _time(body)):
            yield mark("mp4", "creation_time", made)
        elif part.name == "hdlr" and len(body) > 24:
            yield mark("mp4", "handler", text_of(body[24:].strip(b"\0")).lstrip("\x08\x0b\x0c\r\x10\x12\x1f "))
        elif part.name == "uuid" and body.startswith(XMP_BOX):
            yield from xmp.read(body[16:])
        elif part.name == "uuid" and body.startswith(C2PA_BOX):
            yield mark("credentials", "uuid", "there")
        elif path.endswith("/meta") or path == "meta":
            yield from _tags(data, part)
        elif path.startswith("moov/udta/") and part.name not in NOT_TAGS and path.count("/") == 2:
            yield from _user_data(part.name, body)


def _time(body: bytes) -> str:
    """When a movie says it was made; empty where it says nothing."""
    seconds = int.from_bytes(body[4:12] if body[:1] == b"\1" else body[4:8], "big")
    if seconds == 0 or seconds > 1 << 33:
        return ""
    return (EPOCH + timedelta(seconds=seconds)).isoformat()


def _user_data(name: str, body: bytes) -> Iterator[Mark]:
    """A QuickTime text: two bytes of length, two of language; or plain, as a stranger wrote it."""
    if name == "XMP_":
        yield from xmp.read(body)
        return
    long = int.from_bytes(body[:2], "big")
    raw = body[4 : 4 + long] if 0 < long <= len(body) - 4 else body.lstrip(b"\0")
    text = text_of(raw).strip("\0 ")
    if text and sum(letter.isprintable() for letter in text) * 10 > len(text) * 9:
        yield mark("mp4", name, text)


def _tags(data: bytes, meta: Part) -> Iterator[Mark]:
    """The list of a `meta` box, with QuickTime's names where it has them."""
    parts = {one.name: one for one in meta.inside}
    keys = _keys(parts["keys"].content(data)) if "keys" in parts else []
    for item in parts["ilst"].inside if "ilst" in parts else ():
        boxes = {one.name: one for one in item.inside}
        if "data" not in boxes:
            continue
        number = int.from_bytes(data[item.at + 4 : item.at + 8], "big")
        name = keys[number - 1] if 0 < number <= len(keys) else item.name
        if item.name == "----" and "name" in boxes:
            name = text_of(boxes["name"].content(data)[4:])
        body = boxes["data"].content(data)
        if int.from_bytes(body[:4], "big") & 0xFFFFFF in (0, 1):
            yield mark("mp4", name, text_of(body[8:]))


def _keys(body: bytes) -> list[str]:
    names: list[str] = []
    at = 8
    while at + 8 <= len(body) and len(names) < MOST:
        long = int.from_bytes(body[at : at + 4], "big")
        if long < 8:
            break
        names.append(text_of(body[at + 8 : at + long]))
        at += long
    return names
