"""What the cage costs: one JPEG in this process and through a warm cage, and how long a cold cage takes.

Run: .venv/bin/python bench/cage.py [--tiny]
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import OTHERS, photo, saved

from takeback import media, pixels
from takeback.cage import Cage


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def here(data: bytes) -> object:
    return hashlib.sha256(data), hashlib.md5(data), media.hashed(pixels.pictures(data))


def compare(cage: Cage, data: bytes) -> tuple[float, float]:
    return milliseconds(lambda: here(data)), milliseconds(lambda: cage.look(BytesIO(data)))


def main() -> None:
    tiny = "--tiny" in sys.argv
    sizes = ((500, 500),) if tiny else ((500, 500), (1154, 866), (4000, 3000))
    pixels.warm()
    with Cage() as cage:
        print(f"cold cage, to its first answer: {milliseconds(lambda: cage.look(OTHERS['MP4'])):.0f} ms")
        for cols, rows in sizes:
            data = saved(photo().resize((cols, rows)), "JPEG", quality=90)
            near, far = (
                median(column) for column in zip(*(compare(cage, data) for _ in range(3 if tiny else 25)), strict=True)
            )
            print(f"{cols} x {rows}: {near:.1f} ms here, {far:.1f} ms in the cage, {far - near:+.1f} ms")


if __name__ == "__main__":
    main()
