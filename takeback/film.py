"""Film: the frames of a video that stand for it, as pictures, each with its second.

A frame is taken at the start, at every cut, and every STEP seconds after the last one taken; the clock of the steps
starts anew at each cut. So a copy that was trimmed by a part of a second is sampled at the same moments as the whole
one from its first cut on. Frames that no other frame needs are left undecoded where the codec allows. PyAV decodes, in
one thread; it is an extra (`takeback[video]`), because its builds carry GPL code. Without it, or where a file can't be
decoded, there are no frames. A stranger's bytes come here in the cage only.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from takeback import formats
from takeback.pixels import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = 0.5
"""Seconds between frames where nothing cuts: nobody's trim is further than a quarter of a second from one."""

CUT = 24
"""How much the shades of two frames must differ on average, of 255, to be a cut."""

SMALL = (32, 18)
"""What two frames are compared at, to find the cuts."""

MOST_BYTES = 512 * 1024 * 1024
CONTAINERS = {"MP4": "mov", "MOV": "mov", "3GP": "mov", "WebM or MKV": "matroska"}
"""The formats that are decoded, and FFmpeg's name for the one demuxer that may read each."""


def have() -> bool:
    """Whether this computer has what decodes videos; loads all of it, for a child of the cage can load nothing."""
    try:
        import av.subtitles.stream  # noqa: F401, PLC0415  it is loaded late, at the first container
    except ImportError:
        return False
    return True


def frames(data: bytes, name: str) -> Iterator[tuple[float, Picture]]:
    """Second and picture, in order. What is broken ends it; nothing is raised but `MemoryError`."""
    if not have() or name not in CONTAINERS or len(data) > MOST_BYTES:
        return
    import av  # noqa: PLC0415

    try:
        with av.open(BytesIO(data), format=CONTAINERS[name], options={"enable_drefs": "0"}) as film:
            yield from _taken(film)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder
        return


def _taken(film: Any) -> Iterator[tuple[float, Picture]]:
    stream = film.streams.video[0]
    stream.codec_context.thread_count = 1
    stream.codec_context.thread_type = "NONE"
    stream.codec_context.skip_frame = "NONREF"
    before, taken, begun = b"", -STEP, None
    for frame in film.decode(stream):
        formats.check_size(frame.height, frame.width)
        begun = frame.time if begun is None else begun
        at = max(0.0, (frame.time or 0.0) - (begun or 0.0))
        small = bytes(frame.reformat(*SMALL, format="gray8").to_ndarray().tobytes())
        if at - taken >= STEP or _differ(before, small) >= CUT:
            taken = at
            yield at, Picture(frame.to_ndarray(format="rgb24").tobytes(), frame.height, frame.width)
        before = small


def _differ(one: bytes, other: bytes) -> float:
    """How much two small grey pictures differ on average; nothing where there is only one."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(other) if one else 0.0
