"""The laws, by the examples that lie beside them: each is a test that a lawyer can write."""

from datetime import date

import pytest

from takeback import pack_examples, packs, rules, triage
from takeback.pack_terms import KINDS

PACKS = packs.load()
EXAMPLES = [pytest.param(law, one, id=f"{law.id}: {one.name}") for law in PACKS.laws.values() for one in law.examples]
NEVER_FALSE = {
    ("EW-POA4-5", "dwelling"),
    ("EW-POA4B", "dwelling"),
    ("EW-SOA4", "activity"),
    ("EW-TAKE", "intent"),
    ("SC-ABSH2", "captured"),
}
"""Elements that no answer can make false: where they are not true, only a court can decide."""

LAWS = [pytest.param(law, id=law.id) for law in PACKS.laws.values()]


@pytest.mark.parametrize(("law", "example"), EXAMPLES)
def test_it_finds_what_the_example_says(law, example):
    assert pack_examples.wrong(law, example, PACKS) == ""


@pytest.mark.parametrize("law", LAWS)
def test_each_element_decides_in_some_example(law):
    failing = {example.because for example in law.examples if example.then == "unlikely"}
    still_open = {example.because for example in law.examples if example.then == "cannot_tell"}
    for element in law.versions[-1].elements:
        told = still_open if (law.id, element.part) in NEVER_FALSE else failing
        assert element.part in told


@pytest.mark.parametrize("law", LAWS)
def test_it_can_be_reached(law):
    best = "may_apply" if law.versions[-1].start_verified else "cannot_tell"
    assert best in {example.then for example in law.examples}


@pytest.mark.parametrize("law", LAWS)
def test_each_exception_has_an_example(law):
    told = {example.because for example in law.examples}
    assert {one.id for version in law.versions for one in version.unless} <= told


@pytest.mark.parametrize("law", [p for p in LAWS if p.values[0].versions[-1].by and p.values[0].versions[-1].start])
def test_the_day_before_it_began_is_not_covered_and_the_day_itself_is(law):
    version = law.versions[-1]
    days = {str(e.given.get(version.by)): e for e in law.examples}
    before = date.fromordinal(version.start.toordinal() - 1)
    assert (days[str(before)].then, days[str(before)].because) == ("unlikely", "date")
    assert days[str(version.start)].then != "unlikely"


@pytest.mark.parametrize("law", LAWS)
def test_its_sentences_are_sentences_and_tell_apart_what_decided(law):
    for version in law.versions:
        why = [e.why_not for e in version.elements if e.part != "date"] + [u.why for u in version.unless]
        why += [version.why_not_date] if version.why_not_date else []
        assert len(set(why)) == len(why)
        for sentence in [*why, *(e.name for e in law.examples)]:
            assert sentence[0].isupper()
            assert sentence.endswith((".", ")"))
        for element in version.elements:
            assert element.need[0].isupper()
            assert not element.need.endswith(".")


@pytest.mark.parametrize("law", LAWS)
def test_a_point_that_only_a_court_can_decide_is_explained(law):
    for version in law.versions:
        facts = {leaf.fact for element in version.elements for leaf in rules.leaves(element.rule)}
        assert (triage.UNSETTLED in facts) == bool(version.unsettled)


def test_an_unverified_start_is_never_above_cannot_tell():
    unverified = [law for law in PACKS.laws.values() if not law.versions[-1].start_verified]
    assert {law.id for law in unverified} == {"EW-NUDIFY", "EW-46A", "NI-42A"}
    assert {example.then for law in unverified for example in law.examples} == {"cannot_tell", "unlikely"}


def test_every_kind_has_a_law_in_force_for_england_and_wales():
    for kind in KINDS:
        here = [law for law in PACKS.laws.values() if kind in law.kinds and law.nation in ("EW", "UK")]
        assert any(law.versions[-1].start_verified and law.versions[-1].end is None for law in here), kind


def test_there_are_all_three_nations_and_76_laws():
    assert len(PACKS.laws) == 76
    assert {law.nation for law in PACKS.laws.values()} == {"EW", "SC", "NI", "UK"}
