"""The nouns of the packs: what a law, a route, a contact, a notice and a question are. Frozen data, nothing else.

`packs` reads them; triage, interview, notices and the pages weigh and show them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from takeback.guide_terms import Guide, Voice, Words
    from takeback.terms import Answer, Grade, Rule

ContactGrade = Literal["own-page", "official-other", "secondary", "memory", "conflict"]
OFFERED: tuple[ContactGrade, ...] = ("own-page", "official-other")
"""The grades of what somebody checked on an official page: the only ones that are made a link."""

FactType = Literal["yes_no", "choice", "many", "date", "number"]

Says = Mapping[str, Mapping[str, int]]
"""Of a hundred people, how many give which answer to which fact; the rest do not know."""

KINDS = ("intimate", "under-18", "hate", "fraud", "false", "terrorism", "harassment", "blackmail")
"""The eight kinds of the seed page, in its order; a law's `kinds` and a guide's slug are drawn from these."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be asked. `said` turns each answer into a sentence that starts with a capital letter.

    What is `worked_out` (takeback.derived) is never asked: it follows from answers, places and the day. A question
    with `only` is asked only where that is so.
    """

    id: str
    type: FactType
    ask: str
    values: tuple[str, ...]
    labels: Mapping[str, str]
    said: Mapping[str, str]
    help: str = ""
    why: str = ""
    asked: bool = True
    worked_out: bool = False
    only: Rule | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a law needs. `need` says it in plain words, `why_not` what its absence means."""

    part: str
    rule: Rule
    need: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception: acts only where `when` is true, and can only lower an answer."""

    id: str
    when: Rule
    then: Literal["unlikely", "cannot_tell"]
    why: str


@dataclass(frozen=True, slots=True)
class Version:
    """A law as it stood from one day to another. `by` is the fact whose day decides, where one does."""

    start: date | None
    end: date | None
    by: str | None
    start_verified: bool
    cite: str
    elements: tuple[Element, ...]
    unless: tuple[Unless, ...]
    why_not_date: str
    unsettled: str
    maximum: str
    mode: str
    limit: str
    anonymity: str


@dataclass(frozen=True, slots=True)
class Example:
    """A test that a lawyer can write; it lives beside the law or the route that it tests."""

    name: str
    given: Mapping[str, Answer]
    then: str
    because: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Law:
    """One offence or duty, with every version of it that Takeback carries."""

    id: str
    title: str
    nation: Literal["EW", "SC", "NI", "UK"]
    kinds: tuple[str, ...]
    versions: tuple[Version, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade
    basis: str
    note: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """When a route is offered, how early in the plan (`rank`, lower is sooner), why, and by when (ISO 8601)."""

    when: Rule
    rank: int
    because: str
    due: str | None
    young: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """When a route is not for this person, and why."""

    when: Rule
    because: str
    young: str = ""


@dataclass(frozen=True, slots=True)
class RoutePack:
    """One way to act: whom it reaches and when it is offered. The first offer that is true decides."""

    id: str
    name: str
    kind: Literal["danger", "police", "platform", "removal", "support", "money", "regulator", "legal"]
    contacts: tuple[str, ...]
    what: str
    next: str
    without_report: bool
    offers: tuple[Offer, ...]
    bars: tuple[Bar, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade
    young: Words | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a contact. Below `official-other` it is named, never a button."""

    by: Literal["phone", "text", "email", "web", "chat", "relay"]
    to: str
    grade: ContactGrade

    @property
    def offered(self) -> bool:
        """Whether a page may make it a link to tap."""
        return self.grade in OFFERED


@dataclass(frozen=True, slots=True)
class Report:
    """How to report one kind of harm to a platform."""

    harms: tuple[str, ...]
    to: str
    asks: str
    account: str
    within: str | None
    law: str | None
    grade: ContactGrade
    next: str = ""

    @property
    def offered(self) -> bool:
        """Whether a page may make it a link to tap."""
        return self.grade in OFFERED


