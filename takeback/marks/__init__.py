"""Marks: everything that a file says of its own origin, read from its parts. Bytes in, frozen marks out.

Nothing here decodes a picture, and nothing here is believed: a mark is text that somebody wrote, at a place. A
stranger's bytes are read in the cage only. It never raises for what a file holds; what is broken says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.marks import exif, iptc, mp4, nested, png_text, recipes, tags, trailer, xmp
from takeback.marks.mark import LONGEST_NAME, LONGEST_TEXT, MOST, PLACES, Mark, Where, mark, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.containers import Walk

__all__ = ["LONGEST_NAME", "LONGEST_TEXT", "MOST", "PLACES", "Mark", "Marked", "Where", "mark", "of", "recipe"]

BOXES = ("MP4", "MOV", "3GP", "M4A", "HEIC", "AVIF")
EXIF, XMP, MORE_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of a file, and the bytes of the thumbnail that its EXIF holds."""

    marks: tuple[Mark, ...]
    thumbnail: bytes = b""


def of(name: str, data: bytes, walk: Walk) -> Marked:
    """The marks of a file of the format with this name, whose structure is known."""
    thumbs: list[bytes] = []
    found: list[Mark] = []
    for one in _of(name, data, walk, thumbs):
        if len(found) == MOST:
            break
        if one.text and one not in found:
            found.append(one)
    return Marked(tuple(found), next(iter(thumbs), b""))


def _of(name: str, data: bytes, walk: Walk, thumbs: list[bytes]) -> Iterator[Mark]:
    match name:
        case "JPEG":
            yield from _jpeg(data, walk, thumbs)
        case "PNG":
            yield from _png(data, walk, thumbs)
        case "WebP" | "WAV" | "AVI":
            yield from _riff(data, walk, thumbs)
        case "GIF":
            yield from _gif(data, walk)
        case "TIFF":
            yield from _exif(data, thumbs)
            yield from _tiff(data, walk)
        case "OGG":
            yield from _ogg(data, walk)
        case "MP3" | "AAC":
            yield from tags.id3(data, walk)
        case "FLAC":
            for part in walk.named("VORBIS_COMMENT"):
                yield from tags.vorbis(part.content(data))
        case "WebM or MKV":
            yield from tags.matroska(data, walk)
        case _ if name in BOXES:
            yield from mp4.read(data, walk)
            if name in ("HEIC", "AVIF"):
                yield from _items(data, walk, thumbs)
    if walk.end < len(data):
        yield from trailer.after_end(data[walk.end :])
    yield from nested.read(data, walk)
    if name in (*BOXES[:4], "WebM or MKV", "MP3", "AVI"):
        yield from trailer.in_stream(data)


def _tiff(data: bytes, walk: Walk) -> Iterator[Mark]:
    """What a TIFF file carries in whole blocks: XMP, and IPTC's records as they are or in Photoshop's."""
    for part in walk.parts:
        if part.name == "tag-700":
            yield from xmp.read(part.content(data))
        elif part.name == "tag-33723":
            yield from iptc.records(part.content(data))
        elif part.name == "tag-34377":
            yield from iptc.read(iptc.HEAD + part.content(data))


def _ogg(data: bytes, walk: Walk) -> Iterator[Mark]:
    """The comments of OGG's streams: Opus, Vorbis, Theora."""
    from takeback.containers import ogg  # noqa: PLC0415

    for packet in ogg.packets(data, walk, most=8):
        for start in (b"OpusTags", b"\x03vorbis", b"\x81theora"):
            if packet.startswith(start):
                yield from tags.vorbis(packet[len(start) :])


def recipe(text: str) -> list[Mark]:
    """The recipe in a text that was hidden in the pixels: JSON as NovelAI writes it, or AUTOMATIC1111's lines."""
    said = recipes.loaded(text)
    if isinstance(said, dict):
        return recipes.read({str(name): value for name, value in said.items() if isinstance(value, str)})
    return recipes.read({"parameters": text})


def _exif(block: bytes, thumbs: list[bytes]) -> Iterator[Mark]:
    """An EXIF block, and the recipe in its comment."""
    read = exif.read(block.removeprefix(EXIF))
    yield from read.marks
    if read.thumbnail:
        thumbs.append(read.thumbnail)
        yield mark("thumbnail", "size", f"{len(read.thumbnail)} bytes")
    yield from recipes.read(
        {one.name: one.text for one in read.marks if one.name in ("UserComment", "ImageDescription")}
    )


def _jpeg(data: bytes, walk: Walk, thumbs: list[bytes]) -> Iterator[Mark]:
    more = bytearray()
    for _, part in walk.all():
        if not part.name.startswith(("APP", "COM")):
            continue
        body = part.content(data)
        if part.name == "APP1" and body.startswith(EXIF):
            yield from _exif(body, thumbs)
        elif part.name == "APP1" and body.startswith(XMP):
            yield from xmp.read(body[len(XMP) :])
        elif part.name == "APP1" and body.startswith(MORE_XMP):
            more += body[len(MORE_XMP) + 40 :]
        elif part.name == "APP13":
            yield from iptc.read(body)
        elif part.name == "APP11" and b"jumb" in body[:32] and b"c2pa" in body[:64]:
            yield mark("credentials", "APP11", "there")
        elif part.name == "COM":
            yield mark("comment", "COM", text_of(body))
    if more:
        yield from xmp.read(bytes(more))


def _png(data: bytes, walk: Walk, thumbs: list[bytes]) -> Iterator[Mark]:
    texts: dict[str, str] = {}
    for _, part in walk.all():
        body = data[part.body : max(part.body, part.end - 4)]
        if part.name == "eXIf":
            yield from _exif(body, thumbs)
        elif part.name == "caBX":
            yield mark("credentials", "caBX", "there")
        elif part.name in ("tEXt", "zTXt", "iTXt") and (said := png_text.read(part.name, body)):
            name, raw = said
            if name == png_text.XMP:
                yield from xmp.read(raw)
                continue
            texts[name] = raw.decode("utf-8", "replace")
            yield mark("png", name, texts[name])
    yield from recipes.read(texts)


def _riff(data: bytes, walk: Walk, thumbs: list[bytes]) -> Iterator[Mark]:
    for _, part in walk.all():
        if part.name == "EXIF":
            yield from _exif(part.content(data), thumbs)
        elif part.name in ("XMP", "_PMX"):
            yield from xmp.read(part.content(data))
        elif part.name == "C2PA":
            yield mark("credentials", "C2PA", "there")
        elif part.name.lower() == "id3":
            yield mark("riff", "id3", "there")
    yield from tags.riff(data, walk)


def _gif(data: bytes, walk: Walk) -> Iterator[Mark]:
    from takeback.containers import gif  # noqa: PLC0415

    for part in walk.named("comment"):
        yield mark("comment", "comment", text_of(gif.joined(part.content(data))))
    for part in walk.named("application"):
        if data[part.body + 1 : part.body + 12] == b"XMP DataXMP":
            yield from xmp.read(data[part.body + 12 : part.end])


def _items(data: bytes, walk: Walk, thumbs: list[bytes]) -> Iterator[Mark]:
    """The EXIF and XMP of a HEIC or AVIF file. They stand in its data: found by how they begin."""
    start = data.find(EXIF + b"MM\0*"), data.find(EXIF + b"II*\0")
    for at in start:
        if at >= 0:
            yield from _exif(data[at : at + (1 << 17)], thumbs)
    at = data.find(b"<x:xmpmeta")
    end = data.find(b"</x:xmpmeta>", at)
    if 0 <= at < end:
        yield from xmp.read(data[at : end + 12])
    del walk
