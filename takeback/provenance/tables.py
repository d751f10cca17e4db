"""The standard JPEG tables (ITU T.81, annex K) at each quality, as the Independent JPEG Group scales them."""

from __future__ import annotations

from functools import cache

LUMA = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
    29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
    121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
CHROMA = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
    99, 99, 99, 99, 99, *(99,) * 32,
)  # fmt: skip


def scaled(table: tuple[int, ...], quality: int) -> tuple[int, ...]:
    """A standard table at a quality from 1 to 100."""
    by = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(255, max(1, (number * by + 50) // 100)) for number in table)


@cache
def _known() -> dict[tuple[int, ...], int]:
    return {scaled(LUMA, quality): quality for quality in range(100, 0, -1)}


def standard_quality(tables: tuple[tuple[int, ...], ...]) -> int | None:
    """The quality at which the standard tables are these; None where they are others."""
    quality = _known().get(tables[0]) if tables else None
    if quality is None or (len(tables) > 1 and tables[1] not in (scaled(CHROMA, quality), tables[0])):
        return None
    return quality
