"""Pack list: what there is, in one table, and what of it is old, unverified or from memory. Pure: the day comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from takeback.pack_terms import Contact, Law, NoticePack, Packs, RoutePack

Pack = Any
"""A law, a route, a contact, a notice or a guide."""

WEAK = ("secondary", "memory", "conflict")
"""The grades below which a number or an address is named and never a button."""


@dataclass(frozen=True, slots=True)
class Stale:
    """One pack that someone has to look at again, and why."""

    sort: str
    id: str
    checked: date
    why: tuple[str, ...]


def groups(packs: Packs) -> dict[str, list[Pack]]:
    """Everything that has a file of its own, by what it is."""
    return {
        "laws": list(packs.laws.values()),
        "routes": list(packs.routes.values()),
        "contacts": list(packs.contacts.values()),
        "notices": list(packs.notices.values()),
        "guides": list(packs.guides.values()),
    }


def rows(packs: Packs) -> dict[str, list[dict[str, Any]]]:
    """One row for each pack: the JSON document of `takeback packs list --json`."""
    return {group: [_row(pack) for pack in listed] for group, listed in groups(packs).items()}


def _row(pack: Pack) -> dict[str, Any]:
    nation = getattr(pack, "nation", None)
    kinds = getattr(pack, "kinds", None) or [one for one in (getattr(pack, "kind", None),) if one]
    return {
        "id": pack.id,
        "title": getattr(pack, "title", None) or pack.name,
        "nations": [nation] if nation else list(getattr(pack, "nations", ())),
        "kinds": list(kinds),
        "grade": pack.grade,
        "checked": pack.checked.isoformat(),
    }


def stale(packs: Packs, on: date, days: int) -> tuple[Stale, ...]:
    """What was checked more than so many days before, or never well enough."""
    found = [
        Stale(group.removesuffix("s"), pack.id, pack.checked, why)
        for group, listed in groups(packs).items()
        for pack in listed
        if (why := tuple(_why(pack, on, days)))
    ]
    return tuple(sorted(found, key=lambda one: (one.sort, one.checked, one.id)))


def unread(packs: Packs) -> dict[str, int]:
    """How many laws, routes, notices and guides no lawyer has read."""
    listed = {group: packs_ for group, packs_ in groups(packs).items() if group != "contacts"}
    return {group: sum(pack.grade == "drafted" for pack in packs_) for group, packs_ in listed.items()}


def _why(pack: Pack, on: date, days: int) -> Iterator[str]:
    if (age := (on - pack.checked).days) > days:
        yield f"checked {age} days ago"
    match pack.__class__.__name__:
        case "Law":
            yield from _law(pack)
        case "Contact":
            yield from _contact(pack)
        case _:
            yield from _memory(pack)


def _law(law: Law) -> Iterator[str]:
    if not all(version.start_verified for version in law.versions):
        yield "its start is not verified"
    if "from memory" in law.basis:
        yield law.basis[law.basis.index("from memory") :].partition(";")[0]


def _memory(pack: RoutePack | NoticePack) -> Iterator[str]:
    basis = getattr(pack, "basis", "")
    if "from memory" in basis or any("memory" in source or "secondary" in source for source in pack.sources):
        yield "something in it is from memory or secondary"


def _contact(contact: Contact) -> Iterator[str]:
    if contact.grade in WEAK:
        yield f"its grade is {contact.grade}"
    yield from (f"{way.by} {way.to} is {way.grade}" for way in contact.ways if way.grade in WEAK)
    if contact.hours_grade in WEAK:
        yield f"its hours are {contact.hours_grade}"
    reports = sum(report.grade in WEAK for report in contact.reports)
    if reports:
        yield f"{reports} of its reports {'is' if reports == 1 else 'are'} secondary or from memory"
