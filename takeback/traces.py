"""Traces in sound: where its spectrum ends, and stretches of nothing inside it. Pure.

They say what a recording went through, and never whether somebody changed it. Numbers in, numbers out; what they mean,
and what they do not, is said in provenance/hearing.py, and how often ordinary recordings show them in docs/examine.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LONG = 4096
"""Samples of which a spectrum is made."""

LOUD = 1e-6
"""Mean square under which a piece says nothing of its spectrum: 60 dB below the loudest there is."""

ENOUGH = 40
"""Loud pieces that a spectrum must rest on: four seconds at 44,100 samples a second."""

FALL = 25.0
"""Decibels by which a spectrum must fall within a kilohertz, and stay down, to end there: a slope is no end."""

LEAST_HERTZ = 2500
LEAST_RATE = 11_000
FULL = 0.88
"""The share of what a file could hold beyond which its spectrum is full: every recorder cuts off a little there."""

STILL = 1 / 65536
"""No sample of nothing is further from zero: half of the smallest step of 16 bits."""

LEAST_STILL = 0.05
"""Seconds of nothing that count. Shorter ones are in every quiet recording of 16 bits."""

HARD = 0.03
"""A sample beside nothing that is louder than this did not fade: sound stopped, or began, from one to the next."""

MOST = 50
"""Stretches that are kept."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What a recording shows.

    `top` is the hertz at which the spectrum ends, 0 where it does not end below what the file could hold, and -1 where
    that was not looked at.
    `still` are stretches of nothing inside the recording, at most MOST: from and to, in seconds, and whether an edge is
    hard. `still_seconds` is of all.
    """

    top: int = -1
    still: tuple[tuple[float, float, bool], ...] = ()
    still_seconds: float = 0.0


class Tracer:
    """Follows a recording piece by piece. `rate` in samples a second."""

    def __init__(self, rate: int) -> None:
        import numpy as np  # noqa: PLC0415

        self._rate = rate
        self._window = np.hanning(LONG)
        self._power, self._pieces = np.zeros(LONG // 2 + 1), 0
        self._rest = np.zeros(0, np.float32)
        self._done = 0
        self._open: int | None = 0
        self._open_hard = False
        self._still: list[tuple[float, float, bool]] = []
        self._seconds = 0.0
        self._edge = 0.0

    def hear(self, samples: Any) -> None:
        """The next samples, of one channel."""
        import numpy as np  # noqa: PLC0415

        self._rest = np.concatenate([self._rest, np.asarray(samples, np.float32)])
        count = len(self._rest) // LONG
        if not count:
            return
        pieces, self._rest = self._rest[: count * LONG].reshape(count, LONG), self._rest[count * LONG :]
        loud = (pieces**2).mean(1) >= LOUD
        if loud.any():
            self._power += (np.abs(np.fft.rfft(pieces[loud] * self._window)) ** 2).sum(0)
            self._pieces += int(loud.sum())
        self._stillness(pieces.reshape(-1))
        self._done += count * LONG

    def found(self) -> Traces:
        """What there is, at the end. Nothing at the very end of a recording is no stretch inside it."""
        return Traces(self._top(), tuple(self._still), round(self._seconds, 3))

    def _stillness(self, samples: Any) -> None:
        import numpy as np  # noqa: PLC0415

        quiet = np.abs(samples) <= STILL
        edges = np.flatnonzero(np.diff(quiet.astype(np.int8), prepend=1 if self._open is not None else 0))
        for edge in edges.tolist():
            before = abs(float(samples[edge - 1])) if edge else self._edge
            if quiet[edge]:
                self._open, self._open_hard = self._done + edge, before > HARD
                continue
            begun, self._open = self._open or 0, None
            self._closed(begun, self._done + edge, self._open_hard or abs(float(samples[edge])) > HARD)
        self._edge = abs(float(samples[-1]))

    def _closed(self, begun: int, end: int, hard: bool) -> None:  # noqa: FBT001
        if begun == 0 or end - begun < LEAST_STILL * self._rate:  # a recording may begin with nothing
            return
        self._seconds += (end - begun) / self._rate
        if len(self._still) < MOST:
            self._still.append((round(begun / self._rate, 3), round(end / self._rate, 3), hard))

    def _top(self) -> int:
        """Where the spectrum falls most within a kilohertz, and stays down."""
        import numpy as np  # noqa: PLC0415

        if self._pieces < ENOUGH or self._rate < LEAST_RATE:
            return -1
        level = 10 * np.log10(self._power / self._pieces + 1e-14)
        wide = self._rate / LONG
        near, far = max(1, round(100 / wide)), max(2, round(500 / wide))
        best, where = FALL, 0
        sums = np.concatenate([[0.0], np.cumsum(level)])
        for one in range(round(LEAST_HERTZ / wide), round(FULL * self._rate / 2 / wide) - 1):
            above = level[one + near : one + far]
            below = (sums[one - near] - sums[one - far]) / (far - near)
            fall = below - float(above.mean()) if len(above) else 0.0
            if (
                fall > best
                and below - float(np.sort(level[one + near :])[-max(1, len(level[one + near :]) // 50)]) >= 0.8 * FALL
            ):
                best, where = fall, one
        return round(where * wide)
