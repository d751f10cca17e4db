"""The interview: the next question worth asking, or none.

Pure, and blind to the order in which answers came. `opening` is asked first, so that danger, age and what it is about
are known early. After that a question is worth what waits for it: every law, route or danger that its answer can still
bring to apply. The more of such a thing is already known to be so, the more it weighs. What it waits for is asked at
most once: a law that waits for something the person does not know asks nothing more, and neither does a law of another
kind than the person came for. All arithmetic is on integers, so that the browser's twin (web/static/engine.js) gives
the same question to the bit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from takeback.rules import evaluate, leaves, settle, weighed
from takeback.terms import All, Question
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from takeback.pack_terms import Law, Packs
    from takeback.terms import Plan, Rule, Situation

WORTH = 64
"""Below this a question is offered as "tell us more" and not asked."""

DANGER = 4096
"""What could show that someone is in danger now outweighs any law."""

CHECK = WORTH // 2
"""What could show a lesser danger tips the scales, and is not asked for its own sake."""

START, GROWTH = 8, 8
"""A law or route of which nothing is known weighs 8; each eighth of it that is known doubles that."""

FIRST = 30
"""Ranks of routes below this are what to do first (packs/routes/): only those are asked about."""

ABOUT = "about"
"""The fact that says which kinds of harm the person came for."""


def next_question(situation: Situation, packs: Packs, plan: Plan) -> Question | None:
    """The question to ask now, given the plan that triage made of the same answers; None when none is worth it."""
    settled = settle(situation, packs.settles)
    for fact in packs.opening:
        if not settled.asked(fact):
            return Question(fact, packs.facts[fact].ask)
    worth = worths(situation, packs, plan)
    best = min(worth, key=lambda fact: (-worth[fact], fact), default=None)
    if best is None or worth[best] < WORTH:
        return None
    return Question(best, packs.facts[best].ask)


def left(situation: Situation, packs: Packs, plan: Plan) -> int:
    """How many questions are worth asking as things stand: what the page draws as the way ahead."""
    settled = settle(situation, packs.settles)
    opening = {fact for fact in packs.opening if not settled.asked(fact)}
    return len(opening | {fact for fact, worth in worths(situation, packs, plan).items() if worth >= WORTH})


def worths(situation: Situation, packs: Packs, plan: Plan) -> dict[str, int]:
    """What each question that may still be asked is worth now."""
    settled = settle(situation, packs.settles)
    worth: Counter[str] = Counter()
    for rule, weight in ((packs.immediate, DANGER), (packs.check, CHECK)):
        for facts in _dangers(rule, settled, packs):
            worth.update(dict.fromkeys(facts, weight))
    for rules in [*_offers(settled, packs), *_laws(settled, packs, plan)]:
        facts, lacking = _waiting(rules, settled, packs)
        if facts:
            worth.update(dict.fromkeys(facts, START << GROWTH * (len(rules) - lacking) // len(rules)))
    return {fact: n for fact, n in worth.items() if packs.facts[fact].asked and not settled.asked(fact)}


def _dangers(rule: Rule, settled: Situation, packs: Packs) -> Iterable[set[str]]:
    """What each danger waits for that needs but one thing more."""
    if evaluate(rule, settled) is None:
        for danger in _parts(rule, AnyOf):
            facts, lacking = _waiting(_parts(danger, All), settled, packs)
            if lacking == 1:
                yield facts


def _offers(settled: Situation, packs: Packs) -> Iterable[Sequence[Rule]]:
    """What each route that could come first needs, as long as no offer of it is true."""
    for route in packs.routes.values():
        if any(evaluate(bar.when, settled) is True for bar in route.bars):
            continue
        for offer in route.offers:
            if evaluate(offer.when, settled) is True:
                break
            if offer.rank < FIRST:
                yield _parts(offer.when, All)


def _laws(settled: Situation, packs: Packs, plan: Plan) -> Iterable[Sequence[Rule]]:
    """What each law needs that is still in play and of a kind that the person came for."""
    in_play = {finding.law for finding in plan.findings if finding.status == "cannot_tell"}
    about = settled.get(ABOUT)
    for law in packs.laws.values():
        if law.id in in_play and (not isinstance(about, tuple) or set(about) & set(law.kinds)):
            yield _elements(law)


def _elements(law: Law) -> Sequence[Rule]:
    return [element.rule for element in law.versions[-1].elements]


def _parts(rule: Rule, kind: type[All | AnyOf]) -> Sequence[Rule]:
    return rule.parts if isinstance(rule, kind) else (rule,)


def _waiting(rules: Sequence[Rule], settled: Situation, packs: Packs) -> tuple[set[str], int]:
    """The facts that rules which all have to be true wait for, and how many of the rules are open.

    Nothing where one is false, or where one waits only for what was asked already: that can't come true any more.
    """
    facts: set[str] = set()
    lacking = 0
    for rule in rules:
        value, still = weighed(rule, settled)
        if value is False:
            return set(), 0
        if value is None:
            waits = {leaf.fact for leaf in still}
            if all(settled.asked(fact) or not packs.facts[fact].asked for fact in waits):
                return set(), 0
            facts |= waits
            lacking += 1
    return facts, lacking


def every_fact(rule: Rule) -> set[str]:
    """The facts that a rule speaks of."""
    return {leaf.fact for leaf in leaves(rule)}
