"""The nouns that every room shares: frozen data, standard library only.

An answer is one of the values its fact allows, always as text: "yes", "2026-03", "depicted"; a number is an int;
a `many` fact holds a tuple. A fact that was not asked, and one answered "I don't know", are both open: silence is
not "no". The interview alone tells them apart (`Situation.unsure`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

Answer = str | int | tuple[str, ...]
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Status = Literal["may_apply", "cannot_tell", "unlikely"]
Danger = Literal["none", "check", "immediate"]
Grade = Literal["drafted", "reviewed", "tested"]
ContactGrade = Literal["own-page", "official-other", "secondary", "memory", "conflict"]
FactType = Literal["yes_no", "choice", "many", "date", "number"]

KINDS = ("intimate", "under-18", "hate", "fraud", "false", "terrorism", "harassment", "blackmail")
"""The eight kinds of the seed page, in its order; a law's `kinds` and a guide's slug are drawn from these."""

UNSURE = "unknown"
"""What a GIVEN file and the page write for "I don't know"."""


# ---------------------------------------------------------------- what the person said


@dataclass(frozen=True, slots=True)
class Situation:
    """The answers of the interview. `unsure` are the facts that the person said they do not know."""

    answers: Mapping[str, Answer] = field(default_factory=lambda: MappingProxyType({}))
    unsure: frozenset[str] = frozenset()

    def get(self, fact: str) -> Answer | None:
        """The answer to a fact, or None where it is open."""
        return self.answers.get(fact)

    def asked(self, fact: str) -> bool:
        """Whether the person has already been asked: answered, or said that they do not know."""
        return fact in self.answers or fact in self.unsure


@dataclass(frozen=True, slots=True)
class Account:
    """What the person says in their own words. Never evaluated, only quoted, and only as data."""

    words: str = ""
    me: str = ""
    contact: str = ""
    accused: str = ""
    impact: str = ""
    signature: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A GIVEN file, read and checked."""

    situation: Situation
    account: Account = Account()


# ---------------------------------------------------------------- rules: three values, a closed vocabulary


@dataclass(frozen=True, slots=True)
class Is:
    """True where the answer is one of `values`; for a `many` fact, where any chosen one is."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """True where the whole day, month or year lies in `start`..`end`; open where it straddles a limit."""

    fact: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True where a number is at least `least`."""

    fact: str
    least: int


@dataclass(frozen=True, slots=True)
class All:
    """Kleene's and: the least of its parts."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Kleene's or: the greatest of its parts."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene's not: open stays open."""

    part: Rule


Rule = Is | Between | AtLeast | All | Any | Not


# ---------------------------------------------------------------- packs


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be asked. `said` turns each answer into a sentence that starts with a capital letter."""

    id: str
    type: FactType
    ask: str
    values: tuple[str, ...]
    labels: Mapping[str, str]
    said: Mapping[str, str]
    help: str = ""
    why: str = ""
    asked: bool = True


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


@dataclass(frozen=True, slots=True)
class Bar:
    """When a route is not for this person, and why."""

    when: Rule
    because: str


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


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a contact. Below `official-other` it is named, never a button."""

    by: Literal["phone", "text", "email", "web", "chat", "relay"]
    to: str
    grade: ContactGrade

    @property
    def offered(self) -> bool:
        """Whether a page may make it a link to tap."""
        return self.grade in ("own-page", "official-other")


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


@dataclass(frozen=True, slots=True)
class Contact:
    """A helpline, platform, regulator, removal service or police unit one can turn to.

    `domains` own a host and all below it, the longest first; `patterns` are searched in host and path.
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
    reports: tuple[Report, ...]
    sources: tuple[str, ...]
    checked: date
    grade: ContactGrade
    ended: date | None
    because: str


@dataclass(frozen=True, slots=True)
class Door:
    """One of the five doors: at most 120 words, nothing asked. `contacts` are the numbers to tap."""

    slug: str
    title: str
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    contacts: tuple[str, ...]
    starts: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a guide: paragraphs, then points."""

    heading: str
    text: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A page to read. Its laws are those of its `kinds`, so that its own words never repeat one."""

    id: str
    title: str
    kinds: tuple[str, ...]
    contacts: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade


@dataclass(frozen=True, slots=True)
class Settle:
    """Form logic: an answer that settles another. Acts only where the other is open."""

    when: Rule
    fact: str
    value: Answer


@dataclass(frozen=True, slots=True)
class NoticeElement:
    """One thing that a notice must contain: there where `rule` is true and each of `fields` is filled in.

    It is weighed where `when` is true. `ask` is the question where it is open, `against` what to say where the
    answers speak against it.
    """

    part: str
    when: Rule
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
class NoticePack:
    """One notice: what it needs, and which blocks of its letter (letters/ID.txt) the answers let in or keep out."""

    id: str
    title: str
    fields: Mapping[str, str]
    versions: tuple[NoticeVersion, ...]
    blocks: tuple[NoticeBlock, ...]
    warnings: tuple[str, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade
    basis: str
    examples: tuple[NoticeExample, ...]


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
    opening: tuple[str, ...]
    immediate: Rule
    check: Rule
    covered_from: date
    notices: Mapping[str, NoticePack] = field(default_factory=lambda: MappingProxyType({}))


# ---------------------------------------------------------------- what triage returns


@dataclass(frozen=True, slots=True)
class Finding:
    """What one law makes of a situation: a status, why, and what would settle it. Never a verdict."""

    law: str
    status: Status
    title: str
    cite: str
    because: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to act, why, and by when (an ISO 8601 duration from the act that starts the clock)."""

    id: str
    name: str
    because: str
    due: str | None


@dataclass(frozen=True, slots=True)
class NotFor:
    """A route that is not for this person, and why."""

    id: str
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """The next question worth asking."""

    id: str
    ask: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Findings and routes on a day. The first route is what to do first."""

    on: date
    danger: Danger
    findings: tuple[Finding, ...]
    routes: tuple[Route, ...]
    never: tuple[NotFor, ...]
    next_question: Question | None


# ---------------------------------------------------------------- files, evidence, the case


@dataclass(frozen=True, slots=True)
class Signal:
    """A hash of a stated type (`pdq`, `sha256`, `md5`). PDQ values are personal data: seal them at rest."""

    type: str
    value: str
    quality: int | None = None
    edit: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is, as the person typed it: a page, an account, or both. Data, never opened by itself."""

    id: str
    url: str = ""
    account: str = ""
    seen_at: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One dated fact in a case, as it reads once opened. `at` is aware and in UTC."""

    sequence: int
    at: datetime
    actor: str
    what: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it stands on the disk: sealed, and chained to the one before by SHA-256 over ciphertext."""

    case: str
    sequence: int
    sealed: bytes
    previous: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file on its way to the disk: where it goes, how long it is, and its bytes, which can be read once."""

    path: str
    size: int
    chunks: Iterable[bytes]

    @staticmethod
    def of(path: str, data: bytes) -> Part:
        """A small file."""
        return Part(path, len(data), (data,))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a package: which file, and what."""

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A whole package: when it was stamped and by whom, where it was."""

    stamped_at: datetime | None
    stamped_by: str | None
    files: int


@dataclass(frozen=True, slots=True)
class Missing:
    """One element that a notice lacks: what the law calls it, what to ask the person, and the citation."""

    element: str
    ask: str
    cite: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A complete notice, ready for a person to send. `values` fill its letter; `warnings` are for the person only."""

    law: str
    title: str
    text: str
    to: str | None
    values: Mapping[str, Json]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter (letters/LETTER) and what fills it, ready for `documents`."""

    letter: str
    data: Mapping[str, Json]
