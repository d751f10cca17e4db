"""Possible: is there any answer that makes a rule true, or false? Pure, exact, and without a solver.

A settled rule stays settled whatever else is answered (Kleene), so it is enough to answer one open fact after the other
with each answer that its leaves can tell apart. A fact that is never asked stays open.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from takeback.rules import leaves, weighed
from takeback.terms import AtLeast, Between, Is, Situation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from takeback.pack_terms import Fact
    from takeback.terms import Answer, Rule

DAY = timedelta(days=1)


def find(rule: Rule, facts: Mapping[str, Fact], *, value: bool) -> Situation | None:
    """Answers that give a rule this value, or None where no answer can."""
    return _search(rule, facts, value, {})


def _search(rule: Rule, facts: Mapping[str, Fact], value: bool, told: dict[str, Answer]) -> Situation | None:  # noqa: FBT001
    now, still = weighed(rule, Situation(told))
    if now is not None:
        return Situation(told) if now is value else None
    fact = next((facts[leaf.fact] for leaf in still if facts[leaf.fact].asked or facts[leaf.fact].worked_out), None)
    if fact is None:
        return None
    tries = (_search(rule, facts, value, {**told, fact.id: answer}) for answer in answers(fact, rule))
    return next((found for found in tries if found), None)


def answers(fact: Fact, rule: Rule) -> Iterator[Answer]:
    """Every answer to a fact that a rule can tell from the others."""
    about = [leaf for leaf in leaves(rule) if leaf.fact == fact.id]
    match fact.type:
        case "date":
            limits = [day for leaf in about if isinstance(leaf, Between) for day in (leaf.start, leaf.end) if day]
            yield from dict.fromkeys((day + step).isoformat() for day in limits for step in (-DAY, 0 * DAY, DAY))
        case "number":
            yield from sorted({0, *(leaf.least for leaf in about if isinstance(leaf, AtLeast))})
        case "many":
            named = {value for leaf in about if isinstance(leaf, Is) for value in leaf.values}
            other = [value for value in fact.values if value not in named][:1]
            several = [value for value in fact.values if value in named] + other
            yield from (some for size in range(1, len(several) + 1) for some in combinations(several, size))
        case _:
            yield from fact.values
