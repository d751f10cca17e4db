"""Random answer sets: empty, sparse, dense and full ones, with things the person does not know, on random days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from takeback.terms import Situation

if TYPE_CHECKING:
    from random import Random

    from takeback.pack_terms import Fact, Packs
    from takeback.terms import Answer

DENSITIES = (0.0, 0.05, 0.15, 0.4, 0.7, 0.95, 1.0)


def situation(packs: Packs, random: Random) -> Situation:
    density = random.choice(DENSITIES)
    answers: dict[str, Answer] = {}
    unsure = set()
    for fact in packs.facts.values():
        if fact.asked and random.random() < density:
            if random.random() < 0.1:
                unsure.add(fact.id)
            else:
                answers[fact.id] = answer(fact, random)
    return Situation(answers, frozenset(unsure))


def answer(fact: Fact, random: Random) -> Answer:
    match fact.type:
        case "number":
            return random.randint(0, 6)
        case "date":
            year, month = random.randint(2003, 2027), random.randint(1, 12)
            day = random.randint(1, monthrange(year, month)[1])
            return random.choice((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"))
        case "many":
            return tuple(random.sample(fact.values, random.randint(1, len(fact.values))))
    return random.choice(fact.values)


def day(packs: Packs, random: Random) -> date:
    """Mostly days that the packs cover, now and then one before."""
    return packs.covered_from + timedelta(days=random.randint(-200, 2000))
