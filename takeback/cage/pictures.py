"""Pictures beside the picture: the thumbnail that a file carries, and what stands in the lowest bits of its pixels."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from takeback import formats, media, pixels, signals
from takeback.marks import stealth

if TYPE_CHECKING:
    from PIL import Image

SMALLEST = 40
"""A thumbnail with a shorter side than this has too little in it to compare."""

COLOURS, WITH_ALPHA = 25, 6
"""Which byte of a PNG says how its pixels are kept, and its value for red, green, blue and alpha."""

MIDDLE = 1024
"""The side of the part that is looked at for earlier savings."""

UNLIKE = 12
"""Shades that two pictures of different things differ by at least. A hash alone errs on chessboards and the like."""

SLACK = 1.06
"""How much two shapes may differ and still be the same."""


def thumbnail_distance(thumbnail: bytes, rgb: bytes, rows: int, cols: int, orientation: int) -> int | None:
    """Differing bits between a thumbnail and its picture; None where the two can't be compared.

    Cameras pad a thumbnail to 4:3 with black bars: they are cut off first. It may be turned as the picture is stored.
    The picture is made as small as it before both are hashed: fine patterns look otherwise at another size.
    """
    from PIL import Image  # noqa: PLC0415

    if not thumbnail.startswith(b"\xff\xd8\xff"):
        return None
    try:
        found = pixels.picture(thumbnail)
    except formats.Unreadable:
        return None
    if rows <= found.rows or cols <= found.cols:
        return None  # it is no small picture of this one
    image = Image.frombytes("RGB", (found.cols, found.rows), bytes(found.rgb))
    if orientation in pixels.TURNS:
        image = image.transpose(Image.Transpose[pixels.TURNS[orientation]])
    image = _without_bars(image, cols / rows)
    if min(image.size) < SMALLEST or not 1 / SLACK < image.width / image.height * rows / cols < SLACK:
        return None
    picture = Image.frombytes("RGB", (cols, rows), rgb).resize(image.size, Image.Resampling.BOX, reducing_gap=2.0)
    small, whole = (media.signals(one.tobytes(), one.height, one.width)[0] for one in (image, picture))
    if min(small.quality or 0, whole.quality or 0) < signals.BANKABLE:
        return None
    distance = signals.distance(small.value, whole.value)
    return None if distance > signals.THRESHOLD and _unlike(image, picture) < UNLIKE else distance


def _unlike(one: Image.Image, other: Image.Image) -> float:
    """By how many shades of 255 two pictures differ on average, seen from so far that a pixel's shift is nothing."""
    from PIL import Image, ImageChops  # noqa: PLC0415

    far = [picture.convert("L").resize((32, 32), Image.Resampling.BOX) for picture in (one, other)]
    counts = ImageChops.difference(*far).histogram()
    return sum(shade * count for shade, count in enumerate(counts)) / sum(counts)


def _without_bars(image: Image.Image, shape: float) -> Image.Image:
    """The middle of a picture with the shape that it should have."""
    wide, high = image.size
    if wide / high > shape * 1.02:
        keep = round(high * shape)
        return image.crop(((wide - keep) // 2, 0, (wide - keep) // 2 + keep, high))
    if wide / high < shape / 1.02:
        keep = round(wide / shape)
        return image.crop((0, (high - keep) // 2, wide, (high - keep) // 2 + keep))
    return image


def hidden_text(data: bytes, rgb: bytes, rows: int, cols: int) -> str | None:
    """The text in the lowest bits of a PNG's pixels; None where there is none."""
    text = stealth.read(lambda count: stealth.columns(rgb, rows, cols, 3, count))
    if text is not None or data[COLOURS] != WITH_ALPHA:
        return text
    alpha = _alpha(data)
    return stealth.read(lambda count: stealth.columns(alpha, rows, cols, 1, count))


def _alpha(data: bytes) -> bytes:
    """The transparency of a PNG, one byte a pixel."""
    from PIL import Image  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=["PNG"]) as image:
            formats.check_size(image.height, image.width)
            return image.convert("RGBA").getchannel("A").tobytes()


def brightness(data: bytes) -> tuple[bytes, int, int]:
    """The middle of a JPEG's brightness as it is stored: one byte a pixel, whole blocks; its rows and columns."""
    from PIL import Image  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(data), formats=["JPEG", "MPO"]) as image:
            formats.check_size(image.height, image.width)
            image.draft("L", image.size)
            grey = image.convert("L")
    left, top = (max(0, (side - MIDDLE) // 2) // 8 * 8 for side in grey.size)
    grey = grey.crop((left, top, min(left + MIDDLE, grey.width), min(top + MIDDLE, grey.height)))
    return grey.tobytes(), grey.height, grey.width
