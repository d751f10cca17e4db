"""Rules: the closed vocabulary of the packs, evaluated in three values.

A rule is true, false or open (None). The nodes are `all`, `any` and `not` (Kleene: least, greatest, swapped); the
leaves are `is`, `from`/`to` and `min`. A fact without an answer leaves its leaf open: silence is not "no".
Nothing else exists: a rule is data, never code, and an unknown key is an error.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from takeback.errors import BadInput
from takeback.terms import All, AtLeast, Between, Is, Not
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from takeback.pack_terms import Settle
    from takeback.terms import Answer, Rule, Situation

LEAVES = (Is, Between, AtLeast)


def parse(tree: Mapping[str, Any]) -> Rule:
    """A rule from its TOML table; `part` and words beside the rule are the caller's. BadInput names what is wrong."""
    return _same(_parse(tree))


@cache
def _same(rule: Rule) -> Rule:
    """Equal rules are one object, so that whoever reckons with them can know them again at a glance."""
    return rule


def _parse(tree: Mapping[str, Any]) -> Rule:
    keys = set(tree)
    if keys == {"all"}:
        return All(_children(tree["all"], "all"))
    if keys == {"any"}:
        return AnyOf(_children(tree["any"], "any"))
    if keys == {"not"}:
        return Not(parse(_table(tree["not"], "not")))
    if keys == {"fact", "is"}:
        return Is(_name(tree["fact"]), _values(tree["is"]))
    if keys == {"fact", "min"}:
        return AtLeast(_name(tree["fact"]), _number(tree["min"]))
    if "fact" in keys and keys <= {"fact", "from", "to"} and len(keys) > 1:
        return Between(_name(tree["fact"]), _day(tree.get("from")), _day(tree.get("to")))
    raise BadInput(f"a rule has the keys {sorted(keys)}, and no rule has those")


def _children(value: Any, key: str) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not value:
        raise BadInput(f"`{key}` needs a list with at least one rule")
    return tuple(parse(_table(child, key)) for child in value)


def _table(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadInput(f"`{key}` needs a rule, not {value!r}")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise BadInput(f"`fact` needs the name of a fact in quotes, not {value!r}")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise BadInput(f"`min` needs a whole number, not {value!r}")
    return value


def _values(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise BadInput(f"`is` needs a list of answers in quotes, not {value!r}")
    return tuple(value)


def _day(value: Any) -> date | None:
    if value is not None and type(value) is not date:
        raise BadInput(f"`from` and `to` need a day such as 2024-01-31, not {value!r}")
    return value


def evaluate(rule: Rule, situation: Situation) -> bool | None:
    """True, False, or None where the answers leave it open."""
    if isinstance(rule, LEAVES):
        answer = situation.answers.get(rule.fact)
        return None if answer is None else _leaf(rule, answer)
    if isinstance(rule, All):
        return _together(rule.parts, situation, decisive=False)
    if isinstance(rule, AnyOf):
        return _together(rule.parts, situation, decisive=True)
    value = evaluate(rule.part, situation)
    return None if value is None else not value


def _together(parts: Iterable[Rule], situation: Situation, *, decisive: bool) -> bool | None:
    """Kleene's and (False decides) or or (True decides): stops at the first part that decides."""
    together: bool | None = not decisive
    for part in parts:
        value = evaluate(part, situation)
        if value is decisive:
            return decisive
        if value is None:
            together = None
    return together


def _leaf(rule: Is | Between | AtLeast, answer: Answer) -> bool | None:
    if isinstance(rule, Is):
        return any(value in rule.values for value in answer) if isinstance(answer, tuple) else answer in rule.values
    if isinstance(rule, AtLeast):
        return int(str(answer)) >= rule.least
    first, last = period(str(answer))
    return within(first, last, rule.start, rule.end)


@lru_cache(maxsize=1024)
def period(text: str) -> tuple[date, date]:
    """The first and last day of "2026", "2026-03" or "2026-03-05". ValueError where there is no such day."""
    match [len(part) for part in text.split("-")], [int(part) for part in text.split("-")]:
        case [4], [year]:
            return date(year, 1, 1), date(year, 12, 31)
        case [4, 2], [year, month]:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        case [4, 2, 2], [year, month, day]:
            return date(year, month, day), date(year, month, day)
    raise ValueError(text)


def is_period(text: str) -> bool:
    """Whether text is a year, a month or a day that exists, written as 2026, 2026-03 or 2026-03-05."""
    try:
        period(text)
    except ValueError:
        return False
    return True


def within(first: date, last: date, start: date | None, end: date | None) -> bool | None:
    """Whether first..last lies inside start..end: True, False, or None where it straddles a limit."""
    if (start and last < start) or (end and first > end):
        return False
    if (start and first < start) or (end and last > end):
        return None
    return True


def leaves(rule: Rule) -> Iterator[Is | Between | AtLeast]:
    """Every leaf of a rule, in the order it is written."""
    match rule:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield rule


def grounds(rule: Rule, situation: Situation, *, value: bool = True) -> list[Is | Between | AtLeast]:
    """The leaves by which a rule has this value: parts that are open, or say otherwise, have no share in it."""
    match rule:
        case All(parts) | AnyOf(parts):
            share = [part for part in parts if evaluate(part, situation) is value]
            return [leaf for part in share for leaf in grounds(part, situation, value=value)]
        case Not(part):
            return grounds(part, situation, value=not value)
        case _:
            return [rule]


def live(rule: Rule, situation: Situation) -> Sequence[Is | Between | AtLeast]:
    """The open leaves that can still change an open rule: a settled branch is not asked about."""
    return weighed(rule, situation)[1]


def weighed(rule: Rule, situation: Situation) -> tuple[bool | None, Sequence[Is | Between | AtLeast]]:
    """What `evaluate` and `live` say, in one walk. Only an open rule has live leaves."""
    if isinstance(rule, LEAVES):
        answer = situation.answers.get(rule.fact)
        value = None if answer is None else _leaf(rule, answer)
        return value, (rule,) if value is None else ()
    if isinstance(rule, Not):
        value, still = weighed(rule.part, situation)
        return None if value is None else not value, still
    decisive = isinstance(rule, AnyOf)
    open_leaves: list[Is | Between | AtLeast] = []
    for part in rule.parts:
        value, still = weighed(part, situation)
        if value is decisive:
            return decisive, ()
        open_leaves += still
    return (None if open_leaves else not decisive), open_leaves


def settle(situation: Situation, settles: Iterable[Settle]) -> Situation:
    """The situation with what its answers already say about other facts (form logic). Never overrides an answer."""
    answers = dict(situation.answers)
    settled = replace(situation, answers=answers)  # reads each answer as soon as it is settled
    for rule in settles:
        if rule.fact not in answers and evaluate(rule.when, settled) is True:
            answers[rule.fact] = rule.value
    return settled
