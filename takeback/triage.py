"""Triage: what each law makes of a situation, how urgent it is, and which routes are open, in order.

Reads no clock, no disk and no network: the day is an argument. The rules it follows:

1. A law's elements are weighed in three values (`rules`): true -> may_apply, open -> cannot_tell, false -> unlikely.
2. Where the day that decides (`by`) is known and wholly outside every version -> unlikely, because of the date.
   An unknown day has no effect by itself.
3. `unless` acts only when it is true, and can only lower an answer.
4. A law whose start is unverified, or lies after `on`, is never above cannot_tell.
5. A day before the packs begin is an error, never another day's law.

Nobody is told "no crime" or "too late": the lowest finding is `unlikely`, with its reason.
The browser's twin is web/static/engine.js; both give the same findings and plan on the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.errors import NoLawOn
from takeback.rules import evaluate, grounds, period, settle, weighed, within
from takeback.terms import Finding, NotFor, Plan, Route
from takeback.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from takeback.pack_terms import Element, Law, Packs, RoutePack, Version
    from takeback.terms import Danger, Situation, Status

UNSETTLED = "law_unsettled"
"""The fact that is never asked: it stands for a point that only a court can decide."""

RANK = {"unlikely": 0, "cannot_tell": 1, "may_apply": 2}


def triage(situation: Situation, packs: Packs, on: date) -> Plan:
    """Findings and routes for a situation on a day. NoLawOn where the packs do not cover the day."""
    if on < packs.covered_from:
        raise NoLawOn(on, packs.covered_from)
    settled = settle(situation, packs.settles)
    findings = tuple(weigh(law, settled, packs, on) for law in packs.laws.values())
    routes, never = open_routes(settled, packs)
    return Plan(on, danger(settled, packs), findings, routes, never, None)


def danger(situation: Situation, packs: Packs) -> Danger:
    """How soon someone may be hurt."""
    if evaluate(packs.immediate, situation) is True:
        return "immediate"
    return "check" if evaluate(packs.check, situation) is True else "none"


# ---------------------------------------------------------------- one law


def weigh(law: Law, situation: Situation, packs: Packs, on: date) -> Finding:
    """One law against a settled situation."""
    version, dated_out = choose(law, situation, on)
    weights = [weighed(element.rule, situation) for element in version.elements]
    values = [value for value, _ in weights]
    open_facts = list(dict.fromkeys(leaf.fact for _, still in weights for leaf in still))
    status, because = _by_elements(version, values, open_facts, situation, packs)
    if dated_out and status != "unlikely":
        status, because = "unlikely", [version.why_not_date]
    status, because = _lowered(version, situation, on, status, because)
    needs = tuple(f for f in open_facts if f != UNSETTLED and packs.facts[f].asked) if status == "cannot_tell" else ()
    return Finding(law.id, status, law.title, version.cite, tuple(because), needs)


def choose(law: Law, situation: Situation, on: date) -> tuple[Version, bool]:
    """The version that speaks to this situation, and whether its day is known to lie outside every version."""
    last = law.versions[-1]
    if last.by and (answer := situation.get(last.by)) is not None:
        first_day, last_day = period(str(answer))
        reaches = [within(first_day, last_day, v.start, v.end) for v in law.versions]
        for version, reached in zip(law.versions, reaches, strict=True):
            if reached is not False:
                return version, False
        before = [v for v in law.versions if v.end is not None and v.end < first_day]
        return (before[-1] if before else law.versions[0]), True
    covering = [v for v in law.versions if within(on, on, v.start, v.end)]
    if covering:
        return covering[-1], False
    started = [v for v in law.versions if v.start is None or v.start <= on]
    return (started[-1] if started else law.versions[0]), False


def _by_elements(
    version: Version, values: Sequence[bool | None], open_facts: Sequence[str], situation: Situation, packs: Packs
) -> tuple[Status, list[str]]:
    for element, value in zip(version.elements, values, strict=True):
        if value is False:
            return "unlikely", [element.why_not]
    told = _told(version.elements, values, situation, packs)
    if None not in values:
        return "may_apply", told
    still = [e.need for e, v in zip(version.elements, values, strict=True) if v is None]
    because = [
        *told,
        _("We can't tell yet. This law also needs: {needs}.", needs="; ".join(_lower(need) for need in still)),
    ]
    if version.unsettled and UNSETTLED in open_facts:
        because.append(version.unsettled)
    return "cannot_tell", because


def _told(elements: Iterable[Element], values: Iterable[bool | None], situation: Situation, packs: Packs) -> list[str]:
    """What the person told us that made each true element true, each thing said once."""
    sentences: dict[str, None] = {}
    for element, value in zip(elements, values, strict=True):
        if value is True:
            for fact_id in dict.fromkeys(leaf.fact for leaf in grounds(element.rule, situation)):
                for sentence in said(fact_id, situation, packs):
                    sentences[sentence] = None
    return list(sentences)


def said(fact_id: str, situation: Situation, packs: Packs) -> list[str]:
    """An answer as sentences: "You told us: it was shared."."""
    answer = situation.get(fact_id)
    if answer is None or fact_id not in packs.facts:
        return []
    fact = packs.facts[fact_id]
    if fact.type in ("date", "number"):
        return [fact.said["value"].replace("{value}", str(answer))]
    chosen = answer if isinstance(answer, tuple) else (str(answer),)
    return [fact.said[value] for value in chosen if value in fact.said]


def _lowered(
    version: Version, situation: Situation, on: date, status: Status, because: list[str]
) -> tuple[Status, list[str]]:
    for exception in version.unless:
        if RANK[exception.then] < RANK[status] and evaluate(exception.when, situation) is True:
            status, because = exception.then, [exception.why]
    if status == "may_apply" and version.start is not None and version.start > on:
        return "unlikely", [version.why_not_date]
    if status == "may_apply" and not version.start_verified:
        new = _("This is a new law. It may apply, but we could not check the day it starts. Tell the police anyway.")
        return "cannot_tell", [*because, new]
    return status, because


def _lower(need: str) -> str:
    return need[:1].lower() + need[1:].rstrip(".")


# ---------------------------------------------------------------- routes


def open_routes(situation: Situation, packs: Packs) -> tuple[tuple[Route, ...], tuple[NotFor, ...]]:
    """The routes that are open, soonest first, and those that are not for this person, with reasons."""
    ranked: list[tuple[int, Route]] = []
    never: list[NotFor] = []
    for route in packs.routes.values():
        barred = next((bar for bar in route.bars if evaluate(bar.when, situation) is True), None)
        if barred:
            never.append(NotFor(route.id, barred.because))
        elif offer := _first_offer(route, situation):
            ranked.append(offer)
    ranked.sort(key=lambda pair: (pair[0], pair[1].id))
    return tuple(route for _, route in ranked), tuple(never)


def _first_offer(route: RoutePack, situation: Situation) -> tuple[int, Route] | None:
    for offer in route.offers:
        if evaluate(offer.when, situation) is True:
            return offer.rank, Route(route.id, route.name, offer.because, offer.due)
    return None
