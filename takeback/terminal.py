"""How Takeback looks in a terminal: lower case, 80 columns, colour only on a terminal.

Time is one vertical line with points, as on the pages; a hash is its 16 × 16 grid. Functions return lines; only
`cli` and `demo` print. What strangers wrote (file names, addresses) is shown with control characters taken out.
"""

from __future__ import annotations

import json
import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from takeback import people, plain, signals, spans, voice
from takeback.words import _, again, n_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from takeback.pack_terms import Contact, Packs
    from takeback.terms import Finding, Plan, Situation
    from takeback.voice import Told

WIDTH = 80
LONE = re.compile("[\ud800-\udfff]")
"""What stands in a name for a byte that is no UTF-8."""

COLOURS = {"action": "36", "quiet": "2", "strong": "1", "danger": "1;31", "attention": "33", "good": "32"}


def coloured() -> bool:
    """Whether standard output is a terminal that wants colour (https://no-color.org)."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: str) -> str:
    """Text in one of COLOURS, where there is colour."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if coloured() else text


def document(value: Any) -> str:
    """What `--json` prints: one JSON document, whatever the names of files are and whatever the terminal can show.

    Bytes of a name that are no UTF-8 come as U+FFFD; where the output is not UTF-8, all but ASCII is escaped.
    """
    text = LONE.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=1))
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return json.dumps(json.loads(text), indent=1) if plain else text


