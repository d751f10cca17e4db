"""Notices: what a person told us -> a complete notice, or every element that it still lacks. Pure: the day comes in.

A notice is weighed like a law: each element of its pack is there where its rule is true (in three values; silence is
not "no") and its fields are filled in. It says nothing that the person did not tell us: the answers choose which
blocks of its letter are printed, and nothing else is. What happened in their own words, and whom they suspect, go to
the police alone. Nothing says what a picture shows where someone under 18 may be in it. `choose` says which notices
fit this person, and why the others do not. A person presses send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import derived, documents, places
from takeback.errors import BadInput, NoticeIncomplete
from takeback.mail import MAILBOX
from takeback.rules import evaluate, leaves, live, period, settle
from takeback.terms import Missing, Notice
from takeback.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from takeback.pack_terms import NoticeBlock, NoticeOffer, NoticePack, NoticeVersion, Packs
    from takeback.places import Place
    from takeback.terms import Given, Json, Situation

PLATFORM_REPORT = "platform-report"
PLACES = "places"
FEW = 4
"""So many open questions are still worth a person's while, where something that was said speaks for the notice."""
ANSWER = "site_answer"  # what comes after a report is not asked about before it
ACCOUNT_FIELDS = ("signature", "contact", "authority")
"""What a notice may take from a person's account without being asked to. Words and suspects are not among them."""


def laws(packs: Packs) -> list[str]:
    """The slugs of every notice there is."""
    return sorted(packs.notices)


def draft(  # noqa: PLR0917  they are what a notice is made of
    law: str, given: Given, packs: Packs, on: date, fields: Mapping[str, str], urls: Sequence[str]
) -> Notice:
    """One notice, about one person, for any number of places. NoticeIncomplete carries all that it lacks."""
    pack = _pack(law, packs)
    found = _places(urls, packs)
    situation = derived.known(settle(given.situation, packs.settles), found, on)
    words = _words(pack, given, fields)
    if missing := tuple(_missing(pack, situation, words, found, on)):
        raise NoticeIncomplete(missing)
    data: dict[str, Json] = {
        **words,
        PLACES: [place.text for place in found],
        "sites": list(dict.fromkeys(_english(place, packs) for place in found)),
        "day": documents.day(on),
        "what": _what(situation, packs),
        "without": [b.id for b in pack.blocks if not _printed(b, situation)],
    }
    unsaid = [name for name in fields if name not in _said(law, data)]
    to, mail = _ways(pack, situation, found, packs)
    return Notice(
        law=law,
        title=pack.title,
        text=documents.text(law, data),
        to=to,
        mail=mail,
        values=data,
        warnings=(*pack.warnings, *_about_fields(unsaid), *_about_places(found)),
    )


def platform_report(given: Given, packs: Packs, on: date, fields: Mapping[str, str], urls: Sequence[str]) -> Notice:
    """The report to paste into a platform's own form."""
    return draft(PLATFORM_REPORT, given, packs, on, fields, urls)


def as_json(law: str, outcome: Notice | NoticeIncomplete) -> dict[str, Json]:
    """A notice or its refusal as the JSON document of `takeback notice --json`."""
    missing: list[Json] = []
    if isinstance(outcome, NoticeIncomplete):
        missing += [{"element": m.element, "ask": m.ask, "cite": m.cite} for m in outcome.missing]
        return {"law": law, "complete": False, "missing": missing, "text": None, "to": None, "warnings": []}
    return {
        "law": law,
        "complete": True,
        "missing": missing,
        "text": outcome.text,
        "to": outcome.to,
        "warnings": list(outcome.warnings),
    }


# ---------------------------------------------------------------- which one


@dataclass(frozen=True, slots=True)
class Choice:
    """A notice, whether it fits this person now, and why or why not. `asks` are the few facts that would settle it."""

    law: str
    fits: bool
    because: str
    asks: tuple[str, ...] = ()


