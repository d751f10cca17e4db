"""History: what last saved a file, and through what it passed. Worded as history: every forwarded file has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance import tables
from takeback.provenance.declared import quotes
from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.seen import Seen

LIMITS = (
    "It tells what saved the file last, not who made it or whether it was changed. Every forwarded copy is saved again."
)
TWICE_LIMITS = (
    "Every picture that was sent through a messenger or put on a site is saved at least twice. It does not mean that "
    "it was changed. A picture that was made smaller in between shows nothing of this."
)
TWICE = 300
"""Per mille of the frequencies that must show an earlier saving; docs/examine.md says how often that is wrong."""

FFMPEG = ("Lavf", "Lavc")


def findings(seen: Seen) -> Iterator[Finding]:
    """What the tables, the encoder and the edits that were noted say."""
    yield from _tables(seen)
    if seen.twice >= TWICE:
        says = "This picture was saved as a JPEG at least twice, the time before more coarsely."
        yield Finding("saved-twice", "saved-twice", "history", says, TWICE_LIMITS, loud=False)
    yield from _encoder(seen)
    yield from _edits(seen)


def _tables(seen: Seen) -> Iterator[Finding]:
    if not seen.tables:
        return
    quality = tables.standard_quality(seen.tables)
    if quality is not None:
        says = f"Last saved with the standard JPEG tables at quality {quality} of 100, as many programs and apps do."
    elif any(one.path in ("APP13", "APP14") for one in seen.groups):
        says = "Last saved with JPEG tables of its own and with parts that Adobe's programs write."
    else:
        says = "Last saved with JPEG tables of its own, as cameras, phones and some services do."
    detail = [Quote("first row of the table", " ".join(map(str, seen.tables[0][:8]))), Quote("sampling", seen.sampling)]
    yield Finding("last-saved", "tables", "history", says, LIMITS, tuple(detail), loud=False)


def _encoder(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.marks if _names_an_encoder(one.where, one.name)]
    if not marks:
        return
    ffmpeg = any(word in one.text for one in marks for word in FFMPEG)
    says = "The file names the program that last wrote it."
    if ffmpeg:
        says = "The file passed through ffmpeg, a program inside very many apps, bots and sites."
    yield Finding("encoder", "encoder", "history", says, LIMITS, quotes(marks[:8]), loud=False)


def _names_an_encoder(where: str, name: str) -> bool:
    if where == "stream":
        return True
    last = {"mp4": ("(c)too", "(c)swr", "encoder", "com.apple.quicktime.software"), "id3": ("TSSE", "TENC"),
            "riff": ("ISFT",), "vorbis": ("vendor", "ENCODER"),
            "matroska": ("MuxingApp", "WritingApp", "ENCODER")}  # fmt: skip
    return name in last.get(where, ())


def _edits(seen: Seen) -> Iterator[Finding]:
    marks = [one for one in seen.texts("xmp") if one.name.endswith(("softwareAgent", "stEvt:softwareAgent"))]
    marks += [one for one in seen.texts("xmp") if one.name == "xmp:CreatorTool"]
    if marks:
        says = "The file notes the programs that opened and saved it."
        yield Finding("programs", "encoder", "history", says, LIMITS, quotes(marks[:8]), loud=False)
