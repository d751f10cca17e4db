"""What leaves a case by the person's own act: reports and notices as documents, the package, the package sealed.

A matter is all of one case that these need, whether it is kept (`of_case`) or was made for one run of `start`. Nothing
here sends anything; names of files are neutral.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from takeback import (
    __version__,
    archive,
    bag,
    clock,
    documents,
    evidence,
    index_page,
    journey,
    keeping,
    mail,
    notice_twin,
    notices,
    packs,
    papers,
    record,
    rules,
    spans,
    vault,
)
from takeback.chunks import Chunks
from takeback.errors import BadInput, NoticeIncomplete, TakebackError
from takeback.provenance import paper as origin_paper
from takeback.store import folder
from takeback.terms import Given, Part
from takeback.words import _, in_english, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from takeback import stamping
    from takeback.keeping import OpenCase
    from takeback.pack_terms import NoticePack
    from takeback.permit import Exhibit
    from takeback.provenance import Compared
    from takeback.terms import Address, Event, Incident, Link, Missing, Notice, Paper

POLICE, PLATFORM, PLAN = "police-account", notices.PLATFORM_REPORT, "plan"

NAMES = {POLICE: "account", PLATFORM: "report", PLAN: "plan"}
"""Neutral names of what is saved; a notice is called `notice` with its slug."""

FORMS: Mapping[str, tuple[str, ...]] = {POLICE: ("txt", "docx", "pdf"), PLAN: ("pdf",)}
"""What each document that is no notice can be saved as. The plan is a page with a picture of time."""

KINDS = {
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

NOTICE_KINDS = {"txt": KINDS["txt"], "pdf": KINDS["pdf"], "eml": mail.KIND, "json": notice_twin.KIND}
"""The forms of a notice. Every notice that leaves has its number on it, and a twin beside it."""

ABOUT = later(
    {
        POLICE: "It holds only your own words and facts, and names no law. Read it once more before you give it.",
        PLAN: "What to do, in order, with the reasons and the law.",
    }
)

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
    diary: tuple[Incident, ...] = ()

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
        fields={str(e.data["letter"]): _texts(e.data["fields"]) for e in state.of("notice") if "fields" in e.data},
        diary=state.diary,
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
    """A document that can be made, or what it still lacks. Whether it fits this person now, and why or why not.

    `asks` are the questions whose answers would complete it, or make it fit.
    """

    letter: str
    title: str
    about: str
    is_notice: bool = False
    missing: tuple[Missing, ...] = ()
    fits: bool = True
    because: str = ""
    asks: tuple[str, ...] = ()


def offered(matter: Matter) -> list[Offered]:
    """Every document of a matter, those that fit first: what is ready, and what the others lack."""
    known = packs.load()
    chosen = notices.choose(matter.given, known, matter.urls, matter.on)
    first, rest = ([_offered(matter, c) for c in chosen if c.fits is fits] for fits in (True, False))
    police, plan = _("A first account for the police"), _("The plan")
    return [Offered(POLICE, police, _(ABOUT[POLICE])), *first, Offered(PLAN, plan, _(ABOUT[PLAN])), *rest]


def _offered(matter: Matter, choice: notices.Choice) -> Offered:
    pack = packs.load().notices[choice.law]
    made = Offered(choice.law, pack.title, pack.about, is_notice=True, fits=choice.fits, because=choice.because)
    try:
        _notice(matter, choice.law)
    except NoticeIncomplete as lacks:
        lacking = _open(matter, pack, lacks.missing)
        both = tuple(dict.fromkeys((*choice.asks, *lacking)))
        near = choice.fits or (choice.asks and len(both) <= notices.FEW)
        return replace(made, missing=lacks.missing, asks=both if near else choice.asks)
    return replace(made, asks=choice.asks)


def _open(matter: Matter, pack: NoticePack, missing: Iterable[Missing]) -> tuple[str, ...]:
    """The questions that nobody has answered yet, and that an element which is missing rests on."""
    parts = {one.element for one in missing}
    lacking = (e.rule for version in pack.versions for e in version.elements if e.part in parts)
    known, told = packs.load(), matter.given.situation
    facts = dict.fromkeys(leaf.fact for rule in lacking for leaf in rules.leaves(rule))
    return tuple(fact for fact in facts if known.facts[fact].asked and not told.asked(fact))


def document(matter: Matter, letter: str, form: str, at: datetime) -> Document:
    """The account for the police or the plan, in one of its forms."""
    if form not in FORMS.get(letter, ()):
        raise BadInput(
            f"there is no such document as {form!r}", f"choose {' or '.join(FORMS.get(letter, ('another',)))}"
        )
    return Document(letter, f"{NAMES[letter]}.{form}", KINDS[form], written(_paper(matter, letter), form, at))


def written(paper: Paper, form: str, at: datetime) -> bytes:
    """A paper in one of KINDS."""
    if form == "txt":
        return documents.text(paper.letter, paper.data).encode()
    make = documents.editable if form == "docx" else documents.render
    return make(paper.letter, paper.data, at)


def notice_files(matter: Matter, law: str, at: datetime, number: str) -> list[Document]:
    """A complete notice with its number on it, in every form, its JSON twin among them. NoticeIncomplete otherwise."""
    made, name = notice_twin.numbered(_notice(matter, law), number), NAMES.get(law, f"notice-{law}")
    return [
        Document(law, f"{name}.{form}", kind, notice_content(made, form, at)) for form, kind in NOTICE_KINDS.items()
    ]


def notice_content(notice: Notice, form: str, made_at: datetime) -> bytes:
    """A numbered notice in one of NOTICE_KINDS, the same each time."""
    beside = notice_twin.encoded(notice_twin.twin(notice, packs.load().contacts, made_at))
    match form:
        case "txt":
            return notice.text.encode()
        case "pdf":
            return documents.render(notice.law, notice.values, made_at)
        case "eml":
            return mail.draft(notice.text, notice.mail, made_at, (notice_twin.NAME, beside))
    return beside


def _paper(matter: Matter, letter: str) -> Paper:
    if letter == POLICE:
        exhibits = [one for one, _ in matter.exhibits]
        with in_english():
            return papers.police_account(matter.given, packs.load(), exhibits, matter.addresses, matter.diary)
    situation = matter.given.situation
    return papers.plan(journey.plan(situation, matter.on), packs.load(), situation)


def _notice(matter: Matter, law: str) -> Notice:
    return notices.draft(law, matter.given, packs.load(), matter.on, matter.fields.get(law, {}), matter.urls)


# ---------------------------------------------------------------- one notice


@dataclass(frozen=True, slots=True)
class Outcome:
    """One notice asked for by itself; no notice where it is refused. `document` is the one of docs/interfaces.md."""

    document: dict[str, Any]
    notice: Notice | None = None


def notice(  # noqa: PLR0917  they are what a notice is made of
    law: str, given: Given, fields: Mapping[str, str], urls: Sequence[str], on: date, at: datetime, number: str
) -> Outcome:
    """One notice from a GIVEN, by itself; `number` is what it carries where it is complete."""
    try:
        made = notice_twin.numbered(notices.draft(law, given, packs.load(), on, fields, urls), number)
    except NoticeIncomplete as lacks:
        document = {**notices.as_json(law, lacks), "id": None, "notice": None}
        return Outcome(document)
    twin = notice_twin.twin(made, packs.load().contacts, at)
    document = {**notices.as_json(law, made), "id": made.id, "notice": twin}
    return Outcome(document, made)


def write_notice(notice: Notice, out: Path, at: datetime) -> None:
    """A complete notice as a new file, by its name's ending."""
    form = out.suffix.lower().removeprefix(".")
    if form not in NOTICE_KINDS:
        endings = ", ".join(f".{one}" for one in NOTICE_KINDS)
        raise BadInput(f"{out.name} needs another ending", f"choose one of {endings}")
    content = notice_content(notice, form, at)
    folder.write_file(out, lambda write: write(content))


