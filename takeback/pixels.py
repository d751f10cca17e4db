"""Pixels: a file's picture, or each picture of a file that moves, as a person sees it, in 8-bit RGB.

Turned upright as its EXIF asks, its colours brought to sRGB, transparency laid on white. A file is opened with the one
decoder that its content asks for. Whatever the bytes, nothing is raised but `BadFile`, each in one sentence. A
stranger's bytes are decoded in the cage only; nothing else calls this on them.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from takeback import edits, formats
from takeback.errors import BadFile
from takeback.formats import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PIL import Image, ImageCms

MOVES = ("GIF", "WEBP", "PNG", "AVIF")
"""Decoders whose further pictures are frames in time; those of the others are pages, previews or other shots."""

MAX_LOOKED = 400_000_000
"""Pixels of a file that moves, all frames together; then it is looked at no further."""

TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What undoes each EXIF orientation."""


@dataclass(frozen=True, slots=True)
class Picture:
    """8-bit RGB row after row. `frame` counts from 1. `on_white`: it was see-through somewhere."""

    rgb: bytes | memoryview
    rows: int
    cols: int
    frame: int = 1
    on_white: bool = False


def version() -> str:
    """Pillow's version."""
    import PIL  # noqa: PLC0415

    return str(PIL.__version__)


def picture(data: bytes) -> Picture:
    """The picture in a file, the first where there are several. Raises `BadFile`, nothing else."""
    return next(pictures(data))


def pictures(data: bytes) -> Iterator[Picture]:
    """The picture in a file, and then each further frame of one that moves. Raises `BadFile`, nothing else.

    A frame that is broken ends it, once the first was whole: what a person has seen of it by then is there.
    """
    format_ = formats.sniff(data)
    if format_.decoder is None:
        raise BadFile(format_.sentence, "save a copy as JPEG or PNG and choose that; keep this file too")
    if len(data) > formats.MAX_BYTES:
        raise Unreadable("heavy")
    with _told(), _opened(data, format_.decoder) as image:
        yield _quick(data, image) or _whole(image, 1)
        yield from _frames(image) if format_.decoder in MOVES else ()


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a decoder raises at a stranger's bytes, as one of our reasons."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bad metadata; the pixels count
            yield
    except BadFile:
        raise
    except MemoryError as cause:
        raise Unreadable("stopped") from cause
    except Exception as cause:
        raise Unreadable("huge" if type(cause).__name__ == "DecompressionBombError" else "damaged") from cause


@contextmanager
def _opened(data: bytes, decoder: str) -> Iterator[Image.Image]:
    from PIL import Image  # noqa: PLC0415

    if decoder == "HEIF":
        _know_heif()
    with Image.open(BytesIO(data), formats=[decoder]) as image:
        formats.check_size(image.height, image.width)
        yield image


def _quick(data: bytes, image: Image.Image) -> Picture | None:
    """A plain JPEG, decoded by the same library with less around it: the same pixels in a third of the time.

    None where it is not plain (turned, in colours of its own, broken): then Pillow has the word.
    """
    if image.format != "JPEG" or image.mode not in ("RGB", "L") or image.info.get("icc_profile") or _asked(image) != 1:
        return None
    import simplejpeg  # noqa: PLC0415

    try:
        pixels = simplejpeg.decode_jpeg(data, "RGB")
    except ValueError:
        return None
    rows, cols = pixels.shape[:2]
    return Picture(memoryview(pixels).cast("B"), rows, cols) if (cols, rows) == image.size else None


def _whole(image: Image.Image, frame: int) -> Picture:
    image.load()
    formats.check_size(image.height, image.width)  # a frame can be larger than what the header said
    rgb, on_white = _rgb(image)
    turn = TURNS.get(_asked(image))
    if turn is not None:
        from PIL import Image as Pillow  # noqa: PLC0415

        rgb = rgb.transpose(Pillow.Transpose[turn])
    return Picture(rgb.tobytes(), rgb.height, rgb.width, frame, on_white)


