"""What a fuzzer hands over, decoded as the cage's child does it: pictures of every format, and videos.

Whatever the bytes hold, a picture ends as signals or as `BadFile`, and a video as frames or none. `one` takes one input,
and is what the tests replay; `python tests/fuzz/decoders.py CORPUS` looks for more, with atheris (tests/fuzz/README
says how). The libraries' C is not built for coverage, so a fuzzer is led by the branches of what is Python: ours,
Pillow's readers, and which of them the C lets it reach. A crash of the C ends the fuzzer, and its input is kept.
"""

from __future__ import annotations

import sys
from io import BytesIO

try:
    import atheris
except ImportError:  # the tests only replay
    from contextlib import nullcontext as instrumented
else:

    def instrumented():
        """The code whose branches a fuzzer is to see."""
        return atheris.instrument_imports(include=["takeback", "PIL", "pi_heif"])


with instrumented():
    from takeback import film, formats, media, pixels
    from takeback.errors import BadFile

    pixels.warm()


def one(data: bytes) -> str:
    """What came of an input: the format where there are signals, "" where there are none."""
    try:
        format_ = formats.sniff(data)
        if format_.name in film.CONTAINERS:
            return format_.name if media.filmed(film.frames(BytesIO(data), format_.name)) else ""
        found = media.hashed(pixels.pictures(data))
    except (BadFile, MemoryError):  # the cage's child says "stopped" where there is no memory
        return ""
    assert found.signals
    assert found.rows * found.cols <= formats.MAX_PIXELS
    return format_.name


def seeds() -> dict[str, bytes]:
    """A small file of each format, to begin with."""
    sys.path.insert(0, __file__.rsplit("/", 2)[0])
    from hostile import photo, saved

    image = photo(40, 48, 3)
    made = {
        name: saved(image, name, **how)
        for name, how in (
            ("JPEG", {"quality": 40}), ("PNG", {}), ("WEBP", {"quality": 30}), ("GIF", {}), ("TIFF", {"compression": "tiff_lzw"}),
            ("BMP", {}), ("AVIF", {"quality": 30}),
        )
    }  # fmt: skip
    made["moving"] = saved(image, "GIF", save_all=True, append_images=[image.rotate(90)])
    for name, codec, container in (
        ("h264", "libx264", "mp4"), ("mpeg4", "mpeg4", "mov"), ("vp8", "libvpx", "webm"), ("vp9", "libvpx-vp9", "webm"),
        ("h265", "libx265", "mp4"), ("av1", "libsvtav1", "matroska"),
    ):  # fmt: skip
        made[name] = _video(codec, container, [image.resize((64, 64)).rotate(turn) for turn in (0, 0, 90, 180)])
    return made


def _video(codec: str, container: str, pictures: list) -> bytes:
    import av

    av.logging.set_level(av.logging.PANIC)
    out = BytesIO()
    with av.open(out, "w", format=container) as made:
        stream = made.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_image(picture)):
                made.mux(packet)
        for packet in stream.encode():
            made.mux(packet)
    return out.getvalue()


if __name__ == "__main__":
    if sys.argv[1] == "--seeds":
        from pathlib import Path

        for name, data in seeds().items():
            Path(sys.argv[2], name).write_bytes(data)
    else:
        atheris.Setup(sys.argv, one)
        atheris.Fuzz()
