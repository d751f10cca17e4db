"""The clock: (events, answers, at) -> each notice's state: drafted, sent, due, overdue, removed, refused, reappeared.

Pure, and computed each time: nothing of it is stored, so "what did we know on 3 May" is the same call with another
`at`. A duty runs from the receipt of a complete notice, for only a complete one becomes a `notice` event with an id;
where the site asks for more, it runs from the receipt of the answer. Which duty holds is weighed by today's packs and
answers: no hours are promised where someone shown may be under 18. "Overdue" says that a time has passed, never that
anybody broke a law. A correction makes an earlier event count no more; both stay in the log.

The events it reads, by their `data`:

    notice      id, letter, site, to, mail, text, urls          one complete notice, for one site
    receipt     notice, at, zone, reference, how                the person sent it, or the site confirmed it
    reply       notice, at, says, words, ref, key               says: confirmed, asks, refused, removed or other
    look        url, at, seen, by                               one of SEEN; by: person, or watch
    correction  of, because                                     the sequence of the event that counts no more
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from takeback import derived, places, spans
from takeback.rules import evaluate, settle
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, tzinfo

    from takeback.pack_terms import Duty, Packs
    from takeback.terms import Answer, Event, Situation

State = Literal["drafted", "sent", "due", "overdue", "removed", "refused", "reappeared"]

STATES: dict[State, str] = later(
    {
        "reappeared": "It is back.",
        "overdue": "The time has passed.",
        "refused": "They said no.",
        "due": "Their time is running.",
        "sent": "Sent.",
        "drafted": "Not sent yet.",
        "removed": "It is down.",
    }
)
"""Every state in words, the one that asks most of the person first."""

SEEN = ("same", "gone", "soft-404", "login", "replaced", "elsewhere", "unknown")
THERE, GONE = ("same", "elsewhere"), ("gone", "soft-404", "replaced")
"""What a look says of a place; a login wall or a page that told nothing changes nothing."""

SAYS = ("confirmed", "asks", "refused", "removed", "other")
HOW = ("form", "email", "app", "post")
UNDOABLE = ("receipt", "reply", "look")
"""What a person can take back: by a correction, which is one more event."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a notice arrived: when, by what way, the number that the site gave it, and the zone the time was told in."""

    sequence: int
    at: datetime
    reference: str
    how: str
    zone: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `ref` is the exhibit that holds it, where one does; `key` the text record that checks it."""

    sequence: int
    at: datetime
    says: str
    words: str
    ref: str
    key: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at an address. `by` is "person", or "watch" where Takeback looked itself.

    `distance` is how many of 256 bits the nearest hash differs by, where a picture was compared.
    """

    sequence: int
    url: str
    at: datetime
    seen: str
    by: str
    sha256: str
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a notice: whether it is there, as far as anybody saw, and whether it had been gone in between."""

    url: str
    now: Literal["there", "gone", "unknown"]
    back: bool
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Tracked:
    """One notice at a moment. `due` is the last moment in time; None where no time limit is known to run."""

    id: str
    letter: str
    title: str
    site: str
    to: str
    mail: str
    text: str
    about: str
    made_at: datetime
    state: State
    receipts: tuple[Receipt, ...]
    replies: tuple[Reply, ...]
    spots: tuple[Spot, ...]
    duty: Duty | None
    started: datetime | None
    due: datetime | None
    asked_more: bool
    zone: tzinfo

    @property
    def urls(self) -> tuple[str, ...]:
        """Every place that it names."""
        return tuple(spot.url for spot in self.spots)

    @property
    def reference(self) -> str:
        """The number that the site gave it last, or nothing."""
        return next((one.reference for one in reversed(self.receipts) if one.reference), "")

    @property
    def seen_after_due(self) -> tuple[Look, ...]:
        """Every look after the time had passed that still found it."""
        found = (look for spot in self.spots for look in spot.looks if look.seen in THERE)
        return tuple(look for look in found if self.due is not None and look.at > self.due)


def track(
    events: Iterable[Event], situation: Situation, at: datetime, packs: Packs, zone: tzinfo
) -> tuple[Tracked, ...]:
    """Every notice of a case at a moment, in the order in which they were made."""
    known = [event for event in events if event.at <= at]
    standing = list(counted(known))
    looks = sorted(_looks(standing), key=lambda look: (look.at, look.sequence))
    log = _Log(standing, looks, situation, at, packs, zone)
    return tuple(
        _tracked(event.data, event.at, log) for event in known if event.what == "notice" and event.data.get("id")
    )


@dataclass(frozen=True, slots=True)
class _Log:
    """What counts of a case at a moment."""

    events: Sequence[Event]
    looks: Sequence[Look]
    situation: Situation
    at: datetime
    packs: Packs
    zone: tzinfo


def by_urgency(found: Iterable[Tracked]) -> list[Tracked]:
    """What asks most of the person first, then by the end of its time, then by age."""
    order = list(STATES)
    last = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (order.index(one.state), one.due or last, one.made_at))


def counted(events: Sequence[Event]) -> Iterator[Event]:
    """The events that nobody took back."""
    gone = {event.data.get("of") for event in events if event.what == "correction"}
    yield from (event for event in events if event.sequence not in gone or event.what not in UNDOABLE)


def _tracked(data: Mapping[str, object], made_at: datetime, log: _Log) -> Tracked:
    mine = [one for one in log.events if one.data.get("notice") == data["id"]]
    receipts, replies = _receipts(mine, log.at), _replies(mine, log.at)
    spots = tuple(_spot(url, log.looks, replies, log.at) for url in _texts(data.get("urls")))
    started, asked = _start(receipts, replies)
    letter = _text(data, "letter")
    first = started or (receipts[0].at if receipts else log.at)
    zone = spans.zone_or(receipts[0].zone if receipts else "", log.zone)
    duty = _duty(letter, [spot.url for spot in spots], first.astimezone(zone).date(), log)
    due = spans.ends(started, duty.within, zone) if duty and started else None
    return Tracked(
        id=_text(data, "id"),
        letter=letter,
        title=log.packs.notices[letter].title if letter in log.packs.notices else letter,
        site=_text(data, "site"),
        to=_text(data, "to"),
        mail=_text(data, "mail"),
        text=_text(data, "text"),
        about=_text(data, "about"),
        made_at=made_at,
        state=_state(spots, receipts, replies, due, log.at),
        receipts=receipts,
        replies=replies,
        spots=spots,
        duty=duty,
        started=started,
        due=due,
        asked_more=asked,
        zone=zone,
    )


def _state(
    spots: Sequence[Spot], receipts: Sequence[Receipt], replies: Sequence[Reply], due: datetime | None, at: datetime
) -> State:
    if any(spot.back and spot.now == "there" for spot in spots):
        return "reappeared"
    if spots and all(spot.now == "gone" for spot in spots):
        return "removed"
    if not receipts:
        return "drafted"
    if (said := _last_word(replies)) and said.says == "refused" and said.at >= receipts[-1].at:
        return "refused"
    if due is None:
        return "sent"
    return "overdue" if at > due else "due"


def _last_word(replies: Sequence[Reply]) -> Reply | None:
    """The last reply that decided something."""
    return next((one for one in reversed(replies) if one.says in ("refused", "removed")), None)


def _start(receipts: Sequence[Receipt], replies: Sequence[Reply]) -> tuple[datetime | None, bool]:
    """When the time began to run, and whether the site asked for more and was not answered yet."""
    asked = max((one.at for one in replies if one.says == "asks"), default=None)
    after = [one.at for one in receipts if asked is None or one.at >= asked]
    return min(after, default=None), asked is not None and not after


def _duty(letter: str, urls: Sequence[str], on: date, log: _Log) -> Duty | None:
    """The first duty of a notice that holds for these answers and places on that day."""
    packs = log.packs
    if letter not in packs.notices:
        return None
    found = [places.read(url, packs.contacts) for url in urls]
    known = derived.known(settle(log.situation, packs.settles), found, on)
    fitting = (one for one in packs.notices[letter].duties if evaluate(one.when, known) is True)
    return next((one for one in fitting if one.start is None or one.start <= on), None)


def _spot(url: str, looks: Sequence[Look], replies: Sequence[Reply], at: datetime) -> Spot:
    """A place, from the looks at it; where the site says that it took it down, that counts until somebody looks."""
    mine = tuple(look for look in looks if look.url == url and look.at <= at)
    turns = [(one.at, one.seen in THERE) for one in mine if one.seen in (*THERE, *GONE)]
    turns += [(one.at, False) for one in replies if one.says == "removed"]
    now: Literal["there", "gone", "unknown"] = "unknown"
    back = False
    for _, there in sorted(turns):
        back = (back or now == "gone") if there else False
        now = "there" if there else "gone"
    return Spot(url, now, back, mine)


# ---------------------------------------------------------------- events, read with care


def _receipts(events: Iterable[Event], at: datetime) -> tuple[Receipt, ...]:
    found = (
        Receipt(e.sequence, _moment(e), _text(e.data, "reference"), _text(e.data, "how"), _text(e.data, "zone"))
        for e in events
        if e.what == "receipt"
    )
    return tuple(sorted((one for one in found if one.at <= at), key=lambda one: one.at))


def _replies(events: Iterable[Event], at: datetime) -> tuple[Reply, ...]:
    found = (
        Reply(e.sequence, _moment(e), *(_text(e.data, name) for name in ("says", "words", "ref", "key")))
        for e in events
        if e.what == "reply"
    )
    return tuple(sorted((one for one in found if one.at <= at), key=lambda one: one.at))


def _looks(events: Iterable[Event]) -> Iterator[Look]:
    for e in events:
        if e.what == "look":
            url, seen, sha256 = (_text(e.data, name) for name in ("url", "seen", "sha256"))
            distance = e.data.get("distance")
            near = distance if isinstance(distance, int) else None
            yield Look(e.sequence, url, _moment(e), seen, _text(e.data, "by") or "watch", sha256, near)


def _moment(event: Event) -> datetime:
    """When it happened, as it was told; when it was written down, where nothing was told."""
    told = event.data.get("at")
    if not isinstance(told, str):
        return event.at
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return event.at
    return at.astimezone(UTC) if at.utcoffset() is not None else event.at


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


# ---------------------------------------------------------------- what follows for the next letter

SENT = {"uk-intimate-48h": "uk-intimate-48h", "us-take-it-down": "us-take-it-down", "uk-gdpr-17": "erasure",
        "eu-gdpr-17": "erasure", "platform-report": "own-form"}  # fmt: skip
"""What an escalation calls each notice that came before it."""

CLAIM = "bank-claim"


def answers(one: Tracked, at: datetime) -> dict[str, Answer]:
    """What a notice's own life answers: when the site was told, what it was sent, what came of it, is its time over."""
    told: dict[str, Answer] = {"sent_what": (SENT.get(one.letter, "other"),)}
    if one.receipts:
        told["reported_on"] = one.receipts[0].at.astimezone(one.zone).date().isoformat()
        told["site_answer"] = _outcome(one)
        told |= {"after_claim": "yes"} if one.letter == CLAIM else {}
    if one.due is not None:
        told["time_over"] = "yes" if at > one.due else "no"
    return told


def _outcome(one: Tracked) -> str:
    if one.state == "removed":
        return "removed"
    if one.state == "refused":
        return "refused"
    return "other" if one.state == "reappeared" or any(r.says != "confirmed" for r in one.replies) else "no-answer"
