"""Loose ends: everything by which one pack names something that no pack holds, or gives it an answer it cannot have.

Pure: packs in, one line a problem out, as `file part: what`. `packs.load` refuses packs that have any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import notice_pack, rules, sketch_pack
from takeback.terms import AtLeast, Between, Is

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from takeback.pack_terms import Fact, Packs, Says
    from takeback.terms import Answer, Rule


def find(packs: Packs) -> Iterator[str]:
    """Every loose end of these packs."""
    for where, rule in every_rule(packs):
        for leaf in rules.leaves(rule):
            yield from (f"{where}: {what}" for what in _leaf(packs.facts.get(leaf.fact), leaf))
    for where, given in _answers(packs):
        for fact, answer in given.items():
            yield from (f"{where}: {what}" for what in _answer(packs.facts.get(fact), fact, answer))
    for where, fact in _days(packs):
        if fact not in packs.facts or packs.facts[fact].type != "date":
            yield f"{where}: `by` is {fact!r}, and no fact of that name holds a day"
    yield from (f"interview.toml: there is no fact {f!r} to open with" for f in packs.opening if f not in packs.facts)
    for where, says in _sketches(packs):
        yield from (f"{where}: {what}" for what in sketch_pack.loose_ends(says, packs.facts))
    if packs.voice.first and packs.voice.first not in packs.routes:
        yield f"voice.toml: there is no route {packs.voice.first!r} to come first"
    yield from (
        f"doors.toml door {d.slug}: there is no guide {g!r}"
        for d in packs.doors
        for g in d.guides
        if g not in packs.guides
    )
    for where, contacts in every_contact(packs):
        yield from (f"{where}: there is no contact {c!r}" for c in contacts if c not in packs.contacts)


def _leaf(fact: Fact | None, leaf: Is | Between | AtLeast) -> Iterator[str]:
    match leaf:
        case _ if fact is None:
            yield f"there is no fact {leaf.fact!r}"
        case Is(values=values):
            yield from (f"{fact.id} has no answer {v!r}" for v in values if v not in fact.values)
        case Between() if fact.type != "date":
            yield f"`from` and `to` need a fact that holds a day, and {fact.id} does not"
        case AtLeast() if fact.type != "number":
            yield f"`min` needs a fact that holds a number, and {fact.id} does not"


def _answer(fact: Fact | None, name: str, answer: Answer) -> Iterator[str]:
    if fact is None:
        yield f"there is no fact {name!r}"
    elif not fact.asked:
        yield f"{name} is never asked, so that it has no answer"
    elif not _fits(fact, answer):
        yield f"{name} has no answer {list(answer) if isinstance(answer, tuple) else answer!r}"


def _fits(fact: Fact, answer: Answer) -> bool:
    if fact.type == "number":
        return type(answer) is int and answer >= 0
    if fact.type == "many":
        return isinstance(answer, tuple) and bool(answer) and all(value in fact.values for value in answer)
    if not isinstance(answer, str):
        return False
    return rules.is_period(answer) if fact.type == "date" else answer in fact.values


# ---------------------------------------------------------------- where packs speak of each other


def every_rule(packs: Packs) -> Iterator[tuple[str, Rule]]:
    """Each rule of these packs, and where it stands."""
    for law in packs.laws.values():
        for version in law.versions:
            yield from ((f"laws/{law.id}.toml element {e.part}", e.rule) for e in version.elements)
            yield from ((f"laws/{law.id}.toml unless {u.id}", u.when) for u in version.unless)
    for pack in packs.notices.values():
        yield from ((f"notices/{pack.id}.toml {part}", rule) for part, rule in notice_pack.every_rule(pack))
    for way in packs.routes.values():
        yield from ((f"routes/{way.id}.toml offer {n}", offer.when) for n, offer in enumerate(way.offers, 1))
        yield from ((f"routes/{way.id}.toml never {n}", bar.when) for n, bar in enumerate(way.bars, 1))
    yield from ((f"facts.toml fact {fact.id}", fact.only) for fact in packs.facts.values() if fact.only)
    yield from ((f"interview.toml settle {one.fact}", one.when) for one in packs.settles)
    yield from ((f"sketches.toml likely {n}", one.when) for n, one in enumerate(packs.likely, 1))
    yield from (("voice.toml young", packs.voice.young), ("voice.toml grown", packs.voice.grown))
    yield from (("interview.toml immediate", packs.immediate), ("interview.toml check", packs.check))


def _answers(packs: Packs) -> Iterator[tuple[str, Mapping[str, Answer]]]:
    for law in packs.laws.values():
        yield from ((f"laws/{law.id}.toml example {x.name}", x.given) for x in law.examples)
    for pack in packs.notices.values():
        yield from ((f"notices/{pack.id}.toml example {x.name}", x.given) for x in pack.examples)
    yield from ((f"doors.toml door {door.slug}", door.starts) for door in packs.doors)
    yield from ((f"interview.toml settle {one.fact}", {one.fact: one.value}) for one in packs.settles)


def _sketches(packs: Packs) -> Iterator[tuple[str, Says]]:
    """What sketches.toml says, and where."""
    yield "sketches.toml anyone 1", packs.anyone
    yield from ((f"sketches.toml likely {n}", one.says) for n, one in enumerate(packs.likely, 1))
    yield from ((f"sketches.toml sketch {n}", one.says) for n, one in enumerate(packs.sketches, 1))


def _days(packs: Packs) -> Iterator[tuple[str, str]]:
    for law in packs.laws.values():
        yield from ((f"laws/{law.id}.toml version from {v.start}", v.by) for v in law.versions if v.by)


def every_contact(packs: Packs) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The contacts that routes, notices, doors and guides name, and where."""
    yield from ((f"routes/{way.id}.toml", way.contacts) for way in packs.routes.values())
    for pack in packs.notices.values():
        named = tuple(offer.contact for offer in pack.offers if offer.contact)
        yield f"notices/{pack.id}.toml", named
    yield from ((f"doors.toml door {door.slug}", door.contacts) for door in packs.doors)
    yield from ((f"guides/{guide.id}.toml", guide.contacts) for guide in packs.guides.values())
