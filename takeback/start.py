"""`start`: the whole road in one go, asking nothing: plan, hashes, package, reports and notices in one new folder.

A run makes a case of its own in memory, sealed and chained like a kept one; its key is forgotten at the end, and the
folder is what stays. It appears whole or not at all. A file that the child rule refuses is left out and named; the
plan, the addresses and the words still come out.
"""

from __future__ import annotations

import hashlib
import json
import textwrap
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from takeback import bag, cage, casework, handover, journey, notice_twin, permit, signals, vault
from takeback.errors import BadFile, Refused
from takeback.handover import Matter, Wish
from takeback.permit import Exhibit
from takeback.store import folder
from takeback.terms import Address, Event, Part
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from takeback.terms import Given, Link, Plan

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".heic", ".avif")
INSIDE = later(
    {
        "plan": "what to do, in order, with the reasons and the law",
        "account": "a first account for the police, in English: your own words and facts, nothing else",
        "report": "text to paste into a platform's form",
        "notice-…": "notices that fit, where they are complete: as text, as PDF, and as .eml for your own mail "
        "program. Each has a number; its .json says the same to a company's program, and goes with it if they take one",
        "package": "the evidence, so that anyone can check that it is unchanged: read package/data/VERIFY.txt",
        "hashes": "the signals of your files; a picture's hash is personal, so share it only with a removal service",
    }
)
"""What is in the folder, by the beginning of its names."""

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What a run made. `refused` holds one sentence for each file that was left out for safety."""

    dir: Path
    plan: Plan
    signals: tuple[dict[str, Any], ...]
    package: str
    papers: tuple[str, ...]
    notices: tuple[dict[str, Any], ...]
    refused: tuple[str, ...]
    stamped_at: datetime | None = None

    def document(self) -> dict[str, Any]:
        """The same as the JSON document of docs/interfaces.md."""
        return {
            "dir": str(self.dir),
            "plan": journey.plan_document(self.plan),
            "signals": list(self.signals),
            "package": self.package,
            "notices": list(self.notices),
            "refused": list(self.refused),
            "stamped_at": self.stamped_at.isoformat() if self.stamped_at else None,
        }


def run(
    given: Given,
    files: Sequence[Path],
    urls: Sequence[str],
    out: Path,
    at: datetime,
    *,
    case: str,
    to: str | None = None,
    on: date | None = None,
    wish: Wish | None = None,
    passed: Callable[[int], object] = bool,
) -> Done:
    """The whole road. Raises before anything is written where an input can't be used.

    `passed` is told of bytes as they are read, and again as they are packed.
    """
    if to is not None:
        vault.check_recipient(to)
    folder.must_be_new(out)
    if files:
        cage.warm()
    day = on or at.date()
    plan = journey.plan(given.situation, day)
    log = Log(case, at)
    log.add("opened", {})
    log.add("answers", casework.answers_data(given.situation))
    log.add("words", casework.words_data(given.account))
    addresses = tuple(Address(id=str(number), url=url) for number, url in enumerate(urls, 1))
    for address in addresses:
        log.add("address", casework.address_data(address))
    kept, found, refused = _files(files, given, log, passed)
    matter = Matter(case, day, given, addresses, tuple(kept), tuple(log.entries))
    papers, notices = _papers(matter, at)
    package = handover.package(matter, at, wish)
    _write(out, _parts(plan, found, papers, handover.counted(package, passed)), to)
    stamped_at = wish.stamp.got.at if wish and wish.stamp and wish.stamp.got else None
    where = str(out / "package")
    return Done(out, plan, tuple(found), where, tuple(papers), tuple(notices), tuple(refused), stamped_at)


@dataclass(slots=True)
class Log:
    """The custody log of one run: sealed and chained in memory, to a key that nobody keeps."""

    case: str
    at: datetime
    key: vault.CaseKey = field(default_factory=vault.new_key)
    entries: list[tuple[Link, Event]] = field(default_factory=list)

    def add(self, what: str, data: Mapping[str, object]) -> None:
        """One more event."""
        head = casework.head([link for link, _ in self.entries])
        event = Event(head.sequence + 1, self.at, "person", what, data)
        context = vault.Context(self.case, "event", event.sequence)
        sealed = vault.seal(context, casework.encode(event), [self.key.recipient])
        self.entries.append((casework.link(self.case, event.sequence, sealed, head.hash), event))


# ---------------------------------------------------------------- files


def _files(
    files: Sequence[Path], given: Given, log: Log, passed: Callable[[int], object]
) -> tuple[list[tuple[Exhibit, Any]], list[dict[str, Any]], list[str]]:
    """The exhibits, their signals, and a sentence for each that was refused."""
    kept: list[tuple[Exhibit, Any]] = []
    found: list[dict[str, Any]] = []
    refused: list[str] = []
    for path in files:
        try:
            allowed = permit.ask(given.situation)
        except Refused as refusal:
            refused.append(f"{_name(path)}: {refusal.say()}")
            continue
        exhibit, looked = _exhibit(path, f"AB/{len(kept) + 1}", allowed, log.at, passed)
        log.add("exhibit", exhibit.data())
        kept.append((exhibit, partial(journey.chunks, path)))
        found.append({"file": _name(path), "ref": exhibit.ref, **looked})
    return kept, found, refused


def _exhibit(
    path: Path, ref: str, allowed: permit.Permit, at: datetime, passed: Callable[[int], object]
) -> tuple[Exhibit, dict[str, Any]]:
    """One file as an exhibit, and its signals. A picture that can't be opened is named before anything is written."""
    summing = bag.Summing()
    for chunk in journey.chunks(path):
        summing.update(chunk)
        passed(len(chunk))
    sums = summing.sums()
    if not sums.size:
        raise BadFile(f"{path.name} is empty, so there is nothing to keep", "look for the real one and try again")
    kind, looked = _look(path)
    exhibit = Exhibit(
        ref=ref,
        blob="",
        sha256=sums.sha256,
        sha512=sums.sha512,
        size=sums.size,
        received_at=at,
        origin=later("this computer"),
        original_name=_name(path),
        kind=kind,
        permit=allowed,
    )
    return exhibit, looked


