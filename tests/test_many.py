"""Many pictures, bit for bit the reference's: in Python on every path, in C with the sanitizers on, and in node.

`TAKEBACK_PICTURES=2400 pytest tests/test_many.py` takes minutes; a few are asked every time. Photos come from
scikit-image and scikit-learn (`pip install 'takeback[bench]'`), whole and cropped; without them there are none.
"""

from __future__ import annotations

import importlib.util
import os
import random
import struct
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from node import node
from pixels import make
from test_pdq import reference
from test_vectors import ROOT, VECTORS
from test_wasm import FEED, MODULES, as_rgba

from takeback import _kernel

MANY = int(os.environ.get("TAKEBACK_PICTURES", "40"))
RULES = ("noise {seed}", "blobs {seed}", "flat {grey}", "gradient {low} {high}", "cycle")


def photos():
    """The photos that two packages bring along, where they are installed."""
    from PIL import Image

    folders = {"skimage": "data", "sklearn": "datasets/images"}
    specs = {name: importlib.util.find_spec(name) for name in folders}
    files = [
        file
        for name, spec in specs.items()
        if spec
        for file in sorted((Path(spec.origin).parent / folders[name]).iterdir())
        if file.suffix in {".png", ".jpg"}
    ]
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


def crop(picture, chance):
    """A piece of a photo: some of them in grey, and some whole."""
    rows, cols = (chance.randint(5, side) for side in picture.shape[:2])
    top, left = chance.randint(0, picture.shape[0] - rows), chance.randint(0, picture.shape[1] - cols)
    piece = picture if chance.random() < 0.05 else picture[top : top + rows, left : left + cols]
    return np.ascontiguousarray(piece[:, :, :1] if chance.random() < 0.2 else piece)


def drawn(chance):
    """A picture by rule, of an odd size; now and then a large one."""
    most = 1300 if chance.random() < 0.02 else 300
    rule = chance.choice(RULES).format(
        seed=chance.randrange(2**32), grey=chance.randrange(256), low=chance.randrange(256), high=chance.randrange(256)
    )
    return make(rule, chance.randint(5, most), chance.randint(5, most), chance.choice([1, 3, 3]))


@cache
def many():
    """As many pictures as were asked for, each with the reference's answer."""
    chance, pieces = random.Random(4), photos()
    pictures = [crop(pieces[i % len(pieces)], chance) if pieces and i % 2 else drawn(chance) for i in range(MANY)]
    return pictures, [reference(picture) for picture in pictures]


def fed(command, pictures, shape):
    """What a program says of pictures on its standard input."""
    data = b"".join(shape(picture) + picture.tobytes() for picture in pictures)
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=1800)
    assert done.returncode == 0, done.stderr.decode()
    return answers(done.stdout)


def answers(text):
    return [(bytes.fromhex(value), int(quality)) for value, quality in map(str.split, text.decode().splitlines())]


@pytest.mark.parametrize("path", _kernel.paths())
def test_python_gives_the_references_bits(path):
    pictures, truth = many()
    assert [_kernel.pdq_by(path, picture) for picture in pictures] == truth


def test_c_gives_them_on_every_path_with_the_sanitizers_on(tmp_path):
    pictures, truth = many()
    flags = ["-std=c11", "-O1", "-g", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'kernel'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [VECTORS / "feed.c", *(ROOT / "kernel").glob("pdq*.c")]
    subprocess.run(["gcc", *flags, *sanitizers, "-o", tmp_path / "feed", *sources], check=True)
    assert fed([tmp_path / "feed"], pictures, lambda picture: struct.pack("<iii", *picture.shape)) == truth


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_node_gives_them(module):
    pictures, truth = many()
    for start in range(0, len(pictures), 400):
        feed = b"".join(
            struct.pack("<ii", *each.shape[:2]) + as_rgba(each).tobytes() for each in pictures[start:][:400]
        )
        done = node(FEED, module, data=feed)
        assert answers(done.stdout) == truth[start : start + 400], done.stderr.decode()
