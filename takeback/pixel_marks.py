"""Pixel marks: an open watermark in the pixels, and whether a picture was saved more coarsely before. Numbers only.

Pure: pixels come in, counts go out. numpy is needed, and an extra brings it: whoever calls asks `there()` first.

The watermark is the public one that Stable Diffusion's and FLUX's own programs write (`dwtDct` of invisible-watermark):
in the blue-difference plane, halved by averaging, each 4 × 4 block carries one bit in its largest value. It survives in
a file whose pixels are exact and in nothing else, and anybody can write it into any picture.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMES = {
    "Stable Diffusion XL": f"{0xB3EC907BB19E:048b}",
    "FLUX": f"{0x2AFE879CF52E:b}",
    "Stable Diffusion 1": "".join(f"{byte:08b}" for byte in b"StableDiffusionV1"),
}
"""The bits that each program writes. FLUX's begin with a one: its program drops the zeros before it."""

STEP = 36
"""How far apart the levels of a bit stand."""

BLOCK = 4
LEAST = 256
"""No such program marks a picture with a shorter side."""

MOST_BLOCKS = 40_000
"""Blocks that are looked at: every bit of every scheme comes hundreds of times in these."""


@cache
def there() -> bool:
    """Whether numpy is installed."""
    return find_spec("numpy") is not None


def version() -> str:
    """The version of numpy."""
    import numpy as np  # noqa: PLC0415

    return str(np.__version__)


def warm() -> None:
    """Load numpy and use it once, where it is: a locked child can't."""
    if there():
        agreements(bytes(range(256)) * 3 * LEAST, LEAST, LEAST)
        earlier(bytes(64 * 64), 64, 64, (1,) * 64)


def agreements(rgb: bytes, rows: int, cols: int) -> dict[str, int]:
    """For each scheme, how many of its bits the picture carries. Chance alone gives about half."""
    import numpy as np  # noqa: PLC0415

    pixels = np.frombuffer(rgb, np.uint8).reshape(rows, cols, 3)
    high, wide = rows // BLOCK * BLOCK, cols // BLOCK * BLOCK
    across = wide // 2 // BLOCK
    high = min(high, (MOST_BLOCKS // max(1, across) + 1) * 2 * BLOCK)
    bits = _bits(np, pixels[:high, :wide].astype(np.float32))
    return {name: _agree(np, bits, wanted) for name, wanted in SCHEMES.items()}


def _bits(np: Any, pixels: Any) -> Any:
    """The bit of each block, in reading order."""
    luma = np.rint(pixels @ np.array([0.299, 0.587, 0.114], np.float32))
    blue = np.clip(np.rint((pixels[..., 2] - luma) * 0.492 + 128), 0, 255)
    half = (blue[::2, ::2] + blue[1::2, ::2] + blue[::2, 1::2] + blue[1::2, 1::2]) / 2
    down, across = half.shape[0] // BLOCK, half.shape[1] // BLOCK
    blocks = half[: down * BLOCK, : across * BLOCK].reshape(down, BLOCK, across, BLOCK).swapaxes(1, 2).reshape(-1, 16)
    rest = np.abs(blocks[:, 1:])
    largest = rest[np.arange(len(rest)), rest.argmax(axis=1)]
    return largest % STEP > STEP / 2


def _agree(np: Any, bits: Any, wanted: str) -> int:
    """How many bits of a scheme most of the blocks that carry it agree with."""
    size = len(wanted)
    turns = len(bits) // size
    if turns == 0:
        return 0
    means = bits[: turns * size].reshape(turns, size).mean(axis=0)
    return int(((means * 255 > 127) == np.array([bit == "1" for bit in wanted])).sum())


# ---------------------------------------------------------------- saved before, and more coarsely

LOW = (1, 2, 3, 8, 9, 10, 16, 17, 24)
"""The low frequencies of a block, row by row, in which enough values differ from nothing."""

FEWEST = 150
"""Values that a frequency must have before anything is said of it."""

REACH = 40
"""Steps from nothing that are looked at."""

GAPS, LEAKS = 0.3, 0.06
"""A coarser saving must forbid at least the one share of the values, and at most the other may stand there still."""

COARSEST = 60

SPREAD = 0.9
"""How far whole shades, between one saving and the next, move a value off its multiple: three times what is usual."""


def earlier(grey: bytes, rows: int, cols: int, table: Sequence[int]) -> int:
    """Per mille of the frequencies looked at that an earlier, coarser saving left its gaps in; -1 where none can be.

    `grey` is brightness, one byte a pixel, from the corner of a block on; `table` is the one that it was saved with.
    """
    import numpy as np  # noqa: PLC0415

    blocks = _blocks(np, grey, rows, cols)
    looked = [_gaps(np, blocks[:, at], table[at]) for at in LOW]
    known = [one for one in looked if one is not None]
    return sum(known) * 1000 // len(known) if len(known) >= 3 else -1


def _blocks(np: Any, grey: bytes, rows: int, cols: int) -> Any:
    """The frequencies of each 8 × 8 block."""
    high, wide = rows // 8 * 8, cols // 8 * 8
    plane = np.frombuffer(grey, np.uint8).reshape(rows, cols)[:high, :wide].astype(np.float32) - 128
    blocks = plane.reshape(high // 8, 8, wide // 8, 8).swapaxes(1, 2).reshape(-1, 8, 8)
    inside = (blocks.min(axis=(1, 2)) > -128) & (blocks.max(axis=(1, 2)) < 127)  # cut-off shades tell nothing
    turn = np.array([[np.cos((2 * x + 1) * u * np.pi / 16) / 2 for x in range(8)] for u in range(8)], np.float32)
    turn[0] /= np.sqrt(2)
    return (turn @ blocks[inside] @ turn.T).reshape(-1, 64)


def _gaps(np: Any, values: Any, step: int) -> bool | None:
    """Whether the values of one frequency keep to the multiples of a coarser step; None where that can't be said."""
    steps = np.rint(values / step).astype(np.int64)
    steps = np.abs(steps[steps != 0])
    steps = steps[steps <= REACH]
    if len(steps) < FEWEST:
        return None
    counts = np.bincount(steps, minlength=REACH + 1)
    reach = min(REACH, int(np.searchsorted(np.cumsum(counts), 0.98 * len(steps))) + 1)
    if reach < 3:
        return None
    shares = counts[1 : reach + 1] / counts[1 : reach + 1].sum()
    smooth = _smoothed(np, shares)
    for coarse in range(step + 1, COARSEST):
        multiples = range(0, (reach + 2) * step, coarse)
        allowed = {round((one + off) / step) for one in multiples for off in (-SPREAD, 0, SPREAD)}
        forbidden = np.array([k not in allowed for k in range(1, reach + 1)])
        if smooth[forbidden].sum() >= GAPS and shares[forbidden].sum() <= LEAKS:
            return True
    return False


def _smoothed(np: Any, shares: Any) -> Any:
    """The shares as a picture that was saved once would have them: without gaps between neighbours."""
    wide = np.concatenate([shares[:1], shares, shares[-1:] * 0])
    return (wide[:-2] + wide[1:-1] + wide[2:]) / 3
