"""Packs as a page shows them: contacts with what can be tapped, laws in plain words, who can help by need. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import permit, places
from takeback.pack_terms import Way
from takeback.words import _, day, later

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from takeback.guide_terms import Guide
    from takeback.pack_terms import Contact, Door, Law, Packs, Report, Version

NEEDS = (
    ("emergency", later("In danger now")),
    ("helpline", later("Someone to talk to")),
    ("removal", later("Getting a picture taken down")),
    ("money", later("Money and tricks")),
    ("police", later("The police, and how to report")),
    ("platform", later("Sites and apps")),
    ("search", later("Search engines")),
    ("host", later("Companies that host sites")),
    ("regulator", later("When a company does not help")),
    ("legal", later("Legal advice")),
)
"""The kinds of contact, in the order of need, and what a person would call them."""

SHELVES = {
    "report": later("Getting it taken down"),
    "expect": later("What to expect"),
    "safe": later("Staying safe"),
    "this": later("About Takeback"),
}
"""What the shelves of the pages to read are called."""

NATIONS = {
    "EW": later("England and Wales"),
    "ENGLAND": later("England"),
    "WALES": later("Wales"),
    "SC": later("Scotland"),
    "NI": later("Northern Ireland"),
}
CHECKED = ("own-page", "official-other", "n/a")
"""Grades at which hours may be said without a doubt."""

GRADES = {
    "drafted": later("Written from the law itself and not yet read by a lawyer."),
    "reviewed": later("Read by a lawyer."),
    "tested": later("Read by a lawyer, and used in a real case."),
}

GUIDE_GRADES = GRADES | {"drafted": later("Written from public sources, and not yet read by a lawyer.")}

PROGRAMMES = {"stopncii": "StopNCII", "take-it-down-ncmec": "Take It Down"}
"""The removal services that sites take part in, by their own short names."""

CHILD = ("childline", "report-remove", "take-it-down-ncmec", "ceop", "police-101", "emergency-999")
"""The official ways for a picture with someone under 18 in it: the person to tell before the form to fill."""

OTHERS: dict[permit.Because, tuple[str, ...]] = {
    "child": CHILD,
    "terror": ("act-terrorism", "police-101", "emergency-999"),
    "extreme": ("police-101", "report-harmful-content"),
    "agreement": ("revenge-porn-helpline", "victim-support-ew"),
}


@dataclass(frozen=True, slots=True)
class Tap:
    """Something to tap: what it says, where it goes, and whether that is a page of someone else's."""

    text: str
    href: str
    away: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site takes one kind of report. `tap` is there only where the page was checked."""

    harms: str
    tap: Tap | None
    words: str
    asks: str
    next: str


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as a page shows it."""

    id: str
    name: str
    short: str
    serves: str
    taps: tuple[Tap, ...]
    unchecked: tuple[str, ...]
    facts: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A law as a page shows it: what it needs, in plain words."""

    id: str
    title: str
    needs: tuple[str, ...]
    unsettled: str
    cite: str
    sources: tuple[str, ...]
    maximum: str
    grade: str


# ---------------------------------------------------------------- contacts


def tap(way: Way) -> Tap:
    """A way to reach someone, as a link that a phone understands."""
    number = re.sub(r"[^0-9+]", "", way.to)
    match way.by:
        case "phone":
            return Tap(_("Call {number}", number=way.to), f"tel:{number}", away=False)
        case "relay" if not way.to.startswith("http"):
            return Tap(_("Relay UK {number}", number=way.to), f"tel:{number}", away=False)
        case "text":
            return Tap(_("Text {number}", number=way.to), f"sms:{number}", away=False)
        case "email":
            return Tap(_("Write to {address}", address=way.to), f"mailto:{way.to}", away=False)
        case "chat":
            return Tap(_("Chat with them"), way.to, away=True)
    return Tap(_("Open {site}", site=re.sub(r"^https?://(www\.)?([^/]+).*$", r"\2", way.to)), way.to, away=True)


def person(contact: Contact) -> Person:
    """A contact with its checked ways as taps, and the rest as words."""
    return Person(
        id=contact.id,
        name=contact.name,
        short=re.sub(r"\s*\([^)]*\)", "", contact.name),
        serves=_sentence(contact.serves and _("For {whom}", whom=contact.serves)),
        taps=tuple(tap(way) for way in contact.ways if way.offered),
        unchecked=tuple(way.to for way in contact.ways if not way.offered),
        facts=tuple(_facts(contact)),
        places=tuple(_place(report) for report in contact.reports),
    )


def _place(report: Report) -> Place:
    checked = report.grade in CHECKED
    address = report.to.startswith("http")
    doubt = "" if checked else " " + _("(we could not check this)")
    asks = (report.asks, _("You need an account.") if report.account == "yes" else "")
    return Place(
        harms=_sentence(
            _(
                "For {whom}",
                whom=", ".join(_(places.HARM_WORDS.get(harm, harm)) for harm in report.harms),
            )
        ).rstrip("."),
        tap=tap(Way("web", report.to, report.grade)) if address and checked else None,
        words=re.sub(r"^https?://(www\.)?", "", report.to) + doubt,
        asks=" ".join(_sentence(part) for part in asks if part),
        next=_sentence(report.next),
    )


def _facts(contact: Contact) -> Iterable[str]:
    if contact.service:
        yield _("It takes: {what}", what=contact.service.takes)
        yield _("What leaves your device: {what}", what=contact.service.leaves)
        yield _("Who sees it: {who}", who=contact.service.seen_by)
    if contact.hours:
        sure = contact.hours_grade in CHECKED or contact.kind == "emergency"
        doubt = "" if sure else " " + _("(we could not check this)")
        yield _("Open: {hours}.", hours=contact.hours + doubt)
    if contact.cost:
        yield _("Cost: {cost}.", cost=contact.cost)
    if contact.anonymous:
        yield _("Without your name: {answer}.", answer=contact.anonymous)
    if where := [_(NATIONS[nation]) for nation in contact.nations if nation in NATIONS]:
        everywhere = {"EW", "SC", "NI"} <= set(contact.nations)
        yield _("Where: {places}.", places=_("all of the UK") if everywhere else ", ".join(where))
    if contact.note:
        yield contact.note
    if contact.programmes:
        names = ", ".join(PROGRAMMES[one] for one in contact.programmes)
        yield _("By public lists, which we could not check, it takes part in: {names}.", names=names)


def tappable(known: Packs, ids: Iterable[str]) -> tuple[Person, ...]:
    """The contacts of these ids that can be tapped, in this order."""
    found = (known.contacts.get(one) for one in ids)
    people = (person(contact) for contact in found if contact and contact.ended is None)
    return tuple(one for one in people if one.taps)


def _named(known: Packs, ids: Iterable[str]) -> tuple[Person, ...]:
    """The contacts of these ids that nobody checked: named, and no button."""
    people = (person(known.contacts[one]) for one in ids if known.contacts[one].ended is None)
    return tuple(one for one in people if not one.taps)


def first_way(known: Packs, contact: str) -> Tap:
    """The first thing to tap of one contact."""
    return tappable(known, (contact,))[0].taps[0]


def needs(known: Packs) -> tuple[tuple[str, str, tuple[Person, ...]], ...]:
    """Everybody one can turn to, by need: an anchor, a heading, the people."""
    young = tappable(known, (*CHILD[:4], "nspcc", "school-dsl"))
    groups = [("young", _("If you are under 18"), young)]
    for kind, heading in NEEDS:
        people = sorted((c for c in known.contacts.values() if c.kind == kind and c.ended is None), key=_nearest)
        groups.append((kind, _(heading), tuple(person(c) for c in people if c.id not in {y.id for y in young})))
    groups[0], groups[1] = groups[1], groups[0]
    return tuple(group for group in groups if group[2])


def _nearest(contact: Contact) -> tuple[bool, bool, str]:
    """Those one can call come first, then those for all of the UK, then by name."""
    calls = any(way.by == "phone" and way.offered for way in contact.ways)
    return not calls, not {"EW", "SC", "NI"} <= set(contact.nations), contact.name.lower()


def refusals(known: Packs) -> tuple[dict[str, object], ...]:
    """What is said where a file is not taken: permit.py's own words, and who can take it."""
    kinds = (permit.CHILD, permit.TERROR, permit.EXTREME, permit.AGREEMENT)
    return tuple(
        {"because": r.because, "what": _(r.what), "hint": _(r.hint), "contacts": tappable(known, OTHERS[r.because])}
        for r in kinds
    )


