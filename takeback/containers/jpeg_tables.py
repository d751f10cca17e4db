"""JPEG tables: how coarsely a picture was last saved, and how its colours were thinned. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.containers.parts import Walk

ZIGZAG = (
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
    53, 60, 61, 54, 47, 55, 62, 63,
)  # fmt: skip
"""Where each number of a table stands in its 8 × 8 square."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The quantisation tables (64 numbers each, row by row) and the sampling of the colours, such as `2x2`."""

    tables: tuple[tuple[int, ...], ...] = ()
    sampling: str = ""
    progressive: bool = False


def read(data: bytes, walk: Walk) -> Tables:
    """The tables of a JPEG file; those of its first picture where it holds more."""
    tables: dict[int, tuple[int, ...]] = {}
    sampling, progressive = "", False
    for _, part in walk.all():
        body = part.content(data)
        if part.name == "DQT":
            _tables(body, tables)
        elif part.name in ("SOF0", "SOF1", "SOF2") and len(body) >= 9:
            first = body[7]
            sampling, progressive = f"{first >> 4}x{first & 15}", part.name == "SOF2"
        elif part.name == "SOS":
            break
    return Tables(tuple(tables[key] for key in sorted(tables)), sampling, progressive)


def _tables(body: bytes, tables: dict[int, tuple[int, ...]]) -> None:
    at = 0
    while at < len(body):
        wide, which = (2 if body[at] >> 4 else 1), body[at] & 3
        raw = body[at + 1 : at + 1 + 64 * wide]
        if len(raw) < 64 * wide:
            return
        numbers = [int.from_bytes(raw[i : i + wide], "big") for i in range(0, 64 * wide, wide)]
        square = [0] * 64
        for place, number in zip(ZIGZAG, numbers, strict=True):
            square[place] = number
        tables[which] = tuple(square)
        at += 1 + 64 * wide
