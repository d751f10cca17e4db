"""Fuzz every reader of `takeback examine`: structure, marks and findings of bytes that nobody chose.

    python bench/fuzz_examine.py --seconds 600                       # changes by chance, all formats in one run
    python bench/fuzz_examine.py --guided --seconds 60 --rounds 60   # led by coverage, a process a format, in turn
    python bench/fuzz_examine.py --tiny

`--guided` needs atheris (`pip install atheris`, up to Python 3.13) and keeps what it learns in `--corpus`; `--only PNG`
fuzzes one format alone. A reader must never raise and never be slow, whatever the bytes. Prints how many inputs it
tried and how long; the first that breaks something is written to `fuzz-found.bin` (by chance) or into the corpus
(guided) and ends the run of that format.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "tests"), str(Path(__file__).parent.parent)]

GUIDED = "--inside" in sys.argv
if GUIDED:
    import atheris

with atheris.instrument_imports(include=["takeback"]) if GUIDED else nullcontext():
    from takeback import containers, marks, provenance, seen
    from takeback.containers import jpeg_tables
    from takeback.terms import Sums

from origins import LABELLED, PLAIN  # noqa: E402

ON = date(2026, 11, 24)
ENDINGS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "mp4": "MP4", "mov": "MOV", "mp3": "MP3",
           "wav": "WAV", "mkv": "WebM or MKV", "flac": "FLAC", "tif": "TIFF", "bmp": "BMP", "ogg": "OGG", "aac": "AAC",
           "amr": "AMR"}  # fmt: skip
FORMATS = (*dict.fromkeys(ENDINGS.values()), "HEIC", "AVIF", "M4A", "3GP", "AVI")
LIKE = {"HEIC": "MP4", "AVIF": "MP4", "M4A": "MP4", "3GP": "MP4", "AVI": "WAV"}
"""Formats without a fixture of their own, and the one whose parts they share."""

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
    provenance.report(seen.read(seen.as_json(made)), Sums("0" * 64, "0" * 32, len(file)), ON)


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


# ---------------------------------------------------------------- led by coverage


def inside(name: str, seconds: int, corpus: Path) -> None:
    """One format under atheris, in this process, which it ends."""
    folder = corpus / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    own = bytes([FORMATS.index(name)])
    like = bytes([FORMATS.index(LIKE.get(name, name))])
    for number, data in enumerate(seeds()):
        if data[:1] == like:
            (folder / f"seed-{number}").write_bytes(data[1:])
    options = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={int(SLOW) + 1}", "-rss_limit_mb=1500",
               "-print_final_stats=1", f"-artifact_prefix={folder.parent}/found-{folder.name}-"]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda data: one(own + data))
    atheris.Fuzz()


def guided(names: tuple[str, ...], seconds: int, rounds: int, corpus: Path) -> int:
    """Every format in turn, so that all get the same; what breaks one leaves the others going."""
    tried, took, broken = dict.fromkeys(names, 0), dict.fromkeys(names, 0.0), set()
    for _ in range(rounds):
        for name in names:
            began = _busy()
            command = [sys.executable, __file__, "--inside", name, "--seconds", str(seconds), "--corpus", str(corpus)]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
            took[name] += _busy() - began
            counted = re.search(r"number_of_executed_units: (\d+)", done.stderr)
            tried[name] += int(counted[1]) if counted else 0
            if done.returncode:
                broken.add(name)
                print(f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}", flush=True)
        for name in names:
            print(
                f"{name}: {tried[name]} inputs in {took[name] / 60:.1f} minutes of one processor{', broke' * (name in broken)}"
            )
        print(flush=True)
    return 1 if broken else 0


def _busy() -> float:
    """Seconds of processor that the runs so far took: on a busy machine the clock would flatter them."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--only", choices=FORMATS)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"))
    parser.add_argument("--inside", choices=FORMATS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside, int(options.seconds), options.corpus)
    if options.guided:
        names = (options.only,) if options.only else FORMATS
        return guided(names, int(options.seconds), options.rounds, options.corpus)
    only = bytes([FORMATS.index(options.only)]) if options.only else b""
    watch = Watch(2 if options.tiny else options.seconds)
    print(f"seed {options.seed}", flush=True)
    by_chance(watch, only, options.seed)
    print(watch.said())
    return 0


if __name__ == "__main__":
    sys.exit(main())
