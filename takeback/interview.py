"""The interview: the next question worth asking, or none.

Pure, and blind to the order in which answers came. `opening` is asked first. After that a question is worth the chance
that the plan would be wrong without it: without its answer a danger, a law that may apply or one of the first routes
would be missed, or shown though it should not be. How likely that is, is guessed (`odds`) from what people with such a
story usually tell. The question with most at stake comes first; the interview ends when none has enough at stake, and
each answer given raises what is enough. The rest is offered as "tell us more".

All arithmetic is on whole numbers, so that the browser's twin (web/static/questions.js) asks the same to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from takeback.odds import NONE, ONE, Odds
from takeback.rules import evaluate, leaves, settle, weighed
from takeback.terms import All, Between, Not, Question
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from takeback.pack_terms import Law, Packs, RoutePack
    from takeback.terms import Plan, Rule, Situation

PATIENCE = 400
"""After n questions, one more has to have a chance of n in so many to matter: after twelve, one in thirty-three."""

LONGEST = 20
"""Nobody is asked more. What is still open then is offered, not asked."""

FIRST = 3
"""So many routes are what to do first: only their order is asked about."""

DANGER, OTHER = 3, 2
"""A missed danger weighs half as much again as anything else that is missed."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that an answer can still change: it comes about when all of `needs` is true and no bar is."""

    needs: Sequence[Rule]
    bars: Sequence[Rule] = ()
    weight: int = OTHER
    route: bool = False


class Part(NamedTuple):
    """An open part of a goal: what it waits for, and whether it is a bar."""

    rule: Rule
    bar: bool
    waits: frozenset[str]


def next_question(situation: Situation, packs: Packs, plan: Plan) -> Question | None:
    """The question to ask now, given the plan that triage made of the same answers; None when none is worth it."""
    unopened = _unopened(settle(situation, packs.settles), packs)
    worth = {} if unopened else worths(situation, packs, plan)
    best = unopened[0] if unopened else min(worth, key=lambda fact: (-worth[fact], fact), default=None)
    return None if best is None else Question(best, packs.facts[best].ask)


def left(situation: Situation, packs: Packs, plan: Plan) -> int:
    """The most questions that may still come, as things stand: what the page draws as the way ahead."""
    unopened = _unopened(settle(situation, packs.settles), packs)
    worthy = len({*unopened, *worths(situation, packs, plan)})
    return min(worthy, max(len(unopened), LONGEST - _told(situation)))


def _told(situation: Situation) -> int:
    return len(situation.answers) + len(situation.unsure)


def _unopened(settled: Situation, packs: Packs) -> list[str]:
    return [fact for fact in packs.opening if not settled.asked(fact)]


def worths(situation: Situation, packs: Packs, plan: Plan) -> dict[str, int]:
    """What is at stake with each question that is worth asking now."""
    told = _told(situation)
    if told >= LONGEST:
        return {}
    settled = settle(situation, packs.settles)
    stakes = Stakes(settled, packs)
    enough = OTHER * ONE * told // PATIENCE
    worth: dict[str, int] = {}
    routes: dict[str, int] = {}
    most: dict[str, int] = {}
    for goal in _goals(settled, packs, plan):
        for fact, stake in stakes.of(goal, enough):
            most[fact] = max(stake, most.get(fact, 0))
            if goal.route:  # the first routes are one thing: what moves three of them is not worth three times as much
                routes[fact] = max(stake, routes.get(fact, 0))
            else:
                worth[fact] = worth.get(fact, 0) + stake
    asked = [fact for fact, stake in most.items() if stake >= enough and stakes.ripe(fact)]
    return {fact: worth.get(fact, 0) + routes.get(fact, 0) for fact in asked}


# ---------------------------------------------------------------- what is at stake


