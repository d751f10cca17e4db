"""Recordings that were changed by chance, through a real warden: each must be heard, or end in one of our reasons.

python bench/fuzz_sound.py --seconds 600 --seed 1
python bench/fuzz_sound.py --tiny
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from sounds import KEPT, kept, tune, wav

from takeback import cage
from takeback.cage import listen


def changed(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a part cut out, doubled or put elsewhere; most often near the beginning."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 2, 4, 16))):
        near = min(
            len(made) - 1, int(chance.expovariate(1 / 60)) if chance.random() < 0.6 else chance.randrange(len(made))
        )
        what, size = chance.randrange(4), chance.choice((1, 2, 4, 64, 1000))
        if what == 0:
            made[near : near + min(size, 4)] = chance.randbytes(min(size, 4))
        elif what == 1:
            del made[near : near + size]
        elif what == 2:
            made[near:near] = made[near : near + size]
        else:
            made[near : near + 4] = chance.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0")
            )
        if not made:
            return b""
    return bytes(made)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--tiny", action="store_true")
    given = asked.parse_args()
    chance = random.Random(given.seed)
    names = ["MP3", "OGG", "M4A"] if given.tiny else list(KEPT)
    whole = {"WAV": wav(tune(1, 2)), **{name: kept(name, tune(1, 2)) for name in names}}
    ends: Counter[str] = Counter()
    slowest, until = 0.0, time.monotonic() + (1 if given.tiny else given.seconds)
    with cage.Cage(listen.LIMITS, listen.COMMAND) as made:
        warden = None
        while time.monotonic() < until:
            name = chance.choice(list(whole))
            data, begun = changed(whole[name], chance), time.monotonic()
            found = listen.listen(data, made)
            slowest = max(slowest, time.monotonic() - begun)
            ends[f"{name}: {found.why or 'heard'}"] += 1
            warden = warden or made._warden  # noqa: SLF001
            assert made._warden is warden, "the warden ended"  # noqa: SLF001
        assert listen.listen(whole["WAV"], made).words, "the warden hears no more"
    print(f"{sum(ends.values())} recordings, slowest {slowest:.1f} s")
    for end, count in sorted(ends.items()):
        print(f"  {end} {count}")


if __name__ == "__main__":
    main()
