"""Papers: what stands on each sheet that is printed: the police account, a package's summary, the plan. Pure.

The police account holds the person's own words and facts, and nothing of ours: no finding, no law, no advice. The
summary says what a package proves and what it does not. Neither holds a PDQ value, which is personal data: the grid
on a summary is the case's own, made from its id. `documents` lays a paper out.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

from takeback import documents, people, plain, spans, voice, words
from takeback.rules import evaluate, settle
from takeback.terms import Any as AnyOf
from takeback.terms import Is, Paper
from takeback.words import _, later, n_, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from takeback.pack_terms import Contact, Packs
    from takeback.permit import Exhibit
    from takeback.terms import Address, Event, Finding, Given, Incident, Json, Plan, Route, Situation

DRAFT = "Draft. Versions may have to be disclosed."
DIARY = "The person's own notes. Versions may have to be disclosed."
TIMES = ("created_on", "requested_on", "shared_on", "conduct_on", "reported_on")
YOUNG = AnyOf(
    (
        Is("under18_real", ("yes",)),
        Is("under18_look", ("yes",)),
        Is("victim_age_band", ("under13", "13-15", "16-17")),
    )
)
"""Someone under 18 is, or seems to be, in it: then a sheet says where it is, and nothing about it."""

DONE = later(
    {
        "opened": "The case was begun.",
        "answers": "Answers were kept.",
        "words": "The person's own words were kept.",
        "exhibit": "A file was kept as it was received.",
        "withdrawn": "A file was taken out.",
        "address": "An address was kept.",
        "incident": "An entry of the diary was kept.",
        "notice": "A notice was drafted.",
        "receipt": "A receipt was kept.",
        "reply": "A reply was kept.",
        "look": "A page was looked at again.",
        "mail-key": "A name server was asked for the key of an e-mail's signature.",
        "hosting": "Public registers were asked who keeps a site.",
        "watch": "It was said whether Takeback may look again by itself.",
        "correction": "An entry was taken back. It stays in the log, and counts no more.",
        "package": "A package was made.",
        "exported": "The case was exported.",
        "unlocked": "The case was opened.",
        "moved": "The case was brought here from a saved copy.",
        "key": "What opens the case was changed.",
    }
)
SIZES = later(("bytes", "kB", "MB", "GB"))
SAVING = "saving"
SAVED = 3
"""The page about saving, and how many of its sections stand on a plan: may you, what not to do, on any site."""

MOST_OPEN = 6
"""How many laws that we can't tell about yet fit on a printed plan; the others are counted."""


# ---------------------------------------------------------------- for the police


def police_account(
    given: Given,
    packs: Packs,
    exhibits: Sequence[Exhibit] = (),
    addresses: Sequence[Address] = (),
    diary: Sequence[Incident] = (),
) -> Paper:
    """A first account for the police, in the form of a witness statement that nobody has signed yet.

    Where someone under 18 may be in it: only a contact sheet.
    """
    account, situation = given.account, settle(given.situation, packs.settles)
    sheet: dict[str, Json] = {
        "foot": DRAFT,
        "places": [address_line(one) for one in addresses],
        "times": [
            f"{packs.in_english.facts[fact].ask} {day}" for fact in TIMES if (day := situation.get(fact)) is not None
        ],
        "me": account.me,
        "contact": account.contact,
    }
    if young(situation):
        return Paper("police-contact", {**sheet, "places": [address_line(one, note=False) for one in addresses]})
    told: dict[str, Json] = {
        "words": paragraphs(account.words),
        "diary": [entry_line(one) for one in diary],
        "accused": paragraphs(account.accused),
        "impact": paragraphs(account.impact),
        "exhibits": [exhibit_line(one) for one in exhibits],
    }
    return Paper("police-account", sheet | told)


def young(situation: Situation) -> bool:
    """Whether the person told us that someone under 18 is, or seems to be, in it."""
    return evaluate(YOUNG, situation) is True


def paragraphs(words: str) -> list[str]:
    """What a person wrote, paragraph by paragraph."""
    return [part.strip() for part in re.split(r"\n\s*\n", words) if part.strip()]


def address_line(address: Address, *, note: bool = True) -> str:
    """A place on a list: the page, the account, when it was seen there, and what the person noted."""
    account = f"account {address.account}" if address.account else ""
    account += f"{', ' if account else 'account '}id {address.account_id}" if address.account_id else ""
    seen = f"seen {address.seen_at}" if address.seen_at else ""
    return "; ".join(filter(None, (address.url, account, seen, address.note if note else "")))


def exhibit_line(exhibit: Exhibit) -> str:
    """An exhibit on a list: its reference, what it is called, when and from where it came, and its hash."""
    origin = f", from {exhibit.origin}" if exhibit.origin else ""
    origin += f", of {exhibit.dated}" if exhibit.dated else ""
    origin += f", handed in by {exhibit.handed_in_by}" if exhibit.handed_in_by else ""
    received = documents.moment(exhibit.received_at)
    return f"{exhibit.ref}: {exhibit.original_name}, received {received}{origin}.\nSHA-256 {exhibit.sha256}"


# ---------------------------------------------------------------- the diary


def diary(entries: Sequence[Incident], changed: int = 0) -> Paper:
    """The diary of what happened, in the person's own words. `changed` counts entries with earlier versions."""
    later = f"Entries that were changed later: {changed}. Their earlier versions are kept." if changed else ""
    told: dict[str, Json] = {"foot": DIARY, "entries": [entry_line(one) for one in entries], "changed": later}
    return Paper("diary", told)


def entry_line(one: Incident) -> str:
    """An entry: when, what happened, what it did to them, who saw it."""
    lines = (f"{when(one)}:", one.what, *_more(one))
    return "\n".join(line.strip() for line in lines if line.strip())