class Stakes:
    """What is at stake with each question for one set of answers."""

    def __init__(self, settled: Situation, packs: Packs) -> None:
        self._odds = Odds(settled, packs)
        self._gates = {
            fact: {leaf.fact for leaf in leaves(only)}
            for fact, only in self._odds.waits.items()
            if only is not None and evaluate(only, settled) is None
        }

    def ripe(self, fact: str) -> bool:
        """Whether a question makes sense already: it is not asked before what it rests on."""
        return fact not in self._gates

    def of(self, goal: Goal, enough: int) -> Iterator[tuple[str, int]]:
        """Each question that bears on a goal, and the chance that the goal goes wrong without it, times its weight."""
        parts = _open(goal, self._odds.settled)
        wanted = any(not part.bar for part in parts)
        each: list[Sequence[int]] = []
        so_far: Sequence[int] = self._odds.certain
        for part in parts:
            each.append(self._comes(part))
            so_far = _times(so_far, each[-1])
            if wanted and self._odds.over(so_far) * goal.weight < enough:
                return
        whole = self._odds.over(so_far)
        if wanted or (ONE - whole) * goal.weight >= enough:
            for fact, shut in self._without(parts):
                left_out: Sequence[int] = self._odds.certain
                for part, one in zip(parts, each, strict=True):
                    left_out = _times(left_out, one if shut.isdisjoint(part.waits) else self._comes(part, shut))
                yield fact, abs(whole - self._odds.over(left_out)) * goal.weight

    def _comes(self, part: Part, shut: frozenset[str] = NONE) -> Sequence[int]:
        """How likely a part lets its goal come about."""
        true, _ = self._odds.chance(part.rule, shut)
        return tuple([ONE - one for one in true]) if part.bar else true

    def _without(self, parts: Sequence[Part]) -> Iterator[tuple[str, frozenset[str]]]:
        """Each question that open parts wait for, and what is never asked without it: itself, and what rests on it."""
        facts = {fact for part in parts for fact in part.waits}
        for fact in facts.union(*(self._gates.get(fact, NONE) for fact in facts)) & self._odds.waits.keys():
            yield fact, frozenset({fact, *(name for name in facts if fact in self._gates.get(name, NONE))})


def _open(goal: Goal, settled: Situation) -> list[Part]:
    """The open parts of a goal; none where it can't come about any more, or has."""
    parts = []
    for bar, rules in ((False, goal.needs), (True, goal.bars)):
        for rule in rules:
            value, still = weighed(rule, settled)
            if value is bar:
                return []
            if value is None:
                parts.append(Part(rule, bar, frozenset(leaf.fact for leaf in still)))
    return parts


def _times(chances: Sequence[int], more: Sequence[int]) -> Sequence[int]:
    return [one * other // ONE for one, other in zip(chances, more, strict=True)]


# ---------------------------------------------------------------- what an answer can still change


def _goals(settled: Situation, packs: Packs, plan: Plan) -> Iterator[Goal]:
    if plan.danger != "immediate":
        yield Goal((packs.immediate,), weight=DANGER)
    if plan.danger == "none":
        yield Goal((packs.check,), (packs.immediate,))
    for finding in plan.findings:
        law = packs.laws[finding.law]
        version = law.versions[-1]
        if finding.status != "unlikely" and version.start_verified and not (version.start and version.start > plan.on):
            yield Goal([element.rule for element in version.elements], _bars(law))
    yield from _routes(settled, packs)


def _bars(law: Law) -> list[Rule]:
    """What keeps a law from applying: its exceptions, and a day outside of all its versions."""
    version = law.versions[-1]
    bars = [exception.when for exception in version.unless]
    if version.by and (version.start or version.end):
        bars.append(Not(AnyOf(tuple(Between(version.by, each.start, each.end) for each in law.versions))))
    return bars


def _routes(settled: Situation, packs: Packs) -> Iterator[Goal]:
    """Each offer that would change which routes come first, and each bar that would take one of them away."""
    taken = {route.id: _taken(route, settled) for route in packs.routes.values()}
    order = sorted(
        (packs.routes[name].offers[n].rank, name)
        for name, n in taken.items()
        if n is not None and n < len(packs.routes[name].offers)
    )
    place = {name: number for number, (_, name) in enumerate(order)}
    for name, n in taken.items():
        if n is None:
            continue
        route = packs.routes[name]
        bars = [bar.when for bar in route.bars]
        now = place.get(name, len(packs.routes))
        if now < FIRST:
            yield from (Goal(_all(bar), route=True) for bar in bars)
        for offer in route.offers[:n]:
            then = sum(1 for each in order if each < (offer.rank, name) and each[1] != name)
            if then != now and min(then, now) < FIRST:
                yield Goal(_all(offer.when), bars, route=True)


def _taken(route: RoutePack, settled: Situation) -> int | None:
    """Which offer of a route holds now, or how many there are where none does; None where the route is barred."""
    if any(evaluate(bar.when, settled) is True for bar in route.bars):
        return None
    return next((n for n, offer in enumerate(route.offers) if evaluate(offer.when, settled) is True), len(route.offers))


def _all(rule: Rule) -> Sequence[Rule]:
    return rule.parts if isinstance(rule, All) else (rule,)
