"""Your own pictures: a file beside originals that the person gave. Of all that a lay reader can be shown, the clearest.

Two files of one source say where a made-up picture was taken from. Which of the two came first they do not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SAME = (
    "Both files show one picture, whole or changed. It does not say which of the two came first: your own account, and "
    "when you can show that you had yours, do."
)
OTHER = (
    "A hash looks at the whole picture. A face or a part of your picture that was put into another one is not found in "
    "this way: your own eyes count for more."
)
UNKNOWN = "Where there is too little detail, or no picture hash, nobody can tell in this way."


@dataclass(frozen=True, slots=True)
class Compared:
    """A file beside one original. `same` is None where it can't be told; `distance` in bits, of 256.

    `edit` is the likely edit by which one of the two looks like the other, and `none` where it is as it is.
    """

    name: str
    same: bool | None
    distance: int | None = None
    nearest: int | None = None
    edit: str = "none"


def findings(compared: Iterable[Compared]) -> Iterator[Finding]:
    """One finding an original."""
    for one in compared:
        quotes = (Quote("compared with", one.name), *_numbers(one))
        if one.same:
            how = "" if one.edit == "none" else f", after an edit ({one.edit})"
            says = f"This file and your picture show the same{how}."
            yield Finding("same-source", "originals", "internal", says, SAME, quotes)
        elif one.same is None:
            says = "It can't be told whether this file and your picture show the same."
            yield Finding("original-unknown", "originals", "internal", says, UNKNOWN, quotes, loud=False)
        else:
            says = "As whole pictures, this file and yours are not the same."
            yield Finding("other-source", "originals", "internal", says, OTHER, quotes, loud=False)


def _numbers(one: Compared) -> Iterator[Quote]:
    if one.distance is not None:
        yield Quote("bits that differ, of 256", str(one.distance))
    if one.nearest is not None and one.edit != "none":
        yield Quote("bits that differ after the edit", str(one.nearest))
