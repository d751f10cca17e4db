"""Recordings: are two of them, or parts of them, the same? In words, with where, how long and how alike. Pure.

"The same recording" is said of at least 5 seconds in which fewer than 15 of 100 bits differ, and of nothing less. By
speed or pitch a copy can be made that is not found; the answer says so wherever it is no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import chromaprint, heard, sound
from takeback.sound import Alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from takeback.heard import Heard
    from takeback.sound import Stretch

DEFEATED = (
    "A copy that was made faster, slower, higher or deeper by two in a hundred or more is rarely found, nor is one "
    "under loud noise or other sound: your own ears count for more"
)
FIRST, SECOND = "The first of the two can't be compared.", "The second of the two can't be compared."
WHOLE = 0.9
"""The share of both recordings that must be in the stretch to call them one, and not one a part of the other."""


def compare(one: Heard, other: Heard) -> Alike:
    """Whether two recordings are the same, or one is a part of the other, from what was heard in each."""
    for which, each in ((FIRST, one), (SECOND, other)):
        if each.why:
            return Alike(None, f"{which} {heard.WHY[each.why]}")
    if min(one.seconds, other.seconds) < sound.LEAST:
        return Alike(None, f"One of the two is shorter than {sound.LEAST:.0f} seconds, which is too little to tell by")
    found, by = sound.shared(heard.words(one.words), heard.words(other.words)), "haitsma-kalker"
    if not found and one.chroma and other.chroma:
        mine, theirs = (chromaprint.speaking(heard.words(each.chroma)) for each in (one, other))
        found, by = sound.shared(mine, theirs, chromaprint.STEP, chromaprint.REACH), "chromaprint"
    if found:
        return Alike(same=True, says=_same(found, one.seconds, other.seconds), by=by, stretches=found)
    if "still" in one.notes + other.notes:
        return Alike(None, "One of the two is too quiet, or too steady a tone, to tell by")
    return Alike(same=False, says=f"By what Takeback hears these share no {sound.LEAST:.0f} seconds. {DEFEATED}")


def _same(found: Sequence[Stretch], one: float, other: float) -> str:
    longest, errors, more = found[0], int(100 * found[0].errors), len(found) - 1
    alike = f"{errors} of 100 bits differ, and under 15 count" if errors else "Hardly a bit differs"
    said = f"{_which(longest, one, other)}. {alike}"
    if more == 1:
        return f"{said}. One more stretch is in both"
    return f"{said}. {more} more stretches are in both" if more else said


def _which(longest: Stretch, one: float, other: float) -> str:
    if longest.seconds >= WHOLE * max(one, other):
        return f"These are the same recording, {clock(longest.seconds)} long"
    if longest.seconds >= WHOLE * one:
        return f"The first is a part of the second, from {clock(longest.other)} in it"
    if longest.seconds >= WHOLE * other:
        return f"The second is a part of the first, from {clock(longest.one)} in it"
    return (
        f"A part of {clock(longest.seconds)} is the same recording, from {clock(longest.one)} in the first and from "
        f"{clock(longest.other)} in the second"
    )


def clock(seconds: float) -> str:
    """A place in a recording, as players show it: 1:02:03, 2:03."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
