"""Motion: where the picture of a video changes at once, and where it stands still. Numbers only; bytes come in.

Every frame is made small and laid beside the one before. A cut is a change that is large, and much larger than those
just before it; a still stretch is a second or more in which nothing changes. PyAV decodes, in one thread; it is an
extra, and whoever calls asks `there()` first. A stranger's bytes come here in the cage only.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from takeback import film, formats

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = (48, 27)
"""What two frames are compared at."""

CUT, SUDDEN = 20.0, 4.0
"""Shades, of 255, that two frames must differ by on average, and how many times as much as the ones just before."""

QUIET, SPECK = 0.2, 3
"""Shades that nothing changes by, on average and anywhere."""

STILL = 1.0
"""Seconds from which a still stretch is told."""

RECENT, APART = 8, 0.2
"""Frames that are just before, and seconds between which two cuts are one."""

MOST = 500
"""Cuts and stretches that are told."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What was seen, in thousandths of a second from the first frame: how far was looked, cuts, still stretches.

    `whole` says whether that was all of it; `frames` counts those that were compared.
    """

    looked: int
    whole: bool
    frames: int
    cuts: tuple[int, ...] = ()
    still: tuple[tuple[int, int], ...] = ()


def there() -> bool:
    """Whether this computer has what decodes videos; loads all of it, for a locked child can load nothing."""
    return film.have()


def version() -> str:
    """The library's version."""
    import av  # noqa: PLC0415

    return str(av.__version__)


def watched(data: bytes, name: str, over: Callable[[], bool]) -> Motion | None:
    """What changes in a video of the format with this name; None where no frame of it can be had.

    `over` is asked at each frame whether the time is up: what was seen by then is told.
    """
    import av  # noqa: PLC0415

    seen = _Seen()
    whole = True
    try:
        opened: Any
        with av.open(BytesIO(data), format=film.CONTAINERS[name], options={"enable_drefs": "0"}) as opened:
            stream = opened.streams.video[0]
            stream.codec_context.thread_count = 1
            stream.codec_context.thread_type = "NONE"
            for frame in opened.decode(stream):
                formats.check_size(frame.height, frame.width)
                small = frame.reformat(*SMALL, format="gray8", interpolation="AREA")
                seen.add(round(float(frame.time or 0.0) * 1000), _bytes(small))
                if over():
                    whole = False
                    break
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  a stranger's bytes can raise anything in a decoder; what was seen before counts
        whole = False
    return seen.told(whole=whole) if seen.frames else None


def _bytes(frame: Any) -> bytes:
    """The first plane, without what each row is filled up with."""
    data, step = memoryview(frame.planes[0]), frame.planes[0].line_size
    return b"".join(data[row * step : row * step + frame.width] for row in range(frame.height))


class _Seen:
    """What was seen so far. Moments are told from the first frame."""

    def __init__(self) -> None:
        self.frames, self._first, self._last = 0, 0, 0
        self._before = b""
        self._recent: list[float] = []
        self._cuts: list[int] = []
        self._still: list[tuple[int, int]] = []
        self._since: int | None = None

    def add(self, at: int, small: bytes) -> None:
        """The next frame."""
        if not self.frames:
            self._first = at
        at = max(at - self._first, self._last)
        if self.frames:
            changes = [abs(one - other) for one, other in zip(small, self._before, strict=True)]
            self._change(at, sum(changes) / len(changes), max(changes))
        self.frames, self._last, self._before = self.frames + 1, at, small

    def _change(self, at: int, mean: float, most: int) -> None:
        if mean <= QUIET and most <= SPECK:
            self._since = self._last if self._since is None else self._since
        else:
            self._end_still()
        usual = sorted(self._recent)[len(self._recent) // 2] if self._recent else 0.0
        apart = not self._cuts or at - self._cuts[-1] >= APART * 1000
        if mean >= CUT and mean >= SUDDEN * usual and apart:
            self._cuts.append(at)
        self._recent = [*self._recent[1 - RECENT :], mean]

    def _end_still(self) -> None:
        if self._since is not None and self._last - self._since >= STILL * 1000:
            self._still.append((self._since, self._last))
        self._since = None

    def told(self, *, whole: bool) -> Motion:
        """All of it."""
        self._end_still()
        return Motion(self._last, whole, self.frames, tuple(self._cuts[:MOST]), tuple(self._still[:MOST]))
