"""Triage, over random answers: what holds for every person, whatever they say and in whatever order."""

from dataclasses import replace
from datetime import date, timedelta

import answers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import packs, rules, triage
from takeback.errors import NoLawOn
from takeback.terms import Situation

PACKS = packs.load()
TODAY = date(2026, 11, 24)
SITUATIONS = answers.situations(PACKS.facts.values())
DAYS = st.dates(PACKS.covered_from, date(2027, 12, 31))


def findings(situation, on=TODAY):
    return {finding.law: finding for finding in triage.triage(situation, PACKS, on).findings}


@settings(deadline=None)
@given(SITUATIONS, DAYS)
def test_every_answer_gets_a_plan_with_a_reason_for_each_law(situation, on):
    plan = triage.triage(situation, PACKS, on)
    assert [finding.law for finding in plan.findings] == list(PACKS.laws)
    assert all(finding.because for finding in plan.findings)
    assert plan.danger in ("none", "check", "immediate")


@settings(deadline=None)
@given(SITUATIONS, st.randoms())
def test_the_order_of_the_answers_does_not_matter(situation, random):
    shuffled = list(situation.answers.items())
    random.shuffle(shuffled)
    assert triage.triage(Situation(dict(shuffled)), PACKS, TODAY) == triage.triage(situation, PACKS, TODAY)


@settings(deadline=None)
@given(SITUATIONS, SITUATIONS)
def test_what_the_elements_settle_changes_only_through_an_exception_or_a_date(known, more):
    """`unlikely` stays so; `may_apply` can be lowered, and only by an exception or a day."""
    before, settled = findings(known), rules.settle(known, PACKS.settles)
    richer = Situation({**more.answers, **settled.answers})
    after = findings(richer)
    for law in PACKS.laws.values():
        was, now = before[law.id], after[law.id]
        if was.status == "unlikely":
            assert now.status == "unlikely" or law.versions[-1].by, law.id
        if was.status == "may_apply" and now.status != "may_apply":
            version, _ = triage.choose(law, rules.settle(richer, PACKS.settles), TODAY)
            assert now.because[0] in {version.why_not_date, *(one.why for one in version.unless)}, law.id


@settings(deadline=None)
@given(SITUATIONS, DAYS)
def test_no_law_may_apply_before_it_began_or_while_its_start_is_unverified(situation, on):
    settled = rules.settle(situation, PACKS.settles)
    for law, finding in findings(situation, on).items():
        version, dated_out = triage.choose(PACKS.laws[law], settled, on)
        if finding.status == "may_apply":
            assert not dated_out, law
            assert version.start_verified, law
            assert version.start is None or version.start <= on, law


@settings(deadline=None)
@given(SITUATIONS)
def test_only_questions_that_are_asked_and_open_are_needed(situation):
    settled = rules.settle(situation, PACKS.settles)
    for finding in findings(situation).values():
        assert (finding.status == "cannot_tell") or not finding.needs
        for fact in finding.needs:
            assert PACKS.facts[fact].asked
            assert settled.get(fact) is None or PACKS.facts[fact].type == "date"  # a month may need its day


def test_nothing_said_rules_nothing_out_that_has_begun():
    assert {f.status for f in findings(Situation()).values()} == {"cannot_tell"}
    assert triage.triage(Situation(), PACKS, TODAY).danger == "none"


@pytest.mark.parametrize("fact", [fact.id for fact in PACKS.facts.values() if fact.asked and fact.type == "yes_no"])
def test_one_answer_alone_never_ends_in_may_apply(fact):
    for answer in ("yes", "no"):
        assert "may_apply" not in {f.status for f in findings(Situation({fact: answer})).values()}


def test_a_day_before_the_packs_begin_is_an_error_and_not_another_days_law():
    with pytest.raises(NoLawOn) as error:
        triage.triage(Situation(), PACKS, PACKS.covered_from - timedelta(days=1))
    assert "2015-04-12" in error.value.say()
    assert "2015-04-13" in error.value.hint
    assert triage.triage(Situation(), PACKS, PACKS.covered_from)


def test_an_exception_that_is_open_changes_nothing():
    law = PACKS.laws["EW-66B1"]
    made = Situation(law.examples[0].given)
    assert findings(made)["EW-66B1"].status == "may_apply"
    assert findings(replace(made, unsure=frozenset({"belief_consent"})))["EW-66B1"].status == "may_apply"


def test_a_month_that_holds_the_first_day_of_a_law_is_not_before_it():
    made = dict(PACKS.laws["EW-66B1"].examples[0].given)
    assert findings(Situation({**made, "shared_on": "2024-01"}))["EW-66B1"].status == "may_apply"
    assert findings(Situation({**made, "shared_on": "2023"}))["EW-66B1"].status == "unlikely"
    made = dict(PACKS.laws["EW-66E"].examples[0].given)
    month = findings(Situation({**made, "created_on": "2026-02"}))["EW-66E"]
    assert (month.status, month.needs) == ("cannot_tell", ("created_on",))
