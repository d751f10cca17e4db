"""The overdue record: one notice's life as one document: complete, received, answered, still there.

Pure. It is made only of a notice whose time has passed and that somebody saw there after that; otherwise it would show
nothing, and it is refused. It says what was sent, what came back and what was seen, where each time comes from, and not
that anybody broke a law: that is for a regulator or a court.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from takeback import clock, due
from takeback.errors import BadInput
from takeback.terms import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from takeback.clock import Look, Receipt, Reply, Tracked
    from takeback.terms import Event, Json

LETTER = "overdue-record"
INWARD = ("values", "warnings")
"""What a notice keeps for the person and for making it again; not for whoever reads the record."""

HOW = {"form": "in their form", "email": "by e-mail", "app": "in their app", "post": "by post"}
SAYS = {
    "confirmed": "they confirmed it",
    "asks": "they asked for more",
    "refused": "they said no",
    "removed": "they said that it is down",
    "other": "they answered",
}


def check(one: Tracked) -> None:
    """BadInput where there is nothing to show yet."""
    if one.due is None or one.duty is None:
        raise BadInput("No time limit that we know of runs for this notice", "so there is nothing to record yet")
    if not one.seen_after_due:
        raise BadInput(
            "Nobody has seen it there after their time ended", "look at the place once more, note it, then try again"
        )


def paper(one: Tracked, events: Iterable[Event], head: str, made_at: datetime, replies: Mapping[str, str]) -> Paper:
    """The document. `head` is the end of the case's chain; `replies` says of a reply's file what was checked in it."""
    check(one)
    known = list(events)
    corrections = [_correction(event, one) for event in known if _taken_back(event, known, one)]
    return Paper(
        LETTER,
        {
            "made": due.moment(made_at, one),
            "id": one.id,
            "title": one.title,
            "site": one.site,
            "places": list(one.urls),
            "receipts": [_receipt(receipt, one, known) for receipt in one.receipts],
            "says": one.duty.says if one.duty else "",
            "cite": one.duty.cite if one.duty else "",
            "ended": due.moment(one.due, one) if one.due else "",
            "replies": [_reply(reply, one, replies) for reply in one.replies],
            "without": [] if one.replies else ["replies"],
            "looks": [_look(look, one) for look in one.seen_after_due],
            "all_looks": [_look(look, one) for spot in one.spots for look in spot.looks],
            "corrections": corrections,
            "stamps": [_stamp(event, one) for event in known if event.what == "package" and event.data.get("stamped")],
            "head": head,
            "text": one.text,
        },
    )


def document(one: Tracked, events: Iterable[Event], made_at: datetime) -> dict[str, Json]:
    """The same as JSON: the notice as it stands, and every event of it, as the case log holds them."""
    known = list(events)
    mine = [event for event in known if _about(event, one) or _taken_back(event, known, one)]
    return {
        "made": made_at.isoformat(),
        "notice": due.as_json(due.Entry("", one)),
        "events": [_event(event) for event in mine],
    }


def _event(event: Event) -> dict[str, Json]:
    data: dict[str, Json] = {name: value for name, value in event.data.items() if name not in INWARD}  # type: ignore[misc]
    return {
        "sequence": event.sequence,
        "noted": event.at.isoformat(),
        "actor": event.actor,
        "what": event.what,
        "data": data,
    }


def _about(event: Event, one: Tracked) -> bool:
    """Whether an event belongs to this notice."""
    if event.what == "look":
        return event.data.get("url") in one.urls
    return one.id in (event.data.get("notice"), event.data.get("id") if event.what == "notice" else None)


def _taken_back(event: Event, known: Iterable[Event], one: Tracked) -> bool:
    """Whether an event is a correction of this notice's own entries."""
    mine = {each.sequence for each in known if _about(each, one)}
    return event.what == "correction" and event.data.get("of") in mine


# ---------------------------------------------------------------- lines


def _receipt(receipt: Receipt, one: Tracked, known: Iterable[Event]) -> str:
    noted = next((event.at for event in known if event.sequence == receipt.sequence), receipt.at)
    number = f"; their number: {receipt.reference}" if receipt.reference else ""
    how = HOW.get(receipt.how, "sent")
    return f"{due.moment(receipt.at, one)}, {how}{number}. Noted on {due.moment(noted, one)}; entry {receipt.sequence}."


def _reply(reply: Reply, one: Tracked, checked: Mapping[str, str]) -> str:
    words = f": “{reply.words}”" if reply.words else "."
    file = f"\nThe message itself is exhibit {reply.ref}. {checked.get(reply.ref, '')}".rstrip() if reply.ref else ""
    return f"{due.moment(reply.at, one)}, {SAYS.get(reply.says, 'they answered')}{words} Entry {reply.sequence}.{file}"


def _look(look: Look, one: Tracked) -> str:
    return "\n".join(_look_lines(look, one))


def _look_lines(look: Look, one: Tracked) -> Iterator[str]:
    by = "the person looked" if look.by == "person" else "Takeback looked"
    hours = f", hour {_hour(look, one)}" if one.started is not None and look.at >= one.started else ""
    words = due.SEEN_WORDS.get(look.seen, "It could not be told").lower()
    yield f"{due.moment(look.at, one)}{hours}: {words}; {by}; entry {look.sequence}."
    yield look.url
    if look.distance is not None:
        yield f"Its hash differs from that of the picture in {look.distance} of 256 bits."
    if look.sha256:
        yield f"SHA-256 of what the site answered: {look.sha256}"


def _hour(look: Look, one: Tracked) -> int:
    """The hour of the clock in which it was seen: the first is 1."""
    return int((look.at - (one.started or look.at)).total_seconds() // 3600) + 1


def _correction(event: Event, one: Tracked) -> str:
    because = f": {event.data['because']}" if event.data.get("because") else "."
    return f"{due.moment(event.at, one)}, entry {event.data.get('of')} was taken back{because}"


def _stamp(event: Event, one: Tracked) -> str:
    """A package of this log that an authority stamped: all before it had been written by then."""
    stamped = str(event.data.get("stamped"))
    try:
        when = due.moment(datetime.fromisoformat(stamped), one)
    except ValueError:
        when = stamped
    return f"{when}: a package of this log, as far as entry {event.sequence - 1}, was stamped."


def listed(found: Iterable[Tracked]) -> list[Json]:
    """Every notice of a case, as a package lists them."""
    return [
        {
            **due.as_json(due.Entry("", one)),
            "made": one.made_at.isoformat(),
            "receipts": [{"at": r.at.isoformat(), "reference": r.reference, "how": r.how} for r in one.receipts],
            "replies": [{"at": r.at.isoformat(), "says": r.says, "words": r.words, "ref": r.ref} for r in one.replies],
            "looks": [
                {"url": look.url, "at": look.at.isoformat(), "seen": look.seen, "by": look.by, "sha256": look.sha256}
                for spot in one.spots
                for look in spot.looks
            ],
            "says": clock.STATES[one.state],
        }
        for one in found
    ]
