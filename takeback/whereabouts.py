"""Whereabouts: what a pasted text says of where something is, how to report it, what to save first. Pure.

The text can be one address, a list, or a whole page. Nothing is opened and no name is looked up. What can't stand in a
report is named with its reason and left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import places
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from takeback.pack_terms import Contact, Report
    from takeback.places import Place
    from takeback.terms import Json

KINDS: Mapping[str, str] = later(
    {
        "wrong": "not an address that can be reported",
        "words": "words, not an address",
        "unknown": "a site that we do not know",
        "site": "the site as a whole",
        "account": "an account",
        "item": "one post, picture or video",
        "media": "the file itself",
        "short": "a short link",
        "leads": "a link that leads on",
        "search": "a page of results",
    }
)
PARTS = later({"account": "account {name}", "item": "id {name}"})
"""What the parts of an address name: whose it is, or which thing of theirs."""

LONGEST = 200_000
"""Letters of a pasted text that are read; a page of text is far shorter."""


def read(text: str, contacts: Mapping[str, Contact]) -> tuple[Place, ...]:
    """Every place in a text; where no address is in it, each line of it is read as one."""
    found = places.find(text[:LONGEST], contacts)
    if found:
        return found
    lines = [line.strip() for line in text[:LONGEST].splitlines() if line.strip()]
    return tuple(places.read(line, contacts) for line in dict.fromkeys(lines[: places.MOST]))


def ways(place: Place, harms: Sequence[str]) -> tuple[Report, ...]:
    """How to report it there, the fitting harm first; every way where no harm was said."""
    if place.contact is None or place.wrong:
        return ()
    return places.reports(place.contact, harms or _every(place.contact))


def parts(ids: Mapping[str, str]) -> str:
    """What an address names, in words: "account sam, id Cq1"."""
    named = (
        ("account" if name in places.ACCOUNTS else "item", value) for name, value in ids.items() if name != "leads"
    )
    return ", ".join(_(PARTS[kind], name=value) for kind, value in named)


def _every(contact: Contact) -> list[str]:
    return list(dict.fromkeys(harm for report in contact.reports for harm in report.harms))


def as_json(place: Place, harms: Sequence[str]) -> dict[str, Json]:
    """One place of `takeback where --json`."""
    contact = place.contact
    return {
        "text": place.text,
        "address": place.shown or None,
        "kind": place.kind,
        "wrong": place.wrong or None,
        "host": place.host or None,
        "platform": {"id": contact.id, "name": contact.name, "kind": contact.kind} if contact else None,
        "parts": dict(place.ids),
        "leads": place.leads or None,
        "doubts": list(place.doubts),
        "save_first": list(places.save_first(place)) if not place.wrong else [],
        "reports": [_report(one) for one in ways(place, harms)],
    }


def _report(one: Report) -> dict[str, Json]:
    return {
        "harms": list(one.harms),
        "to": one.to,
        "asks": one.asks,
        "account": one.account,
        "within": one.within,
        "next": one.next,
        "grade": one.grade,
        "checked": one.offered,
    }
