"""Measure `takeback examine`: false alarms over ordinary files, and time. What peers find is in peers.py.

    python bench/examine.py FOLDER... --files 1100 --seeds 8 11    # needs takeback[examine]; photos as in photos.py
    python bench/examine.py --time                # a picture of 12 megapixels
    python bench/examine.py --tiny

An ordinary file says nothing of AI, contradicts nothing and is signed by nobody: any loud finding is a false alarm, and
ends the run with its name. Photos are the real ones that packages carry (photos.py), and a few drawn ones.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import origins
import photos as distinct
from hostile import photo
from PIL import Image

from takeback import provenance
from takeback.cage import examine

ROOT = Path(__file__).parent.parent
ON = date(2026, 11, 24)
CAMERAS = (
    ("Canon", "Canon EOS R6"),
    ("Apple", "iPhone 15"),
    ("samsung", "SM-S921B"),
    ("Google", "Pixel 8"),
    ("SONY", "ILCE-7M4"),
)
SAVES: tuple[tuple[str, dict[str, object]], ...] = (
    ("JPEG", {"quality": 95}), ("JPEG", {"quality": 90, "progressive": True}), ("JPEG", {"quality": 80, "subsampling": 0}),
    ("JPEG", {"quality": 75}), ("JPEG", {"quality": 60}), ("JPEG", {"quality": 40, "optimize": True}), ("PNG", {}),
    ("WEBP", {"quality": 80}), ("WEBP", {"lossless": True}), ("GIF", {}), ("TIFF", {}), ("BMP", {}),
)  # fmt: skip


def report(data: bytes) -> provenance.Report:
    looked = examine.examine(data)
    return provenance.report(looked.seen, looked.sums, ON)


# ---------------------------------------------------------------- ordinary files


def photos(folders: list[Path]) -> list[Image.Image]:
    """The distinct photos that packages carry, installed or unpacked in the folders, and drawn ones."""
    found = [image for _, image in distinct.photos([*folders, *distinct.installed()], 1600)]
    return [one for one in found if min(one.size) >= 200] + [photo(480, 640, seed) for seed in range(12)]


def screens() -> list[Image.Image]:
    """Pictures of screens: those of the docs."""
    return [Image.open(one).convert("RGB") for one in sorted((ROOT / "docs" / "screens").glob("*.png"))]


def ordinary(chance: random.Random, known: list[Image.Image], shots: list[Image.Image]) -> tuple[str, bytes]:
    """One ordinary file: a photo, a crop or a smaller copy, a screenshot, a forwarded copy, a recording, a clip."""
    kind = chance.choice(("photo", "photo", "crop", "crop", "camera", "camera", "screen", "forwarded", "sound", "clip"))
    if kind == "sound":
        return chance.choice((
            ("recording.wav", origins.wav((b"ISFT", "Lavf60.16.100"), (b"ICRD", "2026-03-02"))),
            ("song.mp3", origins.mp3((b"TIT2", b"\0Morning"), (b"TSSE", b"\0Lavf60.16.100"), (b"COMM", b"\0eng\0for you"))),
            ("song.flac", origins.flac("TITLE=Morning", "ENCODER=Lavf60.16.100")),
        ))  # fmt: skip
    if kind == "clip":
        return chance.choice((
            ("clip.mp4", origins.mp4(in_moov=origins.itunes(b"\xa9too", "Lavf60.16.100"))),
            ("clip.mov", origins.mp4(in_moov=origins.quicktime("com.apple.quicktime.make", "Apple"), brand=b"qt  ")),
            ("clip.mkv", origins.mkv("Lavf60.16.100", ("ENCODER", "Lavf60.16.100"))),
        ))  # fmt: skip
    image = chance.choice(shots if kind == "screen" and shots else known)
    if kind in ("crop", "screen", "camera"):
        wide, high = (chance.randint(min(200, side), side) for side in image.size)
        left, top = chance.randint(0, image.width - wide), chance.randint(0, image.height - high)
        image = image.crop((left, top, left + wide, top + high))
    if chance.random() < 0.4:
        share = chance.uniform(0.5, 0.95)
        image = image.resize((max(64, int(image.width * share)), max(64, int(image.height * share))))
    if kind == "camera":
        return "camera.jpg", camera(chance, image)
    if kind == "forwarded":
        image = again(again(image, chance.randint(60, 95)), chance.randint(60, 95))
    form, options = chance.choice(SAVES)
    return f"{kind}.{form.lower()}", saved(image, form, **options)


def camera(chance: random.Random, image: Image.Image) -> bytes:
    """A camera's own file: its maker, its day, its small picture (padded to 4:3, as cameras do)."""
    make, model = chance.choice(CAMERAS)
    day = f"{chance.randint(2008, 2026)}:{chance.randint(1, 9):02}:{chance.randint(1, 28):02} 10:20:30"
    small = image.copy()
    small.thumbnail((160, 120))
    padded = Image.new("RGB", (160, 120))
    padded.paste(small, ((160 - small.width) // 2, (120 - small.height) // 2))
    block = origins.exif(
        {0x010F: make, 0x0110: model, 0x0131: chance.choice(("17.4", "Ver.1.0", "Adobe Photoshop 25.1", "GIMP 2.10")), 0x0132: day},
        {0x9003: day}, {0x1D: day[:10].encode() + b"\0"} if chance.random() < 0.5 else None,
        thumbnail=saved(padded, "JPEG", quality=chance.choice((60, 75, 85))),
    )  # fmt: skip
    return origins.jpeg((0xE1, b"Exif\0\0" + block), image=image, quality=chance.choice((85, 92, 97)))


def again(image: Image.Image, quality: int) -> Image.Image:
    with Image.open(BytesIO(saved(image, "JPEG", quality=quality))) as opened:
        return opened.convert("RGB")


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def alarms(count: int, seed: int, folders: list[Path]) -> None:
    """Look at ordinary files; end at the first false alarm."""
    chance, known, shots = random.Random(seed), photos(folders), screens()
    kinds: Counter[str] = Counter()
    quiet: Counter[str] = Counter()
    thumbnails, agreements = [], []
    once = twice = 0
    for _ in range(count):
        name, data = ordinary(chance, known, shots)
        looked = examine.examine(data)
        made = provenance.report(looked.seen, looked.sums, ON)
        kinds[name.partition(".")[0]] += 1
        quiet.update(one.id for one in made.findings)
        thumbnails += [looked.seen.thumbnail] if looked.seen.thumbnail >= 0 else []
        agreements += [one.agree for one in looked.seen.watermarks if one.scheme == "Stable Diffusion XL"]
        if name == "photo.jpeg" or name == "crop.jpeg":
            once += 1
            twice += any(one.id == "saved-twice" for one in made.findings)
        if not made.nothing:
            Path(tempfile.gettempdir(), name).write_bytes(data)
            sys.exit(f"false alarm in {name}: {[one.says for one in made.findings if one.loud]}")
    print(f"{count} ordinary files ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))}): no loud finding")
    print(f"photos to start from: {len(known)}, screens: {len(shots)}; seed {seed}")
    if thumbnails:
        print(f"small pictures against their own: {len(thumbnails)}, most {max(thumbnails)} of 256 bits")
    if agreements:
        print(
            f"SDXL mark in unmarked pixels: {len(agreements)} pictures, mean {sum(agreements) / len(agreements):.1f}, most {max(agreements)} of 48"
        )
    print(f"called saved twice: {twice} of {once} JPEG photos and crops (some starting photos are JPEGs themselves)")
    print("findings that are not loud:", dict(quiet.most_common()))


# ---------------------------------------------------------------- time


def times(megapixels: float, turns: int) -> None:
    """How long a look takes, from bytes to report, with the warden started already."""
    side = int((megapixels * 1e6 / 12) ** 0.5)
    known = photos([])
    image = max(known, key=lambda one: one.width * one.height).resize((4 * side, 3 * side), Image.Resampling.LANCZOS)
    report(origins.jpeg())
    for name, data in _kinds(image):
        took = []
        for _ in range(turns):
            began = time.perf_counter()
            report(data)
            took.append(time.perf_counter() - began)
        print(
            f"{name}, {4 * side} × {3 * side}, {len(data) / 1e6:.1f} MB: best {min(took):.3f} s, middle {sorted(took)[turns // 2]:.3f} s of {turns}"
        )


def _kinds(image: Image.Image) -> Iterator[tuple[str, bytes]]:
    yield "JPEG at 90", saved(image, "JPEG", quality=90)
    yield "PNG", saved(image, "PNG", compress_level=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--seeds", type=int, nargs="*", default=[8])
    options = parser.parse_args()
    if options.tiny:
        alarms(12, options.seeds[0], [])
        return times(0.2, 1)
    if options.files:
        for seed in options.seeds:
            alarms(options.files, seed, options.folders)
    if options.time:
        times(12, 7)
    return None


if __name__ == "__main__":
    main()
