"""Footage: a stranger's file beside a case's own: pictures by their hash, videos by the frames that stand for them.

Everything is opened in the cage, made anew each time, and kept nowhere. A video is looked at for so long and no longer;
what there is of it by then is compared. A video is ours where most of its frames are ours or ours are in it (clips.py):
one frame may be a logo. Without what decodes videos (`takeback[video]`) only the very same bytes count, and the look
says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from takeback import cage, clips, film, looks
from takeback.cage import reel
from takeback.chunks import Chunks
from takeback.errors import TakebackError
from takeback.terms import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from takeback.cage import Looked
    from takeback.cage.source import Source

OURS, THEIRS = 60.0, 20.0
"""Seconds that a video of the case, and one of a page, is looked at."""

Frames = tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """What a case has to compare with: the signals of its files and of their likely edits; of each video the frames."""

    signals: tuple[Signal, ...] = ()
    films: tuple[Frames, ...] = ()

    def __len__(self) -> int:
        """How much there is; nothing is fetched where it is nothing."""
        return len(self.signals) + len(self.films)


@dataclass(frozen=True, slots=True)
class Beside:
    """A strange file beside ours: how many of 256 bits differ, and of a video the per cent of frames in common.

    `told` is false where it could not be compared, `closed` where that is for want of what decodes videos.
    """

    told: bool = False
    distance: int | None = None
    share: int | None = None
    closed: bool = False


def own(files: Iterable[tuple[str, Callable[[], Iterable[bytes]]]]) -> Own:
    """What the files of a case give, each by its SHA-256 and a way to read it. One that can't be opened gives that."""
    found: list[Signal] = []
    films: list[Frames] = []
    for sha256, read in files:
        found.append(Signal("sha256", sha256))
        looked = opened(Chunks(read()), OURS, edits=True)
        if looked is not None:
            found += looked.signals
            films += [frames] if (frames := _frames(looked)) else []
    return Own(tuple(dict.fromkeys(found)), tuple(films))


def beside(mine: Own, body: bytes) -> Beside:
    """A stranger's file beside ours."""
    looked = opened(body, THEIRS)
    if looked is None:
        return Beside()
    distance = looks.nearest(mine.signals, looked.signals)
    if distance is not None or looked.kind != "video":
        return Beside(any(one.type == "pdq" for one in looked.signals) or distance is not None, distance)
    frames = _frames(looked)
    if not frames or not mine.films:
        return Beside(closed=not frames and not film.have())
    same = [found for one in mine.films if (found := clips.compare(one, frames)).same]
    best = max(same, key=lambda one: max(one.first or 0, one.second or 0), default=None)
    return (
        Beside(told=True, distance=best.distance, share=max(best.first or 0, best.second or 0))
        if best
        else Beside(told=True)
    )


def opened(source: Source | bytes, seconds: float, *, edits: bool = False) -> Looked | None:
    """What a file is; of a video as much as can be had in so many seconds. None where it can't be opened."""
    patience = _Patience(time.monotonic() + seconds)
    try:
        return cage.look(source, edits=edits, watch=cage.Watch(told=patience.told, far=patience.far))
    except _Enough:
        return patience.looked()
    except TakebackError:
        return None


def _frames(looked: Looked) -> Frames:
    return tuple(one.signal for one in looked.frames)


class _Enough(Exception):
    """A video that was looked at for long enough."""


@dataclass
class _Patience:
    """Follows a long look, keeps what there is, and ends it when it is time."""

    end: float
    kept: reel.Kept = field(default_factory=lambda: reel.Kept(""))

    def told(self, kept: reel.Kept) -> None:
        """What there is now."""
        self.kept = kept
        self.far(None)

    def far(self, _: object) -> None:
        """Called as it goes on."""
        if time.monotonic() > self.end:
            raise _Enough

    def looked(self) -> Looked | None:
        """A video as far as it was seen."""
        if not self.kept.sha256:
            return None
        exact = (Signal("sha256", self.kept.sha256),)
        return cage.Looked("video", "", 0, 0, exact, self.kept.sha256, "", 0, "", (), self.kept.frames)
