"""Media: pixels in, signals out, and what to say of them. Pure; no file is opened and nothing is decoded here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import signals as text
from takeback._kernel import pdq_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from takeback.terms import Signal


def signals(rgb: bytes, rows: int, cols: int) -> tuple[Signal, ...]:
    """The signals of a picture as it is: its PDQ value and quality, from 8-bit RGB row after row."""
    value, quality = pdq_bytes(rgb, rows, cols, 3)
    return (text.of_bytes("pdq", value, quality=quality, edit=text.WHOLE),)


def advice(found: Iterable[Signal]) -> str:
    """What to say where a picture's hash is too weak for services to take; nothing where it is not."""
    weak = [s.quality for s in found if s.type == "pdq" and s.quality is not None and s.quality < text.BANKABLE]
    if not weak:
        return ""
    return (
        f"This picture has little detail: its hash has quality {min(weak)} of 100, and services refuse hashes under "
        f"{text.BANKABLE}, because such a hash also matches pictures of other things. Try the largest and sharpest "
        "copy you have, without wide empty borders; where there is none, report it by its address"
    )