# ---------------------------------------------------------------- the package


@dataclass(frozen=True, slots=True)
class Wish:
    """How a package is wanted: without the files themselves, with a stamp, with a list for forensic tools."""

    withheld: bool = False
    stamp: stamping.Stamper | None = None
    case_uco: bool = False
    more: Mapping[str, bytes] = field(default_factory=dict)
    """Papers beside the others, by their names."""


def package(matter: Matter, at: datetime, wish: Wish | None = None) -> Iterator[Part]:
    """The evidence package, part by part; each part is to be read in order and to its end. It is in English."""
    with in_english():
        return _package(matter, at, wish or Wish())


def _package(matter: Matter, at: datetime, wish: Wish) -> Iterator[Part]:
    exhibits = [one for one, _ in matter.exhibits]
    summary = papers.summary(
        exhibits=exhibits,
        addresses=matter.addresses,
        events=[event for _, event in matter.log],
        made_at=at,
        grid=face(matter.case),
        withheld=wish.withheld,
    )
    places = {one.ref: evidence.place(one.ref, one.kind).removeprefix("data/") for one in exhibits}
    index = index_page.html(summary.data, places, case_uco=wish.case_uco)
    return evidence.package(
        case=matter.case,
        exhibits=[(one, () if wish.withheld else read()) for one, read in matter.exhibits],
        custody_log=matter.log,
        addresses=matter.addresses,
        papers=evidence.Papers(
            documents.render(summary.letter, summary.data, at),
            index,
            more={**_notices(matter, at), **_origins(matter, at), **wish.more},
            case_uco=wish.case_uco,
        ),
        made_at=at,
        software=f"Takeback {__version__}",
        withheld=wish.withheld,
        stamp=wish.stamp,
    )


