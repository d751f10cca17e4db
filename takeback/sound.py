"""Sound: a recording to 32-bit words that are found again after a codec, a telephone, a clip. Pure; numpy inside.

The method is Haitsma and Kalker's ("A Highly Robust Audio Fingerprinting System", ISMIR 2002, section 4): of each
frame the energy in 33 bands, evenly spaced to the ear; a bit says whether the difference between two neighbouring
bands grew. What differs from the paper, each measured (docs/robustness.md): the bands lie between 400 and 3000 Hz, so
that a telephone keeps all of them (theirs: 300 to 2000); a frame is 0.5 s long and one begins every 32 ms (0.37 s,
11.6 ms), so that an hour is 450 kB; and a frame is compared with the one 0.256 s before it, not with its neighbour,
which noise and codecs turn over less easily. A word of zero says nothing: it is too quiet there, or nothing changes.
Speed and pitch move the bands: a copy that runs 2 % faster is not found, and neither is one that was tuned.

    ear = Ear(rate)
    for samples in chunks: ear.hear(samples)        # float32, one channel, -1 to 1
    words = ear.words()                             # uint32, one every STEP seconds
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

STEP = 0.032
"""Seconds from one word to the next."""

FRAME = 0.5
"""Seconds that a word looks at."""

LAG = 8
"""A frame is compared with the one this many steps before it."""

LOW, HIGH, BANDS = 400.0, 3000.0, 33
"""The lowest and the highest frequency that is looked at, in hertz; bands between them, each 6.3 % higher."""

LEAST_RATE, MOST_RATE = 6200, 384_000
"""Samples a second. Below, there is nothing up to HIGH; above, nothing is a recording."""

THIN = 8000
"""Before anything else every whole part of the rate above this is left out, behind a filter."""

QUIET = 1e-7
"""Mean square of a frame's bands under which it is silence: 70 dB below the loudest there is."""

STEADY = 0.01
"""How much of a frame's energy must have moved between bands for a word to say anything: a steady tone moves none."""

BATCH = 256
"""Frames that are made into words at once, which bounds the memory."""


@cache
def _filter(times: int) -> Any:
    """A low pass for leaving out all but every n-th sample: windowed sinc, 16 samples a side for each that stays."""
    import numpy as np  # noqa: PLC0415

    at = np.arange(-8 * times, 8 * times + 1)
    cut = 0.5 / times
    return 2 * cut * np.sinc(2 * cut * at) * np.hamming(len(at))


