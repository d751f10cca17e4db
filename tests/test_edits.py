"""The likely edits of a picture: which there are, what they look like, and that copies edited so are caught."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hostile import photo, saved
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageOps

from takeback import cage, edits, media, pixels, signals

if TYPE_CHECKING:
    from takeback.terms import Signal

SEEN = photo(420, 630, 11)


def as_picture(image: Image.Image) -> pixels.Picture:
    return pixels.Picture(image.tobytes(), image.height, image.width)


def entry(image: Image.Image) -> list[Signal]:
    (whole,) = media.hashed([as_picture(image)]).signals
    return [whole, *media.edited(pixels.edited(as_picture(image)), whole)]


ENTRY = entry(SEEN)


def nearest(copy: Image.Image, among: list[Signal] = ENTRY) -> int:
    (found,) = media.hashed([as_picture(copy)]).signals
    return min(signals.distance(found.value, one.value) for one in among)


def cut(left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = SEEN.size
    return SEEN.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


COPIES = {
    "mirrored": SEEN.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned left": SEEN.transpose(Image.Transpose.ROTATE_90),
    "upside down": SEEN.transpose(Image.Transpose.ROTATE_180),
    "turned right": SEEN.transpose(Image.Transpose.ROTATE_270),
    "5 % off every side": cut(0.05, 0.05, 0.05, 0.05),
    "7 % off the left": cut(0.07, 0, 0, 0),
    "4 % off the bottom": cut(0, 0, 0, 0.04),
    "a square": ImageOps.fit(SEEN, (420, 420)),
    "a black border": ImageOps.expand(SEEN, 30, "black"),
    "a white border": ImageOps.expand(SEEN, 50, "white"),
    "a bar below": ImageOps.expand(SEEN, (0, 0, 0, 60), "white"),
    "a phone's screen": ImageOps.pad(SEEN, (630, 1365), color="black"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_edited_as_people_do_is_caught_and_plain_pdq_misses_it(name: str) -> None:
    assert nearest(COPIES[name]) <= signals.THRESHOLD
    assert nearest(COPIES[name], ENTRY[:1]) > signals.THRESHOLD
    smaller = COPIES[name].reduce(2)
    assert nearest(Image.open(BytesIO(saved(smaller, "JPEG", quality=70))).convert("RGB")) <= 34


def test_a_border_taken_off_is_caught() -> None:
    for shade in ("black", "white", (40, 90, 130)):
        framed = Image.open(BytesIO(saved(ImageOps.expand(SEEN, 40, shade), "JPEG", quality=80)))
        mine = entry(framed.convert("RGB"))
        assert {edits.BARE, edits.BARE_MIRRORED} <= {one.edit for one in mine}
        assert nearest(SEEN, mine) <= signals.THRESHOLD
        assert nearest(COPIES["mirrored"], mine) <= signals.THRESHOLD


def test_a_picture_without_a_border_loses_none() -> None:
    assert edits.BARE not in {one.edit for one in ENTRY}
    flat = entry(Image.new("RGB", (300, 200), "white"))
    assert [one.edit for one in flat] == [signals.WHOLE]  # nothing that services would take


def test_other_pictures_are_not_caught() -> None:
    for seed in range(100, 120):
        assert nearest(photo(300, 400, seed)) > 60


@given(some.integers(5, 5000), some.integers(5, 5000))
def test_there_are_at_most_64_and_each_has_its_name(cols: int, rows: int) -> None:
    views = edits.views(cols, rows)
    names = [view.name for view in views]
    assert len(names) == len(set(names))
    assert 1 + len(names) + 2 <= 64
    assert set(names) <= edits.NAMES
    for view in views:
        left, top, right, bottom = edits.box(view, cols, rows)
        assert left < right
        assert top < bottom
        assert view.fill or (left >= 0 and top >= 0 and right <= cols and bottom <= rows)


def test_a_large_picture_is_shrunk_first_and_its_edits_stay_near() -> None:
    large = photo(1500, 2000, 3)
    assert edits.shrunk_by(2000, 1500) == 2
    exact = large.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = next(one for one in entry(large) if one.edit == "mirrored")
    assert nearest(exact, [found]) <= 10


@pytest.mark.parametrize("size", [(5, 5), (5, 3000), (1, 1)])
def test_a_sliver_of_a_picture_has_edits_or_none_but_no_error(size: tuple[int, int]) -> None:
    chance = np.random.default_rng(2)
    image = Image.fromarray(chance.integers(0, 256, (max(5, size[1]), max(5, size[0]), 3), np.uint8))
    assert entry(image)[0].edit == signals.WHOLE


def test_the_cage_gives_the_same_edits() -> None:
    data = saved(SEEN, "PNG")
    with cage.Cage() as made:
        assert list(made.look(data, edits=True).signals[:-2]) == ENTRY
        assert list(made.look(data).signals[:-2]) == ENTRY[:1]