def choose(given: Given, packs: Packs, urls: Sequence[str], on: date) -> tuple[Choice, ...]:
    """Every notice, those that fit first: by what happened, where it is, how old they are, and where they live."""
    situation = derived.known(settle(given.situation, packs.settles), _places(urls, packs), on)
    ranked = [_choice(pack, situation, packs, on) for pack in packs.notices.values()]
    return tuple(choice for _rank, choice in sorted(ranked, key=lambda pair: (not pair[1].fits, pair[0], pair[1].law)))


def chosen_offer(pack: NoticePack, given: Given, packs: Packs, urls: Sequence[str], on: date) -> NoticeOffer | None:
    """The offer by which a notice fits this person now: why, and whom it goes to."""
    return _offer(pack, derived.known(settle(given.situation, packs.settles), _places(urls, packs), on))


def _choice(pack: NoticePack, situation: Situation, packs: Packs, on: date) -> tuple[int, Choice]:
    last = min(offer.rank for offer in pack.offers)
    if not any(_covers(version, on) for version in pack.versions):
        return last, Choice(pack.id, fits=False, because=pack.versions[0].not_yet)
    if bar := next((bar for bar in pack.bars if evaluate(bar.when, situation) is True), None):
        return last, Choice(pack.id, fits=False, because=bar.because)
    if offer := _offer(pack, situation):
        return offer.rank, Choice(pack.id, fits=True, because=offer.because)
    return last, Choice(pack.id, fits=False, because=pack.otherwise, asks=_asks(pack, situation, packs))


def _asks(pack: NoticePack, situation: Situation, packs: Packs) -> tuple[str, ...]:
    """The open questions of the offer that wants fewest; none where all of them want many."""
    situation, near = derived.unsettled(situation), list[list[str]]()
    for offer in pack.offers:
        still = {leaf.fact for leaf in live(offer.when, situation)}
        told = any(situation.get(leaf.fact) for leaf in leaves(offer.when))
        asked = sorted(fact for fact in still if packs.facts[fact].asked)
        if asked and ANSWER not in still and len(asked) <= (FEW if told else 1):
            near.append(asked)
    nearest = min(near, key=len, default=[])
    return tuple(nearest)


def _offer(pack: NoticePack, situation: Situation) -> NoticeOffer | None:
    return next((offer for offer in pack.offers if evaluate(offer.when, situation) is True), None)


# ---------------------------------------------------------------- what is there, and what is not


def _pack(law: str, packs: Packs) -> NoticePack:
    if law not in packs.notices:
        raise BadInput(f"there is no notice called {law!r}", f"choose one of {', '.join(laws(packs))}")
    return packs.notices[law]


def _places(urls: Sequence[str], packs: Packs) -> tuple[Place, ...]:
    return tuple(places.read(url, packs.contacts) for url in dict.fromkeys(url.strip() for url in urls) if url)


def _words(pack: NoticePack, given: Given, fields: Mapping[str, str]) -> dict[str, str]:
    if unknown := [name for name in fields if name not in pack.fields]:
        allowed = ", ".join(pack.fields)
        raise BadInput(f"this notice has no field {unknown[0]!r}", f"it has {allowed}")
    told = {name: getattr(given.account, name) for name in ACCOUNT_FIELDS}
    told["email"] = told["contact"] if MAILBOX.fullmatch(told["contact"].strip()) else ""
    told["sent_on"] = _day(given.situation.get("reported_on"))
    own = {name: value for name, value in told.items() if name in pack.fields}
    return {name: value.strip() for name, value in {**own, **fields}.items()}


def _day(told: object) -> str:
    """When they told the site, as far as they know."""
    text = str(told or "")
    return documents.day(period(text)[0]) if len(text) == len("2026-11-24") else text


