"""What leaves a case by the person's own act: reports and notices as documents, the package, the package sealed.

A matter is all of one case that these need, whether it is kept (`of_case`) or was made for one run of `start`. Nothing
here sends anything; names of files are neutral.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from takeback import __version__, archive, bag, documents, evidence, journey, keeping, notices, packs, papers, vault
from takeback.errors import BadInput, NoticeIncomplete
from takeback.store import folder
from takeback.terms import Given, Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from takeback.keeping import OpenCase
    from takeback.permit import Exhibit
    from takeback.terms import Address, Event, Link, Missing, Notice, Part

POLICE, PLATFORM, PLAN = "police-account", "platform-report", "plan"

NAMES = {POLICE: "account", PLATFORM: "report", PLAN: "plan"}
"""Neutral names of what is saved; a notice is called `notice` with its slug."""

ABOUT = {
    POLICE: "It holds only your own words and facts, and names no law. Read it once more before you give it to them.",
    PLATFORM: "Text to paste into the platform’s own form.",
    PLAN: "What to do, in order, with the reasons and the law.",
}

HOW_TO_OPEN = """\
package.tar.age is sealed with age (https://age-encryption.org). Its key is in key.age, sealed with the passphrase that
you were told. With the ordinary age program:

    age -d key.age > key.txt            (asks for the passphrase)
    age -d -i key.txt package.tar.age | tar -x
    rm key.txt

Then read package/data/VERIFY.txt.
"""


@dataclass(frozen=True, slots=True)
class Matter:
    """All of one case that a document or a package needs. Each exhibit comes with a way to read its bytes.

    `on` is the day whose law counts.
    """

    case: str
    on: date
    given: Given
    addresses: tuple[Address, ...]
    exhibits: tuple[tuple[Exhibit, Callable[[], Iterable[bytes]]], ...]
    log: tuple[tuple[Link, Event], ...]
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What was written for one notice alone, by its letter."""

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it is: addresses, or an account where there is no address."""
        return tuple(one.url or one.account for one in self.addresses if one.url or one.account)


def of_case(case: OpenCase, at: datetime) -> Matter:
    """A kept case, as it is known at a moment. A file that its answers speak against by now is not opened again."""
    state = case.state(at)
    back = keeping.held_back(state)

    def reader(blob: str) -> Callable[[], Iterable[bytes]]:
        return lambda: case.store.open_blob(case.id, blob, case.key)

    return Matter(
        case=case.id,
        on=at.date(),
        given=Given(state.situation, state.account),
        addresses=state.where,
        exhibits=tuple((one, reader(one.blob)) for one in state.exhibits if one not in back),
        log=tuple(zip(case.store.links(case.id), case.events(), strict=True)),
        fields={str(event.data["letter"]): _texts(event.data["fields"]) for event in state.of("notice")},
    )


def _texts(value: object) -> dict[str, str]:
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, dict) else {}


# ---------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class Document:
    """A document, made now."""

    letter: str
    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Offered:
    """A document that can be made, or what it still lacks."""

    letter: str
    title: str
    about: str
    is_notice: bool = False
    missing: tuple[Missing, ...] = ()


def offered(matter: Matter) -> list[Offered]:
    """Every document of a matter: those that are ready, and what the others lack."""
    return [
        Offered(POLICE, "A first account for the police", ABOUT[POLICE]),
        *(_offered_notice(matter, law) for law in _laws()),
        Offered(PLAN, "The plan", ABOUT[PLAN]),
    ]


def _laws() -> list[str]:
    """Every notice, the platform's own form first."""
    return sorted(notices.laws(packs.load()), key=lambda law: (law != PLATFORM, law))


def _offered_notice(matter: Matter, law: str) -> Offered:
    pack = packs.load().notices[law]
    about = ABOUT.get(law, f"A notice under this law: {pack.versions[0].elements[0].cite}.")
    try:
        _notice(matter, law)
    except NoticeIncomplete as lacks:
        return Offered(law, pack.title, about, is_notice=True, missing=lacks.missing)
    return Offered(law, pack.title, about, is_notice=True)


def forms(letter: str) -> tuple[str, ...]:
    """What a document can be saved as. The plan is a page with a picture of time, so it is a PDF alone."""
    return ("pdf",) if letter == PLAN else ("txt", "pdf")


def document(matter: Matter, letter: str, form: str, at: datetime) -> Document:
    """One document, as `pdf` or `txt`. NoticeIncomplete where it is a notice that lacks something."""
    if form not in forms(letter):
        raise BadInput(f"there is no such document as {form!r}", f"choose {' or '.join(forms(letter))}")
    paper = _paper(matter, letter)
    name = f"{NAMES.get(letter, f'notice-{letter}')}.{form}"
    if form == "txt":
        return Document(letter, name, "text/plain; charset=utf-8", documents.text(paper.letter, paper.data).encode())
    return Document(letter, name, "application/pdf", documents.render(paper.letter, paper.data, at))


def _paper(matter: Matter, letter: str) -> Paper:
    if letter == POLICE:
        exhibits = [one for one, _ in matter.exhibits]
        return papers.police_account(matter.given, packs.load(), exhibits, matter.addresses)
    if letter == PLAN:
        situation = matter.given.situation
        return papers.plan(journey.plan(situation, matter.on), packs.load(), situation)
    return Paper(letter, _notice(matter, letter).values)


def _notice(matter: Matter, law: str) -> Notice:
    return notices.draft(law, matter.given, packs.load(), matter.on, matter.fields.get(law, {}), matter.urls)


# ---------------------------------------------------------------- one notice


@dataclass(frozen=True, slots=True)
class Outcome:
    """One notice asked for by itself: complete or refused. `document` is the JSON document of docs/interfaces.md."""

    law: str
    complete: bool
    document: dict[str, Any]
    values: Mapping[str, Any]


def notice(law: str, given: Given, fields: Mapping[str, str], urls: Sequence[str], on: date) -> Outcome:
    """One notice from a GIVEN, by itself."""
    try:
        made = notices.draft(law, given, packs.load(), on, fields, urls)
    except NoticeIncomplete as lacks:
        return Outcome(law, complete=False, document=notices.as_json(law, lacks), values={})
    return Outcome(law, complete=True, document=notices.as_json(law, made), values=made.values)


def write_notice(outcome: Outcome, out: Path, at: datetime) -> None:
    """A complete notice as a new file, by its name's ending: .pdf or .txt."""
    if out.suffix.lower() not in (".pdf", ".txt"):
        raise BadInput(f"{out.name} needs a name that ends in .pdf or .txt", "choose one of the two")
    is_pdf = out.suffix.lower() == ".pdf"
    content = documents.render(outcome.law, outcome.values, at) if is_pdf else str(outcome.document["text"]).encode()
    folder.write_file(out, lambda write: write(content))


# ---------------------------------------------------------------- the package


def package(matter: Matter, at: datetime) -> Iterator[Part]:
    """The evidence package, part by part; each part is to be read in order and to its end."""
    summary = papers.summary(
        exhibits=[one for one, _ in matter.exhibits],
        addresses=matter.addresses,
        events=[event for _, event in matter.log],
        made_at=at,
        grid=face(matter.case),
    )
    return evidence.package(
        case=matter.case,
        exhibits=[(one, read()) for one, read in matter.exhibits],
        custody_log=matter.log,
        addresses=matter.addresses,
        summary_pdf=documents.render(summary.letter, summary.data, at),
        made_at=at,
        software=f"Takeback {__version__}",
    )


def face(case: str) -> bytes:
    """A case's neutral face: 32 bytes, drawn as a 16 × 16 grid. It says nothing but which case it is."""
    return hashlib.sha256(case.encode()).digest()


def seal_package(matter: Matter, passphrase: str, at: datetime, write: Callable[[bytes], object]) -> None:
    """The package, sealed to a key of its own, beside that key sealed to a passphrase: one zip, written as it is made.

    A passphrase alone would have to seal all of it in memory; a key streams.
    """
    key = vault.new_key()
    with archive.writer(write) as zipped:
        archive.add(zipped, "HOW-TO-OPEN.txt", [HOW_TO_OPEN.encode()])
        archive.add(zipped, "key.age", [vault.wrap_with_passphrase(key, passphrase)])
        archive.add(zipped, "package.tar.age", vault.sealed_stream(bag.tar(package(matter, at)), [key.recipient]))
