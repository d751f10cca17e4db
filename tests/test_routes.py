"""The routes: right for the story, right for the age, danger first, and never only the police."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import legalese, longest, mean_length

from takeback import packs, rules, triage
from takeback.pack_terms import KINDS
from takeback.terms import All, Is, Situation

LOADED = packs.load()
ROUTES = LOADED.routes
STORIES = tomllib.loads((Path(__file__).parent / "vectors" / "vignettes.toml").read_text("utf-8"))["vignette"]
MINOR = {"under13", "13-15", "16-17"}
PICTURE_OF_ADULTS = {"RT-STOPNCII", "RT-PLATFORM48", "RT-USTIDA"}


def plan(**answers):
    """The ids of the routes that are open, in order."""
    return [route.id for route in opened(answers)[0]]


def opened(answers):
    told = {fact: tuple(v) if isinstance(v, list) else v for fact, v in answers.items()}
    return triage.open_routes(rules.settle(Situation(told), LOADED.settles), LOADED)


def because(route, **answers):
    return next(r.because for r in opened(answers)[0] if r.id == route)


@st.composite
def situations(draw):
    """Random answers to about a third of the questions, as the interview would keep them."""
    answers = {}
    for fact in LOADED.facts.values():
        if fact.asked and draw(st.integers(0, 2)) == 0:
            answers[fact.id] = draw(values(fact))
    return rules.settle(Situation(answers), LOADED.settles)


def values(fact):
    if fact.type == "date":
        return st.sampled_from(["2024", "2026-02", "2026-07-01"])
    if fact.type == "number":
        return st.integers(0, 5)
    if fact.type == "many":
        return st.lists(st.sampled_from(fact.values), min_size=1, unique=True).map(tuple)
    return st.sampled_from(fact.values)


# ---------------------------------------------------------------- the stories


def tellings():
    for story in STORIES:
        for told in [story, *story.get("also", [])]:
            yield pytest.param(told, id=f"{story['id']} {told.get('label', '')}".strip())


@pytest.mark.parametrize("told", list(tellings()))
def test_a_story_gets_its_first_routes_in_order_and_none_that_is_wrong(told):
    ids, expect = plan(**told["given"]), told["expect"]
    first = expect.get("routes_first", [])
    assert ids[: len(first)] == first
    assert set(expect.get("routes_include", [])) <= set(ids)
    assert not set(expect.get("routes_never", [])) & set(ids)


# ---------------------------------------------------------------- over random answers


@given(situations())
def test_stopncii_is_never_for_anyone_known_or_looking_under_18(situation):
    ids = {route.id for route in triage.open_routes(situation, LOADED)[0]}
    answers = situation.answers
    young = answers.get("victim_age_band") in MINOR or "yes" in (
        answers.get("under18_real"),
        answers.get("under18_look"),
    )
    if young:
        assert not ids & PICTURE_OF_ADULTS
    if answers.get("victim_age_band") in MINOR or answers.get("under18_real") == "yes":
        assert "RT-RPH" not in ids or answers.get("intimate") != "yes"


@given(situations())
def test_what_is_for_adults_waits_until_the_person_is_known_to_be_one(situation):
    ids = {route.id for route in triage.open_routes(situation, LOADED)[0]}
    adult = situation.get("victim_age_band") == "18plus" or situation.get("under18_real") == "no"
    assert adult or not ids & (PICTURE_OF_ADULTS | {"RT-RPH"})


@given(situations())
def test_danger_comes_first_whenever_it_is_immediate(situation):
    ids = [route.id for route in triage.open_routes(situation, LOADED)[0]]
    immediate = triage.danger(situation, LOADED) == "immediate"
    assert (ROUTES[ids[0]].kind == "danger") == immediate
    assert any(ROUTES[i].kind == "danger" for i in ids) == immediate
    assert "RT-999" in ids or not immediate or situation.get("lives_in") not in (None, "uk")


@given(situations())
def test_every_plan_has_help_without_the_police_and_the_police_for_who_wants_them(situation):
    routes, never = triage.open_routes(situation, LOADED)
    ids = [route.id for route in routes]
    assert any(ROUTES[i].without_report and ROUTES[i].kind == "support" for i in ids)
    assert any(ROUTES[i].kind == "police" for i in ids)
    assert "RT-101" in ids or situation.get("lives_in") not in (None, "uk")
    assert not set(ids) & {bar.id for bar in never}


@given(situations())
def test_report_fraud_is_never_for_scotland(situation):
    ids = {route.id for route in triage.open_routes(situation, LOADED)[0]}
    assert situation.get("victim_nation") != "scotland" or "RT-REPORTFRAUD" not in ids


@given(situations())
def test_no_route_asks_a_child_for_the_picture(situation):
    answers = situation.answers
    if answers.get("victim_age_band") in MINOR or "yes" in (answers.get("under18_real"), answers.get("under18_look")):
        for route in triage.open_routes(situation, LOADED)[0]:
            assert "screenshot" not in ROUTES[route.id].what.lower()


# ---------------------------------------------------------------- one by one


def test_a_child_finds_the_official_routes_in_their_order():
    ids = plan(victim_age_band="13-15", role="depicted", intimate="yes", shared="yes", media=["image"])
    assert ids[:5] == ["RT-REPORTREMOVE", "RT-TAKEITDOWN", "RT-CEOP", "RT-CHILDLINE", "RT-101"]


def test_a_child_hears_why_the_routes_of_adults_are_not_for_them():
    _, never = opened({"victim_age_band": "16-17", "intimate": "yes", "shared": "yes"})
    assert {"RT-STOPNCII", "RT-RPH", "RT-PLATFORM48"} <= {bar.id for bar in never}


def test_an_adult_in_a_picture_from_childhood_goes_to_take_it_down():
    ids = plan(victim_age_band="18plus", under18_real="yes", role="depicted", intimate="yes", shared="yes")
    assert ids[0] == "RT-TAKEITDOWN"
    assert not {"RT-STOPNCII", "RT-CEOP", "RT-CHILDLINE", "RT-REPORTREMOVE"} & set(ids)


def test_an_adult_who_looks_young_in_it_goes_to_the_police_and_the_iwf_not_to_stopncii():
    ids = plan(
        victim_age_band="18plus", under18_real="no", under18_look="yes", intimate="yes", shared="yes", media=["image"]
    )
    assert ids[:2] == ["RT-101", "RT-IWF"]
    assert not set(ids) & PICTURE_OF_ADULTS


def test_whoever_saw_it_reports_it_and_cannot_act_for_the_person_in_it():
    ids = plan(role="witness", victim_age_band="18plus", intimate="yes", shared="yes", media=["video"], online="yes")
    assert ids[0] == "RT-PLATFORM"
    assert not set(ids) & (PICTURE_OF_ADULTS | {"RT-RPH", "RT-SEARCH"})


def test_a_helper_without_agreement_gets_no_route_that_speaks_for_the_person():
    story = {
        "role": "helping-adult",
        "victim_age_band": "18plus",
        "intimate": "yes",
        "shared": "yes",
        "media": ["image"],
    }
    assert not set(plan(**story, agreement="no")) & PICTURE_OF_ADULTS
    assert {"RT-STOPNCII", "RT-PLATFORM48"} <= set(plan(**story, agreement="yes"))


def test_who_sent_money_calls_the_bank_before_all_else_and_who_sent_none_does_not():
    story = {"dishonest_gain": "yes", "victim_nation": "england-wales", "demand": ["money-or-property"]}
    assert plan(**story, money_sent="yes")[:2] == ["RT-BANK", "RT-REPORTFRAUD"]
    assert plan(**story, money_sent="no")[0] == "RT-REPORTFRAUD"


def test_a_threat_to_an_adult_goes_to_the_police_first_and_the_helpline_is_near():
    ids = plan(
        victim_age_band="18plus", intimate="yes", threat_share="yes", demand=["money-or-property"], menaces="yes"
    )
    assert ids[0] == "RT-101"
    assert ids.index("RT-RPH") < 4


def test_terror_goes_to_its_own_police_and_not_to_report_harmful_content():
    assert plan(terror="yes")[0] == "RT-CT"
    assert plan(terror="yes", danger_now="yes")[:3] == ["RT-999", "RT-CT", "RT-101"]
    assert "RT-RHC" not in plan(terror="yes", shared="yes", online="yes")


def test_somebody_close_brings_the_abuse_helplines():
    assert "RT-DA" in plan(partner_or_ex="yes")
    assert plan(partner_or_ex="yes", danger_now="yes")[:3] == ["RT-999", "RT-101", "RT-DA"]


def test_the_48_hours_wait_until_someone_else_could_see_it():
    story = {"victim_age_band": "18plus", "intimate": "yes", "shared": "yes", "media": ["image"], "role": "depicted"}
    assert "RT-PLATFORM48" in plan(**story)
    for answer in ({"shown_only_to_victim": "yes"}, {"photoreal": "no"}, {"online": "no"}):
        assert "RT-PLATFORM48" not in plan(**story, **answer)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_already_has_a_first_route(kind):
    assert ROUTES[plan(about=[kind])[0]].offers
    assert opened({"about": [kind]})[0][0].because != opened({})[0][0].because


def test_nothing_said_still_gives_someone_to_talk_to():
    assert plan() == ["RT-VS", "RT-101", "RT-PLATFORM", "RT-SAM"]


@pytest.mark.parametrize(
    ("route", "due"),
    [
        ("RT-PLATFORM48", "PT48H"),
        ("RT-RHC", "P7D"),
        ("RT-BANK", "P13M"),
        ("RT-USTIDA", "PT48H"),
        ("RT-EU-ERASE", "P1M"),
    ],
)
def test_a_route_with_a_clock_says_its_time(route, due):
    assert {offer.due for offer in ROUTES[route].offers} - {None} == {due}
    assert not any(offer.due for r in ROUTES.values() for offer in r.offers if r.id not in (
        "RT-PLATFORM48", "RT-RHC", "RT-BANK", "RT-USTIDA", "RT-EU-ERASE"))  # fmt: skip


def test_a_threat_is_named_in_the_reason():
    assert because("RT-101", threat_share="yes").startswith("There was a threat")


# ---------------------------------------------------------------- the data


def test_every_offer_of_every_route_can_decide():
    for route in ROUTES.values():
        unconditional = [n for n, offer in enumerate(route.offers) if offer.when == All(())]
        assert unconditional in ([], [len(route.offers) - 1]), f"{route.id}: an offer stands behind one for everyone"


def test_a_rank_of_danger_needs_an_answer_that_means_danger():
    for route in ROUTES.values():
        for offer in route.offers:
            if offer.rank < 10:
                facts = {leaf.fact for leaf in rules.leaves(offer.when) if isinstance(leaf, Is)}
                assert facts & {"danger_now", "self_harm_risk", "threat_kill", "address_exposed", "incite_child"}, (
                    route.id
                )


def test_every_route_of_the_facts_is_here():
    assert len(ROUTES) >= 32
    assert {"RT-999", "RT-101", "RT-PLATFORM48", "RT-ELECTION", "RT-EMPLOYER", "RT-CT"} <= set(ROUTES)


def test_every_contact_of_a_route_serves_someone_and_is_running():
    for route in ROUTES.values():
        for contact in route.contacts:
            assert LOADED.contacts[contact].serves or LOADED.contacts[contact].reports
            assert LOADED.contacts[contact].ended is None


@pytest.mark.parametrize("route", list(ROUTES.values()), ids=lambda r: r.id)
def test_a_route_reads_easily_and_calmly(route):
    texts = [route.name, route.what, route.next, *(o.because for o in route.offers), *(b.because for b in route.bars)]
    assert mean_length(texts) <= 14, longest(texts)
    assert len(longest(texts).split()) <= 32
    assert not [word for text in texts for word in legalese(text)]
    assert not any(word in " ".join(texts).lower() for word in ("!", "too late", "no crime", "is illegal", "guilty"))


def test_a_picture_of_someone_who_has_died_is_reported_in_the_ordinary_way():
    story = {"person_alive": "no", "intimate": "yes", "shared": "yes", "media": ["video"], "victim_age_band": "18plus"}
    assert plan(**story)[0] == "RT-PLATFORM"
    assert not set(plan(**story)) & PICTURE_OF_ADULTS


def test_an_unkind_joke_about_a_group_goes_to_the_site_before_the_police():
    ids = plan(hate_group=["religion"], hate_level="insulting", shared="yes", online="yes")
    assert ids[0] == "RT-PLATFORM"
    assert {"RT-TRUEVISION", "RT-101"} <= set(ids)


def test_control_by_a_partner_brings_the_abuse_helplines_right_after_the_police():
    ids = plan(victim_age_band="18plus", partner_or_ex="yes", controlling="yes", threat_share="yes", intimate="yes")
    assert ids[:2] == ["RT-101", "RT-DA"]


def test_bullying_without_anything_sexual_is_not_sent_to_ceop():
    assert "RT-CEOP" not in plan(victim_age_band="13-15", threat_violence="yes", intimate="no", shared="yes")