def _missing(
    pack: NoticePack, situation: Situation, words: Mapping[str, str], found: Sequence[Place], on: date
) -> Iterator[Missing]:
    version = next((v for v in pack.versions if _covers(v, on)), None)
    if version is None:
        yield Missing("in force", pack.versions[0].not_yet, pack.versions[0].elements[0].cite)
        return
    for element in version.elements:
        if evaluate(element.when, situation) is True and evaluate(element.unless, situation) is not True:
            there = evaluate(element.rule, situation)
            if there is not True or not all(_filled(field, words, found) for field in element.fields):
                ask = element.against if there is False and element.against else element.ask
                yield Missing(element.part, ask, element.cite)
            elif PLACES in element.fields:
                yield from (Missing(element.part, place.wrong, element.cite) for place in found if place.wrong)


def _filled(name: str, words: Mapping[str, str], found: Sequence[Place]) -> bool:
    if name == PLACES:
        return bool(found)
    value = words.get(name, "")
    return bool(MAILBOX.fullmatch(value)) if name == "email" else bool(value)


def _covers(version: NoticeVersion, on: date) -> bool:
    return (version.start is None or version.start <= on) and (version.end is None or on <= version.end)


def _printed(block: NoticeBlock, situation: Situation) -> bool:
    return evaluate(block.when, situation) is True and evaluate(block.unless, situation) is not True


def _said(law: str, data: Mapping[str, Json]) -> set[str]:
    """The fields that the letter really says."""
    printed = {block.name for sheet in documents.fill(law, data) for block in sheet}
    return {field for w in documents.wordings(law) if w.name in printed for field in w.fields}


def _english(place: Place, packs: Packs) -> str:
    """What a site is called in a letter."""
    return packs.in_english.contacts[place.contact.id].name if place.contact else place.host


def _what(situation: Situation, packs: Packs) -> str:
    """What it is, in the words of the answer: "a picture and a video"."""
    chosen = situation.get("media") or ()
    labels = packs.in_english.facts["media"].labels  # a letter is read in English
    names = [labels[one][:1].lower() + labels[one][1:] for one in chosen] if isinstance(chosen, tuple) else []
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# ---------------------------------------------------------------- where it goes


def _ways(
    pack: NoticePack, situation: Situation, found: Sequence[Place], packs: Packs
) -> tuple[str | None, str | None]:
    """The form or the button, and the mailbox, that somebody saw on an official page; None where nobody did."""
    offer = _offer(pack, situation)
    if offer and offer.contact:
        ways = [way for way in packs.contacts[offer.contact].ways if way.offered]
        return _first(way.to for way in ways if way.by == "web"), _mailbox(way.to for way in ways if way.by == "email")
    rows = [to for to in _rows(pack, situation, found) if not MAILBOX.fullmatch(to)]
    return _first(rows), _mailbox(_rows(pack, situation, found))


def _rows(pack: NoticePack, situation: Situation, found: Sequence[Place]) -> list[str]:
    """Where the one platform that all the places are on takes this notice, the form for its law first."""
    homes = [place.contact for place in found if place.host]
    first = homes[0] if homes else None
    if first is None or any(home is not first for home in homes):
        return []
    told = places.harms(situation)
    harms = told if pack.id == PLATFORM_REPORT or (pack.harms and "under-18" in told) else pack.harms
    own = [row.to for row in first.reports if row.law == pack.id and row.offered]
    return own + [row.to for row in places.reports(first, harms) if row.law is None and row.offered]


def _first(found: Iterable[str]) -> str | None:
    return next(iter(found), None)


def _mailbox(found: Iterable[str]) -> str | None:
    return _first(one for one in found if MAILBOX.fullmatch(one))


def _about_fields(unsaid: Sequence[str]) -> Iterator[str]:
    for name in unsaid:
        yield _("What you gave as {name} is left out: it does not go with your other answers.", name=name)


def _about_places(found: Sequence[Place]) -> Iterator[str]:
    if len({place.site for place in found if place.host}) > 1:
        yield _("These places are on more than one site. Send each site a notice with its own places only.")
    for place in found:
        yield from (f"{place.shown}: {doubt}" for doubt in place.doubts)
    notes = {place.contact.name: place.contact.note for place in found if place.contact and place.contact.note}
    yield from (f"{name}: {note}" for name, note in notes.items())
