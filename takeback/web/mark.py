"""The mark: a hash of 16 × 16 cells in which a door stands open. Pure: one fixed pattern in, one SVG out.

static/mark.svg is what `svg()` returns, kept as a file for the browser's tab; a test compares the two. On a page the
same SVG stands inline, where the style sheet colours its classes for light, dark and print.
"""

from __future__ import annotations

PATTERN = (
    "...#.##.##.####.",
    "..####.#..##....",
    ".#.##..#..#.#.##",
    "...#..##..#.#.##",
    "..#..#@@@@.#..##",
    "#..##@oooo@.....",
    ".#.#@oooooo@.#..",
    "#.#.@oooooo@....",
    "##..@oooooo@#.#.",
    "####@oooooo@...#",
    "..##@oooooo@#.##",
    ".##.@oooooo@.###",
    "#.##@oooooo@##.#",
    ".#.#@oooooo@....",
    "##.#@oooooo@##..",
    "#..#@oooooo@####",
)
"""`#` the cells of the hash, `@` the door, `o` the light behind it."""

LAYERS = (("glow", "o", 0.0, "#f2d2a0"), ("wall", "#", 0.05, "#9fc4c2"), ("arch", "@", 0.05, "#0f6b66"))
"""From back to front: class, cell, gap around each cell, and the colour where no style sheet reaches."""


def svg() -> str:
    """The mark as SVG that says nothing to a screen reader: the word beside it is enough."""
    layers = "".join(
        f'<path class="{name}" fill="{colour}" d="{_cells(cell, gap)}"/>' for name, cell, gap, colour in LAYERS
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="mark" viewBox="0 0 16 16" aria-hidden="true">'
        + layers
        + "</svg>"
    )


def _cells(kind: str, gap: float) -> str:
    side = f"{1 - 2 * gap:g}"
    cells = ((x + gap, y + gap) for y, row in enumerate(PATTERN) for x, cell in enumerate(row) if cell == kind)
    return "".join(f"M{x:g} {y:g}h{side}v{side}h-{side}z" for x, y in cells)
