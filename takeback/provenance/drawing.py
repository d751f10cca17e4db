"""The drawing of two pictures side by side: their frames, the parts that stand in both, and lines between. No pixels.

    svg(compared["shapes"], compared["patches"])

Pure; what it is given are the places of `Compared.data`, in thousandths. A colour never tells anything alone: a part in
one picture leads by lines to the same part in the other. Nothing of the pictures themselves is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Place = Sequence[int]
    Box = tuple[float, float, float, float]

WIDE, GAP, EDGE, TOP = 460.0, 40.0, 20.0, 40.0
HIGHEST = 700.0
ACROSS = 2 * (EDGE + WIDE) + GAP
STYLE = (
    ".paper{fill:#fbf8f3}.frame{fill:#fff;stroke:#17313b;stroke-width:2}.part{fill:#0f6b66;fill-opacity:.18;"
    "stroke:#0f6b66;stroke-width:2}.line{stroke:#b4540a;stroke-width:1}text{font:18px sans-serif;fill:#17313b}"
)
WORDS = "The same part of a picture in two files: its outline in each, and lines between places that lie alike"
BOTH = "This file and your own picture side by side"
HEADS = ("this file", "your picture")


def svg(shapes: Sequence[Place], patches: Sequence[Mapping[str, Any]]) -> str:
    """The drawing as a file of its own."""
    boxes = framed(shapes)
    heads = "".join(f'<text x="{box[0]:.0f}" y="28">{head}</text>' for box, head in zip(boxes, HEADS, strict=True))
    frames = "".join(
        f'<rect class="frame" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"/>' for x, y, w, h in boxes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ACROSS:.0f} {below(boxes):.0f}" role="img">'
        f'<title>{WORDS}</title><style>{STYLE}</style><rect class="paper" width="100%" height="100%"/>{heads}{frames}'
        f"{''.join(marks(boxes, patches))}</svg>\n"
    )


def framed(shapes: Sequence[Place]) -> tuple[Box, Box]:
    """Where each picture's frame stands: across, down, width, height."""
    sizes = []
    for wide, high in shapes:
        share = min(WIDE / wide, HIGHEST / high)
        sizes.append((wide * share, high * share))
    (first, second) = sizes
    return (EDGE, TOP, *first), (EDGE + WIDE + GAP, TOP, *second)


def below(boxes: tuple[Box, Box]) -> float:
    """How high the drawing is."""
    return TOP + max(box[3] for box in boxes) + EDGE


def marks(boxes: tuple[Box, Box], patches: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each part's outline in both frames, and the lines between them."""
    for patch in patches:
        for box, outline in zip(boxes, (patch["first"], patch["second"]), strict=True):
            yield f'<polygon class="part" points="{" ".join(",".join(_place(box, one)) for one in outline)}"/>'
        for ends in patch["lines"]:
            (ax, ay), (bx, by) = (_place(box, one) for box, one in zip(boxes, ends, strict=True))
            yield f'<line class="line" x1="{ax}" y1="{ay}" x2="{bx}" y2="{by}"/>'


def _place(box: Box, at: Place) -> tuple[str, str]:
    across, down, wide, high = box
    return f"{across + wide * at[0] / 1000:.1f}", f"{down + high * at[1] / 1000:.1f}"
