"""Trailers: what makers of phones and services put after the end of a picture, and strings inside a stream of video.

Empirical facts, seen in files and written down by others; each says where it was seen. None is signed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from takeback.marks.mark import Mark, mark, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMSUNG_END = b"SEFT"
SAMSUNG_AI = re.compile(rb'"?genAIType"?\s*[:=]\s*"?(\d{1,4})')
ENCODERS = re.compile(rb"(?:x26[45] - core \d+|Lav[cf]\d\d\.\d{1,3}\.\d{1,3}|HandBrake \d[\d.]+)")
AIGC = re.compile(rb'\{[^{}]{0,20}"Label"\s*:\s*"?[0-9][^{}]{0,2000}\}')
"""China's label as JSON, wherever it stands."""

STREAM = 4 << 20
"""How many bytes at the start and at the end of a stream are looked at."""


def after_end(tail: bytes) -> Iterator[Mark]:
    """What stands after the end of a picture."""
    if tail.rstrip(b"\0").endswith(SAMSUNG_END):
        yield mark("trailer", "Samsung", f"{len(tail)} bytes")
        if found := SAMSUNG_AI.search(tail):
            yield mark("trailer", "Samsung genAIType", text_of(found[1]))
    if b"ftyp" in tail[:64]:
        yield mark("trailer", "video", f"{len(tail)} bytes")
    elif tail.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        yield mark("trailer", "picture", f"{len(tail)} bytes")
    elif tail.startswith((b"PK\3\4", b"Rar!", b"7z\xbc\xaf")):
        yield mark("trailer", "archive", f"{len(tail)} bytes")
    if label := AIGC.search(tail[-65_536:]):
        yield mark("trailer", "AIGC", text_of(label[0]))


def in_stream(data: bytes) -> Iterator[Mark]:
    """The encoder that a stream of video or sound names itself after."""
    looked = data[:STREAM] + (data[-STREAM:] if len(data) > STREAM else b"")
    names = {found[0].decode("ascii") for found in ENCODERS.finditer(looked)}
    for name in sorted(names)[:8]:
        yield mark("stream", "encoder", name)