# ---------------------------------------------------------------- laws


def in_force(law: Law, on: date) -> Version | None:
    """The version of a law that stands on a day."""
    standing = (v for v in law.versions if (v.start is None or v.start <= on) and (v.end is None or on <= v.end))
    return next(standing, None)


def reading(known: Packs, guide: Guide, on: date) -> dict[str, object]:
    """A guide, the laws of its kinds, the people it names, and how well it was checked."""
    found = {law.id: law for kind in guide.kinds for law in laws(known, kind, on)}
    return {
        "guide": guide,
        "laws": tuple(found.values()),
        "young": young_page(guide) if guide.young else "",
        "contacts": tappable(known, guide.contacts),
        "unchecked": _named(known, guide.contacts),
        "checked": _checked(GUIDE_GRADES[guide.grade], guide.checked),
    }


def shelves(known: Packs) -> tuple[tuple[str, tuple[Guide, ...]], ...]:
    """The pages for every kind, shelf by shelf."""
    every = known.guides.values()
    return tuple((_(name), tuple(guide for guide in every if guide.shelf == shelf)) for shelf, name in SHELVES.items())


def young_page(guide: Guide) -> str:
    """The name of the page that says a guide in words for a young person."""
    return f"guide-{guide.id}-young.html"


def young_reading(known: Packs, guide: Guide) -> dict[str, object]:
    """A guide in words for a young person, whom to tell, and the other pages in such words."""
    door = next(door for door in known.doors if door.young)
    others = tuple((young_page(one), one.title) for one in known.guides.values() if one.young and one is not guide)
    return {
        "guide": guide,
        "sections": guide.young,
        "opening": known.voice.opening,
        "contacts": tappable(known, door.contacts),
        "others": others,
        "checked": _checked(GUIDE_GRADES[guide.grade], guide.checked),
    }


