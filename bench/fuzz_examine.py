"""Fuzz every reader of `takeback examine`: structure, marks and findings of bytes that nobody chose.

    python bench/fuzz_examine.py --seconds 3600        # needs `pip install atheris`; without it, mutations by chance
    python bench/fuzz_examine.py --tiny

A reader must never raise and never be slow, whatever the bytes. Prints how many inputs it tried and the slowest; the
first that breaks something is written to `fuzz-found.bin` and ends the run. `--only PNG` fuzzes one format alone.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from origins import LABELLED, PLAIN

from takeback import containers, marks, provenance, seen
from takeback.containers import jpeg_tables

ON = date(2026, 11, 24)
ENDINGS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "mp4": "MP4", "mov": "MOV", "mp3": "MP3",
           "wav": "WAV", "mkv": "WebM or MKV", "flac": "FLAC"}  # fmt: skip
FORMATS = (*dict.fromkeys(ENDINGS.values()), "HEIC", "AVIF", "M4A", "3GP", "AVI", "TIFF")
SLOW = 2.0
"""Seconds that no input of this size may take."""

LARGEST = 64 * 1024


def seeds() -> list[bytes]:
    """Every fixture, with the number of its format before it."""
    files = {**{name: data for name, (data, _) in LABELLED.items()}, **PLAIN}
    return [
        bytes([FORMATS.index(ENDINGS[name.rpartition(".")[2]])]) + data
        for name, data in files.items()
        if len(data) < LARGEST
    ]


def one(data: bytes) -> None:
    """Everything pure that a file goes through."""
    if not data:
        return
    name, file = FORMATS[data[0] % len(FORMATS)], data[1:]
    walk = containers.walk(name, file)
    marked = marks.of(name, file, walk or containers.Walk((), len(file)))
    made = seen.Seen(format=name, marks=marked.marks, end=len(file))
    if walk is not None:
        assert 0 <= walk.end <= len(file)
        assert all(0 <= part.at <= part.end <= len(file) for _, part in walk.all())
        made = seen.Seen(format=name, marks=marked.marks, flaws=walk.flaws, tables=jpeg_tables.read(file, walk).tables)
    provenance.report(seen.read(seen.as_json(made)), provenance.Sums("0" * 64, "0" * 32, len(file)), ON)


class Watch:
    """Counts inputs, keeps the slowest, and stops at the first that breaks something."""

    def __init__(self, seconds: float) -> None:
        self.start, self.seconds, self.count, self.slowest = time.monotonic(), seconds, 0, 0.0

    def __call__(self, data: bytes) -> None:
        began = time.monotonic()
        try:
            one(data)
        except Exception:
            Path("fuzz-found.bin").write_bytes(data)
            raise
        took = time.monotonic() - began
        self.count, self.slowest = self.count + 1, max(self.slowest, took)
        if took > SLOW:
            Path("fuzz-found.bin").write_bytes(data)
            raise TimeoutError(took)

    def over(self) -> bool:
        return time.monotonic() - self.start > self.seconds

    def said(self) -> str:
        minutes = (time.monotonic() - self.start) / 60
        return f"{self.count} inputs in {minutes:.1f} minutes, none broke a reader; slowest {self.slowest:.3f} s"


def changed(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """An input like this one: bytes flipped, cut, doubled, spliced, or a length made a lie."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(1, len(out)) if len(out) > 1 else 0
        match chance.randrange(7):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[at : at + chance.choice((1, 2, 8, 100))]
            case 2:
                out[at:at] = out[at : at + chance.choice((1, 4, 64, 1000))]
            case 3:
                out[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 4:
                other = chance.choice(others)
                out[at:] = other[chance.randrange(len(other)) :]
            case 5:
                del out[at:]
            case 6:
                out[:1] = bytes([chance.randrange(len(FORMATS))])
    return bytes(out[:LARGEST])


def by_chance(watch: Watch, only: bytes, seed: int) -> None:
    """Mutations without a view of what they reach."""
    chance, pool = random.Random(seed), seeds()
    while not watch.over():
        data = changed(chance.choice(pool), pool, chance)
        watch(only + data[1:] if only else data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--only", choices=FORMATS)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    only = bytes([FORMATS.index(options.only)]) if options.only else b""
    watch = Watch(2 if options.tiny else options.seconds)
    print(f"seed {options.seed}", flush=True)
    by_chance(watch, only, options.seed)
    print(watch.said())


if __name__ == "__main__":
    main()
