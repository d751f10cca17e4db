"""Clips: are two videos the same, by the frames that stand for them? In words, with the percentages. Pure.

The rule is vPDQ's: a frame is found where one of the other's lies within 31 bits, and what share of each is found says
what the two have in common. Each direction counts by itself: a clip out of a long film is found whole in it, and of the
film only that part is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import signals
from takeback._kernel import match, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from takeback.terms import Signal

MOST = 80
"""Per cent of the frames of one that must be found in the other, for it to be the same or a part of it."""

SOME = 3
"""Found frames, and per cent, from which on something of one is in the other. One alone may be chance, or a logo."""
PART = 10

FEW = 3
"""With fewer frames than this a percentage says nothing."""


@dataclass(frozen=True, slots=True)
class Clips:
    """Whether two videos show the same; `same` is None where it can't be told.

    `first` and `second` are the per cent of each one's frames that are found in the other. `nearest` is the two frames
    that are most alike, by their places, and `distance` how many of 256 bits of theirs differ.
    """

    same: bool | None
    says: str
    first: int | None = None
    second: int | None = None
    nearest: tuple[int, int] | None = None
    distance: int | None = None


def compare(one: Sequence[Signal], other: Sequence[Signal], *, exact: bool = False) -> Clips:
    """Whether two videos are the same, from the PDQ values of their frames. `exact`: they are the same file."""
    if exact:
        return Clips(same=True, says="These are the same file, byte for byte", first=100, second=100)
    if not one or not other:
        return Clips(same=None, says=NO_FRAMES)
    hits = _hits(one, other)
    found = len({mine for mine, _, _ in hits}), len({theirs for _, theirs, _ in hits})
    first, second = 100 * found[0] // len(one), 100 * found[1] // len(other)
    shares = f"{first} of 100 frames of the first are in the second, and {second} of 100 the other way round"
    same, says = _said(found, first, second, min(len(one), len(other)))
    mine, theirs, distance = min(hits, key=lambda hit: hit[2], default=(0, 0, None))
    nearest = None if distance is None else (mine, theirs)
    return Clips(same, f"{says}. {shares}", first, second, nearest, distance)


NO_FRAMES = (
    "At least one of the two has no frames that can be compared, so only exact copies can be told, and these are none"
)


def _said(found: tuple[int, int], first: int, second: int, fewest: int) -> tuple[bool | None, str]:
    if first >= MOST and second >= MOST:
        return True, "These are the same clip"
    if first >= MOST and found[0] >= min(SOME, fewest):
        return True, "The first is a part of the second"
    if second >= MOST and found[1] >= min(SOME, fewest):
        return True, "The second is a part of the first"
    if min(found) >= SOME and max(first, second) >= PART:
        return True, "A part of the one is in the other"
    if max(found) > 0:
        return None, "Something in them looks alike, but too little to tell: look at both yourself"
    return False, (
        "By their frames these are different clips, though one that was mirrored or cut at its edges can look "
        "different to a hash"
    )


def _hits(one: Sequence[Signal], other: Sequence[Signal]) -> list[tuple[int, int, int]]:
    """The frames of one and of the other that are near each other, by their places, and how many bits differ."""
    rows = spread(b"".join(map(signals.as_bytes, other)))
    queries = b"".join(map(signals.as_bytes, one))
    found = match(rows, None, queries, signals.THRESHOLD)
    return [(mine, theirs, distance) for mine, hits in enumerate(found) for theirs, distance in hits]
