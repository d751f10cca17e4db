"""Due: what is due, over one case or several: as lines, as JSON, as a table, as reminders, as points on one line. Pure.

Whatever leaves the computer as a reminder says nothing: its title is "Look again", and nothing in the file names a
site, a case or this program, for a calendar is read over shoulders and shared with other people.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from takeback import clock, plain, spans, words
from takeback.words import _, later, n_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from takeback.clock import Tracked
    from takeback.terms import Json

TITLE = "Look again"
WEEK = timedelta(days=7)
"""After a week without an answer others can ask the site: docs/facts.md."""

COLUMNS = ("case", "notice", "state", "site", "what", "places", "down", "sent", "due", "reference", "source")
OPEN = ("due", "overdue", "sent", "refused", "reappeared")


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice of one case."""

    case: str
    notice: Tracked


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """By what asks most of the person, then by deadline, over all cases."""
    listed = list(entries)
    order = {id(one): place for place, one in enumerate(clock.by_urgency(e.notice for e in listed))}
    return sorted(listed, key=lambda entry: order[id(entry.notice)])


def as_json(entry: Entry) -> dict[str, Json]:
    """One notice of `takeback due --json`."""
    one = entry.notice
    return {
        "case": entry.case,
        "id": one.id,
        "law": one.letter,
        "title": one.title,
        "site": one.site,
        "state": one.state,
        "sent": one.receipts[0].at.isoformat() if one.receipts else None,
        "due": one.due.isoformat() if one.due else None,
        "reference": one.reference or None,
        "duty": {"within": one.duty.within, "says": one.duty.says, "cite": one.duty.cite, "source": one.duty.source}
        if one.duty
        else None,
        "places": [{"url": spot.url, "now": spot.now, "back": spot.back} for spot in one.spots],
    }


def says(one: Tracked, at: datetime) -> str:
    """Where a notice stands, in a sentence or two; what to do stands with it."""
    parts = [_(clock.STATES[one.state])]
    if one.state == "due" and one.due and one.duty:
        time, until = spans.words(one.duty.within), moment(one.due, one)
        parts = [_("They have {time}, until {until}: {left} left.", time=time, until=until, left=left(one.due - at))]
    elif one.state == "overdue" and one.due:
        parts = [_("Their time ended on {day}, {ago} ago.", day=moment(one.due, one), ago=left(at - one.due))]
        parts.append(
            _("It was still there after that.") if one.seen_after_due else _("Look whether it is still there.")
        )
    elif one.state == "sent":
        asked = _("They asked for more. Their time starts when you answer.")
        none = _("No fixed time limit runs that we know of. Look again in a few days.")
        parts.append(asked if one.asked_more else none)
    down = sum(spot.now == "gone" for spot in one.spots)
    if down and one.state != "removed":
        parts.append(n_("{n} of {all} places is down.", "{n} of {all} places are down.", down, all=len(one.spots)))
    return " ".join(parts)


def moment(at: datetime, one: Tracked) -> str:
    """A time in the zone in which the person told theirs."""
    return words.moment(at.astimezone(one.zone))


def left(span: timedelta) -> str:
    """A length of time, as people say it."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 2 * 1440:
        return n_("{n} day", "{n} days", minutes // 1440)
    if minutes >= 60:
        return n_("{n} hour", "{n} hours", minutes // 60)
    return n_("{n} minute", "{n} minutes", minutes)


# ---------------------------------------------------------------- a table


def table(entries: Iterable[Entry]) -> str:
    """All of it as CSV (RFC 4180), ready for a spreadsheet; no cell of it is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([plain.cell(value) for value in _row(entry)])
    return out.getvalue()


def _row(entry: Entry) -> Iterator[str]:
    one = entry.notice
    yield from (entry.case, one.id, one.state, one.site, one.title, " ".join(one.urls))
    yield f"{sum(spot.now == 'gone' for spot in one.spots)} of {len(one.spots)}"
    yield one.receipts[0].at.isoformat() if one.receipts else ""
    yield one.due.isoformat() if one.due else ""
    yield from (one.reference, one.duty.cite if one.duty else "")


# ---------------------------------------------------------------- reminders


def reminders(entries: Iterable[Entry], at: datetime) -> bytes:
    """A calendar (RFC 5545): when to look again, and nothing else."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//EN", "CALSCALE:GREGORIAN"]
    for entry in entries:
        for when in sorted({one for one in _when(entry.notice) if one > at}):
            lines += _reminder(entry, when, at)
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _when(one: Tracked) -> Iterator[datetime]:
    """At the end of their time, and a week after it was sent."""
    if one.state not in OPEN or not one.receipts:
        return
    if one.due is not None:
        yield one.due + timedelta(minutes=1)
    yield one.receipts[0].at + WEEK


def _reminder(entry: Entry, when: datetime, at: datetime) -> list[str]:
    uid = hashlib.sha256(f"{entry.case} {entry.notice.id} {when.isoformat()}".encode()).hexdigest()[:32]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_stamp(at)}",
        f"DTSTART:{_stamp(when)}",
        "DURATION:PT15M",
        f"SUMMARY:{TITLE}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{TITLE}",
        "TRIGGER:PT0S",
        "END:VALARM",
        "END:VEVENT",
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


# ---------------------------------------------------------------- one line of time

Kind = Literal["done", "now", "due", "overdue"]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing on the line: when, what it is, and in words."""

    at: datetime
    kind: Kind
    words: str
    about: str


SEEN_WORDS = later(
    {
        "same": "Still there",
        "elsewhere": "Seen at another address",
        "gone": "Gone",
        "soft-404": "Gone",
        "replaced": "Something else is there",
        "login": "Could not look: it asks for a login",
    }
)
SAYS_WORDS = later(
    {
        "confirmed": "They confirmed it",
        "asks": "They asked for more",
        "refused": "They said no",
        "removed": "They say that it is down",
        "other": "They answered",
    }
)


def points(found: Sequence[Tracked], at: datetime) -> tuple[Point, ...]:
    """What happened and what is due, in order of time, with now between them."""
    listed = [point for one in found for point in _points(one, at)]
    listed.append(Point(at, "now", _("Now"), ""))
    return tuple(sorted(listed, key=lambda point: (point.at, point.kind == "now")))


def _points(one: Tracked, at: datetime) -> Iterator[Point]:
    site = _(one.site)
    yield Point(one.made_at, "done", _("Made ready"), site)
    for number, receipt in enumerate(one.receipts):
        yield Point(receipt.at, "done", _("Confirmed") if number else _("Sent"), site)
    for reply in one.replies:
        yield Point(reply.at, "done", _(SAYS_WORDS.get(reply.says, later("They answered"))), site)
    for spot in one.spots:
        for look in spot.looks:
            yield Point(look.at, "done", _(SEEN_WORDS.get(look.seen, later("Looked; it could not be told"))), site)
    if one.due is not None and one.state != "removed":
        late = at > one.due
        yield Point(one.due, "overdue" if late else "due", _("Time ended") if late else _("Time ends"), site)
