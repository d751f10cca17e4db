"""Features: parts of one picture that stand in another, found by what is alike in both and lies alike. Numbers only.

Pixels come in, places go out. OpenCV finds the features (SIFT), and an extra brings it: whoever calls asks `there()`
first. A part counts from AGREE places on that lie alike in both pictures; docs/examine.md says how often that is wrong
and which sizes of parts are found. A logo, a caption or a frame that both carry is such a part too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from takeback.patches import MOST_CORNERS, MOST_LINES, MOST_PATCHES, THOUSAND, Patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.patches import Point

SIDE = 1000
"""Pixels of the longer side in which features are sought: larger pictures are made smaller first."""

MOST = 1500
"""Features of a picture that are compared, the strongest first."""

NEARER = 0.8
"""A feature's best likeness must be so much nearer than its second best."""

SLACK = 4.0
"""Pixels that a place may lie off where the geometry puts it."""

AGREE = 10
"""Places that must lie alike. Between different photos at most 7 did (docs/examine.md)."""

LARGEST, LEAST = 10.0, 0.1
"""How much larger or smaller a part may be than where it was taken from."""

SQUEEZED = 1.6
"""How much more a part may be stretched one way than the other."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a picture: where they lie, what they look like, and its size in pixels."""

    places: Any
    looks: Any
    rows: int
    cols: int


@cache
def there() -> bool:
    """Whether OpenCV is installed."""
    return find_spec("cv2") is not None


def version() -> str:
    """The library's version; empty where it is not installed."""
    if not there():
        return ""
    import cv2  # noqa: PLC0415

    return str(cv2.__version__)


def warm() -> None:
    """Load the library and use it once, in one thread, where it is: a locked child can't."""
    if there():
        import cv2  # noqa: PLC0415

        cv2.setNumThreads(1)
        blocks = bytes(hashlib.sha256(bytes([n])).digest()[0] for n in range(256))
        rows = [b"".join(bytes([shade] * 48) for shade in blocks[at : at + 16]) * 16 for at in range(0, 256, 16)]
        drawn = of(b"".join(rows), 256, 256)
        common(drawn, drawn)


def of(rgb: bytes, rows: int, cols: int, *, mirrored: bool = False) -> Features:
    """The features of a picture, 8 bits a colour; `mirrored` as it would be in a mirror."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    grey = cv2.cvtColor(np.frombuffer(rgb, np.uint8).reshape(rows, cols, 3), cv2.COLOR_RGB2GRAY)
    if max(rows, cols) > SIDE:
        share = SIDE / max(rows, cols)
        size = (max(1, round(cols * share)), max(1, round(rows * share)))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    if mirrored:
        grey = cv2.flip(grey, 1)
    keys, looks = cv2.SIFT.create(nfeatures=MOST).detectAndCompute(grey, None)
    if looks is None:
        looks = np.zeros((0, 128), np.float32)
    looks = np.sqrt(looks[:MOST] / np.maximum(looks[:MOST].sum(axis=1, keepdims=True), 1e-9))
    places = np.array([key.pt for key in keys[:MOST]], np.float32).reshape(-1, 2)
    return Features(places, looks.astype(np.float32), *grey.shape)


def common(first: Features, second: Features, *, mirrored: bool = False, agree: int = AGREE) -> tuple[Patch, ...]:
    """The parts that stand in both, the surest first. `mirrored` says that the second was taken from a mirror."""
    return tuple(_found(first, second, mirrored=mirrored, agree=agree))


def _found(first: Features, second: Features, *, mirrored: bool, agree: int) -> Iterator[Patch]:
    import numpy as np  # noqa: PLC0415

    pairs = _pairs(first, second)
    for _ in range(MOST_PATCHES):
        fits = _geometry(first.places[pairs[:, 0]], second.places[pairs[:, 1]]) if len(pairs) >= agree else None
        if fits is None:
            return
        here, away = first.places[pairs[fits, 0]], second.places[pairs[fits, 1]]
        alike = min(_distinct(np, here), _distinct(np, away))
        if alike < agree:
            return
        yield _patch(here, away, (first, second), alike, mirrored=mirrored)
        pairs = pairs[~fits]


def _pairs(first: Features, second: Features) -> Any:
    """Which feature of one is most like which of the other, where both agree on that and nothing else comes near."""
    import numpy as np  # noqa: PLC0415

    if min(len(first.places), len(second.places)) < 2:
        return np.zeros((0, 2), int)
    alike = first.looks @ second.looks.T  # both are of length one: the larger, the nearer
    rows = np.arange(len(alike))
    best = alike.argmax(axis=1)
    mutual = alike.argmax(axis=0)[best] == rows
    near = 2 - 2 * alike[rows, best]
    alike[rows, best] = -1
    next_near = 2 - 2 * alike.max(axis=1)
    kept = mutual & (near < NEARER**2 * next_near)
    return np.stack([rows[kept], best[kept]], axis=1)


def _geometry(here: Any, away: Any) -> Any | None:
    """Which of the pairs one shift, turn, scale and stretch explains; None where it is none that a picture takes."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    cv2.setRNGSeed(1)
    moved, fits = cv2.estimateAffine2D(
        here, away, method=cv2.RANSAC, ransacReprojThreshold=SLACK, maxIters=2000, confidence=0.995
    )
    if moved is None or not np.isfinite(moved).all():
        return None
    scales = np.linalg.svd(moved[:, :2], compute_uv=False)
    turned_over = np.linalg.det(moved[:, :2]) <= 0
    if turned_over or not LEAST <= scales[1] <= scales[0] <= LARGEST or scales[0] > SQUEEZED * scales[1]:
        return None
    return fits.ravel().astype(bool)


def _distinct(np: Any, places: Any) -> int:
    """How many places there are, when those within three pixels count once."""
    return len(np.unique(np.rint(places / 3), axis=0))


def _patch(here: Any, away: Any, sizes: tuple[Features, Features], alike: int, *, mirrored: bool) -> Patch:
    import cv2  # noqa: PLC0415

    outlines = [
        _thousandths(cv2.convexHull(places).reshape(-1, 2), of)[:MOST_CORNERS]
        for places, of in zip((here, away), sizes, strict=True)
    ]
    step = max(1, len(here) // MOST_LINES)
    ends = [_thousandths(places[::step][:MOST_LINES], of) for places, of in zip((here, away), sizes, strict=True)]
    if mirrored:
        outlines[1], ends[1] = _turned(outlines[1]), _turned(ends[1])
    return Patch(alike, mirrored, outlines[0], outlines[1], tuple(zip(*ends, strict=True)))


def _thousandths(places: Any, of: Features) -> tuple[Point, ...]:
    def share(value: float, size: int) -> int:
        return min(THOUSAND, max(0, round(float(value) * THOUSAND / max(1, size))))

    return tuple((share(x, of.cols), share(y, of.rows)) for x, y in places)


def _turned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((THOUSAND - x, y) for x, y in points)
