"""The interview: the next question worth asking, or none.

Pure, and blind to the order in which answers came. A question is worth asking while its answer can still change the
danger, the routes, or a law that is still in play; it is asked at most once ("I don't know" counts). The worth of a
question is the sum, over every open thing that waits for it, of a power of two that halves with each further element
that this thing still lacks: what is nearly settled is asked about first. `opening` comes before all else, so that
danger and age are known early. All arithmetic is on integers, so that the browser's twin (web/static/engine.js)
gives the same question to the bit.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from takeback.rules import leaves, live, settle
from takeback.terms import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.terms import Law, Packs, Plan, Rule, Situation

ALMOST = 12
"""An open thing that lacks one element weighs 2**11; one that lacks twelve or more weighs 1."""

DANGER = 1 << (ALMOST + 2)
"""Danger outweighs any one law."""

WORTH = 1 << 6
"""Below this a question is offered as "tell us more" and not asked."""

ABOUT = "about"
"""The fact that says which kinds the person came for: a law of another kind weighs a sixteenth."""


def next_question(situation: Situation, packs: Packs, plan: Plan) -> Question | None:
    """The question to ask now, given the plan that triage made of the same answers; None when none is worth it."""
    worth = worths(situation, packs, plan)
    for fact in packs.opening:
        if fact in worth:
            return Question(fact, packs.facts[fact].ask)
    best = min(worth, key=lambda fact: (-worth[fact], fact), default=None)
    if best is None or worth[best] < WORTH:
        return None
    return Question(best, packs.facts[best].ask)


def worths(situation: Situation, packs: Packs, plan: Plan) -> dict[str, int]:
    """What each question that may still be asked is worth now."""
    settled = settle(situation, packs.settles)
    worth: Counter[str] = Counter()
    for rule in (packs.immediate, packs.check):
        worth.update(dict.fromkeys(_open_facts([rule], settled), DANGER))
    for route in packs.routes.values():
        rules = [offer.when for offer in route.offers] + [bar.when for bar in route.bars]
        worth.update(dict.fromkeys(_open_facts(rules, settled), WORTH))
    in_play = {finding.law for finding in plan.findings if finding.status == "cannot_tell"}
    for law in packs.laws.values():
        if law.id in in_play:
            worth.update(_law_worth(law, settled))
    worth.update(dict.fromkeys((f for f in packs.opening if f == ABOUT), WORTH))
    return {f: n for f, n in worth.items() if packs.facts[f].asked and not settled.asked(f)}


def _law_worth(law: Law, settled: Situation) -> dict[str, int]:
    lacking = [still for e in law.versions[-1].elements if (still := live(e.rule, settled))]
    weight = 1 << max(0, ALMOST - len(lacking))
    about = settled.get(ABOUT)
    if isinstance(about, tuple) and not set(about) & set(law.kinds):
        weight >>= 4
    return dict.fromkeys((leaf.fact for still in lacking for leaf in still), weight)


def _open_facts(rules: Iterable[Rule], settled: Situation) -> Iterator[str]:
    for rule in rules:
        yield from (leaf.fact for leaf in live(rule, settled))


def left(situation: Situation, packs: Packs, plan: Plan) -> int:
    """About how many questions are still worth asking: what the page draws as the way ahead."""
    return sum(value >= WORTH for value in worths(situation, packs, plan).values())


def every_fact(rule: Rule) -> set[str]:
    """The facts that a rule speaks of."""
    return {leaf.fact for leaf in leaves(rule)}
