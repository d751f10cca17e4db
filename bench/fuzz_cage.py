"""Fuzz the cage: pictures of every format with bytes changed, cut, doubled and swapped, through a real warden.

    python bench/fuzz_cage.py --seconds 3600 [--seed N] [--keep FOLDER]

A file must end as a picture or as one of our reasons, in its time; the cage must go on and leave nothing behind. A
child that crashed or ran out of time or memory is "stopped": its file is kept, for it shows a flaw in a decoder, and
that the cage holds. `--tiny` tries a few. Nothing here knows coverage: the decoders are built by others.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import PICTURES, TRAPS

from takeback import cage, formats
from takeback.errors import BadFile

LARGEST = 400_000


def mutated(data: bytes, chance: random.Random, other: bytes) -> bytes:
    """One file made from another, in one to eight steps."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if not made:
            break
        at = chance.randrange(min(len(made), chance.choice((64, 512, len(made)))))
        match chance.randrange(7):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                made[at] ^= 1 << chance.randrange(8)
            case 2:
                made[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 3:
                del made[at : at + chance.randint(1, 64)]
            case 4:
                made[at:at] = made[at : at + chance.randint(1, 256)]
            case 5:
                made[at:at] = other[chance.randrange(len(other)) :][: chance.randint(1, 512)]
            case _:
                made = made[: max(1, at)] if chance.random() < 0.2 else made
    return bytes(made)


def main() -> None:
    """Fuzz for a while, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where to put the files that stopped a child")
    parser.add_argument("--tiny", action="store_true", help="a few only, to see that it runs")
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    seeds = [data for data, _ in PICTURES.values()] + [data for data, _ in TRAPS.values() if data]
    seeds = [data for data in seeds if len(data) < LARGEST]
    ended: Counter[str] = Counter()
    begun, slowest = time.monotonic(), 0.0
    with cage.Cage(cage.Limits(cpu=5, wall=8)) as made:
        while sum(ended.values()) < 12 if chosen.tiny else time.monotonic() - begun < chosen.seconds:
            data = mutated(chance.choice(seeds), chance, chance.choice(seeds))
            start = time.monotonic()
            try:
                looked = made.look(data, edits=chance.random() < 0.05)
                ended[f"a picture: {looked.format}" if looked.rows else "no picture"] += 1
            except formats.Unreadable as why:
                ended[why.why] += 1
                if why.why == "stopped" and chosen.keep:
                    chosen.keep.mkdir(exist_ok=True)
                    (chosen.keep / f"{chosen.seed}-{sum(ended.values())}.bin").write_bytes(data)
            except BadFile:
                ended["refused"] += 1
            slowest = max(slowest, time.monotonic() - start)
    print(f"{sum(ended.values())} files, seed {chosen.seed}, {time.monotonic() - begun:.0f} s; {slowest:.2f} s at most")
    for how, count in ended.most_common():
        print(f"  {how}: {count}")


if __name__ == "__main__":
    main()