def clean(text: str) -> str:
    """Text that cannot move a terminal's cursor or change its colours."""
    return plain.line(text)


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Text in lines of at most WIDTH columns."""
    return textwrap.wrap(
        clean(text),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def heading(text: str) -> list[str]:
    """A heading with air above it."""
    return ["", paint(again(text), "strong")]


def grid(rows: Sequence[Sequence[bool]]) -> list[str]:
    """A hash as its grid: two rows of cells a line, half blocks."""
    blocks = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(blocks[cell] * 2 for cell in zip(top, bottom, strict=True)) for top, bottom in pairs]


# ---------------------------------------------------------------- the plan


def plan_lines(plan: Plan, packs: Packs, situation: Situation) -> Iterator[str]:
    """A plan as a person reads it: danger, what to do in order, what may apply, what would settle the rest."""
    if plan.danger == "immediate":
        yield from ("", paint(_("you may be in danger now: start with the first line"), "danger"))
    if voice.is_young(situation, packs):
        yield from ("", *wrapped(packs.voice.opening))
    yield from heading("what to do, in this order")
    routes = voice.ordered(plan.routes, packs, situation)
    for number, route in enumerate(routes):
        told, contacts = voice.told(route, packs, situation), people.reached(route.id, packs, situation)
        yield from _route_lines(told, route.due, contacts, last=number == len(routes) - 1)
    yield from _help_lines(plan, packs, situation)
    may = [f for f in plan.findings if f.status == "may_apply"]
    yield from heading("what may be against the law" if may else "we can't name a law yet")
    for finding in may:
        yield from _finding_lines(finding)
    yield from _open_lines(plan)
    yield from ("", paint(_("drafted from public sources, not yet read by a lawyer"), "quiet"))


def _route_lines(told: Told, due: str | None, contacts: Sequence[Contact], *, last: bool) -> Iterator[str]:
    bar = "  " if last else paint("│", "quiet") + " "
    by = f"  ({due_words(due)})" if due else ""
    yield paint("●", "action") + " " + paint(told.name, "strong") + paint(by, "attention")
    for line in wrapped(told.because, "", ""):
        yield f"{bar}{line}"
    for contact in contacts:
        reach = next((way.to for way in contact.ways if way.offered), "")
        if reach:
            yield f"{bar}{paint(clean(f'{contact.name}: {reach}'), 'action')}"
    if not last:
        yield paint("│", "quiet")


def _help_lines(plan: Plan, packs: Packs, situation: Situation) -> Iterator[str]:
    quiet = (route for route in plan.routes if packs.routes[route.id].without_report)
    names = [voice.told(route, packs, situation).name for route in quiet]
    if names:
        yield from heading("help without reporting to the police")
        yield from wrapped("; ".join(names))


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield from wrapped(finding.title, "  ", paint("■ ", "action"))
    yield paint(f"  {finding.cite}", "quiet")
    yield from wrapped(_("you told us: {answers}", answers=" ".join(finding.because)), "  ")


def _open_lines(plan: Plan) -> Iterator[str]:
    if plan.next_question:
        yield from heading("what would settle more")
        yield from wrapped(plan.next_question.ask, "  ", paint("? ", "action"))


def due_words(duration: str) -> str:
    """An ISO 8601 duration as words: "PT48H" is "within 48 hours"."""
    return _("within {time}", time=spans.words(duration))


def table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows in columns as wide as their widest cell."""
    rows = [tuple(clean(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


# ---------------------------------------------------------------- hashes and packages


def hash_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """One file's signals: the picture's own grid, and each hash as text."""
    yield from heading(clean(found["file"]))
    if "error" in found:
        yield from wrapped(again(found["error"]))
        return
    own, edited = _own_and_edited(found["signals"])
    for signal in own[:1]:
        if signal["type"] == "pdq":
            yield from (f"  {line}" for line in grid(signals.grid(signal["value"])))
    for film in (one["frames"] for one in own if one["type"] == "vpdq"):
        yield from heading(_("{n} frames stand for this video", n=len(film)))
        yield from (f"  {one['at']:9.3f} s  {one['value']}" for one in film)
    yield from sound_lines([one for one in own if "every" in one])
    own = [one for one in own if one["type"] != "vpdq" and "every" not in one]
    rows = [(s["type"], s["value"], _("quality {n}", n=s["quality"]) if "quality" in s else "") for s in own]
    yield from (f"  {kind:7} {value} {paint(quality, 'quiet')}".rstrip() for kind, value, quality in rows)
    if edited:
        yield from heading(_("{n} hashes of what is likely done to it; hand them in beside its own", n=len(edited)))
        yield from (f"  {signal['value']} {paint(signal['edit'], 'quiet')}" for signal in edited)
    for note in (*found.get("notes", ()), *([found["original"]["says"]] if "original" in found else [])):
        yield from wrapped(again(note), "  ")


def vpdq_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The frames of a video as the vpdq program writes them: number, quality, hash and second, one frame a line."""
    for film in (one["frames"] for one in found["signals"] if one["type"] == "vpdq"):
        yield from (f"{one['frame']},{one['quality']},{one['value']},{one['at']:.3f}" for one in film)


SHORT = 200
"""Characters of a hash of sound that are shown."""


def sound_lines(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The hashes of a recording: how long it is, and the beginning of each."""
    if found:
        yield from heading(_("{n} seconds of sound", n=f"{found[0]['seconds']:.1f}"))
    for one in found:
        value = one["value"]
        yield f"  {one['type']}"
        yield from (f"    {value[at : at + 72]}" for at in range(0, min(len(value), SHORT), 72))
        if len(value) > SHORT:
            yield f"    {paint(_('… {n} characters in all; --json has them', n=len(value)), 'quiet')}"


def _own_and_edited(found: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The signals of a file and of its frames, and those of its likely edits."""
    edited = [one for one in found if not signals.is_frame(one.get("edit", signals.WHOLE))]
    return [one for one in found if one not in edited], edited


def compare_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Whether two files show the same: in words, the distances, and the two grids side by side."""
    yield from ("", *wrapped(again(found["says"])), "")
    compared = [_compared(file, found, place) for place, file in enumerate(found["files"])]
    if all(compared):
        left, right = (grid(signals.grid(one["value"])) for one in compared if one)
        yield from (f"  {one:32}    {other}" for one, other in zip(left, right, strict=True))
    for file in found["files"]:
        yield from wrapped(file["file"], "  ")
    yield from _stretch_lines(found)
    if found["distance"] is not None:
        yield "  " + _differ(found, [f"{one['at']:.1f} s" for one in compared if one and "at" in one])
    if found.get("edit", signals.WHOLE) != signals.WHOLE:
        yield "  " + _("after the edit {edit}: {n}", edit=found["edit"], n=found["nearest"])


def _differ(found: Mapping[str, Any], places: Sequence[str]) -> str:
    """How far two files are from each other, and by which frames of them where they are videos."""
    n, most = found["distance"], signals.THRESHOLD
    if not places:
        return _("as they are {n} of 256 bits differ; up to {most} is the same picture", n=n, most=most)
    return _(
        "the frames at {first} and {second}: {n} of 256 bits differ; up to {most} is the same picture",
        first=places[0],
        second=places[1],
        n=n,
        most=most,
    )


def _compared(file: Mapping[str, Any], found: Mapping[str, Any], place: int) -> Mapping[str, Any] | None:
    """The hash of a file that is drawn: a picture's own, or that of the frame of a video that is nearest."""
    frames = [one["frames"] for one in file["signals"] if one["type"] == "vpdq"]
    if frames:
        return frames[0][found["nearest"][place]] if found["nearest"] else None
    return next((one for one in file["signals"] if one["type"] == "pdq"), None)


def _stretch_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """What two recordings share: where, how long, and how alike."""
    from takeback import recordings  # noqa: PLC0415

    alike = found.get("recording")
    if alike is None:
        return
    if alike["says"] != found["says"]:
        yield from wrapped(again(alike["says"]), "  ")
    for one in alike["stretches"][:10]:
        first, second = recordings.clock(one["one"]), recordings.clock(one["other"])
        length, errors = round(one["seconds"]), f"{100 * one['errors']:.1f}"
        told = _(
            "{length} s from {first} and from {second}: {errors} of 100 bits differ",
            length=length,
            first=first,
            second=second,
            errors=errors,
        )
        yield f"  {told}"


def verify_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Whether a package is whole; every problem, one a line."""
    if result["ok"]:
        yield paint(_("whole"), "good") + ": " + _("every file is as it was when the package was made")
        if result["stamped_at"]:
            yield from stamp_lines(result)
        else:
            yield _("no stamp that counts: its time is by that computer's clock")
        yield from (line for note in result["notes"] for line in wrapped(again(note), "  "))
        return
    if not result["problems"]:
        yield paint(_("sealed"), "attention") + ": " + _("it can't be told without its key")
        yield from (line for note in result["notes"] for line in wrapped(again(note), "  "))
        return
    yield (
        paint(_("not whole"), "danger") + ": " + n_("one problem found", "{n} problems found", len(result["problems"]))
    )
    for problem in result["problems"]:
        yield f"  {clean(problem['file'])}: {clean(again(problem['what']))}"


def stamp_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """When a package was stamped, and by whom."""
    yield _("stamped at {at}", at=clean(result["stamped_at"]))
    yield from wrapped(_("by {who}", who=clean(result["stamped_by"])), "  ")


# ---------------------------------------------------------------- start, notices


def start_lines(done: Any) -> Iterator[str]:
    """What `start` made, and what each notice still lacks."""
    yield paint("●", "action") + f" {clean(str(done.dir))}"
    for name in ("READ-ME-FIRST.txt", "plan.json", "hashes.json", *done.papers, "package/"):
        yield f"│ {name}"
    for one in done.notices:
        if one["missing"]:
            yield from heading(f"not complete yet: {one['law']}")
            yield from missing_lines(one["missing"])


def missing_lines(missing: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """What a notice lacks: what to ask, and where the law says so."""
    for one in missing:
        yield from wrapped(again(one["ask"]), "  ", paint("? ", "action"))
        yield paint(f"  {one['cite']}", "quiet")
