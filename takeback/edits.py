"""Edits: what is done to a picture before it is posted again, as places to look from. Pure: sizes in, rectangles out.

Each edit is a view: a rectangle laid over the picture, in shares of its width and height. What lies inside is kept, so
a crop is a smaller view; where it reaches beyond the picture there is a border of one shade, or a blurred one. A
picture turned or mirrored is looked at as it is. The hashes of the views go beside the picture's own as plain PDQ
values, so whoever matches PDQ catches those copies too and changes nothing. Which views: chosen by measurement, on
photos and numbers other than those that the table of docs/robustness.md is about (bench/robustness.py). The browser's
twin is web/static/edits.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fill = Literal["", "black", "grey", "white", "blurred"]
Turn = Literal["", "mirrored", "turned left", "upside down", "turned right"]

SIDE = 1024
"""Views are taken of the picture shrunk by the least whole number that brings its longer side to this or below."""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at. The numbers are shares taken off each side, added where they are negative."""

    name: str
    left: float = 0
    top: float = 0
    right: float = 0
    bottom: float = 0
    fill: Fill = ""
    turn: Turn = ""


TURNS = ("mirrored", "turned left", "upside down", "turned right")
CROPS = (0.015, 0.03, 0.045, 0.06, 0.08, 0.1)
SIDES = (0.035, 0.065, 0.09)
RATIOS = {
    "1:1": 1, "4:5": 4 / 5, "3:4": 3 / 4, "2:3": 2 / 3, "9:16": 9 / 16, "4:3": 4 / 3, "16:9": 16 / 9, "1.91:1": 1.91,
}  # fmt: skip
"""Width by height."""
BORDERS: dict[Fill, tuple[float, ...]] = {
    "black": (0.03, 0.05, 0.08),
    "grey": (0.1,),
    "white": (0.03, 0.05, 0.08),
    "blurred": (0.02, 0.045, 0.065, 0.09),
}
"""Shares of the longer side."""
BARS = (0.09, 0.12, 0.15, 0.185, 0.22)
BOTH = (0.09, 0.12, 0.16, 0.2)
SCREENS = (9 / 16, 9 / 18, 9 / 19.5, 9 / 21)
"""A phone's screen: the picture in the middle, dark above and below."""


BARE = "border off"
BARE_MIRRORED = "border off, mirrored"
"""The edits of a picture that came with a border of one shade: without it."""

LEAST = 0.012
"""A view that moves no side by more than this is the picture itself, as far as a hash sees."""


def views(cols: int, rows: int) -> tuple[View, ...]:
    """Every view of a picture of this shape; those that change nothing of it are left out."""
    return tuple(view for view in _every(cols, rows) if view.turn or max(map(abs, _sides(view))) >= LEAST)


def _every(cols: int, rows: int) -> list[View]:
    found = [View(turn, turn=turn) for turn in TURNS]  # type: ignore[arg-type]
    found += [View(f"crop {part:.1%}", part, part, part, part) for part in CROPS]
    for part in SIDES:
        found += [
            View(f"crop {part:.1%} left", left=part),
            View(f"crop {part:.1%} top", top=part),
            View(f"crop {part:.1%} right", right=part),
            View(f"crop {part:.1%} bottom", bottom=part),
        ]
    found += [_cut_to(name, ratio, cols / rows) for name, ratio in RATIOS.items()]
    found += [_border(part, fill, cols, rows) for fill, parts in BORDERS.items() for part in parts]
    found += [View(f"bar above {part:.1%}", top=-part, fill="black") for part in BARS]
    found += [View(f"bar below {part:.1%}", bottom=-part, fill="black") for part in BARS]
    found += [View(f"bars {part:.1%}", top=-part, bottom=-part, fill="black") for part in BOTH]
    found += [_filled_to(f"screen {ratio:.2f}", ratio, cols / rows) for ratio in SCREENS]
    return found


def _sides(view: View) -> tuple[float, float, float, float]:
    return view.left, view.top, view.right, view.bottom


def _cut_to(name: str, ratio: float, shape: float) -> View:
    """The middle, cut to a ratio."""
    if shape > ratio:
        off = (1 - ratio / shape) / 2
        return View(f"ratio {name}", left=off, right=off)
    off = (1 - shape / ratio) / 2
    return View(f"ratio {name}", top=off, bottom=off)


def _filled_to(name: str, ratio: float, shape: float) -> View:
    """The whole picture in the middle of a screen of this ratio."""
    if shape > ratio:
        more = (shape / ratio - 1) / 2
        return View(name, top=-more, bottom=-more, fill="black")
    more = (ratio / shape - 1) / 2
    return View(name, left=-more, right=-more, fill="black")


def _border(part: float, fill: Fill, cols: int, rows: int) -> View:
    wide = part * max(cols, rows)
    across, down = -wide / cols, -wide / rows
    return View(f"border {part:.1%} {fill}", across, down, across, down, fill)


NAMES = frozenset({view.name for view in _every(1, 1)} | {BARE, BARE_MIRRORED})
"""What the `edit` of a signal can be, beside that of the picture as it is and of a frame."""


def shrunk_by(cols: int, rows: int) -> int:
    """How many pixels each way become one before the views are taken."""
    return -(-max(cols, rows) // SIDE)


def box(view: View, cols: int, rows: int) -> tuple[int, int, int, int]:
    """A view in whole pixels: left, top, right and bottom, which may lie outside of the picture."""
    left, right = _near(view.left * cols), _near(view.right * cols)
    top, bottom = _near(view.top * rows), _near(view.bottom * rows)
    return left, top, cols - right, rows - bottom


def _near(number: float) -> int:
    """To the nearest whole number, halves up: as in a browser."""
    return int((number + 0.5) // 1)
