"""IPTC's digital source types: the one vocabulary that labels, signed or not, use for how something was made.

https://cv.iptc.org/newscodes/digitalsourcetype/ (checked 2026-11-24). The words fit after "labelled as".
"""

from __future__ import annotations

from typing import Literal

Sort = Literal["ai", "part-ai", "camera", "other"]

TYPES: dict[str, tuple[Sort, str]] = {
    "trainedAlgorithmicMedia": ("ai", "made with generative AI"),
    "compositeWithTrainedAlgorithmicMedia": ("part-ai", "edited or put together with generative AI"),
    "compositeSynthetic": ("part-ai", "put together from parts, at least one of them synthetic"),
    "algorithmicMedia": ("other", "a pattern or the like, made with a program that was not trained on pictures"),
    "algorithmicallyEnhanced": ("other", "improved by a program, as cameras and apps often do"),
    "digitalCapture": ("camera", "taken with a camera"),
    "computationalCapture": ("camera", "taken with a camera that computes one picture from several, as phones do"),
    "digitalCreation": ("other", "drawn with a program, without AI"),
    "digitalArt": ("other", "drawn with a program, without AI"),
    "humanEdits": ("other", "edited by a person, without generative AI"),
    "minorHumanEdits": ("other", "slightly edited by a person"),
    "composite": ("other", "put together from several parts"),
    "compositeCapture": ("other", "put together from several camera pictures"),
    "screenCapture": ("other", "a picture of a screen"),
    "virtualRecording": ("other", "a recording of a virtual event"),
    "dataDrivenMedia": ("other", "drawn from data"),
    "softwareImage": ("other", "made with a program"),
    "negativeFilm": ("camera", "scanned from film"),
    "positiveFilm": ("camera", "scanned from film"),
    "print": ("camera", "scanned from paper"),
    "empty": ("other", "empty at first"),
}
SPACES = ("cv.iptc.org/newscodes/digitalsourcetype/", "c2pa.org/digitalsourcetype/")


def of(text: str) -> tuple[Sort, str] | None:
    """What a source type means, given as an address or as its last word; None where it is none that we know."""
    word = text.strip().rstrip("/").rpartition("/")[2]
    if "/" in text and not any(space in text for space in SPACES):
        return None
    return TYPES.get(word)
