"""The interview: short, never twice, blind to order, and it ends at the plan that all the answers would give."""

import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from answers import situations
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import interview, packs, triage
from takeback.odds import ONE, weigh
from takeback.packs import answer
from takeback.rules import evaluate, settle
from takeback.terms import Situation

PACKS = packs.load()
ON = max(law.checked for law in PACKS.laws.values())
VECTORS = Path(__file__).parent / "vectors"
SHORT = {"S40", "S42", "S48", "S52"}
"""Stories that end before the plan of all the answers: each hangs on something rare. docs/decisions/interview.md."""


def read(name, table):
    """Each story of a file, and each small change of it, by a name of its own."""
    found = tomllib.loads((VECTORS / name).read_text("utf-8"))[table]
    whole = {one["id"]: one["given"] for one in found}
    return whole | {f"{one['id']}: {also['label']}": also["given"] for one in found for also in one.get("also", ())}


SETS = {"vignettes": read("vignettes.toml", "vignette"), "stories": read("stories.toml", "story")}
STORIES = {**SETS["vignettes"], **SETS["stories"]}


def planned(situation):
    return triage.triage(situation, PACKS, ON)


def asked_next(situation):
    question = interview.next_question(situation, PACKS, planned(situation))
    return question.id if question else None


def shown(plan):
    """What must be right: the danger, the first three routes in order, and the laws that may apply."""
    laws = {finding.law for finding in plan.findings if finding.status == "may_apply"}
    return plan.danger, [route.id for route in plan.routes[:3]], laws


def walk(given):
    """The situations from nothing to the last page: answered from `given`, else "I don't know"."""
    known = {fact: answer(value) for fact, value in given.items()}
    situation = Situation()
    yield situation
    while (fact := asked_next(situation)) is not None:
        assert not situation.asked(fact), f"{fact} twice"
        if fact in known:
            situation = Situation({**situation.answers, fact: known[fact]}, situation.unsure)
        else:
            situation = Situation(situation.answers, situation.unsure | {fact})
        yield situation


@cache
def walked(story):
    """How many pages there were, and after how many the plan was (and stayed) that of all the answers."""
    whole = shown(planned(Situation({fact: answer(value) for fact, value in STORIES[story].items()})))
    right = [shown(planned(situation)) == whole for situation in walk(STORIES[story])]
    wrong = [page for page, so in enumerate(right) if not so]
    there = (wrong[-1] + 1 if wrong else 0) if right[-1] else None
    return len(right) - 1, there


# ---------------------------------------------------------------- the measured bounds


@pytest.mark.parametrize("name", SETS)
def test_nobody_is_asked_more_than_twenty_pages(name):
    assert max(walked(story)[0] for story in SETS[name]) <= interview.LONGEST


def test_every_vignette_ends_at_the_plan_of_all_its_answers():
    assert not [story for story in SETS["vignettes"] if walked(story)[1] is None]


def test_the_other_stories_do_but_for_those_that_hang_on_something_rare():
    assert {story for story in SETS["stories"] if walked(story)[1] is None} <= SHORT


@pytest.mark.parametrize(("name", "pages"), [("vignettes", 12), ("stories", 13)])
def test_half_of_the_stories_are_at_their_plan_after_a_dozen_pages(name, pages):
    whole = [story for story in SETS[name] if ": " not in story]
    assert median(there for _, there in map(walked, whole) if there is not None) <= pages


@pytest.mark.parametrize("name", SETS)
def test_it_goes_on_for_only_a_few_pages_after_that(name):
    assert median(pages for pages, _ in map(walked, SETS[name])) <= 17


def test_a_person_who_knows_nothing_is_not_kept():
    assert len(list(walk({}))) - 1 <= interview.LONGEST


# ---------------------------------------------------------------- what holds for all answers


@given(situations(PACKS.facts.values()), st.data())
@settings(max_examples=40, deadline=None)
def test_it_asks_only_what_is_open_and_makes_sense(situation, data):
    hidden = data.draw(st.sets(st.sampled_from(sorted(PACKS.facts))))
    told = Situation({fact: value for fact, value in situation.answers.items() if fact not in hidden})
    if (fact := asked_next(told)) is None:
        return
    settled = settle(told, PACKS.settles)
    assert not settled.asked(fact)
    assert PACKS.facts[fact].asked
    assert PACKS.facts[fact].why
    only = PACKS.facts[fact].only
    assert fact in PACKS.opening or only is None or evaluate(only, settled) is True


@given(situations(PACKS.facts.values()))
@settings(max_examples=15, deadline=None)
def test_it_always_ends_and_never_asks_twice(situation):
    assert len(list(walk(situation.answers))) - 1 <= interview.LONGEST


@given(situations(PACKS.facts.values()), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_answers_does_not_matter(situation, random):
    few = list(situation.answers.items())[: interview.LONGEST - 5]
    mixed = random.sample(few, len(few))
    assert asked_next(Situation(dict(few))) == asked_next(Situation(dict(mixed)))


def test_danger_and_age_come_first():
    assert PACKS.opening[:2] == ("danger_now", "victim_age_band")
    assert asked_next(Situation()) == "danger_now"


def test_someone_who_was_tricked_is_asked_about_money_and_not_about_a_private_picture():
    told = {"danger_now": "no", "victim_age_band": "18plus", "role": "deceived"}
    asked = [
        fact
        for situation in walk({**told, "dishonest_gain": "yes", "victim_nation": "scotland"})
        for fact in (*situation.answers, *situation.unsure)
    ]
    assert "dishonest_gain" in asked
    assert "genitals_shown" not in asked


def test_no_sketch_is_ever_ruled_out():
    facts = [fact for fact in PACKS.facts.values() if fact.type in ("yes_no", "choice")]
    everything = Situation({fact.id: fact.values[-1] for fact in facts})
    assert min(weigh(everything, PACKS)) >= 1
    assert max(weigh(everything, PACKS)) <= ONE


# ---------------------------------------------------------------- the way ahead


def test_the_way_ahead_is_never_longer_than_what_may_still_come_and_ends_at_nothing():
    for story in ("V01", "V19", "V27", "S02", "S23"):
        ahead = [interview.left(one, PACKS, planned(one)) for one in walk(STORIES[story])]
        assert ahead[-1] == 0
        assert all(more >= 1 for more in ahead[:-1])
        assert all(page + more <= interview.LONGEST for page, more in enumerate(ahead))
        rises = [later for earlier, later in pairwise(ahead) if later > earlier]
        assert len(rises) <= 2, ahead
