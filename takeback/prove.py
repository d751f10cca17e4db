"""Prove: what must hold whatever anybody answers, on any day; shown for all answers at once, or broken by some.

One obligation is one function, with its promise as its docstring. It yields the answers that break it: none is a proof.
Answers that z3 finds are weighed again by `triage` itself, and cut down to the few that matter, before they are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from takeback import every_answer, papers, rules, triage
from takeback.every_answer import Case, World
from takeback.terms import Situation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from takeback.every_answer import Formula
    from takeback.pack_terms import Law, Packs, RoutePack
    from takeback.terms import Plan

z3 = every_answer.z3  # it says so clearly where there is none

FOR_ADULTS = ("RT-STOPNCII", "RT-RPH", "RT-PLATFORM48", "RT-USTIDA")
"""The routes that are made for pictures of adults."""

UNDER_18 = ("under13", "13-15", "16-17")
ASKS = re.compile(
    r"\b(send|upload|attach|share|show|save|copy|download|screenshot|choose)\b.*\b(pictures?|videos?|it|them)\b",
    re.IGNORECASE,
)
FORBIDS = re.compile(r"\b(never|not|don't|nobody)\b", re.IGNORECASE)
"""What a sentence says before it asks, where it asks that something is not done."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One way in which an obligation fails: what, and the answers and day that show it, where any do."""

    what: str
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One obligation, what it promises, and every way in which it is broken."""

    name: str
    says: str
    broken: tuple[Broken, ...]


def prove(world: World, names: Sequence[str] = ()) -> Iterator[Proof]:
    """Each obligation in turn (or those named), proved or broken."""
    for name in names or OBLIGATIONS:
        find = OBLIGATIONS[name]
        yield Proof(name, (find.__doc__ or "").strip(), tuple(find(world)))


def document(proofs: Sequence[Proof]) -> dict[str, Any]:
    """Proofs as the JSON document of `takeback packs prove --json`."""
    return {
        "proved": not any(proof.broken for proof in proofs),
        "obligations": [
            {"id": one.name, "says": one.says, "proved": not one.broken, "broken": [_told(b) for b in one.broken]}
            for one in proofs
        ],
    }


def _told(broken: Broken) -> dict[str, Any]:
    if broken.case is None:
        return {"what": broken.what, "given": None, "on": None}
    answers = broken.case.situation.answers
    given = {fact: list(answer) if isinstance(answer, tuple) else answer for fact, answer in answers.items()}
    return {"what": broken.what, "given": given, "on": broken.case.on.isoformat()}


# ---------------------------------------------------------------- danger and routes


def danger_comes_first(world: World) -> Iterator[Broken]:
    """The first route is one of danger whenever danger is immediate, and at no other time."""
    urgent = {route.id for route in world.packs.routes.values() if route.kind == "danger"}
    first = z3.BoolVal(val=False)
    for route, decides in reversed(_ranked(world)):
        first = z3.If(decides, z3.BoolVal(val=route in urgent), first)

    def broken(plan: Plan, _: Situation) -> bool:
        return (plan.danger == "immediate") != bool(plan.routes and plan.routes[0].id in urgent)

    yield from _never(world, world.immediate != first, broken, "danger and the first route do not go together")


def help_is_never_missing(world: World) -> Iterator[Broken]:
    """Every plan has a route, and one to people who listen that needs no report to the police."""
    free = {route.id for route in world.packs.routes.values() if route.without_report and route.kind == "support"}

    def broken(plan: Plan, _: Situation) -> bool:
        return not free & {route.id for route in plan.routes}

    none = z3.Not(z3.Or(*(world.leads_to(route) for route in free)))
    yield from _never(world, none, broken, "no route to help without a report")


def every_offer_can_come(world: World) -> Iterator[Broken]:
    """Every offer of every route is the one that decides for somebody."""
    for route, offers in world.offers.items():
        for number, decides in enumerate(offers, 1):
            if not world.find(decides):
                yield Broken(f"{route}: offer {number} never decides")


def _ranked(world: World) -> list[tuple[str, Formula]]:
    """Every offer, soonest first: its route, and when it decides."""
    offers = [
        ((offer.rank, route.id), route.id, decides)
        for route in world.packs.routes.values()
        for offer, decides in zip(route.offers, world.offers[route.id], strict=True)
    ]
    return [(route, decides) for _, route, decides in sorted(offers, key=lambda offer: offer[0])]


# ---------------------------------------------------------------- the child rule


def no_route_of_adults_for_a_child(world: World) -> Iterator[Broken]:
    """Where someone is or looks under 18 and it is intimate or indecent, no route for pictures of adults is open."""
    for route in FOR_ADULTS:

        def broken(plan: Plan, told: Situation, route: str = route) -> bool:
            return _child(rules.settle(told, world.packs.settles)) and route in {one.id for one in plan.routes}

        yield from _never(world, z3.And(_children(world), world.leads_to(route)), broken, f"{route} is open")


def nothing_asks_a_child_for_the_picture(world: World) -> Iterator[Broken]:
    """No door, and no route or its contacts that can be open where the child rule holds, asks for the picture."""
    for door in world.packs.doors:
        yield from (Broken(f"the door {door.slug} says: {asked}") for asked in _asked(door.do))
    for route in world.packs.routes.values():
        asked = _asked(_texts(route, world.packs))
        if asked and (case := world.find(_children(world), world.leads_to(route.id))):
            yield Broken(f"{route.id} says: {asked[0]}", case)


def _children(world: World) -> Formula:
    """That the child rule holds."""
    young = [world.says(fact, "yes") for fact in ("under18_real", "under18_look")]
    bare = [world.says(fact, "yes") for fact in ("intimate", "indecent")]
    return z3.And(z3.Or(world.says("victim_age_band", *UNDER_18), *young), z3.Or(*bare))


def _child(told: Situation) -> bool:
    young = told.get("victim_age_band") in UNDER_18 or "yes" in (told.get("under18_real"), told.get("under18_look"))
    return young and "yes" in (told.get("intimate"), told.get("indecent"))


def _texts(route: RoutePack, packs: Packs) -> list[str]:
    reached = [packs.contacts[name] for name in route.contacts]
    notes = [one.note for one in reached]
    notes += [text for one in reached if (it := one.service) for text in (it.takes, it.leaves, it.seen_by)]
    young = [route.young.what, route.young.next] if route.young else []
    reasons = [text for offer in route.offers for text in (offer.because, offer.young)]
    return [route.what, route.next, *young, *reasons, *notes]


def _asked(texts: Sequence[str]) -> list[str]:
    """The sentences that ask someone to do something with a picture."""
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.:;?])\s+", text)]
    found = [(sentence, ASKS.search(sentence)) for sentence in sentences]
    return [sentence for sentence, asks in found if asks and not FORBIDS.search(sentence[: asks.start()])]


# ---------------------------------------------------------------- laws


def no_law_before_its_day(world: World) -> Iterator[Broken]:
    """No law may apply on a day, or to a day, before the first of its versions; nor one that is all unverified."""
    for law in world.packs.laws.values():
        if not any(version.start_verified for version in law.versions):
            yield from _not_may(world, law, z3.BoolVal(val=True), "may apply, and its start is unverified")
            continue
        start = law.versions[0].start
        if start is None:
            continue
        early = z3.Or(*(today for day, today in world.days.items() if day < start))
        yield from _not_may(world, law, early, f"may apply before {start}, when it began")
        if by := law.versions[-1].by:
            before = [said for answer, said in world.settled[by].items() if rules.period(str(answer))[1] < start]
            yield from _not_may(world, law, z3.Or(*before), f"may apply to what was done before {start}")


def _not_may(world: World, law: Law, when: Formula, what: str) -> Iterator[Broken]:
    def broken(plan: Plan, _: Situation) -> bool:
        return any(one.law == law.id and one.status == "may_apply" for one in plan.findings)

    yield from _never(world, z3.And(when, world.laws[law.id].may), broken, f"{law.id} {what}")


def every_law_can_be_reached(world: World) -> Iterator[Broken]:
    """Some answers make every law apply: `may_apply`, or `cannot_tell` where its start is unverified."""
    for law in world.packs.laws.values():
        verified = any(version.start_verified for version in law.versions)
        status = "may_apply" if verified else "cannot_tell"
        case = world.find(world.laws[law.id].may if verified else world.laws[law.id].cannot)
        if case is None:
            yield Broken(f"{law.id}: no answer makes it {status}")
        elif status not in {one.status for one in _plan(world, case).findings if one.law == law.id}:
            yield Broken(f"{law.id}: z3 and triage differ", case)


# ---------------------------------------------------------------- questions


def every_question_can_matter(world: World) -> Iterator[Broken]:
    """Two sets of answers, alike but for one question, differ in plan or notice; or it is a time for the police."""
    for fact in world.told:
        if fact not in papers.TIMES and not _matters(world, fact):
            yield Broken(f"{fact} is asked, and no answer to it changes anything")


def _matters(world: World, fact: str) -> bool:
    swap = [(lit, z3.Bool(f"otherwise {fact} is {answer}")) for answer, lit in world.told[fact].items()]
    one_answer = z3.BoolVal(val=True) if world.packs.facts[fact].type == "many" else z3.AtMost(*(o for _, o in swap), 1)
    for formula in world.outcomes():
        changed = z3.substitute(formula, *swap)
        if not changed.eq(formula) and world.find(one_answer, formula != changed):
            return True
    return False


def form_logic_never_contradicts(world: World) -> Iterator[Broken]:
    """No open question is settled in two ways at once, and one reading settles all that there is to settle."""
    settles = world.packs.settles
    acts = [z3.And(world.truth(one.when).yes, z3.Not(_said(world, one.fact))) for one in settles]
    for (one, here), (other, there) in combinations(zip(settles, acts, strict=True), 2):
        if one.fact == other.fact and one.value != other.value and (case := world.find(here, there)):
            yield Broken(f"{one.fact} is settled both as {one.value} and as {other.value}", case)
    for one in settles:
        still_open = z3.Not(z3.Or(*world.settled[one.fact].values()))
        if case := world.find(world.truth(one.when).yes, still_open):
            yield Broken(f"{one.fact} needs a second reading", case)


def _said(world: World, fact: str) -> Formula:
    return z3.Or(*world.told[fact].values())


# ---------------------------------------------------------------- how


def _never(world: World, formula: Formula, broken: Callable[[Plan, Situation], bool], what: str) -> Iterator[Broken]:
    """The answers for which this holds, weighed again by triage and cut down; nothing where there are none."""
    if case := world.find(formula):
        if broken(_plan(world, case), case.situation):
            yield Broken(what, _least(world, case, broken))
        else:
            yield Broken(f"z3 and triage differ on: {what}", case)


def _least(world: World, case: Case, broken: Callable[[Plan, Situation], bool]) -> Case:
    """The same case without the answers that it does not need."""
    for fact in case.situation.answers:
        fewer = Case(Situation({f: a for f, a in case.situation.answers.items() if f != fact}), case.on)
        if broken(_plan(world, fewer), fewer.situation):
            case = fewer
    return case


def _plan(world: World, case: Case) -> Plan:
    return triage.triage(case.situation, world.packs, case.on)


OBLIGATIONS: dict[str, Callable[[World], Iterator[Broken]]] = {
    find.__name__.replace("_", "-"): find
    for find in (
        danger_comes_first,
        help_is_never_missing,
        no_route_of_adults_for_a_child,
        nothing_asks_a_child_for_the_picture,
        no_law_before_its_day,
        every_law_can_be_reached,
        every_offer_can_come,
        every_question_can_matter,
        form_logic_never_contradicts,
    )
}
"""Every obligation, by its id."""
