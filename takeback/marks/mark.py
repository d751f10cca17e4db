"""A mark: one thing that a file says of itself, as text, with the place where it stands. Anybody can write one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Where = Literal[
    "exif", "thumbnail", "xmp", "iptc", "png", "comment", "recipe", "hidden", "mp4", "id3", "riff", "vorbis",
    "matroska", "trailer", "credentials", "stream", "nested",
]  # fmt: skip
PLACES: tuple[Where, ...] = get_args(Where)
"""Where a mark can stand. `recipe` is how a picture was asked for, as a tool wrote it; `hidden` is in the pixels."""

LONGEST_NAME, LONGEST_TEXT, MOST = 120, 4000, 300
"""Letters of a mark's name and of its text, and how many marks of one file are told."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a place under a name. The text is a stranger's: it is data, quoted and never obeyed."""

    where: Where
    name: str
    text: str


def mark(where: Where, name: str, text: str) -> Mark:
    """A mark of bounded length."""
    return Mark(where, name[:LONGEST_NAME], cut(text))


def cut(text: str) -> str:
    """Text without the zero bytes and the spaces around it, and no longer than LONGEST_TEXT."""
    text = text[: LONGEST_TEXT * 2].replace("\0", " ").strip()
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def text_of(raw: bytes) -> str:
    """Bytes as text: UTF-8 where they are that, Latin-1 otherwise."""
    raw = raw[: LONGEST_TEXT * 4]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return raw[: wrong.start].decode("utf-8") if wrong.start > len(raw) - 4 else raw.decode("latin-1")
