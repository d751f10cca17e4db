"""Contradictions: two things in one file that cannot both be so. They are shown; which of them is wrong is not said."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from takeback.provenance import names, source_types
from takeback.provenance.declared import quotes
from takeback.provenance.finding import Finding, Method

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from takeback.marks import Mark
    from takeback.seen import Seen

THUMBNAIL_LIMITS = (
    "Some programs change a picture and leave the small one inside as it was; some phones make it a little "
    "differently. It does not say what was changed, or that AI did it."
)
DATE_LIMITS = "A camera whose clock was never set is the usual reason. Dates can also be written by anybody."
MAKER_LIMITS = (
    "Programs copy such lines from file to file, and anybody can write them. It does not say which one is right."
)

SAME, OTHER = 31, 60
"""Bits up to which two hashes are of one picture, and from which they are of two; between them nothing is said."""

FIRST_YEAR = 1990
"""There was no EXIF before 1995; scans of older prints carry the day of the scan in these fields."""

DAY = re.compile(r"\s*(\d{4})[:-](\d\d)[:-](\d\d)")
TAKEN = ("DateTimeOriginal", "DateTimeDigitized")
MAKER_NOTES = {"Apple iOS": "apple", "Nikon": "nikon", "OLYMPUS": "olympus", "FUJIFILM": "fujifilm",
               "SONY": "sony",
               "Panasonic": "panasonic", "LEICA": "leica", "QVC": "casio", "AOC": "pentax",
               "SIGMA": "sigma"}  # fmt: skip
RELATED = {
    "olympus": ("olympus", "om digital"),
    "panasonic": ("panasonic", "leica"),
    "pentax": ("pentax", "ricoh", "asahi"),
}


def findings(seen: Seen, on: date) -> Iterator[Finding]:
    """Every contradiction that the file holds; `on` is the day of the look."""
    yield from _thumbnail(seen)
    yield from _dates(seen, on)
    yield from _makers(seen)


def _thumbnail(seen: Seen) -> Iterator[Finding]:
    if seen.thumbnail >= OTHER:
        says = f"The small picture inside the file shows something else ({seen.thumbnail} of 256 bits differ)."
        yield Finding("thumbnail-differs", "thumbnail", "internal", says, THUMBNAIL_LIMITS)
    elif 0 <= seen.thumbnail <= SAME:
        says = f"The small picture inside the file shows the same as the file ({seen.thumbnail} of 256 bits differ)."
        limits = (
            "A small change may not show at this size. A program that changes a picture often makes the small one anew."
        )
        yield Finding("thumbnail-agrees", "thumbnail", "internal", says, limits, loud=False)


# ---------------------------------------------------------------- dates


def _dates(seen: Seen, on: date) -> Iterator[Finding]:
    exif = {one.name: one for one in seen.texts("exif")}
    taken = [exif[name] for name in TAKEN if name in exif]
    made = [one for one in seen.texts("mp4") if one.name in ("creation_time", "com.apple.quicktime.creationdate")]
    for one in [*taken, *made]:
        said = day(one.text)
        if said and said > on + timedelta(days=1):
            yield _date("date-to-come", "It is dated on a day that has not come yet.", [one])
            return
        if said and said.year < FIRST_YEAR and one in taken:
            yield _date("date-too-early", "It is dated before there were cameras that write such dates.", [one])
            return
    if "GPSDateStamp" in exif and taken and _apart(exif["GPSDateStamp"], taken[0]) > 2:
        pair = [exif["GPSDateStamp"], taken[0]]
        yield _date(
            "date-against-gps", "The day that the camera wrote and the day that satellites gave are not the same.", pair
        )
    if "DateTime" in exif and taken and (before := _before(exif["DateTime"], taken[0])) > 2:
        pair = [exif["DateTime"], taken[0]]
        yield _date("saved-before-taken", f"By its own dates it was saved {before} days before it was taken.", pair)


def _date(id_: str, says: str, marks: Sequence[Mark]) -> Finding:
    return Finding(id_, "dates", "internal", says, DATE_LIMITS, quotes(marks))


def day(text: str) -> date | None:
    """The day in an EXIF or ISO date; None where there is none that the calendar has."""
    found = DAY.match(text)
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _apart(one: Mark, other: Mark) -> int:
    first, second = day(one.text), day(other.text)
    return abs((first - second).days) if first and second else 0


def _before(one: Mark, other: Mark) -> int:
    first, second = day(one.text), day(other.text)
    return (second - first).days if first and second else 0


# ---------------------------------------------------------------- makers


def _makers(seen: Seen) -> Iterator[Finding]:
    exif = {one.name: one for one in seen.texts("exif")}
    camera = [exif[name] for name in ("Make", "Model") if name in exif]
    tools = [names.short(one, tool) for one, tool in names.named(seen) if one not in camera]
    if camera and tools:
        yield _clash(
            "camera-and-tool", "The file names both a camera and an AI tool as where it comes from.", [*camera, *tools]
        )
    if camera and (recipe := seen.texts("recipe")):
        says = "The file names a camera, and carries the recipe of an AI picture tool."
        yield _clash("camera-and-recipe", says, [*camera, *recipe[:1]], care=True)
    sorts = {meant[0]: one for one in seen.texts("xmp") if "igitalSourceType" in one.name
             and (meant := source_types.of(one.text))}  # fmt: skip
    if "camera" in sorts and "ai" in sorts:
        pair = [sorts["camera"], sorts["ai"]]
        yield _clash("two-labels", "One label says that a camera took it, another that AI made it.", pair)
    yield from _maker_pairs(seen, exif)


def _maker_pairs(seen: Seen, exif: dict[str, Mark]) -> Iterator[Finding]:
    if "Make" not in exif:
        return
    make = exif["Make"].text.lower()
    for one in seen.texts("xmp"):
        if (
            one.name == "tiff:Make"
            and one.text.lower().split()[0] not in make
            and make.split()[0] not in one.text.lower()
        ):
            yield _clash(
                "two-makers", "Two parts of the file name different makers of the camera.", [exif["Make"], one]
            )
    note = exif.get("MakerNote")
    for start, maker in MAKER_NOTES.items():
        if note and f"'{start}" in note.text and not any(name in make for name in RELATED.get(maker, (maker,))):
            says = "The camera's own notes are in another maker's form than the maker that the file names."
            yield _clash("other-makers-notes", says, [exif["Make"], note])


def _clash(id_: str, says: str, marks: Sequence[Mark], *, care: bool = False) -> Finding:
    method: Method = "makers"
    return Finding(id_, method, "internal", says, MAKER_LIMITS, quotes(marks), care=care)
