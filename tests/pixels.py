"""Pixels by rule, and the vectors that are made of them: tests/vectors/README says what a vector holds.

tests/vectors/run.c and run.mjs make the same pixels: three runners, one set of vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTORS = Path(__file__).parent / "vectors"
EXPECTS = {"hash", "low-quality", "too-small", "too-large", "wrong-length", "wrong-channels"}
KEYS = {"kind", "expect", "comment", "rows", "cols", "channels", "pixels", "length", "hash", "quality"}
Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


def noise(seed: int, count: int) -> np.ndarray:
    """`count` numbers below 2**24: x = x * 1664525 + 1013904223, the high 24 of its 32 bits."""
    steps = np.arange(1, count + 1, dtype=np.uint64)
    powers = np.cumprod(np.full(count, 1664525, np.uint32), dtype=np.uint32)
    sums = np.concatenate([[1], 1 + np.cumsum(powers[:-1], dtype=np.uint32)]).astype(np.uint32) if count else powers
    assert len(steps) == count
    return (powers * np.uint32(seed) + sums * np.uint32(1013904223)) >> np.uint32(8)


def make(rule: str, rows: int, cols: int, channels: int) -> Pixels:
    """The picture that a rule draws, (rows, cols, channels)."""
    name, *numbers = rule.split()
    shape = (rows, cols, channels)
    if name == "none":
        return np.zeros((0, 0, channels), np.uint8)
    if name == "flat":
        return np.full(shape, int(numbers[0]), np.uint8)
    if name == "cycle":
        return (np.arange(rows * cols * channels) % 251).astype(np.uint8).reshape(shape)
    if name == "noise":
        return (noise(int(numbers[0]), rows * cols * channels) >> 16).astype(np.uint8).reshape(shape)
    if name == "gradient":
        low, high = (int(n) for n in numbers)
        down, along = np.arange(rows)[:, None, None], np.arange(cols)[None, :, None]
        part = (high - low) * (down * cols + along * rows) // (2 * rows * cols)
        return np.broadcast_to(low + part, shape).astype(np.uint8)
    if name == "blobs":
        return blobs(int(numbers[0]), rows, cols, channels)
    raise ValueError(f"no rule is called {name!r}")


def blobs(seed: int, rows: int, cols: int, channels: int) -> Pixels:
    """Twelve round lights on a dark ground; each leaves one channel in the dark, if there are several."""
    light = np.full((rows, cols, channels), 20, np.int64)
    down, along = np.mgrid[:rows, :cols]
    for k, (x, y, size, height) in enumerate(noise(seed, 48).reshape(12, 4).tolist()):
        radius = 1 + size % (1 + max(rows, cols) // 2)
        away = (along - x % cols) ** 2 + (down - y % rows) ** 2
        lit = np.maximum(radius**2 - away, 0) * (height % 256) // radius**2
        for channel in range(channels):
            if channels == 1 or channel != k % channels:
                light[:, :, channel] += lit
    return np.minimum(light, 255).astype(np.uint8)


@dataclass(frozen=True)
class Vector:
    """One vector: a picture by rule and what a reader must answer."""

    name: str
    expect: str
    rows: int
    cols: int
    channels: int
    rule: str
    length: int | None = None
    hash: str = ""
    quality: int = -1

    @property
    def pixels(self) -> Pixels:
        """The picture, (rows, cols, channels)."""
        return make(self.rule, self.rows, self.cols, self.channels)

    @property
    def data(self) -> bytes:
        """The bytes that are handed over: fewer or more than the picture's where the vector says so."""
        whole = self.pixels.tobytes()
        return whole if self.length is None else whole.ljust(self.length, b"\0")[: self.length]


def read_vector(path: Path) -> Vector:
    """A vector; what this reader does not know is an error, never skipped."""
    lines = [line.split(": ", 1) for line in path.read_text().splitlines()]
    values = dict(lines)
    if len(values) != len(lines) or not values.keys() <= KEYS:
        raise ValueError(f"{path.name}: an unknown or repeated key")
    if values["kind"] != "pdq" or values["expect"] not in EXPECTS:
        raise ValueError(f"{path.name}: an unknown kind or expect")
    return Vector(
        name=path.stem,
        expect=values["expect"],
        rows=int(values["rows"]),
        cols=int(values["cols"]),
        channels=int(values["channels"]),
        rule=values["pixels"],
        length=int(values["length"]) if "length" in values else None,
        hash=values.get("hash", ""),
        quality=int(values.get("quality", -1)),
    )


def all_vectors() -> list[Vector]:
    """Every vector of tests/vectors, by name."""
    return [read_vector(path) for path in sorted(VECTORS.glob("*.vector"))]


SIDES = (5, 6, 7, 33, 63, 64, 65, 127, 128, 129, 191, 192, 255, 256, 257, 385)
"""Both sides of every edge of the window, down to the smallest."""

LARGE = ((512, 512), (640, 1001), (1281, 1279), (5, 5000), (3000, 7), (1537, 1153))


@cache
def pictures() -> tuple[tuple[str, Pixels], ...]:
    """A few hundred pictures by rule, grey and RGB, of every awkward size, each with a name."""
    return tuple(_pictures())


def _pictures() -> Iterator[tuple[str, Pixels]]:
    rules = (
        "noise {seed}",
        "blobs {seed}",
        "gradient 0 255",
        "cycle",
        "flat {grey}",
        "gradient 90 130",
        "noise {seed}",
    )
    sizes = [*((rows, cols) for rows in SIDES for cols in SIDES), *LARGE]
    for seed, (rows, cols) in enumerate(sizes):
        rule = rules[seed % len(rules)].format(seed=seed, grey=seed % 256)
        channels = 1 if seed % 4 == 0 else 3
        yield f"{rows}x{cols}x{channels} {rule}", make(rule, rows, cols, channels)


def on_white(rgba: Pixels) -> Pixels:
    """What RGBA looks like on white paper, as kernel/takeback.h says it."""
    colour, alpha = rgba[:, :, :3].astype(np.int64), rgba[:, :, 3:].astype(np.int64)
    return np.floor((colour * alpha + 255 * (255 - alpha)) / 255 + 0.5).astype(np.uint8)
