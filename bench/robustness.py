"""What share of edited copies is caught, by a picture's own hash and by the set of edits.py; what is caught wrongly.

`python bench/robustness.py FOLDER... [--numbers issue|other|unseen] [--half even|odd]` measures on the photos of
photos.py that are installed or unpacked in the folders; the set was chosen on the even ones. `--tiny` does it on two
drawn pictures. Copies are caught within 31 bits; every photo is first shrunk to 512 pixels.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
from abuse import NUMBERS, saved, suite
from photos import installed, photos
from PIL import Image, ImageDraw, ImageFilter

from takeback import media, pixels, signals

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

SIDE = 512
PATCHES = (0.05, 0.1, 0.2)


def as_picture(image: Image.Image) -> pixels.Picture:
    return pixels.Picture(image.tobytes(), image.height, image.width)


def bits(values: list[str]) -> np.ndarray:
    return np.array([np.frombuffer(bytes.fromhex(one), np.uint8) for one in values])


def entry(image: Image.Image) -> tuple[list[str], list[str]]:
    """The names and the values of the set; the first is the picture's own."""
    picture = as_picture(image)
    whole = media.hashed([picture]).signals[0]
    every = [whole, *media.edited(pixels.edited(picture), whole)]
    return [one.edit or "" for one in every], [one.value for one in every]


def plain(image: Image.Image) -> str:
    return media.signals(image.tobytes(), image.height, image.width)[0].value


def within(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.bitwise_count(one[:, None, :] ^ other[None, :, :]).sum(-1) <= signals.THRESHOLD


def patched(image: Image.Image, patch: Image.Image, part: float) -> Image.Image:
    """A soft oval of another photo, a little above the middle, over a share of the picture: as a swapped face is."""
    size = [round(side * part**0.5 * 2 / np.pi**0.5) for side in image.size]
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse((2, 2, size[0] - 3, size[1] - 3), fill=255)
    made = image.copy()
    at = ((image.width - size[0]) // 2, max(0, round(image.height * 0.4) - size[1] // 2))
    made.paste(patch.resize(size), at, mask.filter(ImageFilter.GaussianBlur(3)))
    return made


def caught(images: list[Image.Image], sets: list[np.ndarray], which: str) -> None:
    """Share caught by family; and by size, taking the set's hashes in the order in which they help most."""
    tally: dict[str, list[tuple[float, float]]] = defaultdict(list)
    covers: list[tuple[np.ndarray, int]] = []
    for image, own in zip(images, sets, strict=True):
        names, values = [], []
        for family, _, edit in suite(NUMBERS[which]):
            copies = [plain(copy) for _, copy in saved(edit(image))]
            names += [family] * len(copies)
            values += copies
        near = within(bits(values), own)
        covers.append((near, len(own)))
        for family in dict.fromkeys(names):
            rows = near[[name == family for name in names]]
            tally[family].append((rows[:, 0].mean(), rows.any(1).mean()))
        tally["all copies"].append((near[:, 0].mean(), near.any(1).mean()))
    print(f"share of copies caught, numbers: {which}, {len(images)} photos, {len(near)} copies each")
    for family, shares in tally.items():
        by_plain, by_set = np.mean(shares, axis=0)
        spread = 1.96 * np.std([share for _, share in shares]) / len(shares) ** 0.5
        print(f"  {family:18} plain {by_plain:.1%}   set {by_set:.1%}  (+/- {spread:.1%})")


def by_size(images: list[Image.Image], names: list[list[str]], sets: list[np.ndarray], which: str) -> None:
    """The share caught against the size of the set: hashes are taken by name, the most helpful first."""
    every = list(dict.fromkeys(name for each in names for name in each))
    near = []
    for image, each, own in zip(images, names, sets, strict=True):
        values = [plain(copy) for _, _, edit in suite(NUMBERS[which]) for _, copy in saved(edit(image))]
        found = within(bits(values), own)
        full = np.zeros((len(values), len(every)), bool)
        full[:, [every.index(name) for name in each]] = found
        near.append(full)
    cover = np.array(near)
    done, chosen = cover[:, :, 0].copy(), 1
    print(f"share caught by size, {len(images)} photos: 1: {done.mean():.1%}", end="")
    while chosen < len(every):
        gains = (cover & ~done[:, :, None]).sum((0, 1))
        done |= cover[:, :, int(gains.argmax())]
        chosen += 1
        if chosen in (4, 8, 16, 24, 32, 40, 48, 56, len(every)):
            print(f", {chosen}: {done.mean():.1%}", end="")
    print()


def false_matches(sets: list[np.ndarray]) -> None:
    """Over all pairs of distinct photos, both ways round."""
    pairs, wrong_plain, wrong_set, nearest = 0, 0, 0, 256
    for one, other in combinations(sets, 2):
        for a, b in ((one, other), (other, one)):
            apart = np.bitwise_count(a ^ b[0]).sum(-1)
            wrong_plain += int(apart[0] <= signals.THRESHOLD)
            wrong_set += int((apart <= signals.THRESHOLD).any())
            nearest = min(nearest, int(apart.min()))
            pairs += 1
    print(f"false matches over {pairs} ordered pairs: plain {wrong_plain}, set {wrong_set}; nearest: {nearest} bits")
    print(f"  where none was found: under {3 / pairs:.5%} with 95 % confidence (3 / n), were the pairs independent")


def local_edits(images: list[Image.Image], sets: list[np.ndarray]) -> None:
    """How often the entry of a picture with a patch in it also catches the picture without, and strangers."""
    for part in PATCHES:
        own, by_set, strangers = [], [], 0
        for index, image in enumerate(images):
            fake = patched(image, images[(index + 7) % len(images)], part)
            near = np.bitwise_count(bits(entry(fake)[1])[:, None, :] ^ np.array([each[0] for each in sets])).sum(-1)
            hit = (near <= signals.THRESHOLD).any(0)
            own.append(near[0, index] <= signals.THRESHOLD)
            by_set.append(hit[index])
            strangers += int(hit.sum()) - int(hit[index])
        print(
            f"a patch over {part:.0%}: it catches the original: plain {np.mean(own):.1%}, set {np.mean(by_set):.1%}",
            end="",
        )
        print(f"; other photos, the patch's own among them: {strangers} of {len(images) * (len(images) - 1)}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--numbers", choices=NUMBERS, default="issue")
    parser.add_argument("--half", choices=("even", "odd"))
    parser.add_argument("--sizes", action="store_true", help="also the share caught against the size of the set")
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    chosen = parser.parse_args()
    if chosen.tiny:
        from hostile import photo

        images = [photo(96, 128, seed) for seed in (1, 2)]
    else:
        images = [image for _, image in photos([*chosen.folders, *installed()], SIDE)]
    print(f"{len(images)} distinct photos")
    if chosen.half:
        images = images[chosen.half == "odd" :: 2]
    named = [entry(image) for image in images]
    names, sets = [name for name, _ in named], [bits(values) for _, values in named]
    sizes = [len(each) for each in sets]
    print(f"hashes a picture: {min(sizes)} to {max(sizes)}, on average {np.mean(sizes):.1f}")
    false_matches(sets)
    local_edits(images, sets)
    caught(images, sets, chosen.numbers)
    if chosen.sizes or chosen.tiny:
        by_size(images, names, sets, chosen.numbers)


if __name__ == "__main__":
    main()
