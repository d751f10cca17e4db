"""Odds: how likely each answer is, guessed from the sketches that best fit what was told so far.

Pure, and blind to the order in which answers came. A sketch weighs its share of people times how well it fits each
answer; the likeliest few guess for all. Whole numbers only, so that the browser's twin (web/static/odds.js) guesses the
same to the bit. A guess decides which question comes next, never what the law says.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from takeback.rules import evaluate, leaves
from takeback.terms import Any as AnyOf
from takeback.terms import AtLeast, Between, Is, Not, Situation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from takeback.pack_terms import Fact, Packs, Sketch
    from takeback.terms import Answer, Rule

    Leaf = Is | Between | AtLeast
    Chances = tuple[tuple[int, ...], tuple[int, ...]]

ONE = 1 << 16
"""Certainty."""

HUNDRED = 100
NONE: frozenset[str] = frozenset()

LIKELIEST = 3
"""So many sketches guess."""

BLUR = 2
"""Of a hundred people, so many more give any answer than a sketch says: no sketch is ever ruled out."""

RARE = {"yes": 1, "no": 3}
"""What is told of a yes or no that no sketch speaks of."""

ABOUT, OWN, OTHER = "about", 60, 1
"""The kinds a person came for follow from those of a sketch."""


class Odds:
    """What the likeliest sketches expect of the questions that were not asked yet. A chance is one number a sketch."""

    def __init__(self, settled: Situation, packs: Packs) -> None:
        weights = weigh(settled, packs)
        best = sorted(range(len(weights)), key=lambda n: (-weights[n], n))[:LIKELIEST]
        facts = [f for f in packs.facts.values() if f.asked and not settled.asked(f.id) and not _senseless(f, settled)]
        self.settled = settled
        self.waits = {fact.id: fact.only for fact in facts}
        """The questions that may still be asked, each with what it waits for."""
        self._packs = packs
        self._likely = [one.says for one in packs.likely if evaluate(one.when, settled) is True]
        self._sketches = [packs.sketches[n] for n in best]
        self._weights = [weights[n] for n in best]
        self._whole = sum(self._weights)
        self._known: dict[frozenset[str], dict[int, tuple[Chances, Rule]]] = defaultdict(dict)
        self.certain = (ONE,) * len(best)
        """The chances of what is so whatever is answered."""
        self._never = (0,) * len(best)

    def over(self, chances: Sequence[int]) -> int:
        """The average of what the sketches expect, by weight."""
        return sum(weight * one for weight, one in zip(self._weights, chances, strict=True)) // self._whole

    def chance(self, rule: Rule, shut: frozenset[str] = NONE) -> Chances:
        """How likely a rule comes out true, and false, if all is asked but what is `shut`; answers are independent."""
        if isinstance(rule, (Is, Between, AtLeast)):
            if rule.fact in shut:
                return self._never, self._never
            shut = NONE
        known = self._known[shut].get(id(rule))
        if known is None:
            known = self._known[shut][id(rule)] = (self._reckon(rule, shut), rule)  # kept, so that no other has its id
        return known[0]

    def _reckon(self, rule: Rule, shut: frozenset[str]) -> Chances:
        if isinstance(rule, (Is, Between, AtLeast)):
            return self._leaf(rule)
        if isinstance(rule, Not):
            true, false = self.chance(rule.part, shut)
            return false, true
        turned = isinstance(rule, AnyOf)  # `any` is `all` with true and false exchanged
        every, none = self.certain, self.certain
        for part in rule.parts:
            true, false = self.chance(part, shut)
            if turned:
                true, false = false, true
            every = tuple([a * b // ONE for a, b in zip(every, true, strict=True)])
            none = tuple([a * (ONE - b) // ONE for a, b in zip(none, false, strict=True)])
        some = tuple([ONE - one for one in none])
        return (some, every) if turned else (every, some)

    def _leaf(self, leaf: Leaf) -> Chances:
        value = evaluate(leaf, self.settled)
        if value is not None:
            return (self.certain, self._never) if value else (self._never, self.certain)
        if leaf.fact not in self.waits:
            return self._never, self._never
        held = [[(_holds(leaf, answer), n) for answer, n in rows.items()] for rows in self._rows(leaf.fact)]
        return (
            tuple([sum(n for so, n in each if so is True) for each in held]),
            tuple([sum(n for so, n in each if so is False) for each in held]),
        )

    def _rows(self, fact: str) -> Iterator[dict[str, int]]:
        """The chance of each answer to a question, a sketch at a time."""
        likely = next((one[fact] for one in self._likely if fact in one), None)
        for sketch in self._sketches:
            rows = likely or says(sketch, self._packs.facts[fact], self._packs)
            whole = max(HUNDRED, sum(rows.values()))
            yield {answer: n * ONE // whole for answer, n in rows.items()}


@lru_cache(maxsize=8192)
def _holds(leaf: Leaf, answer: str) -> bool | None:
    return evaluate(leaf, Situation({leaf.fact: answer}))


def _senseless(fact: Fact, settled: Situation) -> bool:
    """Whether a question is asked only of others: its `only` is false, or waits for what was asked already."""
    if fact.only is None:
        return False
    value = evaluate(fact.only, settled)
    return value is False or (value is None and all(settled.asked(leaf.fact) for leaf in leaves(fact.only)))


# ---------------------------------------------------------------- how well a sketch fits


def weigh(settled: Situation, packs: Packs) -> list[int]:
    """The weight of each sketch, in parts of ONE."""
    weights = [sketch.share for sketch in packs.sketches]
    for fact in packs.facts.values():
        if settled.asked(fact.id) and _tells(fact, settled):
            answer = settled.get(fact.id)
            fit = [w * (_given(fact, answer, s, packs) + BLUR) for w, s in zip(weights, packs.sketches, strict=True)]
            whole = sum(fit)
            weights = [max(1, one * ONE // whole) for one in fit]
    return weights


def _tells(fact: Fact, settled: Situation) -> bool:
    """Whether what was said to a question tells one sketch from another."""
    if fact.type == "date" or not fact.asked:
        return False
    if settled.get(fact.id) is not None:
        return True
    return fact.id != ABOUT and (fact.only is None or evaluate(fact.only, settled) is True)


def _given(fact: Fact, answer: Answer | None, sketch: Sketch, packs: Packs) -> int:
    """How many of a hundred people with this sketch say so; None is "I don't know"."""
    rows = says(sketch, fact, packs)
    if answer is None:
        return max(0, HUNDRED - sum(rows.values()))
    if isinstance(answer, int):
        reached = [int(number) for number in rows if int(number) <= answer]
        return rows[str(max(reached))] if reached else 0
    return max(rows.get(one, 0) for one in (answer if isinstance(answer, tuple) else (answer,)))


def says(sketch: Sketch, fact: Fact, packs: Packs) -> Mapping[str, int]:
    """How many of a hundred people with this sketch give each answer."""
    if fact.id == ABOUT:
        return {kind: OWN if kind in sketch.kinds else OTHER for kind in fact.values}
    found = sketch.says.get(fact.id) or packs.anyone.get(fact.id)
    return found if found is not None else RARE if fact.type == "yes_no" else {}
