"""Containers: how a file is put together, walked to its end. Bytes in, frozen parts out; nothing is decoded.

    walked = walk("JPEG", data)          # None where Takeback does not know the structure of a format

One small file a format. A walker never raises, whatever the bytes: what does not fit is a flaw of the walk. It reads
each byte at most a few times and stops at MOST_PARTS, so that no file keeps it long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.containers import bmff, bmp, flac, gif, id3, jpeg, matroska, ogg, png, riff, speech, tiff
from takeback.containers.parts import DEEPEST, FLAW_KINDS, MOST_PARTS, Endless, Flaw, Part, Pen, Walk

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEEPEST", "FLAW_KINDS", "MOST_PARTS", "WALKERS", "Flaw", "Part", "Walk", "walk"]

WALKERS: dict[str, Callable[[bytes, Pen], Walk]] = {
    "JPEG": jpeg.walk,
    "PNG": png.walk,
    "GIF": gif.walk,
    **dict.fromkeys(("WebP", "WAV", "AVI"), riff.walk),
    **dict.fromkeys(("MP4", "MOV", "3GP", "M4A", "HEIC", "AVIF"), bmff.walk),
    "WebM or MKV": matroska.walk,
    "MP3": id3.walk,
    "FLAC": flac.walk,
    "OGG": ogg.walk,
    "AAC": speech.aac,
    "AMR": speech.amr,
    "TIFF": tiff.walk,
    "BMP": bmp.walk,
}
"""The walker of each format, by the name that `formats.sniff` gives it."""


def walk(name: str, data: bytes) -> Walk | None:
    """The structure of a file of the format with this name; None where no walker knows it."""
    walker = WALKERS.get(name)
    if walker is None:
        return None
    pen = Pen(len(data))
    try:
        return walker(data, pen)
    except Endless:
        return Walk((), 0, (*pen.flaws, Flaw("endless", 0)))
