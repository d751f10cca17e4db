"""Pixels to signals: the reference's bits, and a plain word where they are too weak to be of use."""

from __future__ import annotations

import numpy as np
import pdqhash
from hostile import photo
from PIL import Image

from takeback import media
from takeback.terms import Signal


def test_the_signal_is_the_reference_bit_for_bit() -> None:
    seen = photo()
    bits, quality = pdqhash.compute(np.asarray(seen))
    (signal,) = media.signals(seen.tobytes(), seen.height, seen.width)
    assert signal == Signal("pdq", np.packbits(bits).tobytes().hex(), quality, "none")


def test_a_picture_with_detail_needs_no_advice() -> None:
    seen = photo()
    assert media.advice(media.signals(seen.tobytes(), seen.height, seen.width)) == ""


def test_a_weak_hash_is_kept_and_said_not_swallowed() -> None:
    flat = Image.linear_gradient("L").convert("RGB")
    (signal,) = found = media.signals(flat.tobytes(), flat.height, flat.width)
    assert signal.quality is not None
    assert signal.quality < 50
    said = media.advice(found)
    assert f"quality {signal.quality} of 100" in said
    assert "services refuse" in said
    assert "Try the largest" in said


def test_advice_is_about_picture_hashes_alone() -> None:
    assert media.advice([Signal("sha256", "0" * 64), Signal("pdq", "0" * 64, 50, "none")]) == ""
    assert media.advice([Signal("pdq", "0" * 64, 49, "none")])
