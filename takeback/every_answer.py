"""Every answer: the packs as formulas over all answers that can be given on all days, for z3 to reason about.

Exact, and nothing but Booleans. A fact becomes one Boolean for each answer that the packs can tell from the others: for
a day, one for each way in which a day, month or year can lie to the packs' own limits. What a leaf makes of an answer
is asked of `rules.evaluate`, and which version of a law speaks of `triage.choose`: only how they are put together is
translated here, into pairs of "is true" and "is false" (neither is open). tests/test_prove.py compares the two.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from takeback import loose_ends, notice_pack, rules, triage
from takeback.errors import BadInput
from takeback.terms import All, AtLeast, Between, Not, Situation
from takeback.terms import Any as AnyOf

try:
    import z3
except ImportError as lacking:
    raise BadInput(
        "a proof needs z3, and it is not installed", "pip install 'takeback[dev]' brings it, or pip install z3-solver"
    ) from lacking

__all__ = [
    "Case",
    "Formula",
    "State",
    "Truth",
    "Weighed",
    "World",
    "alike",
    "answers",
    "days",
    "limits",
    "periods",
    "z3",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.pack_terms import Fact, Law, Packs, Version
    from takeback.terms import Answer, Rule

Formula = Any
"""A z3 Boolean; z3 itself has no types."""

State = dict[str, dict[Any, Formula]]
"""For each fact, the Boolean of each of its answers. None of them true: the fact is open."""


class Truth(NamedTuple):
    """A rule in three values: `yes` is "is true", `no` is "is false", and where neither holds it is open."""

    yes: Formula
    no: Formula


@dataclass(frozen=True, slots=True)
class Case:
    """One set of answers, on one day."""

    situation: Situation
    on: date


@dataclass(frozen=True, slots=True)
class Weighed:
    """When a law may apply, and when nobody can tell; else it is unlikely."""

    may: Formula
    cannot: Formula


class World:
    """All answers at once, and what danger, laws and routes become for each of them."""

    def __init__(self, packs: Packs) -> None:
        self.packs = packs
        self.told: State = {
            fact.id: {answer: z3.Bool(f"{fact.id} is {answer}") for answer in answers(fact, packs)}
            for fact in packs.facts.values()
            if fact.asked or fact.worked_out
        }
        self.limits = {fact.id: limits(fact.id, packs) for fact in packs.facts.values() if fact.type == "date"}
        self.days = {day: z3.Bool(f"on {day}") for day in days(packs)}
        self.settled = self.told
        for settle in packs.settles:
            self.settled = self._settle(self.settled, settle.when, settle.fact, settle.value)
        self.immediate = self.truth(packs.immediate).yes
        self.check = self.truth(packs.check).yes
        self.laws = {law.id: self._law(law) for law in packs.laws.values()}
        self.offers = {route: self._offers(route) for route in packs.routes}
        self._solver = z3.SolverFor("QF_FD")
        self._solver.add(*self.possible())

    def possible(self) -> Iterator[Formula]:
        """What holds of all answers: one day, and of all but `many` facts at most one answer."""
        yield z3.PbEq([(day, 1) for day in self.days.values()], 1)
        for fact, answers in self.told.items():
            if self.packs.facts[fact].type != "many":
                yield z3.AtMost(*answers.values(), 1)

    def find(self, *wanted: Formula) -> Case | None:
        """Answers and a day for which all of this holds; None where there are none, which is a proof."""
        model = self.model(*wanted)
        return None if model is None else self._case(model)

    def model(self, *wanted: Formula) -> Any:
        """z3's own model of answers for which all of this holds, or None."""
        self._solver.push()
        self._solver.add(*wanted)
        found = self._solver.check()
        model = self._solver.model() if found == z3.sat else None
        self._solver.pop()
        if found == z3.unknown:
            raise BadInput("z3 could not decide this", "tell us: every question here should be decided in seconds")
        return model

    def _case(self, model: Any) -> Case:
        answers: dict[str, Answer] = {}
        for fact, by_answer in self.told.items():
            chosen = tuple(answer for answer, is_so in by_answer.items() if z3.is_true(model[is_so]))
            if chosen:
                answers[fact] = chosen if self.packs.facts[fact].type == "many" else chosen[0]
        return Case(Situation(answers), next(day for day, is_so in self.days.items() if z3.is_true(model[is_so])))

    def says(self, fact: str, *values: Answer) -> Formula:
        """Whether an answer, or what form logic makes of the others, is one of these."""
        return z3.Or(*(self.settled[fact][value] for value in values))

    def leads_to(self, route: str) -> Formula:
        """Whether a route is open."""
        return z3.Or(*self.offers[route])

    def outcomes(self) -> Iterator[Formula]:
        """All that an answer can change: danger, every offer, every law, and what a notice holds."""
        yield from (self.immediate, self.check)
        yield from (offer for offers in self.offers.values() for offer in offers)
        yield from (formula for law in self.laws.values() for formula in (law.may, law.cannot))
        for pack in self.packs.notices.values():
            yield from (formula for _, rule in notice_pack.every_rule(pack) for formula in self.truth(rule))

    def truth(self, rule: Rule, state: State | None = None) -> Truth:
        """A rule over the settled answers (or over others), in three values."""
        state = self.settled if state is None else state
        match rule:
            case All(parts):
                truths = [self.truth(part, state) for part in parts]
                return Truth(z3.And(*(t.yes for t in truths)), z3.Or(*(t.no for t in truths)))
            case AnyOf(parts):
                truths = [self.truth(part, state) for part in parts]
                return Truth(z3.Or(*(t.yes for t in truths)), z3.And(*(t.no for t in truths)))
            case Not(part):
                return Truth(*reversed(self.truth(part, state)))
            case _ if rule.fact not in state:
                return Truth(z3.BoolVal(val=False), z3.BoolVal(val=False))
        many = self.packs.facts[rule.fact].type == "many"
        said = [(rules.evaluate(rule, _one(rule.fact, a, many=many)), lit) for a, lit in state[rule.fact].items()]
        yes, no = (z3.Or(*(lit for value, lit in said if value is wanted)) for wanted in (True, False))
        return Truth(yes, z3.And(no, z3.Not(yes)) if many else no)

    def _settle(self, state: State, when: Rule, fact: str, value: Answer) -> State:
        fires = z3.And(self.truth(when, state).yes, z3.Not(z3.Or(*state[fact].values())))
        values = self.stand_ins(fact, value)
        settled = {a: z3.Or(lit, fires) if a in values else lit for a, lit in state[fact].items()}
        return {**state, fact: settled}

    def stand_ins(self, fact: str, answer: Answer) -> tuple[Answer, ...]:
        """The Booleans' own answers for any answer: those that the packs cannot tell from it."""
        if isinstance(answer, tuple):
            return answer
        if isinstance(answer, int):
            return (max(number for number in self.told[fact] if number <= answer),)
        if fact in self.limits:
            return (next(text for text in self.told[fact] if alike(str(text), answer, self.limits[fact])),)
        return (answer,)

    def exactly(self, case: Case) -> list[Formula]:
        """That these answers were given on this day, and no others."""
        given = {fact: self.stand_ins(fact, answer) for fact, answer in case.situation.answers.items()}
        said = [
            lit if answer in given.get(fact, ()) else z3.Not(lit)
            for fact, by_answer in self.told.items()
            for answer, lit in by_answer.items()
        ]
        latest = max(day for day in self.days if day <= case.on)
        return [*said, self.days[latest]]

    # ------------------------------------------------------------ laws and routes

    def _law(self, law: Law) -> Weighed:
        """`triage.weigh` of every answer: the versions that can speak, each where it does."""
        spoken = self._spoken(law)
        weighed = [(z3.Or(*cases), self._weigh(*speaks)) for speaks, cases in spoken.items()]
        return Weighed(
            z3.Or(*(z3.And(here, one.may) for here, one in weighed)),
            z3.Or(*(z3.And(here, one.cannot) for here, one in weighed)),
        )

    def _spoken(self, law: Law) -> dict[tuple[Version, bool, bool], list[Formula]]:
        """For each version, whether its day is out and whether it lies ahead: when `triage.choose` says so."""
        by = law.versions[-1].by
        answers: dict[Any, Formula] = {None: z3.BoolVal(val=True)}
        if by:
            answers = {None: z3.Not(z3.Or(*self.settled[by].values())), **self.settled[by]}
        spoken: dict[tuple[Version, bool, bool], list[Formula]] = defaultdict(list)
        for answer, said in answers.items():
            told = Situation({by: answer} if by and answer is not None else {})
            for day, today in self.days.items():
                version, out = triage.choose(law, told, day)
                ahead = version.start is not None and version.start > day
                spoken[version, out, ahead].append(z3.And(said, today))
        return spoken

    def _weigh(self, version: Version, out: bool, ahead: bool) -> Weighed:  # noqa: FBT001
        """One version: elements, then the date, then exceptions, then the day from which it stands."""
        elements = [self.truth(element.rule) for element in version.elements]
        made_out = z3.And(*(element.yes for element in elements))
        fails = z3.Or(*(element.no for element in elements), z3.BoolVal(val=out))
        acts = {then: z3.Or(*self._acting(version, then)) for then in ("unlikely", "cannot_tell")}
        may = z3.And(made_out, z3.Not(z3.Or(fails, *acts.values())))
        cannot = z3.And(z3.Not(z3.Or(fails, acts["unlikely"])), z3.Or(z3.Not(made_out), acts["cannot_tell"]))
        if ahead:
            return Weighed(z3.BoolVal(val=False), cannot)
        return Weighed(may, cannot) if version.start_verified else Weighed(z3.BoolVal(val=False), z3.Or(may, cannot))

    def _acting(self, version: Version, then: str) -> list[Formula]:
        return [self.truth(one.when).yes for one in version.unless if one.then == then]

    def _offers(self, route: str) -> list[Formula]:
        """When each offer of a route is the one that decides: not barred, and none before it true."""
        pack = self.packs.routes[route]
        taken = [self.truth(bar.when).yes for bar in pack.bars]
        decides = []
        for offer in pack.offers:
            here = self.truth(offer.when).yes
            decides.append(z3.And(here, z3.Not(z3.Or(*taken))))
            taken.append(here)
        return decides


