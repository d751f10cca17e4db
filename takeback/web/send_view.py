"""What the pages of notices show: one notice from ready to answered, and all of them by deadline. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from takeback import clock, documents, due, packs, sending, signed_mail, spans, tracking
from takeback.due import Entry
from takeback.web import timeline
from takeback.words import _, again, later, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from takeback.clock import Tracked
    from takeback.keeping import OpenCase
    from takeback.pack_terms import Report
    from takeback.terms import Notice

ZONE = spans.zone(spans.HOME)
"""The zone in which times are shown where the person told none; the page of a notice asks the browser for it."""

SAYS = later(
    {
        "confirmed": "They confirmed that they have it",
        "asks": "They ask for something more",
        "refused": "They said no",
        "removed": "They say that it is down",
        "other": "Something else",
    }
)
HOW = later({"form": "In their form", "email": "By e-mail", "app": "In the app", "post": "By post"})
DO = later(
    {
        "overdue": "Look at each place. Then go on with one of the next steps, if you want to.",
        "refused": "A no is not the end. Others can ask the site to look again.",
        "reappeared": "It is not your fault that it is back. You can report it again.",
        "removed": "You did it. Look again in a week or two: it can come back.",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One block of a notice, to be copied by itself."""

    id: str
    heading: str
    text: str


def notice(case: OpenCase, number: str, at: datetime) -> dict[str, Any]:
    """One notice: what to send and where, what came of it, and what can follow."""
    about = tracking.one(case, number, at, ZONE)
    made, _at = sending.kept(case, number, at)
    state = case.state(at)
    ways = sending.ways(about, state.situation)
    return {
        "one": about,
        "says": due.says(about, at),
        "do": _(DO[about.state]) if about.state in DO else "",
        "late": about.state in ("overdue", "reappeared"),
        "form": about.to if about.to.startswith("https://") else "",
        "ways": [(way, way.to.startswith("https://"), _law(way, about)) for way in ways if way.to != again(about.to)],
        "warnings": made.warnings,
        "parts": _parts(made),
        "spots": [{"spot": spot, "last": _last(spot, about)} for spot in about.spots],
        "entries": _entries(about),
        "after": sending.after(case, about, at),
        "signed": [(ref, *said) for ref, said in sending.signed(case, about, at).items()],
        "key_first": _(signed_mail.FIRST),
        "record": about.due is not None and bool(about.seen_after_due),
        "now": at.astimezone(about.zone).strftime("%Y-%m-%dT%H:%M"),
        "zone": str(about.zone),
        "says_words": SAYS,
        "how_words": HOW,
        "exhibits": [(one.ref, one.original_name) for one in state.exhibits if one.kind in ("eml", "text", "pdf")],
        "points": due.points([about], at),
        "picture": timeline.svg(due.points([about], at), about.zone),
    }


def _law(way: Report, about: Tracked) -> str:
    """The other law that a form of theirs is for, or nothing."""
    return packs.load().notices[way.law].title if way.law and way.law != about.letter else ""


def _parts(made: Notice) -> list[Part]:
    """The blocks of a notice; each place stands by itself, since forms ask for one at a time."""
    listed: list[Part] = []
    for sheet in documents.fill(made.law, made.values):
        for block in sheet:
            text = "\n".join(item for part in block.parts for item in part.items)
            listed.append(Part(f"part-{len(listed)}", block.heading, text))
    return listed


def _last(spot: clock.Spot, about: Tracked) -> str:
    """What was seen there last, and when."""
    if not spot.looks:
        return {"gone": _("They say that it is down."), "there": _("It is there.")}.get(
            spot.now, _("Nobody has looked yet.")
        )
    look = spot.looks[-1]
    by = _("you looked") if look.by == "person" else _("Takeback looked")
    seen = _(due.SEEN_WORDS.get(look.seen, later("It could not be told")))
    return _("{seen}: {who} on {day}.", seen=seen, who=by, day=due.moment(look.at, about))


def _entries(about: Tracked) -> list[dict[str, Any]]:
    """What was noted of a notice, newest first, each of which can be taken back."""
    found: list[tuple[datetime, int, str, str]] = []
    for one in about.receipts:
        number = _("Their number: {number}", number=one.reference) if one.reference else ""
        found.append((one.at, one.sequence, _(HOW.get(one.how, later("Sent"))), number))
    found += [(one.at, one.sequence, _(SAYS.get(one.says, one.says)), one.words) for one in about.replies]
    for spot in about.spots:
        found += [
            (look.at, look.sequence, _(due.SEEN_WORDS.get(look.seen, later("It could not be told"))), look.url)
            for look in spot.looks
        ]
    return [
        {"at": due.moment(at, about), "sequence": sequence, "what": what, "about": words}
        for at, sequence, what, words in sorted(found, reverse=True)
    ]


def all_of(case: OpenCase, at: datetime) -> dict[str, Any]:
    """Every notice of the open case by deadline."""
    return over([Entry(case.id, one) for one in tracking.tracked(case, at, ZONE)], case, at)


def over(entries: Iterable[Entry], case: OpenCase, at: datetime, more: Sequence[str] = ()) -> dict[str, Any]:
    """Notices by deadline, of the open case and of others that were opened for this one answer."""
    listed = due.ordered(entries)
    found = [entry.notice for entry in listed if entry.notice.state != "drafted"]
    points = due.points(found, at)
    return {
        "rows": [
            {
                "case": "" if entry.case == case.id else entry.case[:4],
                "one": entry.notice,
                "state": _(clock.STATES[entry.notice.state]).rstrip("."),
                "says": _more(due.says(entry.notice, at), entry.notice),
                "due": due.moment(entry.notice.due, entry.notice) if entry.notice.due else "",
                "late": entry.notice.state in ("overdue", "reappeared"),
            }
            for entry in listed
        ],
        "points": [
            {"at": moment(point.at.astimezone(ZONE)), "words": point.words, "about": point.about} for point in points
        ],
        "picture": timeline.svg(points, ZONE) if found else "",
        "others": [one for one in case.store.cases() if one != case.id],
        "locked": more,
    }


def _more(says: str, one: Tracked) -> str:
    """What a sentence says beyond the state that stands above it."""
    return says.removeprefix(_(clock.STATES[one.state])).strip()


def prepared(told: Iterable[Tracked]) -> dict[str, list[dict[str, str]]]:
    """The notices that were made ready already, by letter: for the page of reports."""
    listed: dict[str, list[dict[str, str]]] = {}
    for one in told:
        line = {"id": one.id, "site": one.site, "state": _(clock.STATES[one.state]).rstrip(".")}
        listed.setdefault(one.letter, []).append(line)
    return listed


def kinds(case: OpenCase, at: datetime) -> dict[str, int]:
    """How many notices wait, run or are overdue: for the overview."""
    found = [one.state for one in tracking.tracked(case, at, ZONE)]
    late = sum(state in ("overdue", "refused", "reappeared") for state in found)
    return {"notices": len(found), "running": found.count("due") + found.count("sent"), "late": late}
