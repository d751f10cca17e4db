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
"""How far a pack was checked."""

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
    """Where something is, as the person typed it: a page, an account, or both. Data, never opened by itself.

    `account_id` is the number or id of an account that stays when its name is changed.
    """

    id: str
    url: str = ""
    account: str = ""
    seen_at: str = ""
    note: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """An entry of the diary, in the person's own words. `day` is an ISO date or empty; `about` is when, as they say."""

    id: str
    day: str = ""
    about: str = ""
    what: str = ""
    effect: str = ""
    seen_by: str = ""


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
    """A whole package: when it was stamped and by whom, where someone trusted did. `notes` are what to know of it."""

    stamped_at: datetime | None
    stamped_by: str | None
    files: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One element that a notice lacks: what the law calls it, what to ask the person, and the citation."""

    element: str
    ask: str
    cite: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A complete notice, ready for a person to send. `values` fill its letter; `warnings` are for the person only.

    `to` is the form, and `mail` the mailbox, that somebody saw on an official page for it. `id` is the number that it
    carries once it is made to be sent.
    """

    law: str
    title: str
    text: str
    to: str | None
    values: Mapping[str, Json]
    warnings: tuple[str, ...] = ()
    mail: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter (letters/LETTER) and what fills it, ready for `documents`."""

    letter: str
    data: Mapping[str, Json]


# ---------------------------------------------------------------- what a site answered


@dataclass(frozen=True, slots=True)
class Sums:
    """A file's exact hashes, and its size in bytes."""

    sha256: str
    md5: str
    size: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a site answered: `url` was asked for, `at` is where redirects led. `heads` have names in lower case.

    `sha256` is of `body`, which is unpacked; where `cut`, it is only the beginning of a longer one.
    """

    url: str
    at: str
    status: int
    heads: Mapping[str, str]
    body: bytes = field(repr=False)
    sha256: str
    cut: bool = False

    @property
    def kind(self) -> str:
        """Its media type, as it says itself."""
        return self.heads.get("content-type", "").partition(";")[0].strip().lower()


# ---------------------------------------------------------------- banks

EntryStatus = Literal["active", "received", "withdrawn", "deleted"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a bank: a PDQ value, and what was consented to. The edits of one picture may share an id.

    Without an `id` the bank numbers it. Only `active` entries match; `received` ones wait for a person to look at them.
    `consent` is whatever leads to the consent, `origin` who passed it on; from the day `expires` it no longer matches.
    """

    value: bytes
    id: str | None = None
    quality: int | None = None
    edit: str = "none"
    consent: str = ""
    origin: str = ""
    expires: date | None = None
    status: EntryStatus = "active"


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of a bank within the distance that was asked for: its id, and how many bits differ."""

    entry: str
    distance: int
