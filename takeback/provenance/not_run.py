"""What was not run on a file, and why: a sentence for every method, so that no silence can be taken for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance import hearing, originals
from takeback.provenance.finding import METHODS, Method, NotRun
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from takeback.formats import Kind
    from takeback.heard import Heard
    from takeback.provenance.originals import Compared
    from takeback.seen import Seen, Step, Why

WHY: dict[Why, str] = later(
    {
        "no-walker": "Takeback does not know how files of this kind are put together",
        "not-a-picture": "it works on pictures that Takeback can open",
        "no-thumbnail": "the file carries no small picture to compare with",
        "not-jpeg": "it works on JPEG files",
        "not-png": "only a PNG file keeps its pixels exactly enough",
        "unreadable": "the picture can't be opened",
        "heavy": "the file is too large to be looked at here",
        "small": "the picture is too small",
        "no-library": "a package that it needs is not installed",
        "not-yet": "this version of Takeback does not do it",
        "no-reader": "the reader of signed records does not know files of this kind",
        "reader-refused": "the reader of signed records could not read the file",
        "not-exact": "the file does not keep its pixels exactly",
        "too-plain": "the picture has too little detail for it",
        "no-list": "no list of trusted signers is there",
        "failed": "it broke off at this file",
        "not-video": "it is no video",
        "no-decoder": "Takeback does not decode videos of this kind",
    }
)
STEP: dict[Method, Step] = {
    "container": "structure",
    "c2pa": "credentials",
    "hidden-text": "hidden",
    "open-watermark": "watermark",
    "thumbnail": "thumbnail",
    "saved-twice": "twice",
    "cuts-and-freezes": "motion",
}
"""The step of the look that a method rests on; the others rest on what any look gives."""

NEEDS_PARTS = ("declarations", "recipes", "dates", "makers", "encoder")

NO_PLUGIN = "no plug-in was named; Takeback brings none and starts none by itself"


def not_run(
    seen: Seen,
    kind: Kind,
    compared: Sequence[Compared] = (),
    heard: Heard | None = None,
    *,
    asked: Collection[Method] = (),
) -> Iterator[NotRun]:
    """Every method that was not run, in the order of METHODS. `asked` are those for which a plug-in was named."""
    for method in METHODS:
        because = "" if method in asked else _because(method, seen, kind, compared, heard)
        if because:
            yield NotRun(method, because)


def _because(method: Method, seen: Seen, kind: Kind, compared: Sequence[Compared], heard: Heard | None) -> str:
    if method in STEP:
        why = seen.why(STEP[method])
        return WHY[why] if why else ""
    if method in NEEDS_PARTS:
        return _parts(seen)
    if method in hearing.METHODS:
        return hearing.not_run(method, kind, heard)
    match method:
        case "originals":
            return "" if compared else originals.NO_ORIGINAL
        case "original-parts":
            return originals.parts_not_run(compared)
        case "tables":
            return "" if seen.format == "JPEG" else WHY["not-jpeg"]
        case _:
            return NO_PLUGIN


def _parts(seen: Seen) -> str:
    """Declarations can be read where the structure is known."""
    why = seen.why("structure")
    return WHY[why] if why else ""
