"""Whether what a package says makes sense: its totals, its log, its list of exhibits, and its times.

The custody log is checked link by link without any key, against the head that bag-info.txt notes; the list of exhibits
against the files and against the log; and no time may be one that cannot be.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from takeback import bag, case_uco, custody
from takeback.evidence import form, make
from takeback.evidence.form import CUSTODY, EXHIBITS, FILES, PAYLOAD
from takeback.terms import Problem
from takeback.words import later, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

Read = tuple[bag.Sums, bytes]
"""A file's sums, and its bytes where they are needed for more than that."""

INFO = "bag-info.txt"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What JSON that someone else wrote can end in."""

LINE = ("case", "sequence", "at", "actor", "what", "about", "sha256", "sealed", "previous", "link")
ABOUT = {"file", "ref", "sha256", "sha512", "size", "received_at", "origin", "original_name", "kind"}
"""What is said of every exhibit; more may be."""


def problems(files: Mapping[str, Read], stamped_at: datetime | None) -> Iterator[Problem]:
    """Everything that does not fit together."""
    fields = _fields(files)
    yield from _totals(files, fields)
    lines = _lines(files)
    if lines is None:
        yield Problem(CUSTODY, "can't be read as a log in the one form that Takeback writes")
    elif CUSTODY in files:
        yield from _chain(lines, fields)
        yield from _times(lines, fields, stamped_at)
    listed = _exhibits(files)
    if listed is None:
        yield Problem(EXHIBITS, "can't be read as a list of exhibits in the one form that Takeback writes")
    elif EXHIBITS in files:
        yield from _held(files, listed, withheld=fields.get("Takeback-Files") == form.WITHHELD)
        yield from _received(listed, lines or ())
    yield from _examiners(files, listed, lines)


def notes(files: Mapping[str, Read]) -> tuple[str, ...]:
    """What a person should know of a whole package."""
    fields = _fields(files)
    said = []
    if fields["Takeback-Files"] == form.WITHHELD:
        said.append(later("the files themselves are not in it, only their hashes"))
    if fields["Takeback-Clock"] != form.CLOCK:
        said.append(put(f"its clock: {fields['Takeback-Clock']}"))
    return tuple(said)


def _fields(files: Mapping[str, Read]) -> dict[str, str]:
    """What bag-info.txt says; nothing where it is not there in its one form, which is a fault of its own."""
    fields = bag.read_info(files[INFO][1]) if INFO in files else {}
    return fields if tuple(fields) == form.LABELS else {}


def _totals(files: Mapping[str, Read], fields: Mapping[str, str]) -> Iterator[Problem]:
    if not fields:
        return
    payload = [sums for path, (sums, _) in files.items() if path.startswith(PAYLOAD)]
    if fields["Takeback-Package"] != form.FORMAT:
        yield Problem(INFO, "is of a package that this Takeback does not know")
    if fields["Payload-Oxum"] != f"{sum(one.size for one in payload)}.{len(payload)}":
        yield Problem(INFO, "gives another number of files and bytes than there are")
    if fields["Takeback-Files"] not in (form.INCLUDED, form.WITHHELD):
        yield Problem(INFO, "does not say whether the files are in the package")


# ---------------------------------------------------------------- the log


def _lines(files: Mapping[str, Read]) -> list[dict[str, Any]] | None:
    """The log's lines; None where one is not written as we write it."""
    text = files[CUSTODY][1] if CUSTODY in files else b""
    try:
        lines = [json.loads(line) for line in text.splitlines()]
        for one in lines:
            form.read_moment(one["at"])
            int(one["sequence"])
        fits = all(tuple(one) == LINE and type(one["sequence"]) is int for one in lines)
        return lines if fits and b"".join(map(make.line, lines)) == text else None
    except UNREADABLE:
        return None


def _chain(lines: Sequence[Mapping[str, Any]], fields: Mapping[str, str]) -> Iterator[Problem]:
    """Every link, and the head that bag-info.txt notes."""
    chain = [
        custody.Entry(str(one["case"]), one["sequence"], str(one["previous"]), str(one["sealed"])) for one in lines
    ]
    for number, (one, line) in enumerate(zip(chain, lines, strict=True), 1):
        if line["link"] != one.hash:
            yield Problem(CUSTODY, f"line {number}: its link is not the hash of what it says")
    expected = _head(fields)
    for problem in custody.problems(chain, expected):
        yield Problem(CUSTODY, f"{problem.file} {problem.what}")
    if fields and expected is None:
        yield Problem(INFO, "notes no end of the log")
    if chain and expected and chain[-1].sequence > expected.sequence:
        yield Problem(CUSTODY, f"event {chain[-1].sequence} was added after the end that bag-info.txt notes")
    if chain and fields and chain[0].case != fields["External-Identifier"]:
        yield Problem(CUSTODY, "is of another case than bag-info.txt names")


