"""The packs as JSON for the browser: what web/static/engine.js weighs and what web/static/plan.js draws, no more.

Pure and stable: the same packs give the same keys in the same order. Laws and routes are lists, since their order
counts; a rule has the shape that it has in TOML; days are ISO 8601 text, so that they compare as text. Examples,
sources and contacts that no route names stay behind. web/terms.d.ts tells the browser's side the same shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from takeback.terms import All, AtLeast, Between, Is, Not
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from datetime import date

    from takeback.guide_terms import Voice, Words
    from takeback.pack_terms import Contact, Fact, Law, Offer, Packs, RoutePack, Says, Version
    from takeback.terms import Rule

Json = dict[str, Any]


def compiled(packs: Packs) -> Json:
    """Everything that the interview and the plan need, as plain JSON values."""
    return {
        "covered_from": packs.covered_from.isoformat(),
        "opening": list(packs.opening),
        "immediate": written(packs.immediate),
        "check": written(packs.check),
        "voice": _voice(packs.voice),
        "settles": [{"when": written(s.when), "fact": s.fact, "value": _answer(s.value)} for s in packs.settles],
        "anyone": _says(packs.anyone),
        "likely": [{"when": written(one.when), "says": _says(one.says)} for one in packs.likely],
        "sketches": [{"share": s.share, "kinds": list(s.kinds), "says": _says(s.says)} for s in packs.sketches],
        "facts": {fact.id: _fact(fact) for fact in packs.facts.values() if not fact.worked_out},
        "laws": [_law(law) for law in packs.laws.values()],
        "routes": [_route(route) for route in packs.routes.values()],
        "contacts": {contact.id: _contact(contact) for contact in _named(packs)},
    }


def _named(packs: Packs) -> list[Contact]:
    named = {contact for route in packs.routes.values() for contact in route.contacts}
    return [contact for contact in packs.contacts.values() if contact.id in named and contact.ended is None]


def written(rule: Rule) -> Json:
    """A rule as plain JSON values, in the shape that it has in TOML."""
    match rule:
        case All(parts):
            return {"all": [written(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case Is(fact, values):
            return {"fact": fact, "is": list(values)}
        case Between(fact, start, end):
            return {"fact": fact, "from": _day(start), "to": _day(end)}
        case AtLeast(fact, least):
            return {"fact": fact, "min": least}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _answer(answer: object) -> object:
    return list(answer) if isinstance(answer, tuple) else answer


def _says(says: Says) -> Json:
    return {fact: dict(rows) for fact, rows in says.items()}


def _fact(fact: Fact) -> Json:
    return {
        "type": fact.type,
        "ask": fact.ask,
        "values": list(fact.values),
        "labels": dict(fact.labels),
        "said": dict(fact.said),
        "help": fact.help,
        "why": fact.why,
        "asked": fact.asked,
        "only": written(fact.only) if fact.only else None,
    }


def _law(law: Law) -> Json:
    return {
        "id": law.id,
        "title": law.title,
        "nation": law.nation,
        "kinds": list(law.kinds),
        "grade": law.grade,
        "checked": law.checked.isoformat(),
        "versions": [_version(version) for version in law.versions],
    }


def _version(version: Version) -> Json:
    return {
        "start": _day(version.start),
        "end": _day(version.end),
        "by": version.by,
        "start_verified": version.start_verified,
        "cite": version.cite,
        "elements": [{"rule": written(e.rule), "need": e.need, "why_not": e.why_not} for e in version.elements],
        "unless": [{"when": written(u.when), "then": u.then, "why": u.why} for u in version.unless],
        "why_not_date": version.why_not_date,
        "unsettled": version.unsettled,
        "maximum": version.maximum,
        "limit": version.limit,
        "anonymity": version.anonymity,
    }


def _route(route: RoutePack) -> Json:
    return {
        "id": route.id,
        "name": route.name,
        "kind": route.kind,
        "contacts": list(route.contacts),
        "what": route.what,
        "next": route.next,
        "without_report": route.without_report,
        "offers": [_offer(offer) for offer in route.offers],
        "never": [{"when": written(bar.when), "because": bar.because, "young": bar.young} for bar in route.bars],
        "young": _words(route.young) if route.young else None,
        "grade": route.grade,
    }


def _offer(offer: Offer) -> Json:
    plain = {"rank": offer.rank, "because": offer.because, "due": offer.due, "young": offer.young}
    return {"when": written(offer.when), **plain}


def _voice(voice: Voice) -> Json:
    rules = {"young": written(voice.young), "grown": written(voice.grown)}
    return {**rules, "opening": voice.opening, "first": voice.first}


def _words(words: Words) -> Json:
    return {"name": words.name, "what": words.what, "next": words.next}


def _contact(contact: Contact) -> Json:
    return {
        "name": contact.name,
        "nations": list(contact.nations),
        "adults": contact.adults,
        "ways": [{"by": way.by, "to": way.to, "offered": way.offered} for way in contact.ways],
        "hours": contact.hours,
        "cost": contact.cost,
        "anonymous": contact.anonymous,
        "note": contact.note,
        "service": [contact.service.takes, contact.service.leaves, contact.service.seen_by] if contact.service else [],
    }
