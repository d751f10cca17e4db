"""Other countries: who lives or was outside the UK hears what is there for them, and no law that cannot reach them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from conftest import ON
from hypothesis import given, settings
from hypothesis import strategies as st
from test_routes import situations

from takeback import interview, packs, rules, triage
from takeback.terms import Situation

KNOWN = packs.load()
FILE = Path(__file__).parent / "vectors" / "stories.toml"
STORIES = [one for one in tomllib.loads(FILE.read_text("utf-8"))["story"] if "expect" in one]
AWAY = ("eu", "us", "australia", "elsewhere")
ABROAD = {"victim_nation": "abroad", "suspect_nation": "abroad", "suspect_home": "abroad"}


def told(given: dict[str, object]) -> Situation:
    return Situation({fact: tuple(value) if isinstance(value, list) else value for fact, value in given.items()})


def plan(situation: Situation, on: date = ON):
    return triage.triage(situation, KNOWN, on)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_a_story_from_elsewhere_gets_the_routes_of_its_place(story) -> None:
    drawn, expect = plan(told(story["given"])), story["expect"]
    ids, never = [route.id for route in drawn.routes], {bar.id for bar in drawn.never}
    assert ids[: len(expect["first"])] == expect["first"]
    assert set(expect["among"]) <= set(ids)
    assert not set(expect["never"]) & set(ids)
    assert {one for one in expect["never"] if KNOWN.routes[one].kind != "danger"} & never or story["nation"] != "abroad"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_no_law_of_ours_may_apply_where_all_of_it_was_elsewhere(story) -> None:
    may = {finding.law for finding in plan(told(story["given"])).findings if finding.status == "may_apply"}
    assert set(story["expect"].get("may", ())) <= may
    if story["given"].get("suspect_nation") == "abroad":
        assert may == set()


@settings(max_examples=40, deadline=None)
@given(situations())
def test_no_law_of_ours_may_apply_to_anyone_where_all_of_it_was_elsewhere(situation) -> None:
    drawn = plan(Situation({**situation.answers, **ABROAD}))
    may = {finding.law for finding in drawn.findings if finding.status == "may_apply"}
    assert may <= {"UK-TA06-1", "UK-TA06-2"}  # the Terrorism Act 2006 reaches what is done abroad (section 17)


@settings(max_examples=40, deadline=None)
@given(situations(), st.sampled_from(AWAY))
def test_nobody_who_lives_elsewhere_is_sent_to_people_who_serve_the_uk_alone(situation, home) -> None:
    ids = {route.id for route in plan(Situation({**situation.answers, "lives_in": home})).routes}
    for route in ids - {"RT-101", "RT-SCHOOL"}:  # an online report, and a school of their own
        contacts = [KNOWN.contacts[one] for one in KNOWN.routes[route].contacts]
        only_here = [one for one in contacts if one.nations and not set(one.nations) & {"world", "US", "AU"}]
        assert not contacts or len(only_here) < len(contacts), route


@settings(max_examples=40, deadline=None)
@given(situations())
def test_nobody_who_lives_here_is_sent_elsewhere(situation) -> None:
    ids = {route.id for route in plan(Situation({**situation.answers, "lives_in": "uk"})).routes}
    assert not {one for one in ids if one.endswith("-AWAY") or one.startswith(("RT-EU", "RT-HELP-US", "RT-ESAFETY"))}
    assert "RT-112" not in ids


def test_who_was_abroad_is_asked_where_they_live_and_nobody_else_is() -> None:
    def asked(nation: str) -> set[str]:
        said = {"victim_nation": nation, "victim_age_band": "18plus", "role": "depicted", "about": ("intimate",)}
        return set(interview.worths(told(said), KNOWN, plan(told(said)))) & {"lives_in"}

    assert asked("abroad") == {"lives_in"}
    assert "lives_in" in {
        leaf.fact for route in KNOWN.routes.values() for offer in route.offers for leaf in rules.leaves(offer.when)
    }


@pytest.mark.parametrize("guide", ["european-union", "united-states", "australia", "other-countries"])
def test_each_page_says_what_we_do_not_know(guide: str) -> None:
    assert KNOWN.guides[guide].sections[-1].heading == "What we do not know"
    assert any("Not" in one or "not" in one for one in KNOWN.guides[guide].sections[-1].text)
