"""Patches: parts of one picture that stand in another, as places, and the same as JSON, taken as a stranger's.

Two pictures are laid beside each other in the cage (cage/beside.py), by a process that either may have taken over. So
what comes back is places in thousandths of a picture's width and height, counts, and one of a closed list of reasons;
all else counts as no answer. Pure.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

MOST_PATCHES, MOST_CORNERS, MOST_LINES = 4, 40, 24
THOUSAND = 1000
LONGEST_WORD = 40
MOST_ANSWER = 2 << 20
"""No honest answer is longer, in bytes: two small pictures are most of it."""

LARGEST_VIEW = 320
"""Pixels of the longer side of the small pictures that a person is shown side by side."""

Why = Literal["no-library", "not-pictures", "too-plain", "stopped"]
WHYS: tuple[Why, ...] = get_args(Why)

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """One part that stands in both: how many places agree, its outline in each picture, and pairs of places.

    Every place is (across, down) in thousandths. `mirrored` says that it stands there as in a mirror.
    """

    agree: int
    mirrored: bool
    first: tuple[Point, ...]
    second: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A small copy of a picture, to be shown: three bytes a pixel."""

    rows: int
    cols: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Laid:
    """Two pictures beside each other. `why` says why no part could be looked for; empty where it was.

    `shapes` are the width and height of each in pixels; there are none where one is no picture. `views` are there only
    where they were asked for. `library` is the version of what looked for parts; empty where nothing did.
    """

    patches: tuple[Patch, ...] = ()
    why: Why | None = None
    shapes: tuple[tuple[int, int], ...] = ()
    library: str = ""
    views: tuple[View, ...] = ()


def as_json(laid: Laid) -> bytes:
    """What a child writes."""
    said = asdict(laid)
    for one in said["views"]:
        one["rgb"] = one["rgb"].hex()
    return json.dumps(said).encode()


def read(raw: bytes) -> Laid:
    """What a child wrote; `stopped` where it makes no sense."""
    try:
        return _laid(json.loads(raw) if len(raw) <= MOST_ANSWER else None)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Laid(why="stopped")


def _laid(said: Any) -> Laid:
    why = said["why"]
    return Laid(
        patches=tuple(map(_patch, _several(said["patches"], MOST_PATCHES))),
        why=None if why is None else WHYS[WHYS.index(why)],
        shapes=tuple(
            (_number(wide, 1, 1 << 16), _number(high, 1, 1 << 16)) for wide, high in _several(said["shapes"], 2)
        ),
        library=_word(said["library"]),
        views=tuple(map(_view, _several(said["views"], 2))),
    )


def _word(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or not value.isprintable():
        raise ValueError
    return value


def _several(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError
    return value


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError
    return value


def _patch(said: Any) -> Patch:
    return Patch(
        agree=_number(said["agree"], 1, 10_000),
        mirrored=said["mirrored"] is True,
        first=tuple(map(_point, _several(said["first"], MOST_CORNERS))),
        second=tuple(map(_point, _several(said["second"], MOST_CORNERS))),
        lines=tuple((_point(one), _point(other)) for one, other in _several(said["lines"], MOST_LINES)),
    )


def _point(said: Any) -> Point:
    across, down = said
    return _number(across, 0, THOUSAND), _number(down, 0, THOUSAND)


def _view(said: Any) -> View:
    rows, cols = (_number(said[name], 1, LARGEST_VIEW) for name in ("rows", "cols"))
    rgb = bytes.fromhex(said["rgb"])
    if len(rgb) != rows * cols * 3:
        raise ValueError
    return View(rows, cols, rgb)
