"""JPEG bytes to PDQ in process: beside Pillow and `pdqhash` in the same run, turn by turn; the bits must be the same.

`python bench/jpeg.py` prints medians of the process's own time; `--tiny` does the same in a moment.
"""

from __future__ import annotations

import argparse
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pdqhash
from pdq import machine, medians
from PIL import Image

from takeback import media, pixels

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import photo, saved

SIZES = {"1 MP": (1154, 866, 15), "12 MP": (4000, 3000, 7)}
TINY = {"tiny": (160, 120, 3)}


def theirs(data: bytes) -> str:
    bits, _ = pdqhash.compute(np.asarray(Image.open(BytesIO(data)).convert("RGB")))
    return np.packbits(bits).tobytes().hex()


def ours(data: bytes) -> str:
    return media.hashed([pixels.picture(data)]).signals[0].value


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    sizes = TINY if parser.parse_args().tiny else SIZES
    pixels.warm()
    print(machine())
    for name, (cols, rows, rounds) in sizes.items():
        data = saved(photo().resize((cols, rows)), "JPEG", quality=85)
        assert ours(data) == theirs(data)
        times = medians({"theirs": lambda data=data: theirs(data), "ours": lambda data=data: ours(data)}, rounds)  # type: ignore[misc]
        ratio = times["theirs"] / times["ours"]
        print(f"{name}: Pillow and pdqhash {times['theirs']:.1f} ms, ours {times['ours']:.1f} ms, {ratio:.1f} x")


if __name__ == "__main__":
    main()