def counted(parts: Iterable[Part], passed: Callable[[int], object]) -> Iterator[Part]:
    """The parts of a package, with a word of the exhibits' bytes as they go by."""

    def counting(chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            yield chunk
            passed(len(chunk))

    for part in parts:
        told = part.path.startswith("data/exhibits/")
        yield Part(part.path, part.size, counting(part.chunks)) if told else part


def _notices(matter: Matter, at: datetime) -> dict[str, bytes]:
    """Every notice that was made ready, as it was, and all that came of them."""
    events = [event for _, event in matter.log]
    found = clock.track(events, matter.given.situation, at, packs.load(), spans.zone(spans.HOME))
    if not found:
        return {}
    listed = json.dumps(record.listed(found), ensure_ascii=False, indent=1).encode() + b"\n"
    return {"notices.json": listed, **{f"notice-{one.id.lower()}.txt": one.text.encode() for one in found}}


def beside(matter: Matter, ref: str, original: str) -> Compared:
    """One exhibit beside another of them, with small copies of both."""
    read = {one.ref: read for one, read in matter.exhibits}
    return journey.beside(lambda: Chunks(read[ref]()), lambda: Chunks(read[original]()), original, views=True)


def examined(matter: Matter, ref: str, at: datetime, compared: Sequence[Compared] = ()) -> dict[str, Any]:
    """What one exhibit says of its own origin, as the JSON document of docs/interfaces.md; beside others of them."""
    read = {one.ref: read for one, read in matter.exhibits}
    return journey.examine(Chunks(read[ref]()), at.date(), compared, again=lambda: Chunks(read[ref]()))


def _origins(matter: Matter, at: datetime) -> dict[str, bytes]:
    """The papers on what the exhibits say of their own origin: one to read, one for a program."""
    made: list[dict[str, Any]] = []
    for one, _file in matter.exhibits:
        try:
            made.append({"ref": one.ref, **examined(matter, one.ref, at)})
        except TakebackError as error:
            made.append({"ref": one.ref, "not_examined": error.say()})
    if not made:
        return {}
    document = json.dumps({"examined": made}, ensure_ascii=False, indent=1).encode() + b"\n"
    return {"examine.json": document, "examine.txt": origin_paper.text(made).encode()}


def face(case: str) -> bytes:
    """A case's neutral face: 32 bytes, drawn as a 16 × 16 grid. It says nothing but which case it is."""
    return hashlib.sha256(case.encode()).digest()


def seal_parts(parts: Iterable[Part], passphrase: str, write: Callable[[bytes], object]) -> None:
    """A package sealed to a key of its own, beside that key sealed to a passphrase: one zip, written as it is made.

    A passphrase alone would have to seal all of it in memory; a key streams.
    """
    key = vault.new_key()
    with archive.writer(write) as zipped:
        archive.add(zipped, "HOW-TO-OPEN.txt", [HOW_TO_OPEN.encode()])
        archive.add(zipped, "key.age", [vault.wrap_with_passphrase(key, passphrase)])
        archive.add(zipped, "package.tar.age", vault.sealed_stream(bag.tar(parts), [key.recipient]))
