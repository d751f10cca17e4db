"""Files of strangers, made by rule: pictures in every way that files keep them, and files made to do harm.

`PICTURES` are honest: what a person would see is given beside the bytes. `TRAPS` are not: the name of the reason that
must come back is given instead, or None where the picture must be read all the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms, ImageDraw

Honest = tuple[bytes, Image.Image]
"""A file, and what a person sees."""


class Made(Mapping[str, Honest]):
    """Pictures by name, each made when it is first asked for: all of them take seconds."""

    def __init__(self, makers: Mapping[str, Callable[[], Honest]]) -> None:
        self._makers, self._made = makers, dict[str, Honest]()

    def __getitem__(self, name: str) -> Honest:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Traps(Mapping[str, tuple[bytes, str | None]]):
    """Files made to do harm, by name, each made when it is asked for; `reasons` are known before."""

    def __init__(self, makers: Mapping[str, tuple[Callable[[], bytes], str | None]]) -> None:
        self._makers = makers
        self.reasons = {name: why for name, (_, why) in makers.items()}

    def __getitem__(self, name: str) -> tuple[bytes, str | None]:
        make, why = self._makers[name]
        return make(), why

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


PNG = b"\x89PNG\r\n\x1a\n"


@cache
def photo(rows: int = 300, cols: int = 400, seed: int = 7) -> Image.Image:
    """A picture with the smooth shades and the edges of a photo, the same every time."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:cols] / max(rows, cols)
    planes = []
    for _ in range(3):
        waves = sum(
            chance.normal() / (1 + i) * np.cos(chance.uniform(2, 40) * x + chance.uniform(2, 40) * y + i)
            for i in range(12)
        )
        planes.append(128 + 50 * waves)
    image = Image.fromarray(np.clip(np.dstack(planes), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        cx, cy, r = chance.integers(0, cols), chance.integers(0, rows), chance.integers(rows // 20, rows // 5)
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=tuple(int(c) for c in chance.integers(0, 256, 3)))
    return image


def scene(seed: int, rows: int = 360, cols: int = 480) -> Image.Image:
    """A picture with as many corners as a street has, the same every time."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", (cols, rows), tuple(int(one) for one in chance.integers(0, 256, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(260):
        x, y, size = chance.integers(0, cols), chance.integers(0, rows), chance.integers(6, 50)
        corners = [(x + int(chance.integers(-size, size)), y + int(chance.integers(-size, size))) for _ in range(3)]
        draw.polygon(corners, fill=tuple(int(one) for one in chance.integers(0, 256, 3)))
    return image


def saved(image: Image.Image, format_: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(cols: int, rows: int, data: bytes, *, depth: int = 8, colours: int = 0, extra: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", cols, rows, depth, colours, 0, 0, 0))
    return PNG + head + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


# ---------------------------------------------------------------- honest pictures


def mask(image: Image.Image) -> Image.Image:
    """A soft transparency: a ramp from left to right."""
    return Image.linear_gradient("L").rotate(90).resize(image.size)


def on_white(image: Image.Image) -> Image.Image:
    """Composited by the rule itself, not by Pillow."""
    rgba = np.asarray(image.convert("RGBA"), dtype=np.uint32)
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    return Image.fromarray(((2 * (colour * alpha + 255 * (255 - alpha)) + 255) // 510).astype(np.uint8))


def swapped_profile() -> bytes:
    """An sRGB profile that says red where blue is, and blue where red is."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def sixteen_bit(grey: Image.Image, *, big: bool) -> Image.Image:
    """A grey picture with 16 bits a pixel that uses all of them."""
    wide = np.asarray(grey, dtype=np.uint32) * 257
    order = ">u2" if big else "<u2"
    return Image.frombytes("I;16B" if big else "I;16", grey.size, wide.astype(order).tobytes())


def pictures() -> dict[str, Callable[[], Honest]]:
    """Name: the file, and what a person sees."""
    seen = photo()
    grey = seen.convert("L")
    clear = seen.copy()
    clear.putalpha(mask(seen))
    grey_clear = Image.merge("LA", (grey, mask(seen)))
    palette = seen.quantize(64)
    one_bit = grey.convert("1")
    r, g, b = seen.split()
    made = {
        "rgb.png": lambda: (saved(seen, "PNG"), seen),
        "rgb.bmp": lambda: (saved(seen, "BMP"), seen),
        "rgb.tiff": lambda: (saved(seen, "TIFF"), seen),
        "lzw.tiff": lambda: (saved(seen, "TIFF", compression="tiff_lzw"), seen),
        "big.tiff": lambda: (saved(seen, "TIFF", big_tiff=True), seen),
        "photo.jpg": lambda: (saved(seen, "JPEG", quality=95), seen),
        "progressive.jpg": lambda: (saved(seen, "JPEG", quality=95, progressive=True), seen),
        "several.mpo": lambda: (saved(seen, "MPO", save_all=True, append_images=[seen.rotate(180)], quality=95), seen),
        "photo.webp": lambda: (saved(seen, "WEBP", lossless=True), seen),
        "wide.webp": lambda: (saved(seen.resize((1200, 900)), "WEBP", quality=90), seen.resize((1200, 900))),
        "photo.gif": lambda: (saved(seen, "GIF"), seen),
        "cmyk.jpg": lambda: (saved(seen.convert("CMYK"), "JPEG", quality=95), seen),
        "cmyk.tiff": lambda: (saved(seen.convert("CMYK"), "TIFF"), seen),
        "ycbcr.tiff": lambda: (saved(seen.convert("YCbCr"), "TIFF"), seen),
        "lab.tiff": lambda: (saved(seen.convert("LAB"), "TIFF"), seen),
        "grey.jpg": lambda: (saved(grey, "JPEG", quality=95), grey),
        "grey-16.png": lambda: (saved(sixteen_bit(grey, big=False), "PNG"), grey),
        "grey-16.tiff": lambda: (saved(sixteen_bit(grey, big=False), "TIFF"), grey),
        "grey-16-big.tiff": lambda: (saved(sixteen_bit(grey, big=True), "TIFF"), grey),
        "palette.png": lambda: (saved(palette, "PNG"), palette.convert("RGB")),
        "one-bit.png": lambda: (saved(one_bit, "PNG"), one_bit.convert("L")),
        "one-bit.tiff": lambda: (saved(one_bit, "TIFF", compression="group4"), one_bit.convert("L")),
        "clear.png": lambda: (saved(clear, "PNG"), on_white(clear)),
        "clear.webp": lambda: (saved(clear, "WEBP", lossless=True, exact=True), on_white(clear)),
        "clear.tiff": lambda: (saved(clear, "TIFF"), on_white(clear)),
        "grey-clear.png": lambda: (saved(grey_clear, "PNG"), on_white(grey_clear)),
        "clear-palette.png": lambda: (saved(clear.quantize(64), "PNG"), on_white(clear.quantize(64))),
        "clear-shade.png": lambda: (saved(grey, "PNG", transparency=0), on_white(saved_again(grey))),
        "profile.png": lambda: (saved(Image.merge("RGB", (b, g, r)), "PNG", icc_profile=swapped_profile()), seen),
        "broken-profile.jpg": lambda: (saved(seen, "JPEG", quality=95, icc_profile=b"profile" * 30), seen),
        "moving.gif": lambda: (saved(grey, "GIF", save_all=True, append_images=[grey.rotate(90)]), grey),
        "moving.webp": lambda: (
            saved(seen, "WEBP", lossless=True, save_all=True, append_images=[seen.rotate(90)]),
            seen,
        ),
        "moving.png": lambda: (saved(seen, "PNG", save_all=True, append_images=[seen.rotate(90)]), seen),
    }
    return made | turned(seen) | phones(seen)


def phones(seen: Image.Image) -> dict[str, Callable[[], Honest]]:
    """What phones make: HEIC and AVIF, turned, clear and in a colour space of their own."""
    from pillow_heif.as_plugin import _save_heif

    Image.register_save("HEIC-MADE", _save_heif)  # what reads HEIC in the tests is what reads it in the cage

    def heic(image: Image.Image, **options: object) -> bytes:
        return saved(image, "HEIC-MADE", quality=95, **options)

    clear = seen.copy()
    clear.putalpha(mask(seen))
    r, g, b = seen.split()
    bgr = Image.merge("RGB", (b, g, r))
    bgr.info["icc_profile"] = swapped_profile()
    turned_seen = seen.transpose(Image.Transpose.ROTATE_90)
    grey = seen.convert("L")
    return {
        "photo.heic": lambda: (heic(seen), seen),
        "clear.heic": lambda: (heic(clear), on_white(clear)),
        "profile.heic": lambda: (heic(bgr), seen),
        "turned.heic": lambda: (heic(turned_seen, exif=exif_turn(6)), seen),
        "photo.avif": lambda: (saved(seen, "AVIF", quality=90), seen),
        "clear.avif": lambda: (saved(clear, "AVIF", quality=90), on_white(clear)),
        "grey.avif": lambda: (saved(grey, "AVIF", quality=90), grey),
        "turned.avif": lambda: (saved(turned_seen, "AVIF", quality=90, exif=exif_turn(6)), seen),
        "moving.avif": lambda: (saved(seen, "AVIF", quality=90, save_all=True, append_images=[seen.rotate(90)]), seen),
    }


def exif_turn(asked: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = asked
    return exif.tobytes()


def saved_again(grey: Image.Image) -> Image.Image:
    """A grey picture whose black is clear, as Pillow reads it."""
    alpha = grey.point([0] + [255] * 255)
    return Image.merge("LA", (grey, alpha))


def held_so(seen: Image.Image, turn: Image.Transpose, format_: str, **options: object) -> Honest:
    return saved(seen.transpose(turn), format_, **options), seen


def turned(seen: Image.Image) -> dict[str, Callable[[], Honest]]:
    """The same picture held in each of the eight ways, with the EXIF that says so."""
    flip = Image.Transpose
    held = {
        2: flip.FLIP_LEFT_RIGHT, 3: flip.ROTATE_180, 4: flip.FLIP_TOP_BOTTOM, 5: flip.TRANSPOSE,
        6: flip.ROTATE_90, 7: flip.TRANSVERSE, 8: flip.ROTATE_270,
    }  # fmt: skip
    made = {}
    for asked, turn in held.items():
        exif = Image.Exif()
        exif[0x0112] = asked
        for format_, options in (("JPEG", {"quality": 95}), ("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})):
            made[f"turned-{asked}.{format_.lower()}"] = partial(held_so, seen, turn, format_, exif=exif, **options)
    return made


PICTURES = Made(pictures())


# ---------------------------------------------------------------- files made to do harm


def jpeg_that_says(rows: int, cols: int) -> bytes:
    data = bytearray(saved(photo(64, 64), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", rows, cols)
    return bytes(data)


def gif(canvas: tuple[int, int], frame: tuple[int, int]) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x80, 0, 0) + bytes(6)
    return head + b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x44\x01\x00;"


def bmp(cols: int, rows: int) -> bytes:
    data = bytearray(saved(photo(), "BMP"))
    data[18:26] = struct.pack("<ii", cols, rows)
    return bytes(data)


def upside_down_bmp() -> bytes:
    """Rows from the top, which BMP writes as a negative height."""
    data = bytearray(saved(photo().transpose(Image.Transpose.FLIP_TOP_BOTTOM), "BMP"))
    data[22:26] = struct.pack("<i", -300)
    return bytes(data)


def tiff_that_loops() -> bytes:
    """The next page of this file is its first page, forever."""
    data = bytearray(saved(photo(), "TIFF"))
    first = struct.unpack_from("<I", data, 4)[0]
    end = first + 2 + 12 * struct.unpack_from("<H", data, first)[0]
    data[end : end + 4] = struct.pack("<I", first)
    return bytes(data)


def tiff(*tags: tuple[int, int, int, int]) -> bytes:
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + bytes(4)


def exif_that_loops() -> bytes:
    """An EXIF block whose sub-block is the block itself."""
    block = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + bytes(4)
    return saved(photo(), "JPEG", quality=95, exif=block)


def webp_that_says(cols: int, rows: int) -> bytes:
    inside = saved(photo(64, 64), "WEBP", lossless=True)[12:]
    size = struct.pack("<I", cols - 1)[:3] + struct.pack("<I", rows - 1)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + size + inside
    return b"RIFF" + struct.pack("<I", len(body)) + body


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


WHOLE = ("rgb.png", "photo.jpg", "photo.gif", "photo.webp", "rgb.tiff", "photo.heic", "photo.avif")


def honest(name: str) -> bytes:
    return PICTURES[name][0]


def cut_at(name: str, tenth: int) -> bytes:
    data = honest(name)
    return data[: len(data) * tenth // 10]


@cache
def bomb() -> bytes:
    return zlib.compress(bytes(100_000_000), 9)


def traps() -> dict[str, tuple[Callable[[], bytes], str | None]]:
    """Name: the file, and the reason that must come back; None where it is a picture in spite of all."""
    cut = {
        f"cut-at-{tenth}0%-{name}": (partial(cut_at, name, tenth), "damaged")
        for name in (*WHOLE, "rgb.bmp")
        for tenth in range(1, 10)
    }
    return cut | {
        "empty.jpg": (lambda: b"", "empty"),
        "words.jpg": (lambda: b"BMy first holiday, in words and not in pictures. " * 20, "unknown"),
        "page.png": (lambda: b"<!doctype html><script>alert(1)</script>", "unknown"),
        "zeros.bin": (lambda: bytes(100_000), "unknown"),
        "only-a-start.jpg": (lambda: b"\xff\xd8\xff", "damaged"),
        "only-a-start.png": (lambda: PNG, "damaged"),
        "wrong-sum.png": (lambda: patched(honest("rgb.png"), 20, b"\x01"), "damaged"),
        "bomb-900-mp.png": (lambda: png(30_000, 30_000, bomb(), depth=1), "huge"),
        "bomb-inside.png": (lambda: png(40, 40, bomb()), None),
        "says-200-mp.png": (lambda: png(20_000, 10_000, b""), "huge"),
        "says-99-mp.png": (lambda: png(10_000, 9_900, zlib.compress(b"")), "damaged"),
        "one-row.png": (lambda: png(1_000_000, 1, bomb()), "huge"),
        "no-rows.png": (lambda: png(100, 0, b""), "damaged"),
        "four-rows.png": (lambda: png(400, 4, zlib.compress(bytes(4 * 401))), "small"),
        "profile-bomb.png": (
            lambda: png(40, 40, zlib.compress(bytes(40 * 41)), extra=chunk(b"iCCP", b"p\0\0" + bomb())),
            "damaged",
        ),
        "text-bomb.png": (
            lambda: png(40, 40, zlib.compress(bytes(40 * 41)), extra=chunk(b"zTXt", b"p\0\0" + bomb())),
            "damaged",
        ),
        "chunk-that-lies.png": (lambda: patched(honest("rgb.png"), 33, b"\x7f\xff\xff\xff"), "damaged"),
        "says-65535.jpg": (lambda: jpeg_that_says(65_535, 65_535), "huge"),
        "says-5000.jpg": (lambda: jpeg_that_says(5_000, 5_000), None),
        "says-nothing.jpg": (lambda: jpeg_that_says(0, 0), "damaged"),
        "exif-that-loops.jpg": (exif_that_loops, None),
        "canvas-65535.gif": (lambda: gif((65_535, 65_535), (10, 10)), "huge"),
        "frame-65535.gif": (lambda: gif((10, 10), (65_535, 65_535)), "huge"),
        "page-that-loops.tiff": (tiff_that_loops, None),
        "no-tags.tiff": (tiff, "damaged"),
        "points-nowhere.tiff": (lambda: b"II*\0\xff\xff\xff\x7f", "damaged"),
        "says-4-billion.tiff": (
            lambda: tiff((256, 4, 1, 2**32 - 1), (257, 4, 1, 2**32 - 1), (258, 3, 1, 8)),
            "damaged",
        ),
        "endless-tag.tiff": (lambda: tiff((256, 4, 1, 40), (257, 4, 1, 40), (273, 4, 2**31, 8)), "damaged"),
        "says-16384.webp": (lambda: webp_that_says(16_384, 16_384), "huge"),
        "says-large.webp": (lambda: webp_that_says(9_000, 9_000), "damaged"),
        "size-that-lies.webp": (lambda: patched(honest("photo.webp"), 16, b"\xff\xff\xff\x7f"), "damaged"),
        "top-down.bmp": (upside_down_bmp, None),
        "negative.bmp": (lambda: bmp(-400, 300), "huge"),
        "negative-both.bmp": (lambda: bmp(-400, -300), "huge"),
        "lowest.bmp": (lambda: bmp(400, -(2**31)), "huge"),
        "says-large.bmp": (lambda: bmp(2**31 - 1, 2**31 - 1), "huge"),
    }


TRAPS = Traps(traps())

OTHERS = {
    "MP4": b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
    "MOV": b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
    "M4A": b"\0\0\0\x18ftypM4A \0\0\0\0isom",
    "WebM or MKV": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01",
    "AVI": b"RIFF\x24\0\0\0AVI LIST",
    "WAV": b"RIFF\x24\0\0\0WAVEfmt ",
    "MP3": b"ID3\x03\0\0\0\0\0\0",
    "AAC": b"\xff\xf1\x50\x80",
    "OGG": b"OggS\0\2",
    "FLAC": b"fLaC\0\0\0\x22",
    "PDF": b"%PDF-1.7\n",
    "ZIP": b"PK\3\4\x14\0",
}
"""The starts of files that Takeback knows and does not read."""
