"""Film: the frames of a video that stand for it, each with its second. A copy finds one near, wherever it begins.

A frame is taken at the start, at least every STEP seconds, and as soon as what is seen has moved DRIFT bits away from
the last one taken: so at every cut, and often where much moves. A copy that was trimmed by a part of a second is
sampled at other moments, and every one of those lies between two frames that are near each other. Frames that no other
frame needs are left undecoded where the codec allows. PyAV decodes, in one thread; it is an extra (`takeback[video]`),
because its builds carry GPL code. Without it, or where a file can't be decoded, there are no frames. A stranger's bytes
come here in the cage only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from takeback import formats
from takeback._kernel import pdq_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEP = 1.0
"""Seconds between frames where nothing moves."""

LOOK = 0.03
"""Seconds between two looks at what is seen: a frame is taken no later than this after a cut."""

DRIFT = 28
"""Bits by which what is seen must differ from the last frame taken. What lies between two such frames is hardly further
than half of it from one of them; 31 count as the same, and a new encoding needs its share. Chosen by bench/film.py."""

SMALL = 64
"""The side of the square that two looks are compared at, the one at which PDQ needs no filter."""

ENOUGH = 20
"""Frames a second at which some may be left undecoded: what is left is enough to see everything that moves."""

CONTAINERS = {"MP4": "mov", "MOV": "mov", "3GP": "mov", "WebM or MKV": "matroska"}
"""The formats that are decoded, and FFmpeg's name for the one demuxer that may read each."""

PLANES = {"yuv420p", "yuv422p", "yuv444p", "yuvj420p", "yuvj422p", "yuvj444p", "nv12"}
"""The kinds of frames whose first plane is one byte of brightness a pixel."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment of a film. `number` and `at`, in seconds, count from its first frame. `taken` makes its pixels.

    Those are bytes, rows, columns and channels (1 or 3); in one channel they are quicker made and hashed, and differ by
    a few bits. None where the frame does not stand for anything.
    """

    number: int
    at: float
    length: float | None
    taken: Callable[[int], tuple[bytes, int, int, int]] | None


def have() -> bool:
    """Whether this computer has what decodes videos; loads all of it, for a child of the cage can load nothing."""
    try:
        import av.subtitles.stream  # noqa: F401, PLC0415  it is loaded late, at the first container
    except ImportError:
        return False
    return True


def frames(file: BinaryIO, name: str, start: float = 0.0) -> Iterator[Frame]:
    """Each moment that was looked at, in order. What is broken ends it; nothing is raised but `MemoryError`.

    `start` is the second of a frame that was taken before: it is the first, and all after it are as they would be.
    """
    if not have() or name not in CONTAINERS:
        return
    import av  # noqa: PLC0415

    try:
        with av.open(file, format=CONTAINERS[name], options={"enable_drefs": "0"}) as film:
            yield from _seen(film, start)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder
        return


def _seen(film: Any, start: float) -> Iterator[Frame]:
    stream = film.streams.video[0]
    rate = float(stream.average_rate or 0) or 25.0
    length = film.duration / 1_000_000 if film.duration else None
    stream.codec_context.thread_count = 1
    stream.codec_context.thread_type = "NONE"
    if rate >= ENOUGH:
        stream.codec_context.skip_frame = "NONREF"
    begun = float(stream.start_time * stream.time_base) if stream.start_time is not None else None
    if start > 0 and begun is not None:
        film.seek(int((start + begun) / stream.time_base), stream=stream)
    last, looked, taken = 0, -LOOK, -STEP
    for frame in film.decode(stream):
        formats.check_size(frame.height, frame.width)
        time = float(frame.time or 0.0)
        begun = time if begun is None else begun
        at = max(0.0, time - begun)
        if at < start - 0.0005 or 0 <= at - looked < LOOK:
            continue
        now, looked = _small(frame), at
        if at - taken < STEP and at >= taken and (now ^ last).bit_count() < DRIFT:
            yield Frame(round(at * rate), at, length, None)
            continue
        last, taken = now, at
        yield Frame(round(at * rate), at, length, lambda channels, frame=frame: _pixels(frame, channels))  # type: ignore[misc]


def _small(frame: Any) -> int:
    """The PDQ value of a frame made small, by a few of its pixels: it is quick, and tells how far two are apart."""
    small = frame.reformat(SMALL, SMALL, format="gray8", interpolation="FAST_BILINEAR")
    return int.from_bytes(pdq_bytes(_plane(small, 1), SMALL, SMALL, 1)[0])


def _pixels(frame: Any, channels: int) -> tuple[bytes, int, int, int]:
    """A frame the way it is shown: a phone held upright films lying pictures and says so."""
    if channels == 3 or frame.format.name not in PLANES:
        frame, channels, turn = frame.reformat(format="rgb24"), 3, frame.rotation
    else:
        turn = frame.rotation
    made = _plane(frame, channels)
    if turn % 180 == 0:
        return (_reversed(made, channels) if turn % 360 else made), frame.height, frame.width, channels
    made = _transposed(made, frame.width, channels)  # and so mirrored; one mirror more is a turn
    rows, cols = frame.width, frame.height
    return _mirrored(made, cols * channels, channels, upright=turn % 360 == 90), rows, cols, channels


def _plane(frame: Any, channels: int) -> bytes:
    """The first plane, without what each row is filled up with."""
    plane, wide = frame.planes[0], frame.width * channels
    if plane.line_size == wide:
        return bytes(plane)[: wide * frame.height]
    data, step = memoryview(plane), plane.line_size
    return b"".join(data[row * step : row * step + wide] for row in range(frame.height))


def _reversed(data: bytes, channels: int) -> bytes:
    """Half a turn."""
    made = bytearray(len(data))
    for one in range(channels):
        made[one::channels] = data[one::channels][::-1]
    return bytes(made)


def _transposed(data: bytes, cols: int, channels: int) -> bytes:
    """Rows become columns."""
    made = bytearray(len(data))
    for one in range(channels):
        single = data[one::channels]
        made[one::channels] = b"".join(single[col::cols] for col in range(cols))
    return bytes(made)


def _mirrored(data: bytes, wide: int, channels: int, *, upright: bool) -> bytes:
    """Rows in the opposite order, or each row read backwards."""
    rows = [data[at : at + wide] for at in range(0, len(data), wide)]
    return b"".join(reversed(rows)) if upright else b"".join(_reversed(row, channels) for row in rows)
