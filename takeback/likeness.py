"""Likeness: are two files the same picture? In words, with the distances beside them. Pure: signals in, words out.

`compare` says yes, no, or that it can't tell, and by which edit one looks like the other. `original` says whether the
hashes of a picture would also catch the untouched picture that it was made from, which may be somebody's holiday photo:
then, and where nobody has the original, a person has to look at the entry before it blocks anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from takeback import signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from takeback.terms import Signal

NO_HASH = "At least one of the two has no picture hash, so only exact copies can be told, and these are none"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two files show the same; `same` is None where it can't be told.

    `distance` is between the two as they are, 0 to 256; `nearest` the least that any likely edit of one comes to the
    other, and `edit` its name: which of the two it was made to is `edited`, 0 or 1.
    """

    same: bool | None
    says: str
    distance: int | None = None
    nearest: int | None = None
    edit: str = signals.WHOLE
    edited: int = 0


@dataclass(frozen=True, slots=True)
class Original:
    """Whether an entry of these hashes would catch the original too; `review`: a person must look at it first."""

    review: bool
    says: str
    distance: int | None = None


class _Found(TypedDict):
    distance: int
    nearest: int
    edit: str
    edited: int


def compare(one: Sequence[Signal], other: Sequence[Signal]) -> Likeness:
    """Whether two files show the same picture, from their signals; those of likely edits count, the other as it is."""
    if _exact(one) and _exact(one) == _exact(other):
        return Likeness(same=True, says="These are the same file, byte for byte", distance=0, nearest=0)
    first, second = _pdq(one), _pdq(other)
    if not first or not second:
        return Likeness(same=None, says=NO_HASH)
    whole = signals.distance(first[0].value, second[0].value)
    nearest, edit, edited = min(
        (signals.distance(mine.value, theirs[0].value), mine.edit or signals.WHOLE, which)
        for which, (these, theirs) in enumerate(((first, second), (second, first)))
        for mine in these
    )
    found: _Found = {"distance": whole, "nearest": nearest, "edit": edit, "edited": edited}
    weak = min(first[0].quality or 0, second[0].quality or 0)
    if weak < signals.BANKABLE:
        return Likeness(
            same=None, says=f"There is too little detail in one of them (quality {weak} of 100) to tell by", **found
        )
    if whole <= signals.THRESHOLD:
        return Likeness(
            same=True, says=f"These are the same picture: {_how_near(whole)}", distance=whole, nearest=whole
        )
    if nearest <= signals.THRESHOLD:
        said = (
            f"These are the same picture, changed: the first looks like the other after this edit: {edit}",
            f"These are the same picture, changed: the second looks like the other after this edit: {edit}",
        )
        return Likeness(same=True, says=said[edited], **found)
    return Likeness(
        same=False,
        says=f"By their hashes these are different pictures: {whole} of 256 bits differ, and up to {signals.THRESHOLD} "
        "may. A picture that was changed a lot can look different to a hash: your own eyes count for more",
        **found,
    )


def original(entry: Sequence[Signal], other: Sequence[Signal] | None) -> Original:
    """Whether the hashes of a picture that was made from another would catch that other one, if there is one."""
    if other is None:
        return Original(
            review=True,
            says="Nobody compared this with a picture that it may have been made from. The hashes may catch that one "
            "too, which can be an innocent picture: ask whoever takes them to let a person look first",
        )
    mine, theirs = _pdq(entry), _pdq(other)
    if not mine or not theirs:
        return Original(
            review=True, says="The original has no picture hash, so nobody can tell yet: let a person look first"
        )
    nearest = min(signals.distance(one.value, two.value) for one in mine for two in theirs)
    if nearest <= signals.THRESHOLD:
        said = f"These hashes would catch the original too ({nearest} of 256 bits differ): let a person look first"
        return Original(review=True, says=said, distance=nearest)
    said = f"These hashes would not catch the original: {nearest} of 256 bits differ"
    return Original(review=False, says=said, distance=nearest)


def _how_near(distance: int) -> str:
    if distance == 0:
        return "no bit of their hashes differs"
    return f"{distance} of 256 bits of their hashes differ, as when a picture is saved again"


def _pdq(found: Sequence[Signal]) -> list[Signal]:
    """The picture hashes of a file, its own first."""
    return [signal for signal in found if signal.type == "pdq"]


def _exact(found: Sequence[Signal]) -> str:
    return next((signal.value for signal in found if signal.type == "sha256"), "")
