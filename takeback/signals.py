"""Signals as text: read them, check them, print them, compare two, draw one.

A signal's value is lower-case hexadecimal: `pdq` and `sha256` 64 digits, `md5` 32. `parse` forgives capitals and
spaces around what a person pasted; `checked` forgives nothing. A PDQ value is drawn as 16 rows of 16 cells in the
order of its text: the first four digits are the top row, the highest bit is at the left, and a set bit is black.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from takeback.errors import BadInput
from takeback.terms import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = {"pdq": 32, "sha256": 32, "md5": 16}
"""The types that Takeback speaks, and how many bytes each value has."""

THRESHOLD = 31
"""The largest distance between two PDQ values that still counts as the same picture."""

BANKABLE = 50
"""The lowest quality at which a PDQ value says enough to be matched by."""

WHOLE = "none"
"""The `edit` of a signal of the picture as it is."""

FRAME = "frame "
"""How the `edit` of a signal of a later frame of a moving picture begins; its number follows, counted from 1."""

FRAMES = re.compile(rf"{FRAME}[1-9][0-9]{{0,5}}")
HEX = re.compile(r"(?:[0-9a-f]{2})+")
KEYS = frozenset({"type", "value", "quality", "edit"})


def parse(kind: str, text: str, *, quality: int | None = None, edit: str | None = None) -> Signal:
    """The signal that a person typed or pasted; raises `BadInput` where it is none."""
    return checked(Signal(kind, text.strip().lower(), quality, edit))


def checked(signal: Signal) -> Signal:
    """The same signal, if every part of it is as it should be; raises `BadInput` otherwise."""
    size = TYPES.get(signal.type)
    if size is None:
        raise BadInput(f"Takeback knows no hash called {signal.type!r}", f"use one of: {', '.join(TYPES)}")
    if len(signal.value) != 2 * size or not HEX.fullmatch(signal.value):
        raise BadInput(f"This is no {signal.type} hash", f"it has {2 * size} characters, each 0 to 9 or a to f")
    if signal.quality is not None and not 0 <= signal.quality <= 100:
        raise BadInput("The quality of a hash lies between 0 and 100", "leave it out if it is not known")
    return signal


def of_bytes(kind: str, raw: bytes, *, quality: int | None = None, edit: str | None = None) -> Signal:
    """The signal whose value is these bytes."""
    return checked(Signal(kind, raw.hex(), quality, edit))


def as_bytes(signal: Signal) -> bytes:
    """The value of a signal as bytes."""
    return bytes.fromhex(checked(signal).value)


def as_json(signal: Signal) -> dict[str, object]:
    """A signal as the command line and the page print it; what is not known is left out."""
    parts = {"type": signal.type, "value": signal.value, "quality": signal.quality, "edit": signal.edit}
    return {name: part for name, part in parts.items() if part is not None}


def from_json(data: Mapping[str, object]) -> Signal:
    """The signal that `as_json` wrote; raises `BadInput` for anything else."""
    kind, value, quality, edit = (data.get(key) for key in ("type", "value", "quality", "edit"))
    texts = isinstance(kind, str) and isinstance(value, str) and isinstance(edit, str | None)
    if not texts or not isinstance(quality, int | None) or isinstance(quality, bool) or not data.keys() <= KEYS:
        raise BadInput("This is not a hash as Takeback writes it", "it needs a type and a value, and nothing unknown")
    return checked(Signal(cast("str", kind), cast("str", value), quality, cast("str | None", edit)))


def frame(number: int) -> str:
    """The `edit` of a signal of a moving picture's frame, counted from 1: the first is the picture as it is."""
    return WHOLE if number == 1 else f"{FRAME}{number}"


def is_frame(edit: str) -> bool:
    """Whether an `edit` names a frame."""
    return edit == WHOLE or FRAMES.fullmatch(edit) is not None


def distance(one: str, other: str) -> int:
    """How many of the 256 bits of two PDQ values differ."""
    return (int(parse("pdq", one).value, 16) ^ int(parse("pdq", other).value, 16)).bit_count()


def grid(value: str) -> tuple[tuple[bool, ...], ...]:
    """A PDQ value as 16 rows of 16 cells, true where a bit is set."""
    bits = f"{int(parse('pdq', value).value, 16):0256b}"
    return tuple(tuple(bit == "1" for bit in bits[row : row + 16]) for row in range(0, 256, 16))
