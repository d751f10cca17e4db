"""Stealth: a recipe hidden in the lowest bits of a picture's pixels, as NovelAI and its relatives write it.

The bits stand column by column: a word that says which form it is, 32 bits of length, then UTF-8 text, plain or
gzipped; in the alpha channel, or in red, green and blue. Pure: the caller decodes, here bits become text.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = 15
"""Letters of the word that a hidden recipe starts with."""

WORDS = {b"stealth_pnginfo": False, b"stealth_pngcomp": True, b"stealth_rgbinfo": False, b"stealth_rgbcomp": True}
"""Each word, and whether the text after it is gzipped."""

MOST = 1 << 20
"""Bytes of hidden text that are read."""


def columns(plane: bytes, rows: int, cols: int, channels: int, count: int) -> bytes:
    """The first `count` samples of a picture, read column by column; `channels` samples stand beside each other."""
    wide = cols * channels
    wanted = -(-count // (rows * channels))
    out = bytearray()
    for col in range(min(wanted, cols)):
        if channels == 1:
            out += plane[col::wide][:rows]
        else:
            column = bytearray(rows * channels)
            for channel in range(channels):
                column[channel::channels] = plane[col * channels + channel :: wide][:rows]
            out += column
    return bytes(out[:count])


def packed(samples: bytes) -> bytes:
    """The lowest bit of each sample, eight to a byte."""
    bits = samples.translate(LOWEST)
    whole = len(bits) // 8
    return int(bits[: whole * 8], 2).to_bytes(whole, "big") if whole else b""


LOWEST = bytes(0x30 + (value & 1) for value in range(256))
"""Each sample as the digit of its lowest bit."""


def read(samples: Callable[[int], bytes]) -> str | None:
    """The text hidden in a channel, or None. `samples(n)` gives its first n samples, column by column."""
    word = packed(samples(8 * WORD))
    if word not in WORDS:
        return None
    head = packed(samples(8 * (WORD + 4)))
    long = int.from_bytes(head[WORD:], "big") // 8
    if not 0 < long <= MOST:
        return ""
    body = packed(samples(8 * (WORD + 4 + long)))[WORD + 4 :]
    if WORDS[word]:
        try:
            body = zlib.decompressobj(31).decompress(body, MOST)
        except zlib.error:
            return ""
    return body.decode("utf-8", "replace")