def _head(fields: Mapping[str, str]) -> custody.Head | None:
    """The end of the log that bag-info.txt notes."""
    sequence, _, noted = fields.get("Takeback-Custody-Head", "").partition(" ")
    return custody.Head(int(sequence), noted) if re.fullmatch("[0-9]{1,15}", sequence) else None


def _times(
    lines: Sequence[Mapping[str, Any]], fields: Mapping[str, str], stamped_at: datetime | None
) -> Iterator[Problem]:
    """Times that cannot be. A clock that was set back makes them too: a package that says so itself is believed."""
    if not fields:
        return
    try:
        made_at = fields["Takeback-Made-At"]
        made = form.read_moment(made_at)
    except ValueError:
        yield Problem(INFO, "gives no time at which it was made")
        return
    if fields["Bagging-Date"] != made.date().isoformat():
        yield Problem(INFO, "gives a day and a time that do not fit")
    if stamped_at and made > stamped_at + form.SLACK:
        yield Problem(INFO, "gives a time after the stamp: a package can't be stamped before it is made")
    if fields["Takeback-Clock"] == make.clock([(str(one["sequence"]), one["at"]) for one in lines], made_at):
        return
    if lines and lines[0]["at"] < form.FIRST:
        yield Problem(CUSTODY, f"event {lines[0]['sequence']} has a time before there was any Takeback")
    for before, after in pairwise(lines):
        if after["at"] < before["at"]:
            yield Problem(CUSTODY, f"event {after['sequence']} has a time before that of event {before['sequence']}")
    if lines and lines[-1]["at"] > made_at:
        yield Problem(CUSTODY, f"event {lines[-1]['sequence']} has a time after the package was made")
    yield Problem(INFO, "says something else of the clock than the times in the log do")


# ---------------------------------------------------------------- the list of exhibits


def _exhibits(files: Mapping[str, Read]) -> list[dict[str, Any]] | None:
    text = files[EXHIBITS][1] if EXHIBITS in files else make.written({"exhibits": []})
    try:
        said = json.loads(text)
        listed: list[dict[str, Any]] = said["exhibits"]
        fits = all(one.keys() >= ABOUT and type(one["size"]) is int for one in listed)
        return listed if fits and make.written({"exhibits": listed}) == text else None
    except UNREADABLE:
        return None


def _held(files: Mapping[str, Read], listed: Sequence[Mapping[str, Any]], *, withheld: bool) -> Iterator[Problem]:
    """The files against the list; where they are withheld, there are none."""
    there = {path: sums for path, (sums, _) in files.items() if path.startswith(FILES)}
    described = {str(one["file"]): one for one in listed if one["file"] is not None}
    if withheld and described:
        yield Problem(EXHIBITS, "names files, though bag-info.txt says that they are withheld")
    if not withheld and len(described) != len(listed):
        yield Problem(EXHIBITS, "names a file twice, or leaves one out")
    for path in sorted(described.keys() | there.keys()):
        if path not in there:
            yield Problem(path, "is missing, though exhibits.json describes it")
        elif path not in described:
            yield Problem(path, "is not described in exhibits.json")
        elif there[path] != bag.Sums(*(described[path][name] for name in ("sha256", "sha512", "size"))):
            yield Problem(path, "is not the file that exhibits.json describes")


def _received(listed: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """The list against the log: what was received, and when."""
    kept = {one["about"]: one for one in lines if one["what"] == "exhibit"}
    for one in listed:
        line = kept.get(one["ref"])
        if line is None:
            yield Problem(EXHIBITS, f"{one['ref']}: the log does not say that it was received")
        elif line["sha256"] != one["sha256"]:
            yield Problem(EXHIBITS, f"{one['ref']} was changed after it was received: the log has another hash")
        elif _after(one["received_at"], line["at"]):
            yield Problem(EXHIBITS, f"{one['ref']} has a time of receipt after the one in the log")


def _examiners(
    files: Mapping[str, Read], listed: Sequence[Mapping[str, Any]] | None, lines: Sequence[Mapping[str, Any]] | None
) -> Iterator[Problem]:
    """The list for forensic tools, made again out of the other two."""
    if form.CASE_UCO not in files or listed is None or lines is None:
        return
    case = _fields(files).get("External-Identifier", "")
    try:
        same = files[form.CASE_UCO][1] == case_uco.document(case, listed, lines)
    except UNREADABLE:
        same = False
    if not same:
        yield Problem(form.CASE_UCO, "does not say what exhibits.json and custody.jsonl say: one of them was changed")


def _after(received: Any, at: str) -> bool:
    """Whether a time is later than one in the log, or is none."""
    try:
        return form.moment(form.aware(received)) > at
    except UNREADABLE:
        return True