def when(one: Incident) -> str:
    """The day of an entry as a person reads it, and what they say of the time."""
    day = words.day(date.fromisoformat(one.day)) if one.day else ""
    return ", ".join(filter(None, (day, one.about.strip())))


def _more(one: Incident) -> Iterator[str]:
    if one.effect.strip():
        yield f"What it did to me: {one.effect}"
    if one.seen_by.strip():
        yield f"Who else saw it: {one.seen_by}"


def diary_table(entries: Sequence[Incident]) -> str:
    """The diary as CSV. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([DIARY])
    table.writerow(["number", "day", "when", "what happened", "what it did to me", "who else saw it"])
    for number, one in enumerate(entries, 1):
        cells = (one.day, one.about, one.what, one.effect, one.seen_by)
        table.writerow([str(number), *(plain.cell(documents.printable(cell)) for cell in cells)])
    return out.getvalue()


# ---------------------------------------------------------------- a package's summary


def summary(
    *,
    exhibits: Sequence[Exhibit],
    addresses: Sequence[Address],
    events: Sequence[Event],
    made_at: datetime,
    grid: bytes,
    withheld: bool = False,
) -> Paper:
    """What a package holds and proves; `withheld` where the files themselves are not in it.

    `grid` is 32 bytes made from the case's id: the case's neutral face.
    """
    return Paper(
        "summary",
        {
            "made": documents.moment(made_at),
            "withheld": withheld,
            "grid": grid.hex(),
            "exhibits": [_exhibit(one) for one in exhibits],
            "places": [address_line(one) for one in addresses],
            "events": [_event(one) for one in events],
        },
    )


def _exhibit(one: Exhibit) -> dict[str, Json]:
    return {
        "ref": one.ref,
        "name": one.original_name,
        "kind": one.kind,
        "size": size(one.size),
        "received": documents.moment(one.received_at),
        "origin": one.origin,
        "sha256": one.sha256,
        "sha512": one.sha512,
    }


def _event(one: Event) -> dict[str, Json]:
    return {
        "number": one.sequence,
        "at": documents.moment(one.at),
        "what": DONE.get(one.what, one.what),
        "about": str(one.data.get("ref", "")),
    }


def size(count: int) -> str:
    """A number of bytes as a person reads it."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit + 1 < len(SIZES):
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {_(SIZES[unit])}" if unit == 0 else f"{amount:.1f} {_(SIZES[unit])}"


# ---------------------------------------------------------------- the plan


def plan(drawn: Plan, packs: Packs, situation: Situation) -> Paper:
    """A plan to print: what to do in order, then what may be against the law. What is unlikely stays off paper."""
    may = [one for one in drawn.findings if one.status == "may_apply"]
    still = [one for one in drawn.findings if one.status == "cannot_tell"]
    still.sort(key=lambda one: len(one.needs) - len(one.because))  # those nearest to an answer first
    more = max(0, len(still) - MOST_OPEN)
    return Paper(
        "plan",
        {
            "language": spoken().tag,
            "direction": spoken().direction,
            "page": _("Page {page} of {pages}"),
            "words": _plan_words(drawn, more),
            "opening": packs.voice.opening if voice.is_young(situation, packs) else "",
            "danger": drawn.danger,
            "saving": _saving(packs, young=voice.is_young(situation, packs)),
            "routes": [_route(one, packs, situation) for one in voice.ordered(drawn.routes, packs, situation)],
            "quiet": [
                voice.told(one, packs, situation).name for one in drawn.routes if packs.routes[one.id].without_report
            ],
            "may": [_finding(one) for one in may],
            "open": [_finding(one) for one in still[:MOST_OPEN]],
        },
    )


def _plan_words(drawn: Plan, more: int) -> dict[str, Json]:
    """What the printed plan says by itself."""
    return {
        "title": _("Your plan"),
        "foot": _("Drafted from public sources, not yet read by a lawyer. It is information, not legal advice."),
        "pace": _("For {day}. You can do these one at a time, and stop whenever you want.", day=words.day(drawn.on)),
        "danger": _("Someone may be in danger. Do the first thing below before all else."),
        "saving": _("Before you report or block: what to save, and what not to do"),
        "routes": _("What to do, in this order"),
        "quiet": _("Help without reporting to the police"),
        "may": _("What they did may be against the law"),
        "open": _("We can’t tell yet"),
        "more": _settles(more),
    }


def _settles(more: int) -> str:
    """That there are more laws than those on the sheet."""
    said = n_(
        "And one more. An answer you add can settle it.",
        "And {n} more. Each answer you add settles some of them.",
        more,
    )
    return said if more else ""


def _saving(packs: Packs, *, young: bool) -> list[str]:
    """What to save before it disappears, and what not to do; for a young person only in the words for one."""
    sections = packs.guides[SAVING].young if young else packs.guides[SAVING].sections[:SAVED]
    return [words for section in sections for words in (*section.text, *section.points)]


def _route(one: Route, packs: Packs, situation: Situation) -> dict[str, Json]:
    told = voice.told(one, packs, situation)
    return {
        "name": told.name,
        "because": told.because,
        "what": told.what,
        "next": told.next,
        "due": _("Time limit: {time}", time=spans.words(one.due)) if one.due else "",
        "ways": list(_ways(people.reached(one.id, packs, situation))),
    }


def _ways(contacts: Sequence[Contact]) -> Iterator[str]:
    """Whom to reach and how, where somebody checked it."""
    for contact in contacts:
        if reach := [way.to for way in contact.ways if way.offered]:
            yield f"{contact.name}: {', '.join(reach)}"


def _finding(one: Finding) -> dict[str, Json]:
    return {"title": one.title, "cite": one.cite, "because": list(one.because)}