def _one(fact: str, answer: Answer, *, many: bool) -> Situation:
    return Situation({fact: (str(answer),) if many else answer})


# ---------------------------------------------------------------- the answers that the packs can tell apart


def answers(fact: Fact, packs: Packs) -> Iterable[Answer]:
    """One answer for each kind of answer that the packs can tell from the others."""
    if fact.type == "date":
        return periods(limits(fact.id, packs))
    if fact.type == "number":
        leaves = (leaf for _, rule in loose_ends.every_rule(packs) for leaf in rules.leaves(rule))
        least = {leaf.least for leaf in leaves if isinstance(leaf, AtLeast) and leaf.fact == fact.id}
        return sorted({0, *(number for number in least if number > 0)})
    return fact.values


def days(packs: Packs) -> list[date]:
    """One day for each kind of day that the laws can tell from the others, from the first that they cover."""
    limits = {limit for law in packs.laws.values() for limit in _version_limits(law)} | {packs.covered_from}
    near = (limit + timedelta(days=step) for limit in limits for step in (-1, 0, 1))
    return sorted({day for day in near if day >= packs.covered_from})


def periods(ends: Iterable[date]) -> list[str]:
    """One day, month or year for each way in which such a period can lie to these limits."""
    known = sorted(ends) or [date(2026, 1, 1)]
    found: dict[tuple[bool, ...], str] = {}
    for text in _every_period(known[0].year - 1, known[-1].year + 1):
        first, last = rules.period(text)
        lies = tuple(side for day in known for side in (first < day, first <= day, last < day, last <= day))
        found.setdefault(lies, text)
    return list(found.values())


