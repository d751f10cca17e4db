"""Files to pixels: what a file is shows in its content, and what is hashed is what a person sees."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pdqhash
import pytest
from hostile import OTHERS, PICTURES, TRAPS, on_white, photo, saved
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from takeback import formats, media, signals
from takeback.errors import BadFile

NEAR = 10


def reference(image: Image.Image) -> str:
    """The PDQ value of a picture, by the reference implementation."""
    bits, _ = pdqhash.compute(np.asarray(image.convert("RGB")))
    return np.packbits(bits).tobytes().hex()


def hashed(data: bytes) -> str:
    (pdq,) = media.signals(*formats.pixels(data))
    return pdq.value


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_that_is_seen_is_the_picture_that_is_hashed(name: str) -> None:
    data, seen = PICTURES[name]
    rgb, rows, cols = formats.pixels(data)
    assert (cols, rows) == seen.size
    assert len(rgb) == 3 * rows * cols
    assert signals.distance(hashed(data), reference(seen)) <= NEAR


@pytest.mark.parametrize("name", ["rgb.png", "photo.webp", "profile.png", "rgb.tiff", "rgb.bmp", "turned-6.png"])
def test_nothing_is_lost_where_nothing_need_be(name: str) -> None:
    data, seen = PICTURES[name]
    most = np.abs(np.frombuffer(formats.pixels(data)[0], np.uint8).astype(int) - np.asarray(seen).reshape(-1)).max()
    assert most <= (1 if name == "profile.png" else 0)


def test_a_profile_of_srgb_changes_no_pixel() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert formats.pixels(saved(photo(), "PNG", icc_profile=profile))[0] == photo().tobytes()


def test_transparency_is_laid_on_white_by_the_rule_of_the_kernel() -> None:
    shades = np.zeros((256, 256, 4), np.uint8)
    shades[..., :3] = np.arange(256)[:, None, None]
    shades[..., 3] = np.arange(256)[None, :]
    every = Image.fromarray(shades)
    assert formats.pixels(saved(every, "PNG"))[0] == on_white(every).tobytes()


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_in_one_sentence_or_in_its_picture(name: str) -> None:
    data, why = TRAPS[name]
    if why is None:
        assert formats.pixels(data)
        return
    with pytest.raises(formats.Unreadable) as refused:
        formats.pixels(data)
    assert (refused.value.why, refused.value.say(), refused.value.hint) == (why, *formats.WHY[why])


@pytest.mark.parametrize("name", OTHERS)
def test_a_format_that_is_not_read_yet_is_named(name: str) -> None:
    format_ = formats.sniff(OTHERS[name])
    assert format_.name == name
    assert format_.sentence.startswith(f"Takeback cannot read {name} yet")
    with pytest.raises(BadFile, match=f"Takeback cannot read {name} yet"):
        formats.pixels(OTHERS[name])


def test_shades_without_a_scale_are_refused_not_guessed() -> None:
    with pytest.raises(formats.Unreadable) as refused:
        formats.pixels(saved(photo().convert("F"), "TIFF"))
    assert refused.value.why == "colours"


def test_a_file_larger_than_any_picture_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)
    with pytest.raises(formats.Unreadable) as refused:
        formats.pixels(PICTURES["rgb.png"][0])
    assert refused.value.why == "heavy"


@given(some.binary(max_size=200))
def test_any_bytes_are_a_known_format_or_refused(data: bytes) -> None:
    with suppress(formats.Unreadable):
        assert formats.sniff(data).name in formats.FORMATS


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(["png", "jpeg", "gif", "webp", "tiff", "bmp"]), some.integers(), some.data())
def test_a_picture_with_broken_bytes_is_read_or_refused(format_: str, seed: int, data: some.DataObject) -> None:
    whole = bytearray(saved(photo(24, 32), format_.upper()))
    for _ in range(data.draw(some.integers(1, 8))):
        whole[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    with suppress(BadFile):
        rgb, rows, cols = formats.pixels(bytes(whole))
        assert len(rgb) == 3 * rows * cols