def more(known: Packs, door: Door) -> tuple[tuple[str, str], ...]:
    """The pages to read on from a door: address and title."""
    guides = (known.guides[slug] for slug in door.guides)
    return tuple((young_page(g) if door.young and g.young else f"guide-{g.id}.html", g.title) for g in guides)


def laws(known: Packs, kind: str, on: date) -> tuple[Rule, ...]:
    """The laws of one kind that are in force in England and Wales on a day."""
    ours = (law for law in known.laws.values() if kind in law.kinds and law.nation in ("EW", "UK"))
    return tuple(_rule(law, version) for law in ours if (version := in_force(law, on)))


def _rule(law: Law, version: Version) -> Rule:
    since = "" if version.start_verified else " " + _("We could not check the day from which it counts.")
    return Rule(
        id=law.id,
        title=law.title,
        needs=tuple(_sentence(element.need) for element in version.elements),
        unsettled=version.unsettled,
        cite=version.cite.rstrip("."),
        sources=tuple(source for source in law.sources if source.startswith("http"))[:1],
        maximum=version.maximum.rstrip("."),
        grade=_checked(GRADES[law.grade], law.checked) + since,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".?!" else ".")


def _checked(grade: str, on: date) -> str:
    return f"{_(grade)} {_('Checked on {day}.', day=day(on))}"