@dataclass(frozen=True, slots=True)
class HashService:
    """What a removal service takes, what of it leaves the device, who sees it, and the hashes that it works with.

    `hashes` are signal types ("pdq" for a picture, "md5" for a video); none where it publishes none, or makes its own.
    """

    takes: str
    leaves: str
    seen_by: str
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A helpline, platform, regulator, removal service or police unit one can turn to.

    `domains` own a host and all below it, the longest first; `patterns` are the shapes of addresses there, the first
    that fits decides; `tracking` are the parameters by which it follows people. `adults` says that it serves only them.
    `gone` and `login` are what its pages say where something is gone, or where one has to sign in (with a slash in
    front: where they lead); `signs` are what shows that it stands in front of a site or keeps it (takeback.registers).
    `programmes` are the removal services that it takes part in, as public lists say.
    """

    id: str
    name: str
    kind: str
    serves: str
    nations: tuple[str, ...]
    ways: tuple[Way, ...]
    hours: str
    hours_grade: str
    cost: str
    anonymous: str
    languages: str
    note: str
    domains: tuple[str, ...]
    patterns: tuple[str, ...]
    tracking: tuple[str, ...]
    reports: tuple[Report, ...]
    sources: tuple[str, ...]
    checked: date
    grade: ContactGrade
    ended: date | None
    because: str
    adults: bool = False
    gone: tuple[str, ...] = ()
    login: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    service: HashService | None = None
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """One of the five doors: at most 120 words, nothing asked. `contacts` are the numbers to tap.

    `guides` are the pages to read on. `young` says that it is the door of young people: those are then in their words.
    """

    slug: str
    title: str
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    contacts: tuple[str, ...]
    starts: Mapping[str, Answer]
    guides: tuple[str, ...] = ()
    young: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """One sort of story: how many of a hundred people come with it, and what they usually tell."""

    name: str
    share: int
    kinds: tuple[str, ...]
    says: Says


@dataclass(frozen=True, slots=True)
class Likely:
    """What people usually tell where `when` is true, whatever their story."""

    when: Rule
    says: Says


@dataclass(frozen=True, slots=True)
class Settle:
    """Form logic: an answer that settles another. Acts only where the other is open."""

    when: Rule
    fact: str
    value: Answer


@dataclass(frozen=True, slots=True)
class NoticeElement:
    """One thing that a notice must contain: there where `rule` is true and each of `fields` is filled in.

    It is weighed where `when` is true and `unless` is not. `ask` is the question where it is open, `against` what to
    say where the answers speak against it.
    """

    part: str
    when: Rule
    unless: Rule
    rule: Rule
    fields: tuple[str, ...]
    ask: str
    against: str
    cite: str


@dataclass(frozen=True, slots=True)
class NoticeBlock:
    """When a block of a letter is printed: where `when` is true and `unless` is not."""

    id: str
    when: Rule
    unless: Rule


@dataclass(frozen=True, slots=True)
class NoticeOffer:
    """When a notice fits, how early in the list (`rank`, lower is sooner), why, and whom it goes to if not a site."""

    when: Rule
    rank: int
    because: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """What a notice needs from one day to another."""

    start: date | None
    end: date | None
    not_yet: str
    elements: tuple[NoticeElement, ...]


@dataclass(frozen=True, slots=True)
class NoticeExample:
    """A test of a notice that a lawyer can write. `missing` are the parts it lacks: none where it is complete."""

    name: str
    given: Mapping[str, Answer]
    fields: Mapping[str, str]
    places: tuple[str, ...]
    on: date
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """A time limit that a complete notice starts when it is received: for whom, from which day, how long, its source.

    `within` is a span (takeback.spans); `says` is for the person, and promises no more than `cite` does.
    """

    when: Rule
    start: date | None
    within: str
    says: str
    cite: str
    source: str


@dataclass(frozen=True, slots=True)
class NoticePack:
    """One notice: what it needs, and which blocks of its letter (letters/ID.txt) the answers let in or keep out.

    The first offer that is true says that it fits, unless a bar is; `otherwise` says why it does not. `harms` are the
    kinds of report at a platform that it may go to. `duties` are the time limits that it can start.
    `addressee` is whom it goes to where that is no site: then it names no places.
    """

    id: str
    title: str
    about: str
    harms: tuple[str, ...]
    offers: tuple[NoticeOffer, ...]
    bars: tuple[Bar, ...]
    otherwise: str
    fields: Mapping[str, str]
    versions: tuple[NoticeVersion, ...]
    blocks: tuple[NoticeBlock, ...]
    warnings: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade
    basis: str
    examples: tuple[NoticeExample, ...]
    duties: tuple[Duty, ...] = ()
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A number or an address that must stand nowhere: wrong, closed or taken over."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Packs:
    """Everything that Takeback knows of law, routes and people to turn to."""

    facts: Mapping[str, Fact]
    laws: Mapping[str, Law]
    routes: Mapping[str, RoutePack]
    contacts: Mapping[str, Contact]
    doors: tuple[Door, ...]
    guides: Mapping[str, Guide]
    settles: tuple[Settle, ...]
    anyone: Says
    likely: tuple[Likely, ...]
    sketches: tuple[Sketch, ...]
    opening: tuple[str, ...]
    immediate: Rule
    check: Rule
    covered_from: date
    notices: Mapping[str, NoticePack]
    forbidden: tuple[Forbidden, ...]
    voice: Voice
    original: Packs | None = None

    @property
    def in_english(self) -> Packs:
        """The packs as they were written, for letters that are read in English; `original` holds them elsewhere."""
        return self.original or self

    def files(self) -> Iterator[tuple[str, Law | RoutePack | Contact | NoticePack | Guide]]:
        """Everything that has a file of its own, and that file's name."""
        yield from ((f"laws/{name}.toml", law) for name, law in self.laws.items())
        yield from ((f"routes/{name}.toml", route) for name, route in self.routes.items())
        yield from ((f"contacts/{name}.toml", contact) for name, contact in self.contacts.items())
        yield from ((f"notices/{name}.toml", notice) for name, notice in self.notices.items())
        yield from ((f"guides/{name}.toml", guide) for name, guide in self.guides.items())