def _name(path: Path) -> str:
    """A file's name as text, also where its bytes were none: then they are written out."""
    return path.name.encode(errors="backslashreplace").decode()


def _look(path: Path) -> tuple[str, dict[str, Any]]:
    """What a file is and its signals. What is no picture and does not claim to be one is kept without signals."""
    try:
        with journey.open_file(path) as file:
            looked = cage.look(file)
    except BadFile as error:
        if path.suffix.lower() in PICTURES or getattr(error, "why", "") != "unknown":
            raise BadFile(f"{path.name}: {error.say()}", error.hint) from error
        return "text" if path.suffix.lower() == ".txt" else "other", {"kind": "other", "signals": []}
    found = {"kind": looked.kind, "signals": [signals.as_json(one) for one in looked.signals]}
    return looked.format.lower(), found | ({"note": looked.sentence} if looked.sentence else {})


# ---------------------------------------------------------------- papers, and the folder


def _papers(matter: Matter, at: datetime) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Every document that fits and is ready, by its name, and what became of each notice that fits."""
    made: dict[str, bytes] = {}
    notices: list[dict[str, Any]] = []
    for offered in (one for one in handover.offered(matter) if one.fits):
        missing = [{"element": m.element, "ask": m.ask, "cite": m.cite} for m in offered.missing]
        number = _number(matter.case, offered.letter) if offered.is_notice and not missing else None
        files = [] if missing else _files_of(matter, offered.letter, number, at)
        made |= {document.name: document.content for document in files}
        if offered.is_notice:
            file = files[0].name if files else None
            about = {"law": offered.letter, "id": number, "complete": not missing, "file": file, "missing": missing}
            notices.append(about)
    return made, notices


def _files_of(matter: Matter, letter: str, number: str | None, at: datetime) -> list[handover.Document]:
    if number is not None:
        return handover.notice_files(matter, letter, at, number)
    return [handover.document(matter, letter, form, at) for form in handover.FORMS[letter]]


def _number(case: str, letter: str) -> str:
    """A notice's number: it comes from the name of the run, which was drawn by lot, and from the notice's own."""
    return notice_twin.number(hashlib.sha256(f"notice {case} {letter}".encode()).digest())


def read_me() -> str:
    """What is in the folder, in the language in use."""
    lines = [_("What is in this folder"), ""]
    for name, words in INSIDE.items():
        lines += textwrap.wrap(_(words), WIDTH, initial_indent=f"{name:10}  ", subsequent_indent=" " * 12)
    seen = _(
        "Anyone who uses this computer can read this folder, and if it is in a folder that is copied to the cloud, it "
        "is copied with it. Nothing was sent to anyone. You send what you want to send."
    )
    return "\n".join((*lines, "", *textwrap.wrap(seen, WIDTH))) + "\n"


def _parts(
    plan: Plan, found: list[dict[str, Any]], papers: Mapping[str, bytes], package: Iterator[Part]
) -> Iterator[Part]:
    yield Part.of("READ-ME-FIRST.txt", read_me().encode())
    yield Part.of("plan.json", _json(journey.plan_document(plan)))
    yield Part.of("hashes.json", _json(found))
    yield from (Part.of(name, content) for name, content in papers.items())
    yield from (Part(f"package/{part.path}", part.size, part.chunks) for part in package)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _write(out: Path, parts: Iterator[Part], to: str | None) -> None:
    """The folder, readable by its owner; or one sealed file in it, of which nothing readable is ever on the disk."""
    if to is None:
        folder.write_folder(out, parts)
        return
    with folder.made(out) as inside:
        sealed = partial(vault.seal_stream, bag.tar(parts, under="files"), recipients=[to])
        folder.write_file(inside / "files.tar.age", sealed)