@cache
def _bands(rate: float, size: int) -> Any:
    """What each bin of a spectrum gives to each band: a matrix, bins by bands. A bin on an edge gives to both."""
    import numpy as np  # noqa: PLC0415

    edges = LOW * (HIGH / LOW) ** (np.arange(BANDS + 1) / BANDS) / rate * size
    bins = np.arange(size // 2 + 1)[:, None]
    return np.clip(np.minimum(bins + 0.5, edges[1:]) - np.maximum(bins - 0.5, edges[:-1]), 0, 1)


class Ear:
    """Hears a recording piece by piece, in memory that does not grow but by its words. `rate` in samples a second."""

    def __init__(self, rate: int) -> None:
        import numpy as np  # noqa: PLC0415

        if not LEAST_RATE <= rate <= MOST_RATE:
            raise ValueError(rate)
        self._times = max(1, rate // THIN)
        self.rate = rate / self._times
        self._long = round(FRAME * self.rate)
        self._size = self._long + -self._long % 20  # made of small factors more often than not, which transforms like
        self._window = np.hanning(self._long)
        self._loud = 2 / (self._size * float(np.sum(self._window**2)))
        self._rest = np.zeros(8 * self._times if self._times > 1 else 0, np.float32)
        self._heard = np.zeros(0)
        self._first, self._frame = 0, 0
        self._before = np.zeros((0, BANDS))
        self._words: list[Any] = []

    def hear(self, samples: Any) -> None:
        """The next samples, of one channel."""
        import numpy as np  # noqa: PLC0415

        self._heard = np.concatenate([self._heard, self._thinned(samples)])
        while self._ready() >= BATCH:
            self._listen(BATCH)

    def words(self) -> Any:
        """The words of all that was heard: none of less than a second. Call it once, at the end."""
        import numpy as np  # noqa: PLC0415

        while (ready := self._ready()) > 0:
            self._listen(min(ready, BATCH))
        return np.concatenate(self._words) if self._words else np.zeros(0, np.uint32)

    def _thinned(self, samples: Any) -> Any:
        import numpy as np  # noqa: PLC0415

        if self._times == 1:
            return np.asarray(samples, np.float64)
        self._rest = np.concatenate([self._rest, np.asarray(samples, np.float32)])
        taps = _filter(self._times)
        count = (len(self._rest) - len(taps)) // self._times + 1
        if count < 1:
            return np.zeros(0)
        seen = np.lib.stride_tricks.sliding_window_view(self._rest, len(taps))
        kept = seen[: count * self._times : self._times] @ taps
        self._rest = self._rest[count * self._times :]
        return kept

    def _start(self, frame: int) -> int:
        return round(frame * STEP * self.rate)

    def _ready(self) -> int:
        """How many frames more lie wholly in what was heard."""
        held = self._first + len(self._heard) - self._long
        last = int(held / (STEP * self.rate)) + 1
        while last >= self._frame and self._start(last) > held:
            last -= 1
        return last - self._frame + 1

    def _listen(self, count: int) -> None:
        """Make the next frames into words."""
        import numpy as np  # noqa: PLC0415

        starts = np.array([self._start(self._frame + one) for one in range(count)]) - self._first
        frames = self._heard[starts[:, None] + np.arange(self._long)] * self._window
        energy = (np.abs(np.fft.rfft(frames, self._size)) ** 2) @ _bands(self.rate, self._size)
        self._frame += count
        done = max(0, self._start(self._frame) - self._first)
        self._heard, self._first = self._heard[done:], self._first + done
        energy = np.concatenate([self._before, energy])
        self._before = energy[-LAG:]
        if len(energy) > LAG:
            self._words.append(self._bits(energy))

    def _bits(self, energy: Any) -> Any:
        import numpy as np  # noqa: PLC0415

        slope = energy[:, :-1] - energy[:, 1:]
        grew = slope[LAG:] - slope[:-LAG]
        now, then = energy[LAG:].sum(1), energy[:-LAG].sum(1)
        says = (np.minimum(now, then) * self._loud >= QUIET) & (np.abs(grew).sum(1) >= STEADY * (now + then))
        words = (grew > 0) @ (np.uint64(1) << np.arange(BANDS - 1, dtype=np.uint64))
        return np.where(says, words, 0).astype(np.uint32)


# ---------------------------------------------------------------- found again

REACH = FRAME + (LAG - 1) * STEP
"""Seconds that a word looks at beyond its own step."""

LEAST = 5.0
"""Seconds that two recordings must share, at least, to be called the same."""

MOST_ERRORS = 0.15
"""Share of bits that may differ at most. Two recordings of different things differ in about half."""

KEYS = (0x0000FFFF, 0xFFFF0000, 0x55555555, 0xAAAAAAAA)
"""The halves of a word that are looked up: where 14 of 100 bits differ, one of them is whole every third word."""

COMMON = 200
"""A half that stands more often than this in a recording (and in a thousandth of it) is no way to find anything."""

BLOCK = 128
"""Words within which hits of one shift are counted together."""

EDGE, EDGE_ERRORS = 10, 0.3
"""Words at the ends of a stretch that must be alike too, and the share of their bits that may differ."""

HITS = 3
MOST_SHIFTS = 4000
MOST_STRETCHES = 50


@dataclass(frozen=True, slots=True)
class Stretch:
    """What two recordings share: where it begins in each and how long it is, in seconds; the share of wrong bits."""

    one: float
    other: float
    seconds: float
    errors: float


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether two recordings share sound; `same` is None where it can't be told. `by` names what found it."""

    same: bool | None
    says: str
    by: str = ""
    stretches: tuple[Stretch, ...] = ()


def shared(
    one: Any, other: Any, step: float = STEP, reach: float = REACH, *, apart: float = 0.0
) -> tuple[Stretch, ...]:
    """The stretches of at least LEAST seconds that two rows of words share, longest first; words of zero say nothing.

    Shifts are found by looking up halves of words, so that two long recordings cost no more than their length. With
    `apart`, only stretches that come again that many seconds later count: a recording beside itself.
    """
    import numpy as np  # noqa: PLC0415

    one, other = np.asarray(one, np.uint32), np.asarray(other, np.uint32)
    least = int((LEAST - reach) / step)
    found: list[Stretch] = []
    for shift in _shifts(one, other):
        if apart and shift * step < apart:
            continue
        start = max(0, shift)
        mine = one[start : start + len(other) - max(0, -shift)]
        theirs = other[max(0, -shift) :][: len(mine)]
        mine = mine[: len(theirs)]
        found += [
            Stretch((first + start) * step, (first + start - shift) * step, long * step + reach, errors)
            for first, long, errors in _runs(mine, theirs, least)
        ]
    return _apart(found)


def _shifts(one: Any, other: Any) -> Sequence[int]:
    """Shifts that many halves of words speak for, the likeliest first."""
    import numpy as np  # noqa: PLC0415

    places = [_hits(one & np.uint32(key), other & np.uint32(key), one, other) for key in KEYS]
    mine = np.concatenate([first for first, _ in places])
    theirs = np.concatenate([second for _, second in places])
    wide = len(other) + len(one) + 1
    boxes, counts = np.unique((mine // BLOCK) * wide + (mine - theirs + len(other)), return_counts=True)
    best = np.argsort(-counts, kind="stable")[: 4 * MOST_SHIFTS]
    best = best[counts[best] >= HITS]
    shifts = (boxes[best] % wide - len(other)).tolist()
    return list(dict.fromkeys(shifts))[:MOST_SHIFTS]


def _hits(mine: Any, theirs: Any, one: Any, other: Any) -> tuple[Any, Any]:
    """Where the same half of a word stands in both."""
    import numpy as np  # noqa: PLC0415

    places_one, places_other = np.flatnonzero(one), np.flatnonzero(other)
    mine, theirs = mine[places_one], theirs[places_other]
    order = np.argsort(theirs, kind="stable")
    sorted_ = theirs[order]
    low, high = np.searchsorted(sorted_, mine, "left"), np.searchsorted(sorted_, mine, "right")
    counts = high - low
    counts[counts > max(COMMON, len(other) // 1000)] = 0
    total = int(counts.sum())
    where = np.repeat(low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(total)
    return np.repeat(places_one, counts), places_other[order[where]]


def _runs(mine: Any, theirs: Any, least: int) -> list[tuple[int, int, float]]:
    """Where two rows of words agree for long enough: first word, number of words, share of bits that differ."""
    import numpy as np  # noqa: PLC0415

    says = np.flatnonzero((mine != 0) & (theirs != 0))
    if len(says) < least:
        return []
    wrong = np.concatenate([[0], np.cumsum(np.bitwise_count(mine[says] ^ theirs[says]).astype(np.int64))])
    near = (wrong[least:] - wrong[:-least]) < MOST_ERRORS * 32 * least
    near &= says[least - 1 :] - says[: len(says) - least + 1] < 2 * least  # what says nothing must not stretch it
    edges = np.flatnonzero(np.diff(np.concatenate([[0], near.astype(np.int8), [0]])))
    runs = []
    for first, past in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        first, last = _trimmed(wrong, first, past - 1 + least)  # noqa: PLW2901  from the first to past the last word
        if last - first < least:
            continue
        errors = float(wrong[last] - wrong[first]) / (32 * (last - first))
        if errors >= MOST_ERRORS:  # windows that are near each by itself, and together are not
            first += int(np.argmin(wrong[first + least : last + 1] - wrong[first : last + 1 - least]))  # noqa: PLW2901
            last = first + least
            errors = float(wrong[last] - wrong[first]) / (32 * least)
        if errors < MOST_ERRORS:
            begin, end = int(says[first]), int(says[last - 1]) + 1
            runs.append((begin, end - begin, errors))
    return runs


def _trimmed(wrong: Any, first: int, last: int) -> tuple[int, int]:
    """A run without what hangs at its ends: so few wrong bits elsewhere would let half a second of noise pass."""
    while last - first > EDGE and wrong[first + EDGE] - wrong[first] >= EDGE_ERRORS * 32 * EDGE:
        first += 1
    while last - first > EDGE and wrong[last] - wrong[last - EDGE] >= EDGE_ERRORS * 32 * EDGE:
        last -= 1
    return first, last


def _apart(found: list[Stretch]) -> tuple[Stretch, ...]:
    """The longest stretches, without those that tell of the same seconds again."""
    kept: list[Stretch] = []
    for stretch in sorted(found, key=lambda one: (-one.seconds * (0.5 - one.errors), one.one, one.other)):
        if not any(_over(stretch, other) for other in kept):
            kept.append(stretch)
        if len(kept) == MOST_STRETCHES:
            break
    return tuple(sorted(kept, key=lambda one: -one.seconds))


def _over(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches lie over each other by more than half of the shorter, in either recording."""
    half = min(one.seconds, other.seconds) / 2
    return any(
        min(a + one.seconds, b + other.seconds) - max(a, b) > half
        for a, b in ((one.one, other.one), (one.other, other.other))
    )


def telling(words: Any) -> bool:
    """Whether some stretch of a recording could be found again at all."""
    return bool(_runs(words, words, int((LEAST - REACH) / STEP)))
