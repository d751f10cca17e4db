"""Rules: three values, each kept apart from the others, and a vocabulary that nothing can be added to."""

from datetime import date, timedelta

import answers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import packs, rules
from takeback.errors import BadInput
from takeback.pack_terms import Settle
from takeback.terms import All, Any, AtLeast, Between, Is, Not, Situation

FACTS = {
    f.id: f for f in packs.load().facts.values() if f.id in {"shared", "demand", "occasions", "created_on", "media"}
}
WORTH = {False: 0, None: 1, True: 2}
DAY = date(2024, 1, 31)


def leaf():
    """A leaf that fits one of the facts."""
    day = st.sampled_from([None, DAY, date(2026, 2, 6)])
    choice = [
        st.builds(Is, st.just(f), st.lists(st.sampled_from(FACTS[f].values), min_size=1, max_size=2).map(tuple))
        for f in ("shared", "demand", "media")
    ]
    return st.one_of(
        *choice,
        st.builds(AtLeast, st.just("occasions"), st.integers(0, 4)),
        st.builds(Between, st.just("created_on"), day, day),
    )


RULES = st.recursive(
    leaf(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=8,
)
SITUATIONS = answers.situations(FACTS.values())


@given(RULES, SITUATIONS, SITUATIONS)
def test_what_is_settled_stays_settled_whatever_else_is_answered(rule, known, more):
    value = rules.evaluate(rule, known)
    if value is not None:
        assert rules.evaluate(rule, Situation({**more.answers, **known.answers})) is value


@given(st.lists(RULES, min_size=1, max_size=4), SITUATIONS)
def test_all_is_the_least_and_any_the_greatest_of_its_parts(parts, situation):
    values = [WORTH[rules.evaluate(part, situation)] for part in parts]
    assert WORTH[rules.evaluate(All(tuple(parts)), situation)] == min(values)
    assert WORTH[rules.evaluate(Any(tuple(parts)), situation)] == max(values)


@given(RULES, RULES, SITUATIONS)
def test_not_swaps_and_leaves_open_what_is_open(one, other, situation):
    def value(rule):
        return rules.evaluate(rule, situation)

    assert value(Not(Not(one))) is value(one)
    assert (value(Not(one)) is None) == (value(one) is None)
    assert value(Not(All((one, other)))) is value(Any((Not(one), Not(other))))


@given(RULES, SITUATIONS)
def test_only_open_leaves_are_live_and_only_of_an_open_rule(rule, situation):
    live = rules.live(rule, situation)
    assert bool(live) == (rules.evaluate(rule, situation) is None)
    assert all(rules.evaluate(one, situation) is None for one in live)


@given(RULES, SITUATIONS)
def test_the_grounds_of_a_rule_alone_give_it_its_value(rule, situation):
    value = rules.evaluate(rule, situation)
    if value is not None:
        because = {leaf.fact for leaf in rules.grounds(rule, situation, value=value)}
        alone = Situation({fact: answer for fact, answer in situation.answers.items() if fact in because})
        assert rules.evaluate(rule, alone) is value


@given(RULES)
def test_silence_is_never_no(rule):
    assert rules.evaluate(rule, Situation()) is None


@given(RULES)
def test_a_rule_survives_being_written_down(rule):
    assert rules.parse(written(rule)) == rule


@given(
    st.dates(date(2023, 11, 1), date(2024, 4, 30)),
    st.sampled_from([4, 7, 10]),
    st.one_of(st.none(), st.just(DAY)),
    st.one_of(st.none(), st.just(DAY + timedelta(days=40))),
)
def test_a_month_or_a_year_is_open_where_a_limit_falls_inside_it(day, length, start, end):
    text = day.isoformat()[:length]
    first, last = rules.period(text)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    inside = {(start is None or one >= start) and (end is None or one <= end) for one in days}
    value = rules.evaluate(Between("created_on", start, end), Situation({"created_on": text}))
    assert value is (inside.pop() if len(inside) == 1 else None)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-02-30", "2026-2", "soon", "2026-03-05T10:00", "-2026", "2026--1"]
)
def test_a_day_that_does_not_exist_is_no_period(text):
    assert not rules.is_period(text)


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"fact": "shared"},
        {"fact": "shared", "is": "yes"},
        {"fact": "shared", "is": []},
        {"fact": "shared", "is": [True]},
        {"fact": ["shared"], "is": ["yes"]},
        {"fact": "shared", "is": ["yes"], "min": 2},
        {"fact": "occasions", "min": "two"},
        {"fact": "occasions", "min": True},
        {"fact": "created_on", "from": "2024-01-31"},
        {"all": []},
        {"any": {"fact": "shared", "is": ["yes"]}},
        {"all": [{"fact": "shared", "is": ["yes"]}], "any": []},
        {"not": [{"fact": "shared", "is": ["yes"]}]},
        {"unless": {"fact": "shared", "is": ["yes"]}},
        {"eval": "__import__('os')"},
    ],
)
def test_nothing_is_a_rule_but_the_closed_vocabulary(tree):
    with pytest.raises(BadInput):
        rules.parse(tree)


# ---------------------------------------------------------------- form logic


def test_form_logic_fills_only_what_is_open():
    settles = [Settle(Is("shared", ("yes",)), "media", ("image",))]
    assert rules.settle(Situation({"shared": "yes"}), settles).get("media") == ("image",)
    assert rules.settle(Situation({"shared": "yes", "media": ("text",)}), settles).get("media") == ("text",)
    assert rules.settle(Situation({"shared": "no"}), settles).get("media") is None
    assert rules.settle(Situation(), settles).get("media") is None


@given(answers.situations(packs.load().facts.values()))
def test_the_form_logic_of_the_packs_is_whole_in_one_reading(situation):
    settled = rules.settle(situation, packs.load().settles)
    assert rules.settle(settled, packs.load().settles) == settled
    assert settled.answers.items() >= situation.answers.items()


def written(rule):
    """A rule as a pack writes it."""
    match rule:
        case All(parts):
            return {"all": [written(part) for part in parts]}
        case Any(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case Is(fact, values):
            return {"fact": fact, "is": list(values)}
        case AtLeast(fact, least):
            return {"fact": fact, "min": least}
    return {"fact": rule.fact, "from": rule.start, "to": rule.end}