def alike(one: str, other: str, limits: Iterable[date]) -> bool:
    """Whether two periods lie to these limits in the same way."""
    (first, last), (begins, ends) = rules.period(one), rules.period(other)
    pairs = ((first, begins), (last, ends))
    return all((a < day, a <= day) == (b < day, b <= day) for day in limits for a, b in pairs)


def _every_period(start: int, end: int) -> Iterator[str]:
    for year in range(start, end + 1):
        for month in range(1, 13):
            yield from (f"{year}-{month:02}-{day:02}" for day in range(1, monthrange(year, month)[1] + 1))
            yield f"{year}-{month:02}"
        yield str(year)


def limits(fact: str, packs: Packs) -> set[date]:
    """Every day from which, or up to which, the packs ask whether a fact's day lies."""
    leaves = [leaf for _, rule in loose_ends.every_rule(packs) for leaf in rules.leaves(rule)]
    between = [leaf for leaf in leaves if isinstance(leaf, Between) and leaf.fact == fact]
    found = {day for leaf in between for day in (leaf.start, leaf.end) if day}
    laws = (law for law in packs.laws.values() if law.versions[-1].by == fact)
    return found | {limit for law in laws for limit in _version_limits(law)}


def _version_limits(law: Law) -> Iterator[date]:
    yield from (day for version in law.versions for day in (version.start, version.end) if day)
