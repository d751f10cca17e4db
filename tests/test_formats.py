"""Files to pixels: what a file is shows in its content, and what is hashed is what a person sees."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import numpy as np
import pdqhash
import pytest
from hostile import OTHERS, PICTURES, TRAPS, on_white, photo, saved
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from takeback import formats, media, pixels, signals
from takeback.errors import BadFile

NEAR = 10


def reference(image: Image.Image) -> str:
    """The PDQ value of a picture, by the reference implementation."""
    bits, _ = pdqhash.compute(np.asarray(image.convert("RGB")))
    return np.packbits(bits).tobytes().hex()


def hashed(data: bytes) -> str:
    return media.hashed([pixels.picture(data)]).signals[0].value


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_that_is_seen_is_the_picture_that_is_hashed(name: str) -> None:
    data, seen = PICTURES[name]
    found = pixels.picture(data)
    assert (found.cols, found.rows) == seen.size
    assert len(found.rgb) == 3 * found.rows * found.cols
    assert signals.distance(hashed(data), reference(seen)) <= NEAR


@pytest.mark.parametrize("name", ["rgb.png", "photo.webp", "profile.png", "rgb.tiff", "rgb.bmp", "turned-6.png"])
def test_nothing_is_lost_where_nothing_need_be(name: str) -> None:
    data, seen = PICTURES[name]
    most = np.abs(np.frombuffer(pixels.picture(data).rgb, np.uint8).astype(int) - np.asarray(seen).reshape(-1)).max()
    assert most <= (1 if name == "profile.png" else 0)


def test_a_profile_of_srgb_changes_no_pixel() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert pixels.picture(saved(photo(), "PNG", icc_profile=profile)).rgb == photo().tobytes()


def test_transparency_is_laid_on_white_by_the_rule_of_the_kernel() -> None:
    shades = np.zeros((256, 256, 4), np.uint8)
    shades[..., :3] = np.arange(256)[:, None, None]
    shades[..., 3] = np.arange(256)[None, :]
    every = Image.fromarray(shades)
    assert pixels.picture(saved(every, "PNG")).rgb == on_white(every).tobytes()


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "AVIF"])
def test_every_frame_that_differs_has_its_hash(format_: str) -> None:
    turned = [photo().rotate(90 * step, expand=False) for step in range(4)]
    options = {"save_all": True, "append_images": [turned[0], *turned[1:], turned[1]], "duration": 200}
    if format_ != "GIF":
        options["quality"] = 95
    found = media.hashed(pixels.pictures(saved(turned[0], format_, **options)))
    assert len(found.signals) == 4
    assert found.signals[0].edit == signals.WHOLE
    for seen, signal in zip(turned, found.signals, strict=True):
        assert signals.distance(signal.value, reference(seen)) <= NEAR
    assert found.notes == ("frames",)


def test_a_moving_picture_that_breaks_keeps_what_was_seen_of_it() -> None:
    frames = [photo(seed=seed) for seed in range(4)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200)
    found = media.hashed(pixels.pictures(data[: len(data) * 6 // 10]))
    assert 1 <= len(found.signals) < 4
    assert signals.distance(found.signals[0].value, reference(frames[0])) <= NEAR


def test_a_long_moving_picture_ends_and_is_told_so() -> None:
    chance = np.random.default_rng(5)
    frames = [Image.fromarray(chance.integers(0, 256, (40, 40, 3), np.uint8)) for _ in range(media.MOST_FRAMES + 9)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    found = media.hashed(pixels.pictures(data))
    assert len(found.signals) == media.MOST_FRAMES
    assert found.notes == ("more-frames",)


def test_other_shots_in_one_file_are_not_frames() -> None:
    for name in ("several.mpo", "page-that-loops.tiff"):
        data = PICTURES[name][0] if name in PICTURES else TRAPS[name][0]
        assert len(media.hashed(pixels.pictures(data)).signals) == 1


def test_what_is_see_through_is_told_and_what_is_not_is_not() -> None:
    whole = photo().copy()
    whole.putalpha(255)
    assert media.hashed([pixels.picture(saved(whole, "PNG"))]).notes == ()
    assert media.hashed([pixels.picture(PICTURES["clear.png"][0])]).notes == ("white",)


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"progressive": True}, {"quality": 20}])
def test_the_quick_way_into_a_jpeg_changes_no_pixel(options: dict[str, object]) -> None:
    for seen in (photo(301, 403), photo().convert("L")):
        data = saved(seen, "JPEG", **{"quality": 85, **options})
        found = pixels.picture(data)
        assert isinstance(found.rgb, memoryview), "it was not taken"
        assert found.rgb == Image.open(BytesIO(data)).convert("RGB").tobytes()


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_in_one_sentence_or_in_its_picture(name: str) -> None:
    data, why = TRAPS[name]
    if why is None:
        assert pixels.picture(data)
        return
    with pytest.raises(formats.Unreadable) as refused:
        pixels.picture(data)
    assert (refused.value.why, refused.value.say(), refused.value.hint) == (why, *formats.WHY[why])


@pytest.mark.parametrize("name", OTHERS)
def test_a_format_that_is_not_read_yet_is_named(name: str) -> None:
    format_ = formats.sniff(OTHERS[name])
    assert format_.name == name
    assert format_.sentence.startswith(f"Takeback cannot read {name} yet")
    with pytest.raises(BadFile, match=f"Takeback cannot read {name} yet"):
        pixels.picture(OTHERS[name])


def test_shades_without_a_scale_are_refused_not_guessed() -> None:
    with pytest.raises(formats.Unreadable) as refused:
        pixels.picture(saved(photo().convert("F"), "TIFF"))
    assert refused.value.why == "colours"


def test_a_file_larger_than_any_picture_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MAX_BYTES", 1000)
    with pytest.raises(formats.Unreadable) as refused:
        pixels.picture(PICTURES["rgb.png"][0])
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
        for found in pixels.pictures(bytes(whole)):
            assert len(found.rgb) == 3 * found.rows * found.cols
