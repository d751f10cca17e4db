"""Your own pictures: a file beside originals that the person gave. Of all that a lay reader can be shown, the clearest.

Two files of one source say where a made-up picture was taken from. Which of the two came first they do not say. Whole
pictures are compared by their hashes, parts by what is alike in both and lies alike (features.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from takeback.patches import Laid, Why
    from takeback.sound import Alike, Stretch

SAME = (
    "Both files show one picture, whole or changed. It does not say which of the two came first: your own account, and "
    "when you can show that you had yours, do."
)
OTHER = (
    "A hash looks at the whole picture. Whether a part of your picture was put into another one is a check of its own: "
    "your own eyes count for more."
)
SAME_SOUND = (
    "Both files hold this sound, whole or changed. It does not say which of the two came first: your own account, and "
    "when you can show that you had yours, do. Music, a jingle or a broadcast that both picked up is such a sound too: "
    "listen to both at these places. docs/robustness.md says how often different recordings are taken for one."
)
OTHER_SOUND = (
    "A copy that was made faster, slower, higher or deeper by two in a hundred or more is rarely found in this way, "
    "nor are fewer than 5 seconds, nor a voice that a program learned from yours: it says other words, and is another "
    "recording."
)
UNKNOWN = "Where there is too little detail, or no picture hash, nobody can tell in this way."
PART = (
    "Both files carry this part, whole or changed. It does not say which of the two came first. A logo, a caption, a "
    "frame or a screen that both show is such a part too: look at the drawing. Between different photos so many places "
    "hardly ever lie alike; docs/examine.md says how that was measured."
)
NO_PART = (
    "A small or smooth part is not found in this way, nor one that was warped, drawn anew or filtered a lot, as "
    "made-up faces often are. Your own eyes count for more."
)
WHY: dict[Why, str] = {
    "no-library": "a package that it needs is not installed",
    "not-pictures": "one of the two is no picture that Takeback can open",
    "too-plain": "one of the two has too little detail for it",
    "stopped": "it broke off at these two files",
}
NO_ORIGINAL = "no picture of your own was given to compare with"


@dataclass(frozen=True, slots=True)
class Compared:
    """A file beside one original. `same` is None where it can't be told; `distance` in bits, of 256.

    `edit` is the likely edit by which one of the two looks like the other, and `none` where it is as it is. `laid`
    holds the parts that stand in both. `recording` says whether they share sound, where both can be heard.
    """

    name: str
    same: bool | None
    laid: Laid
    distance: int | None = None
    nearest: int | None = None
    edit: str = "none"
    recording: Alike | None = None

    def data(self) -> dict[str, Any]:
        """As it stands in the JSON document: places in thousandths, no pixels."""
        laid = asdict(self.laid)
        return {
            "name": self.name,
            "same": self.same,
            "distance": self.distance,
            "shapes": laid["shapes"],
            "patches": laid["patches"],
        }


def parts_not_run(compared: Sequence[Compared]) -> str:
    """Why parts were looked for in none of the originals; empty where they were in at least one."""
    if not compared:
        return NO_ORIGINAL
    whys = [one.laid.why for one in compared]
    return "" if None in whys else WHY[whys[0]] if whys[0] else ""


def versions(compared: Sequence[Compared]) -> tuple[tuple[str, str], ...]:
    """What looked for parts, with its version; nothing where nothing did."""
    return tuple(dict.fromkeys(("OpenCV", one.laid.library) for one in compared if one.laid.library))


def findings(compared: Sequence[Compared]) -> Iterator[Finding]:
    """What whole pictures and their parts say, an original at a time."""
    for one in compared:
        yield from _sound(one)
        if one.recording is None or one.distance is not None:
            yield _whole(one)
        if not parts_not_run(compared):
            yield from _parts(one)


def _sound(one: Compared) -> Iterator[Finding]:
    """What is said of two recordings, with where they are the same."""
    alike, quotes = one.recording, [Quote("compared with", one.name)]
    if alike is None:
        return
    if alike.same:
        quotes += [
            Quote("in this file, in yours, seconds, bits that differ", told(stretch))
            for stretch in alike.stretches[:10]
        ]
        says = "This file and yours hold the same recording, or parts of it."
        yield Finding("same-recording", "originals", "internal", says, SAME_SOUND, tuple(quotes))
    elif alike.same is None:
        says = f"It can't be told whether this file and yours hold the same recording. {alike.says}."
        yield Finding("recording-unknown", "originals", "internal", says, OTHER_SOUND, tuple(quotes), loud=False)
    else:
        says = "No 5 seconds of your recording were found in this file."
        yield Finding("other-recording", "originals", "internal", says, OTHER_SOUND, tuple(quotes), loud=False)


def told(stretch: Stretch) -> str:
    """Where a stretch lies in both, how long it is, and how alike."""
    return f"{stretch.one:.1f}, {stretch.other:.1f}, {stretch.seconds:.1f}, {100 * stretch.errors:.1f} of 100"


def _whole(one: Compared) -> Finding:
    quotes = (Quote("compared with", one.name), *_numbers(one))
    if one.same:
        how = "" if one.edit == "none" else f", after an edit ({one.edit})"
        says = f"This file and your picture show the same{how}."
        return Finding("same-source", "originals", "internal", says, SAME, quotes)
    if one.same is None:
        says = "It can't be told whether this file and your picture show the same."
        return Finding("original-unknown", "originals", "internal", says, UNKNOWN, quotes, loud=False)
    says = "As whole pictures, this file and yours are not the same."
    return Finding("other-source", "originals", "internal", says, OTHER, quotes, loud=False)


def _parts(one: Compared) -> Iterator[Finding]:
    quotes = [Quote("compared with", one.name)]
    if one.laid.why:
        says = f"Whether a part of your picture stands in this file can't be told: {WHY[one.laid.why]}."
        yield Finding("part-unknown", "original-parts", "internal", says, UNKNOWN, tuple(quotes), loud=False)
    elif one.laid.patches:
        mirrored = all(patch.mirrored for patch in one.laid.patches)
        says = "A part of your picture stands in this file" + (", as in a mirror." if mirrored else ".")
        quotes += [Quote("places that lie alike in both", str(patch.agree)) for patch in one.laid.patches]
        yield Finding("same-part", "original-parts", "internal", says, PART, tuple(quotes), loud=not one.same)
    else:
        says = "No part of your picture was found in this file."
        yield Finding("no-part", "original-parts", "internal", says, NO_PART, tuple(quotes), loud=False)


def _numbers(one: Compared) -> Iterator[Quote]:
    if one.distance is not None:
        yield Quote("bits that differ, of 256", str(one.distance))
    if one.nearest is not None and one.edit != "none":
        yield Quote("bits that differ after the edit", str(one.nearest))
