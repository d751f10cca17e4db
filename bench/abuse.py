"""What is done to a picture before it is posted again: each edit by its family, its parameter and a function.

`suite(numbers)` is the edits. `ISSUE` holds the numbers that the table is about, `OTHER` numbers beside them: on both
the set was chosen. `UNSEEN` was looked at only afterwards. Each edit is also saved as JPEG 70 and halved (`saved`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

Picture = Image.Image
Edit = Callable[[Picture], Picture]


@dataclass(frozen=True)
class Numbers:
    crops: tuple[float, ...]
    sides: tuple[float, ...]
    ratios: tuple[float, ...]
    borders: tuple[float, ...]
    captions: tuple[float, ...]
    phones: tuple[float, ...]


ISSUE = Numbers(
    crops=(0.01, 0.02, 0.03, 0.05, 0.08, 0.10), sides=(0.01, 0.02, 0.03, 0.05, 0.08, 0.10),
    ratios=(1, 4 / 5, 9 / 16, 16 / 9), borders=(0.02, 0.04, 0.06, 0.08, 0.10), captions=(0.1, 0.15, 0.2),
    phones=(9 / 16, 9 / 19.5),
)  # fmt: skip
OTHER = Numbers(
    crops=(0.013, 0.027, 0.04, 0.065, 0.093), sides=(0.017, 0.026, 0.042, 0.067, 0.095),
    ratios=(3 / 4, 2 / 3, 4 / 3, 1.91), borders=(0.025, 0.033, 0.051, 0.073, 0.093), captions=(0.08, 0.125, 0.17, 0.23),
    phones=(9 / 18, 9 / 21),
)  # fmt: skip
UNSEEN = Numbers(
    crops=(0.015, 0.022, 0.035, 0.045, 0.058, 0.072, 0.088), sides=(0.012, 0.022, 0.037, 0.055, 0.075, 0.088),
    ratios=(0.7, 1.2, 5 / 4, 3 / 2, 2.1), borders=(0.022, 0.037, 0.057, 0.068, 0.087),
    captions=(0.09, 0.11, 0.14, 0.19),
    phones=(9 / 17, 9 / 19, 9 / 20),
)  # fmt: skip
NUMBERS = {"issue": ISSUE, "other": OTHER, "unseen": UNSEEN}
FILLS = ("black", "white", "blurred")
LIGHT, DARK = (255, 255, 255), (0, 0, 0)


def suite(numbers: Numbers) -> Iterator[tuple[str, str, Edit]]:
    """Family, name and function of every edit."""
    flip = Image.Transpose
    yield "mirror", "mirror", partial(Picture.transpose, method=flip.FLIP_LEFT_RIGHT)
    for degrees, turn in ((90, flip.ROTATE_90), (180, flip.ROTATE_180), (270, flip.ROTATE_270)):
        yield "quarter turn", f"turn {degrees}", partial(Picture.transpose, method=turn)
    for part in numbers.crops:
        yield "crop, all sides", f"crop {part:.1%}", cut(part, part, part, part)
    for part in numbers.sides:
        for side, sides in (
            ("left", (1, 0, 0, 0)),
            ("top", (0, 1, 0, 0)),
            ("right", (0, 0, 1, 0)),
            ("bottom", (0, 0, 0, 1)),
        ):
            yield "crop, one side", f"crop {part:.1%} {side}", cut(*(part * one for one in sides))
    for ratio in numbers.ratios:
        yield "crop to a ratio", f"ratio {ratio:.2f}", partial(to_ratio, ratio=ratio)
    for fill in FILLS:
        for part in numbers.borders:
            yield f"border, {fill}", f"border {part:.1%} {fill}", partial(border, part=part, fill=fill)
    for part in numbers.captions:
        for above, below in ((1, 0), (0, 1), (1, 1)):
            for paper in (LIGHT, DARK):
                name = f"caption {part:.1%} {above}{below} {paper[0]}"
                yield "caption bar", name, partial(caption, above=above * part, below=below * part, paper=paper)
    for ratio in numbers.phones:
        for paper in (LIGHT, DARK):
            yield "phone frame", f"phone {ratio:.2f} {paper[0]}", partial(phone, ratio=ratio, paper=paper)


def saved(picture: Picture) -> Iterator[tuple[str, Picture]]:
    """As it is, after JPEG 70, and at half the size."""
    yield "as it is", picture
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    yield "JPEG 70", Image.open(out).convert("RGB")
    yield (
        "half size",
        picture.resize((max(8, picture.width // 2), max(8, picture.height // 2)), Image.Resampling.BICUBIC),
    )


def cut(left: float, top: float, right: float, bottom: float) -> Edit:
    """Shares of the width or the height, taken off."""
    return lambda p: p.crop(
        (round(left * p.width), round(top * p.height), round((1 - right) * p.width), round((1 - bottom) * p.height))
    )


def to_ratio(p: Picture, ratio: float) -> Picture:
    """The middle of a picture, as wide a part as `ratio` of its height."""
    width, height = min(p.width, round(p.height * ratio)), min(p.height, round(p.width / ratio))
    left, top = (p.width - width) // 2, (p.height - height) // 2
    return p.crop((left, top, left + width, top + height))


def border(p: Picture, part: float, fill: str) -> Picture:
    """A border of a share of the longer side, all around."""
    wide = round(part * max(p.size))
    size = (p.width + 2 * wide, p.height + 2 * wide)
    if fill == "blurred":
        paper = p.resize(size).filter(ImageFilter.GaussianBlur(max(p.size) / 20))
    else:
        paper = Image.new("RGB", size, fill)
    paper.paste(p, (wide, wide))
    return paper


def caption(p: Picture, above: float, below: float, paper: tuple[int, int, int]) -> Picture:
    """Bars with a line of words above, below or both: shares of the height."""
    top, foot = round(above * p.height), round(below * p.height)
    made = Image.new("RGB", (p.width, p.height + top + foot), paper)
    made.paste(p, (0, top))
    draw, ink = ImageDraw.Draw(made), tuple(255 - c for c in paper)
    for start, tall in ((0, top), (top + p.height, foot)):
        if tall > 8:
            draw.text((p.width // 2, start + tall // 2), "when she finds out", ink, anchor="mm", font_size=tall // 2)
    return made


def phone(p: Picture, ratio: float, paper: tuple[int, int, int]) -> Picture:
    """A screenshot of a phone: the picture as wide as the screen, a status bar above, buttons below."""
    width = p.width
    height = max(round(width / ratio), round(p.height * 1.12))
    made = Image.new("RGB", (width, height), paper)
    made.paste(p, (0, (height - p.height) // 2))
    draw, ink = ImageDraw.Draw(made), tuple(255 - c for c in paper)
    bar = max(6, height // 40)
    draw.text((bar, bar // 3), "21:04", ink, font_size=bar)
    draw.text((width - 3 * bar, bar // 3), "78 %", ink, font_size=bar)
    for at in (1, 2, 3):
        draw.ellipse((at * width / 4 - bar / 2, height - 2 * bar, at * width / 4 + bar / 2, height - bar), outline=ink)
    return made
