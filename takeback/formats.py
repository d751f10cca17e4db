"""Formats: the closed list of what a file can be, told by its content and by no name, and what to say of each.

`sniff` reads the first bytes. WHY holds every reason why a file does not become pixels, NOTES what else there is to say
of one that does: both as sentences of ours, so that a child of the cage only ever answers with their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from takeback.errors import BadFile
from takeback.words import later

Kind = Literal["image", "video", "audio", "other"]

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
MIN_SIDE = 5
"""The kernel has no hash for a picture with a shorter side."""

MAX_BYTES = 256 * 1024 * 1024
"""No picture that Takeback opens is a larger file: 100 megapixels of plain RGB are less."""

SNIFFED = 64
"""How many bytes `sniff` looks at."""

SAVE_AGAIN = later("try saving it again from where you got it")
WHY = later(
    {
        "empty": ("This file is empty", SAVE_AGAIN),
        "unknown": (
            "This file can't be opened as a picture: it is none that Takeback knows",
            "choose a JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC or AVIF file, or a screenshot of it",
        ),
        "damaged": ("This file can't be opened as a picture. It may be damaged", SAVE_AGAIN),
        "huge": (
            "This picture says it is larger than 100 megapixels, so Takeback won't open it",
            "keep the file, and choose a smaller copy or a screenshot of it here",
        ),
        "small": ("This picture is too small: each side needs at least 5 pixels", "choose a larger copy"),
        "heavy": (
            "This file is too large for a picture, so Takeback won't open it",
            "keep the file, and choose a smaller copy or a screenshot of it here",
        ),
        "colours": (
            "This picture keeps its colours in a way that Takeback cannot read yet",
            "save a copy as JPEG or PNG and choose that; keep this file too",
        ),
        "stopped": (
            "Opening this file took more time or memory than a picture needs, so Takeback stopped",
            f"it may be damaged, or made to do harm; {SAVE_AGAIN}",
        ),
    }
)
"""Every reason why a file does not become pixels: what to say, and what to do."""


NOTES = later(
    {
        "white": "This picture is partly see-through; its hash is that of the picture on white, as most pages show it",
        "frames": "This picture moves; each of its pictures that differs has a hash of its own",
        "more-frames": "This is long, so only the frames from its beginning have hashes. Keep the file",
    }
)
"""What to say of a picture that has its hash."""


class Unreadable(BadFile):
    """A file that does not become pixels. `why` is a key of WHY."""

    def __init__(self, why: str) -> None:
        super().__init__(*WHY[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Format:
    """What a file is: its name, and whether Takeback reads it. `decoder` is Pillow's name for it."""

    name: str
    kind: Kind
    decoder: str | None = None

    @property
    def sentence(self) -> str:
        """What to say of a file that Takeback knows and does not read; nothing where it does."""
        if self.decoder:
            return ""
        return f"Takeback cannot read {self.name} yet, so there is no picture hash; the file can still be kept"


FORMATS = {
    format_.name: format_
    for format_ in (
        *(Format(name, "image", name.upper()) for name in ("JPEG", "PNG", "WebP", "GIF", "TIFF", "BMP", "AVIF")),
        Format("HEIC", "image", "HEIF"),
        *(Format(name, "image") for name in ("JPEG XL", "JPEG 2000", "Photoshop", "SVG", "ICO")),
        *(Format(name, "video") for name in ("MP4", "MOV", "3GP", "WebM or MKV", "AVI", "MPEG video", "FLV")),
        *(Format(name, "audio") for name in ("MP3", "M4A", "AAC", "WAV", "OGG", "FLAC", "AMR")),
        *(Format(name, "other") for name in ("PDF", "ZIP")),
    )
}
"""The closed list of what `sniff` knows."""

STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"<svg", "SVG"),
    (b"\0\0\1\0", "ICO"),
    (b"\x1aE\xdf\xa3", "WebM or MKV"),
    (b"\0\0\1\xba", "MPEG video"),
    (b"FLV\1", "FLV"),
    (b"ID3", "MP3"),
    (b"OggS", "OGG"),
    (b"fLaC", "FLAC"),
    (b"#!AMR", "AMR"),
    (b"%PDF-", "PDF"),
    (b"PK\3\4", "ZIP"),
)
"""How a file of each format starts."""

BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"), "HEIC"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"M4A ", b"M4B "), "M4A"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "3GP"),
    b"qt  ": "MOV",
}
"""Major brands of the ISO base media format; any other is MP4."""

RIFF = {b"WEBP": "WebP", b"WAVE": "WAV", b"AVI ": "AVI"}
SOUND = {0x00: "AAC", 0x02: "MP3"}
"""The layer bits of a frame of sound."""

BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)


def sniff(head: bytes) -> Format:
    """What a file is, from its first bytes; raises `Unreadable` where it is empty or nothing we know."""
    if not head:
        raise Unreadable("empty")
    name = _name(head[:SNIFFED])
    if name is None:
        raise Unreadable("unknown")
    return FORMATS[name]


def _name(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "AVIF" if brand in (b"mif1", b"msf1") and b"avif" in head else BRANDS.get(brand, "MP4")
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADERS:
        return "BMP"
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12])
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return SOUND.get(head[1] & 0x06)
    return next((name for start, name in STARTS if head.startswith(start)), None)


def check_size(rows: int, cols: int) -> None:
    """Refuse a size that no honest picture has; raises `Unreadable`."""
    if rows < 1 or cols < 1:
        raise Unreadable("damaged")
    if rows * cols > MAX_PIXELS or max(rows, cols) > MAX_SIDE:
        raise Unreadable("huge")
    if min(rows, cols) < MIN_SIDE:
        raise Unreadable("small")
