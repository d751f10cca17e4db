"""Casework: (events, at) -> what is known of a case. Pure; state is computed each time and never stored.

Events are only ever added. A correction is a new version beside the earlier ones, so "what did we know on 3 May" is
the same call with another `at`. The log is chained over ciphertext (`takeback.custody`): `link` makes the next one,
`check` names everything that was done to it behind our back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from takeback import custody, errors, permit
from takeback.terms import Account, Address, Answer, Event, Incident, Link, Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

WHAT = (
    "opened",
    "answers",
    "words",
    "exhibit",
    "withdrawn",
    "address",
    "incident",
    "notice",
    "receipt",
    "reply",
    "look",
    "watch",
    "hosting",
    "mail-key",
    "correction",
    "package",
    "exported",
    "unlocked",
    "key",
    "moved",
)
"""Everything that can happen in a case. Nothing else is written."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Version(Generic[Value]):
    """One version of something the person said, and when they said it."""

    at: datetime
    sequence: int
    value: Value


@dataclass(frozen=True, slots=True)
class State:
    """A case at a moment. Versions are oldest first; the last one holds."""

    at: datetime
    answers: tuple[Version[Situation], ...] = ()
    words: tuple[Version[Account], ...] = ()
    addresses: tuple[Version[Address], ...] = ()
    incidents: tuple[Version[Incident], ...] = ()
    exhibits: tuple[permit.Exhibit, ...] = ()
    withdrawn: tuple[permit.Exhibit, ...] = ()
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def situation(self) -> Situation:
        """The latest answers."""
        return self.answers[-1].value if self.answers else Situation()

    @property
    def account(self) -> Account:
        """The latest words."""
        return self.words[-1].value if self.words else Account()

    @property
    def where(self) -> tuple[Address, ...]:
        """The latest version of each address, in the order in which they first came."""
        return tuple({version.value.id: version.value for version in self.addresses}.values())

    @property
    def diary(self) -> tuple[Incident, ...]:
        """The latest version of each entry, by day; those without a day come last, as they were written."""
        latest = {version.value.id: version.value for version in self.incidents}.values()
        return tuple(sorted(latest, key=lambda one: one.day or "~"))

    def of(self, what: str) -> tuple[Event, ...]:
        """The events of one kind: notices, receipts, looks, packages."""
        return tuple(event for event in self.events if event.what == what)

    def next_ref(self, initials: str = "AB") -> str:
        """The next free exhibit reference. A withdrawn exhibit keeps its own."""
        return f"{initials}/{len(self.exhibits) + len(self.withdrawn) + 1}"


def state(events: Iterable[Event], at: datetime) -> State:
    """What was known of a case at a moment."""
    known = tuple(event for event in events if event.at <= at)
    exhibits = [permit.exhibit(event.data) for event in known if event.what == "exhibit"]
    gone = {str(event.data.get("ref")) for event in known if event.what == "withdrawn"}
    return State(
        at=at,
        answers=_versions(known, "answers", situation),
        words=_versions(known, "words", account),
        addresses=_versions(known, "address", address),
        incidents=_versions(known, "incident", incident),
        exhibits=tuple(one for one in exhibits if one.ref not in gone),
        withdrawn=tuple(one for one in exhibits if one.ref in gone),
        events=known,
    )


def _versions(
    events: Iterable[Event], what: str, read: Callable[[Mapping[str, object]], Value]
) -> tuple[Version[Value], ...]:
    return tuple(Version(event.at, event.sequence, read(event.data)) for event in events if event.what == what)


# ---------------------------------------------------------------- the chain


def link(case: str, sequence: int, sealed: bytes, previous: str) -> Link:
    """One more event, as it stands on the disk."""
    return custody.link(case, custody.Head(sequence - 1, previous), sealed)


def head(links: Sequence[Link]) -> custody.Head:
    """The end of a case's chain."""
    return custody.head([custody.entry(one) for one in links[-1:]])


def check(links: Iterable[Link], expected: custody.Head | None = None) -> None:
    """Return where the chain is whole; otherwise raise `CaseBroken` with every problem."""
    if found := custody.problems([custody.entry(one) for one in links], expected):
        raise errors.CaseBroken(found)


# ---------------------------------------------------------------- events as bytes, before they are sealed


def encode(event: Event) -> bytes:
    """An event, ready to be sealed."""
    if event.what not in WHAT or event.at.utcoffset() is None:
        raise errors.BadInput("A case keeps only events of a known kind, with a time and its zone")
    body = {"at": event.at.astimezone(UTC).isoformat(), "actor": event.actor, "what": event.what, "data": event.data}
    return json.dumps(body, ensure_ascii=False, sort_keys=True, default=dict).encode()


def decode(body: bytes, sequence: int) -> Event:
    """An event, as it reads once opened."""
    try:
        read = json.loads(body)
        at = datetime.fromisoformat(read["at"]).astimezone(UTC)
        event = Event(sequence, at, str(read["actor"]), read["what"], dict(read["data"]))
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise errors.BadInput("An event in this case can't be read: it was written by something else") from cause
    if event.what not in WHAT:
        raise errors.BadInput("This case was written by a newer Takeback: use that one to open it")
    return event


# ---------------------------------------------------------------- what events hold


def answers_data(given: Situation) -> dict[str, object]:
    """Answers, as an event holds them."""
    return {"answers": dict(given.answers), "unsure": sorted(given.unsure)}


def situation(data: Mapping[str, object]) -> Situation:
    """The answers that an event holds."""
    answers = cast("Mapping[str, Answer | list[str]]", data.get("answers", {}))
    unsure = cast("Iterable[str]", data.get("unsure", ()))
    return Situation(
        {fact: tuple(value) if isinstance(value, list) else value for fact, value in answers.items()},
        frozenset(unsure),
    )


def words_data(said: Account) -> dict[str, object]:
    """Words, as an event holds them."""
    return {name: getattr(said, name) for name in Account.__dataclass_fields__}


def account(data: Mapping[str, object]) -> Account:
    """The words that an event holds."""
    return Account(**{name: str(data.get(name, "")) for name in Account.__dataclass_fields__})


def address_data(where: Address) -> dict[str, object]:
    """An address, as an event holds it."""
    return {name: getattr(where, name) for name in Address.__dataclass_fields__}


def address(data: Mapping[str, object]) -> Address:
    """The address that an event holds."""
    return Address(**{name: str(data.get(name, "")) for name in Address.__dataclass_fields__})


def incident_data(told: Incident) -> dict[str, object]:
    """An entry of the diary, as an event holds it."""
    return {name: getattr(told, name) for name in Incident.__dataclass_fields__}


def incident(data: Mapping[str, object]) -> Incident:
    """The entry of the diary that an event holds."""
    return Incident(**{name: str(data.get(name, "")) for name in Incident.__dataclass_fields__})
