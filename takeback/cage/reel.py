"""A reel: a video looked at a stretch at a time, each by a child of its own, and what the children say of it.

A video can be an hour long and larger than the memory. So a child is not fed with it: it may read the one open file
(and change no byte of it), goes on from the last frame that was taken, and ends its stretch after a few seconds
(projector.py). Between two stretches nothing is held but hashes: whoever stops there can go on another day (`Kept`).

A child writes one JSON list a line: the second and the number of a frame that was taken, and where that is worth it
its hash and quality. Between them it says in objects how far it is; the last line is one too. It is the word of a
stranger, as every answer is (answer.py): what makes no sense ends the stretch, and a stretch that does not get on ends
the reel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from takeback import media, signals
from takeback.errors import BadInput
from takeback.media import Still
from takeback.terms import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LINES = 20_000
MOST_ANSWER = 2 << 20
"""No honest stretch says more, in lines and bytes."""

LONGEST = 1_000_000
"""Seconds that no video has."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is of a video so far: up to the second `at` of `length`, where that is known. `ended`: it is all."""

    sha256: str
    at: float = 0.0
    frames: tuple[Still, ...] = ()
    ended: bool = False
    length: float | None = None


def to_keep(kept: Kept) -> dict[str, object]:
    """What there is of a video, as it is written down to go on with later."""
    frames = [[one.number, one.at, one.signal.value, one.signal.quality] for one in kept.frames]
    return {"at": kept.at, "length": kept.length, "frames": frames}


def kept(sha256: str, said: Any) -> Kept:
    """The way back. Raises `BadInput` for anything else."""
    try:
        frames = [still for number, at, *rest in said["frames"] for still in _still([at, number, *rest])]
        return Kept(sha256, _later(said["at"], 0.0), tuple(frames), length=_length(said["length"]))
    except (KeyError, TypeError, ValueError) as cause:
        raise BadInput(
            "What was kept of this video can't be read", "name a new file for it, and begin again"
        ) from cause


def as_json(one: Still) -> dict[str, object]:
    """A still, as the JSON documents have it (docs/interfaces.md)."""
    return {"frame": one.number, "at": one.at, "value": one.signal.value, "quality": one.signal.quality}


class Stretch(NamedTuple):
    """What one child saw: its frames, the second of the last one it took, and what its last line said."""

    frames: tuple[Still, ...]
    at: float
    ended: bool = False
    length: float | None = None


def wind(kept: Kept, look: Callable[[float], bytes], told: Callable[[Kept], object]) -> Kept:
    """All the frames of a video, from where `kept` ended on. `look` has a child look on from a second.

    `told` hears of each stretch that is done.
    """
    folded = media.Folded()
    for one in kept.frames:
        folded.add(one)
    while not kept.ended and len(folded.kept) < media.MOST_OF_FILM:
        stretch = read(look(kept.at), kept.at)
        for one in stretch.frames:
            folded.add(one)
        stuck = stretch.at <= kept.at
        length = stretch.length or kept.length
        kept = replace(kept, at=stretch.at, frames=tuple(folded.kept), ended=stretch.ended, length=length)
        told(kept)
        if stuck:
            break
    return kept


def read(raw: bytes, start: float) -> Stretch:
    """The stretch in a child's answer. One that was cut short counts up to the last frame that makes sense."""
    frames: list[Still] = []
    at = start
    try:
        for line in raw.split(b"\n", MOST_LINES)[:MOST_LINES]:
            said = json.loads(line)
            if isinstance(said, list):
                here = _later(said[0], at)
                frames += _still(said)
                at = here
            elif "far" not in said:
                return Stretch(tuple(frames), at, said["ended"] is True, _length(said["length"]))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, BadInput):
        pass
    return Stretch(tuple(frames), at)


class Far(NamedTuple):
    """How far a video is: the second that is being looked at, and of how many, where that is known."""

    at: float
    length: float | None


def far(raw: bytes) -> Far | None:
    """How far a child says that it is, in the last line about it that is whole; None where there is none."""
    end = raw.rfind(b"\n")
    start = raw.rfind(b'{"far"', 0, max(0, end))
    try:
        said = json.loads(raw[start : raw.index(b"\n", start)] if start >= 0 else b"")
        return Far(_later(said["far"], 0.0), _length(said["length"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _still(said: list[Any]) -> list[Still]:
    """The still of a line; none where a frame was taken that is not worth one."""
    if len(said) == 2:
        return []
    at, number, value, quality = said
    if type(number) is not int or type(quality) is not int or not isinstance(value, str) or number < 0:
        raise TypeError(number)
    signal = signals.checked(Signal("pdq", value, quality, signals.WHOLE))
    return [Still(number, round(_later(at, 0.0), 3), signal)]


def _later(said: Any, at: float) -> float:
    if type(said) not in (int, float) or not at <= said < LONGEST:
        raise TypeError(said)
    return float(said)


def _length(said: Any) -> float | None:
    return None if said is None else _later(said, 0.0)
