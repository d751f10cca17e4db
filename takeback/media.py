"""Media: pictures in, signals out, and what to say of them. Pure; no file is opened and nothing is decoded here."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import signals as text
from takeback._kernel import pdq_bytes
from takeback.words import put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from takeback.film import Frame
    from takeback.pixels import Picture
    from takeback.terms import Signal

SAME = 4
"""Bits within which two frames of a moving picture count as one."""

MOST_FRAMES = 64
"""How many frames of a moving picture have a hash of their own."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """What became of a picture: its size, its signals, and the names of what there is to say (formats.NOTES)."""

    rows: int
    cols: int
    signals: tuple[Signal, ...]
    notes: tuple[str, ...] = ()


def signals(rgb: bytes | memoryview, rows: int, cols: int, edit: str = text.WHOLE) -> tuple[Signal, ...]:
    """The signals of a picture as it is: its PDQ value and quality, from 8-bit RGB row after row."""
    value, quality = pdq_bytes(rgb, rows, cols, 3)
    return (text.of_bytes("pdq", value, quality=quality, edit=edit),)


def hashed(pictures: Iterable[Picture]) -> Hashed:
    """The signals of a picture, and of every frame that differs where it moves. The first is the picture as it is."""
    kept: list[Signal] = []
    notes: set[str] = set()
    size = (0, 0)
    for picture in pictures:
        (found,) = signals(picture.rgb, picture.rows, picture.cols, text.frame(picture.frame))
        if any(text.distance(found.value, other.value) <= SAME for other in kept):
            continue
        if len(kept) == MOST_FRAMES:
            notes.add("more-frames")
            break
        size = size if kept else (picture.rows, picture.cols)
        notes |= {"white"} if picture.on_white else set()
        kept.append(found)
    if len(kept) > 1 and "more-frames" not in notes:
        notes.add("frames")
    return Hashed(*size, tuple(kept), tuple(sorted(notes)))


def edited(looks: Iterable[tuple[str, Picture]], whole: Signal) -> tuple[Signal, ...]:
    """The signals of a picture's likely edits. Those that say too little to be taken, or nothing new, are left out.

    A picture whose own hash is too weak has none: what an edit adds, such as a border, would be all there is to match.
    """
    if (whole.quality or 0) < text.BANKABLE:
        return ()
    kept: list[Signal] = [whole]
    for name, picture in looks:
        (found,) = signals(picture.rgb, picture.rows, picture.cols, name)
        if (found.quality or 0) >= text.BANKABLE and all(text.distance(found.value, k.value) > SAME for k in kept):
            kept.append(found)
    return tuple(kept[1:])


MOST_OF_FILM = 120_000
"""How many frames of a video are kept: more than thirty a second of an hour. Ten is much."""

RECENT = 500
"""How many frames back one is looked for that says the same: over an hour, all of them would be too many."""


@dataclass(frozen=True, slots=True)
class Still:
    """A frame that stands for a video: its number and its second, counted from the first frame, and its PDQ value."""

    number: int
    at: float
    signal: Signal


def still(frame: Frame) -> Still | None:
    """What a frame that was taken is worth; None where it is too weak to be matched by.

    The brightness alone is quicker to hash and a few bits away. Its quality is never over that of the colours, so only
    where it is less than all are these hashed too.
    """
    if frame.taken is None:
        return None
    value, quality = pdq_bytes(*frame.taken(1))
    if quality < BEST:
        value, quality = pdq_bytes(*frame.taken(3))
    if quality < text.BANKABLE:
        return None
    return Still(frame.number, round(frame.at, 3), text.of_bytes("pdq", value, quality=quality, edit=text.WHOLE))


BEST = 100
"""The quality that most frames have."""


class Folded:
    """The stills of a video, without those that look like one of the last before them, or just like any."""

    def __init__(self) -> None:
        self.kept: list[Still] = []
        self._recent: deque[int] = deque(maxlen=RECENT)
        self._every: set[int] = set()

    def add(self, one: Still) -> bool:
        """Keep a still, unless it says nothing new or there are enough."""
        value = int(one.signal.value, 16)
        known = value in self._every or any((value ^ other).bit_count() <= SAME for other in self._recent)
        if known or len(self.kept) == MOST_OF_FILM:
            return False
        self.kept.append(one)
        self._recent.append(value)
        self._every.add(value)
        return True


def filmed(frames: Iterable[Frame]) -> tuple[Still, ...]:
    """The frames of a video that stand for it, as vPDQ has them."""
    folded = Folded()
    for frame in frames:
        if one := still(frame):
            folded.add(one)
    return tuple(folded.kept)


def advice(found: Iterable[Signal]) -> str:
    """What to say where a picture's hash is too weak for services to take; nothing where it is not."""
    weak = [s.quality for s in found if s.type == "pdq" and s.quality is not None]
    if not weak or max(weak) >= text.BANKABLE:
        return ""
    return put(
        f"This picture has little detail: its hash has quality {max(weak)} of 100, and services refuse hashes under "
        f"{text.BANKABLE}, because such a hash also matches pictures of other things. Try the largest and sharpest "
        "copy you have, without wide empty borders; where there is none, report it by its address"
    )