def _frames(image: Image.Image) -> Iterator[Picture]:
    """The second frame and those after it, as far as MAX_LOOKED goes; what is broken ends them."""
    count = getattr(image, "n_frames", 1)
    for frame in range(1, min(count, MAX_LOOKED // (image.height * image.width) + 1)):
        try:
            image.seek(frame)
            found = _whole(image, frame + 1)
        except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder
            return
        yield found


def _asked(image: Image.Image) -> int:
    """How the EXIF of a picture asks to turn it; broken EXIF turns nothing."""
    for key in ("xmp", "XML:com.adobe.xmp"):  # Pillow would turn a picture by its XMP; browsers do not
        image.info.pop(key, None)
    try:
        asked = image.getexif().get(0x0112)
    except Exception:  # noqa: BLE001  metadata never costs a person their picture
        return 1
    return asked if isinstance(asked, int) else 1


def _rgb(image: Image.Image) -> tuple[Image.Image, bool]:
    """The picture as 8-bit sRGB, transparency laid on white, and whether there was any."""
    from PIL import Image  # noqa: PLC0415

    colour, alpha = _split(_eight_bit(image))
    profile = image.info.get("icc_profile")
    colour = _to_srgb(colour, profile) if profile else colour
    if colour.mode != "RGB":  # converting to itself would copy
        colour = colour.convert("RGB")
    if alpha is None or alpha.getextrema()[0] == 255:
        return colour, False
    paper = Image.new("RGB", colour.size, "white")
    paper.paste(colour, mask=alpha)  # (c*a + 255*(255-a)) / 255 to the nearest, as in the kernel
    return paper, True


def _eight_bit(image: Image.Image) -> Image.Image:
    """A 16-bit grey picture by its high bytes, as every viewer shows it; other pictures as they are."""
    from PIL import Image, ImageChops  # noqa: PLC0415

    if image.mode in ("I", "F"):  # numbers, not shades: no rule says what is white
        raise Unreadable("colours")
    if not image.mode.startswith("I;16"):
        return image
    raw = image.tobytes()
    little, big = (Image.frombytes("L", image.size, raw[byte::2]) for byte in (0, 1))
    low, high = (big, little) if image.mode == "I;16B" else (little, big)
    clear = image.info.get("transparency")
    if not isinstance(clear, int):
        return high
    clear_high = high.point([255 * (shade == clear >> 8) for shade in range(256)])
    clear_low = low.point([255 * (shade == clear & 255) for shade in range(256)])
    return Image.merge("LA", (high, ImageChops.invert(ImageChops.darker(clear_high, clear_low))))


def _split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The colours of a picture, and its transparency where it has any."""
    if image.has_transparency_data:
        image = image.convert("LA" if image.mode in ("1", "L", "LA", "La") else "RGBA")
        return image.convert(image.mode[:-1]), image.getchannel("A")
    return (image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")), None


def _to_srgb(colour: Image.Image, profile: bytes) -> Image.Image:
    """The colours in sRGB. A profile that is broken, or of another kind of colour, is passed over as viewers do."""
    from PIL import ImageCms  # noqa: PLC0415

    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        to_srgb = ImageCms.buildTransform(given, ImageCms.createProfile("sRGB"), colour.mode, "RGB")
        return colour if _changes_nothing(to_srgb, colour.mode) else _apply(to_srgb, colour)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return colour


def _apply(to_srgb: ImageCms.ImageCmsTransform, colour: Image.Image) -> Image.Image:
    from PIL import ImageCms  # noqa: PLC0415

    done: Any = ImageCms.applyTransform(colour, to_srgb)
    return done if done is not None else colour


def _changes_nothing(to_srgb: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether a profile is sRGB under whatever name: it moves no shade of a sample by more than one step."""
    from PIL import Image, ImageChops  # noqa: PLC0415

    if mode == "CMYK":
        return False
    steps = bytes(range(0, 256, 17))
    cube = bytes(shade for r in steps for g in steps for b in steps for shade in (r, g, b))
    sample = Image.frombytes("RGB", (64, 64), cube).convert(mode)
    moved = ImageChops.difference(_apply(to_srgb, sample), sample.convert("RGB"))
    return all(most <= 1 for _, most in moved.getextrema())  # type: ignore[misc]


# ---------------------------------------------------------------- what is done to a picture

SHADES = {"black": (0, 0, 0), "grey": (128, 128, 128), "white": (255, 255, 255)}
TURNED = {
    "mirrored": "FLIP_LEFT_RIGHT",
    "turned left": "ROTATE_90",
    "upside down": "ROTATE_180",
    "turned right": "ROTATE_270",
}
FLAT = 24
"""How much the shades of a border may differ, in each colour: a border that was saved as JPEG is not quite flat."""

BORDERS = (0.01, 0.45)
"""The least and the most of a side that is taken for a border, as shares."""

BLUR = 16
"""A blurred border is the whole picture in this many spots each way, drawn large and soft."""


def edited(picture: Picture) -> Iterator[tuple[str, Picture]]:
    """The likely edits of a picture (edits.py): the name of each, and what it looks like."""
    from PIL import Image  # noqa: PLC0415

    by = edits.shrunk_by(picture.cols, picture.rows)
    small = Image.frombytes("RGB", (picture.cols, picture.rows), picture.rgb).reduce(by)
    spots = small.resize((BLUR, BLUR), Image.Resampling.BOX)
    for view in edits.views(*small.size):
        left, top, right, bottom = edits.box(view, *small.size)
        if min(right - left, bottom - top) >= formats.MIN_SIDE:
            yield view.name, _seen(small, view, spots)
    bare = small.crop(_inside(small))
    if bare.size != small.size and min(bare.size) >= formats.MIN_SIDE:
        yield edits.BARE, _as_picture(bare)
        yield edits.BARE_MIRRORED, _as_picture(bare.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def _seen(small: Image.Image, view: edits.View, spots: Image.Image) -> Picture:
    from PIL import Image  # noqa: PLC0415

    if view.turn:
        return _as_picture(small.transpose(Image.Transpose[TURNED[view.turn]]))
    left, top, right, bottom = edits.box(view, *small.size)
    if not view.fill:
        return _as_picture(small.crop((left, top, right, bottom)))
    size = (right - left, bottom - top)
    if view.fill == "blurred":
        paper = spots.resize(size, Image.Resampling.BILINEAR)
    else:
        paper = Image.new("RGB", size, SHADES[view.fill])
    paper.paste(small, (-left, -top))
    return _as_picture(paper)


def _as_picture(image: Image.Image) -> Picture:
    return Picture(image.tobytes(), image.height, image.width)


def _inside(image: Image.Image) -> tuple[int, int, int, int]:
    """Where a picture is without its border of one shade: left, top, right, bottom."""
    cols, rows = image.size
    left = _flat(cols, lambda at: image.crop((at, 0, at + 1, rows)))
    right = _flat(cols, lambda at: image.crop((cols - 1 - at, 0, cols - at, rows)))
    top = _flat(rows, lambda at: image.crop((0, at, cols, at + 1)))
    bottom = _flat(rows, lambda at: image.crop((0, rows - 1 - at, cols, rows - at)))
    return left, top, cols - right, rows - bottom


def _flat(length: int, line: Callable[[int], Image.Image]) -> int:
    """How many lines of one shade there are from an edge; none where they are too few or too many for a border."""
    low, high = (255,) * 3, (0,) * 3
    for at in range(length):
        ends: Any = line(at).getextrema()
        low = tuple(min(was, end[0]) for was, end in zip(low, ends, strict=True))
        high = tuple(max(was, end[1]) for was, end in zip(high, ends, strict=True))
        if any(most - least > FLAT for least, most in zip(low, high, strict=True)):
            return at if BORDERS[0] * length <= at <= BORDERS[1] * length else 0
    return 0


def _know_heif() -> None:
    """Tell Pillow of HEIC. It decodes in one thread, tile after tile."""
    import pi_heif  # noqa: PLC0415

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)


def warm() -> None:
    """Load every decoder now, so that opening a picture later needs no file of our own."""
    import simplejpeg  # noqa: F401, PLC0415
    from PIL import (  # noqa: PLC0415
        AvifImagePlugin,
        BmpImagePlugin,  # noqa: F401
        GifImagePlugin,  # noqa: F401
        Image,
        ImageChops,  # noqa: F401
        ImageCms,
        JpegImagePlugin,  # noqa: F401
        MpoImagePlugin,  # noqa: F401
        PngImagePlugin,  # noqa: F401
        TiffImagePlugin,  # noqa: F401
        WebPImagePlugin,  # noqa: F401
    )

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.preinit()
    ImageCms.createProfile("sRGB")
    _know_heif()
