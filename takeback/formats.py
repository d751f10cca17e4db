"""Formats: what a file is by its content, and the pixels of a picture as a person sees them.

`sniff` reads the first bytes and trusts no name. `pixels` turns a whole file into 8-bit RGB: turned upright as its
EXIF asks, its colours brought to sRGB, transparency laid on white, the first frame of an animation. It opens a file
with the one decoder that its content asks for. It can raise nothing but `BadFile`, each in one sentence, whatever
the bytes. A stranger's bytes are decoded in the cage only; nothing else calls `pixels` on them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from takeback.errors import BadFile

if TYPE_CHECKING:
    from PIL import Image, ImageCms

Kind = Literal["image", "video", "audio", "other"]

MAX_PIXELS = 100_000_000
MAX_SIDE = 65_535
MIN_SIDE = 5
"""The kernel has no hash for a picture with a shorter side."""

MAX_BYTES = 256 * 1024 * 1024
"""No picture that Takeback opens is a larger file: 100 megapixels of plain RGB are less."""

SNIFFED = 64
"""How many bytes `sniff` looks at."""

SAVE_AGAIN = "try saving it again from where you got it"
WHY = {
    "empty": ("This file is empty", SAVE_AGAIN),
    "unknown": (
        "This file can't be opened as a picture: it is none that Takeback knows",
        "choose a JPEG, PNG, WebP, GIF, TIFF or BMP file, or a screenshot of it",
    ),
    "damaged": ("This file can't be opened as a picture. It may be damaged", SAVE_AGAIN),
    "huge": (
        "This picture says it is larger than 100 megapixels, so Takeback won't open it",
        "keep the file, and choose a smaller copy or a screenshot of it here",
    ),
    "small": ("This picture is too small: each side needs at least 5 pixels", "choose a larger copy"),
    "heavy": (
        "This file is too large for a picture, so Takeback won't open it",
        "keep the file, and choose a smaller copy or a screenshot of it here",
    ),
    "colours": (
        "This picture keeps its colours in a way that Takeback cannot read yet",
        "save a copy as JPEG or PNG and choose that; keep this file too",
    ),
    "stopped": (
        "Opening this file took more time or memory than a picture needs, so Takeback stopped",
        f"it may be damaged, or made to do harm; {SAVE_AGAIN}",
    ),
}
"""Every reason why a file does not become pixels: what to say, and what to do."""


class Unreadable(BadFile):
    """A file that does not become pixels. `why` is a key of WHY."""

    def __init__(self, why: str) -> None:
        super().__init__(*WHY[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Format:
    """What a file is: its name, and whether Takeback reads it. `decoder` is Pillow's name for it."""

    name: str
    kind: Kind
    decoder: str | None = None

    @property
    def sentence(self) -> str:
        """What to say of a file that Takeback knows and does not read; nothing where it does."""
        if self.decoder:
            return ""
        return f"Takeback cannot read {self.name} yet, so there is no picture hash; the file can still be kept"


FORMATS = {
    format_.name: format_
    for format_ in (
        *(Format(name, "image", name.upper()) for name in ("JPEG", "PNG", "WebP", "GIF", "TIFF", "BMP")),
        *(Format(name, "image") for name in ("HEIC", "AVIF", "JPEG XL", "JPEG 2000", "Photoshop", "SVG", "ICO")),
        *(Format(name, "video") for name in ("MP4", "MOV", "3GP", "WebM or MKV", "AVI", "MPEG video", "FLV")),
        *(Format(name, "audio") for name in ("MP3", "M4A", "AAC", "WAV", "OGG", "FLAC", "AMR")),
        *(Format(name, "other") for name in ("PDF", "ZIP")),
    )
}
"""The closed list of what `sniff` knows."""

STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"<svg", "SVG"),
    (b"\0\0\1\0", "ICO"),
    (b"\x1aE\xdf\xa3", "WebM or MKV"),
    (b"\0\0\1\xba", "MPEG video"),
    (b"FLV\1", "FLV"),
    (b"ID3", "MP3"),
    (b"OggS", "OGG"),
    (b"fLaC", "FLAC"),
    (b"#!AMR", "AMR"),
    (b"%PDF-", "PDF"),
    (b"PK\3\4", "ZIP"),
)
"""How a file of each format starts."""

BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIC"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"M4A ", b"M4B "), "M4A"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3g2a"), "3GP"),
    b"qt  ": "MOV",
}
"""Major brands of the ISO base media format; any other is MP4."""

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

RIFF = {b"WEBP": "WebP", b"WAVE": "WAV", b"AVI ": "AVI"}
SOUND = {0x00: "AAC", 0x02: "MP3"}
"""The layer bits of a frame of sound."""

BMP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)


def sniff(head: bytes) -> Format:
    """What a file is, from its first bytes; raises `Unreadable` where it is empty or nothing we know."""
    if not head:
        raise Unreadable("empty")
    name = _name(head[:SNIFFED])
    if name is None:
        raise Unreadable("unknown")
    return FORMATS[name]


def _name(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "AVIF" if brand == b"mif1" and b"avif" in head else BRANDS.get(brand, "MP4")
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BMP_HEADERS:
        return "BMP"
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12])
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return SOUND.get(head[1] & 0x06)
    return next((name for start, name in STARTS if head.startswith(start)), None)


def check_size(rows: int, cols: int) -> None:
    """Refuse a size that no honest picture has; raises `Unreadable`."""
    if rows < 1 or cols < 1:
        raise Unreadable("damaged")
    if rows * cols > MAX_PIXELS or max(rows, cols) > MAX_SIDE:
        raise Unreadable("huge")
    if min(rows, cols) < MIN_SIDE:
        raise Unreadable("small")


def pixels(data: bytes) -> tuple[bytes, int, int]:
    """The picture in a file: 8-bit RGB row after row, its rows and its columns. Raises `BadFile`, nothing else."""
    format_ = sniff(data)
    if format_.decoder is None:
        raise BadFile(format_.sentence, "save a copy as JPEG or PNG and choose that; keep this file too")
    if len(data) > MAX_BYTES:
        raise Unreadable("heavy")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bad metadata; the pixels count
            return _pixels(data, format_.decoder)
    except BadFile:
        raise
    except MemoryError as cause:
        raise Unreadable("stopped") from cause
    except Exception as cause:  # a stranger's bytes can raise anything in a decoder
        raise Unreadable("huge" if type(cause).__name__ == "DecompressionBombError" else "damaged") from cause


def _pixels(data: bytes, decoder: str) -> tuple[bytes, int, int]:
    from PIL import Image  # noqa: PLC0415

    with Image.open(BytesIO(data), formats=[decoder]) as image:
        check_size(image.height, image.width)
        image.load()
        check_size(image.height, image.width)  # a frame can be larger than what the header said
        rgb = _upright(_rgb(image), image)
    return rgb.tobytes(), rgb.height, rgb.width


def _upright(rgb: Image.Image, image: Image.Image) -> Image.Image:
    """The picture turned as the EXIF of `image` asks; broken EXIF turns nothing."""
    from PIL import Image  # noqa: PLC0415

    for key in ("xmp", "XML:com.adobe.xmp"):  # Pillow would turn a picture by its XMP; browsers do not
        image.info.pop(key, None)
    try:
        asked = image.getexif().get(0x0112)
    except Exception:  # noqa: BLE001  metadata never costs a person their picture
        asked = None
    turn = TURNS.get(asked) if isinstance(asked, int) else None
    return rgb if turn is None else rgb.transpose(Image.Transpose[turn])


def _rgb(image: Image.Image) -> Image.Image:
    """The picture as 8-bit sRGB, transparency laid on white."""
    from PIL import Image  # noqa: PLC0415

    colour, alpha = _split(_eight_bit(image))
    profile = image.info.get("icc_profile")
    colour = _to_srgb(colour, profile) if profile else colour
    if colour.mode != "RGB":  # converting to itself would copy
        colour = colour.convert("RGB")
    if alpha is not None:
        paper = Image.new("RGB", colour.size, "white")
        paper.paste(colour, mask=alpha)  # (c*a + 255*(255-a)) / 255 to the nearest, as in the kernel
        return paper
    return colour


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


def warm() -> None:
    """Load every decoder now, so that opening a picture later needs no file of our own."""
    from PIL import (  # noqa: F401, PLC0415
        BmpImagePlugin,
        GifImagePlugin,
        Image,
        ImageChops,
        ImageCms,
        JpegImagePlugin,
        MpoImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    Image.preinit()
    ImageCms.createProfile("sRGB")
