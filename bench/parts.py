"""Measure how `takeback examine --original` finds a part of a picture in another: how often wrongly, and from what size.

    python bench/parts.py FOLDER... --pairs        # every pair of distinct photos, also mirrored: what agrees by chance
    python bench/parts.py FOLDER... --sizes        # parts of known size, alone or pasted into another photo
    python bench/parts.py --tiny

Needs `takeback[examine]`. The photos are those of photos.py that are installed or unpacked in the folders.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hostile import scene
from photos import installed, photos
from PIL import Image, ImageOps

from takeback import features

SIDE = 800
PARTS = (50, 25, 12, 6, 3)
"""The part that is taken, in hundredths of the original's area."""

SPACES = (40, 20, 10, 5, 2)
"""The space that it takes in the other picture, in hundredths of that one's area."""


def looked(image: Image.Image, *, mirrored: bool = False) -> features.Features:
    return features.of(image.tobytes(), image.height, image.width, mirrored=mirrored)


def found(made: Image.Image, own: tuple[features.Features, features.Features], agree: int = features.AGREE) -> int:
    """The most places that agree, as it is or mirrored; 0 where too few do."""
    here = looked(made)
    both = (*features.common(here, own[0], agree=agree), *features.common(here, own[1], mirrored=True, agree=agree))
    return max((one.agree for one in both), default=0)


# ---------------------------------------------------------------- what agrees by chance


def pairs(known: list[tuple[str, Image.Image]]) -> None:
    """Every pair of photos, as they are and mirrored: the most places that agree, and how often."""
    own = [looked(image) for _, image in known]
    turned = [looked(image, mirrored=True) for _, image in known]
    best: list[tuple[int, str, str]] = []
    for one, other in combinations(range(len(known)), 2):
        both = [
            *features.common(own[one], own[other], agree=6),
            *features.common(own[one], turned[other], mirrored=True, agree=6),
        ]
        best.append((max((each.agree for each in both), default=0), known[one][0], known[other][0]))
    counts = Counter(agree for agree, _, _ in best)
    wrong = [one for one in best if one[0] >= features.AGREE]
    print(f"{len(known)} photos, {len(best)} pairs: places that agree and in how many pairs: {sorted(counts.items())}")
    print(
        f"{len(wrong)} pairs reach {features.AGREE}; were they none, 95 % sure: fewer than {3 / len(best):.1e} of pairs"
    )
    for agree, one, other in sorted(best, reverse=True)[:8]:
        print(f"  {agree} places: {Path(one).name} and {Path(other).name}")


# ---------------------------------------------------------------- parts of known size


def part(image: Image.Image, hundredths: int, chance: random.Random) -> Image.Image:
    share = (hundredths / 100) ** 0.5
    wide, high = (max(16, round(side * share)) for side in image.size)
    left, top = chance.randint(0, image.width - wide), chance.randint(0, image.height - high)
    return image.crop((left, top, left + wide, top + high))


def pasted(piece: Image.Image, host: Image.Image, hundredths: int, chance: random.Random) -> Image.Image:
    """A piece in another photo, as large as it is to be."""
    scale = (host.width * host.height * hundredths / 100 / (piece.width * piece.height)) ** 0.5
    size = tuple(max(16, min(side, round(own * scale))) for own, side in zip(piece.size, host.size, strict=True))
    made = host.copy()
    at = (chance.randint(0, host.width - size[0]), chance.randint(0, host.height - size[1]))
    made.paste(piece.resize((size[0], size[1]), Image.Resampling.LANCZOS), at)
    return made


def saved(image: Image.Image, quality: int = 75) -> Image.Image:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    with Image.open(out) as opened:
        return opened.convert("RGB")


def ways(image: Image.Image, host: Image.Image, chance: random.Random) -> Iterator[tuple[str, Image.Image]]:
    """What may have been made of a photo, each with its name."""
    for size in PARTS:
        yield f"{size:>2} % of it alone", saved(part(image, size, chance))
    for size in (50, 12, 6):
        for space in SPACES:
            yield (
                f"{size:>2} % of it, pasted into {space:>2} % of another",
                saved(pasted(part(image, size, chance), host, space, chance)),
            )
    piece = part(image, 25, chance)
    yield "25 % of it, mirrored, in 20 %", saved(pasted(ImageOps.mirror(piece), host, 20, chance))
    yield "25 % of it, in grey, in 20 %", saved(pasted(piece.convert("L").convert("RGB"), host, 20, chance))
    yield (
        "25 % of it, turned by 15°, in 20 %",
        saved(pasted(piece.rotate(15, Image.Resampling.BICUBIC, expand=True), host, 20, chance)),
    )
    half = pasted(piece, host, 20, chance)
    yield (
        "25 % of it, in 20 %, all at half the size, quality 50",
        saved(half.resize((half.width // 2, half.height // 2), Image.Resampling.LANCZOS), 50),
    )
    wide = piece.resize((round(piece.width * 1.25), piece.height))
    yield "25 % of it, a quarter wider, in 20 %", saved(pasted(wide, host, 20, chance))


def sizes(known: list[tuple[str, Image.Image]], seed: int) -> None:
    """The share of photos of which each part is found."""
    chance, hits, tried = random.Random(seed), Counter[str](), Counter[str]()
    for number, (_, image) in enumerate(known):
        own = (looked(image), looked(image, mirrored=True))
        for way, made in ways(image, known[number - 1][1], chance):
            tried[way] += 1
            hits[way] += found(made, own) >= features.AGREE
    print(f"| made of a photo | found, of {len(known)} |\n|---|---|")
    for way in tried:
        print(f"| {way} | {hits[way]} ({100 * hits[way] / tried[way]:.0f} %) |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--most", type=int, default=1000, help="photos")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    features.warm()
    if options.tiny:
        known = [(f"drawn {seed}", scene(seed)) for seed in range(2)]
    else:
        known = list(photos([*options.folders, *installed()], SIDE))
        random.Random(options.seed).shuffle(known)
        known = known[: options.most]
    if options.pairs or options.tiny:
        pairs(known)
    if options.sizes or options.tiny:
        sizes(known[: 1 if options.tiny else None], options.seed)


if __name__ == "__main__":
    main()
