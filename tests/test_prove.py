"""The proofs: they hold of our packs, they are about the real triage, and each one breaks where it should."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date, timedelta

import answers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback import cli, every_answer, packs, prove, rules, triage
from takeback.every_answer import Case, World
from takeback.pack_terms import Fact, Settle
from takeback.terms import All, AtLeast, Between, Is, Not, Situation

z3 = every_answer.z3
KNOWN = packs.load()
STORIES = int(os.environ.get("TAKEBACK_STORIES", "300"))
"""How many random stories the formulas and triage are compared on; many thousands take a few minutes."""

FEW = replace(KNOWN, laws={name: KNOWN.laws[name] for name in ("EW-66B1", "EW-CJCA33", "EW-NUDIFY")}, notices={})


@pytest.fixture(scope="module")
def world():
    """All answers to our own packs."""
    return World(KNOWN)


def broken(known, name):
    """Every way in which an obligation fails for these packs."""
    (proof,) = prove.prove(World(known), [name])
    return proof.broken


# ---------------------------------------------------------------- our packs


@pytest.mark.parametrize("name", list(prove.OBLIGATIONS))
def test_it_holds_whatever_anybody_answers(world, name):
    (proof,) = prove.prove(world, [name])
    assert proof.broken == ()
    assert proof.says.endswith(".")


# ---------------------------------------------------------------- about the real thing


class Outcomes:
    """A solver that knows every outcome by its name, so that one question compares all of them with triage."""

    def __init__(self, world):
        self.world = world
        self.solver = z3.SolverFor("QF_FD")
        outcomes = dict(self._outcomes())
        self.literals = {name: (z3.Not(z3.Bool(name)), z3.Bool(name)) for name in outcomes}
        self.solver.add(*world.possible(), *(z3.Bool(name) == outcome for name, outcome in outcomes.items()))

    def _outcomes(self):
        yield "immediate", self.world.immediate
        yield "check", z3.And(self.world.check, z3.Not(self.world.immediate))
        for law, weighed in self.world.laws.items():
            yield from ((f"{law} may_apply", weighed.may), (f"{law} cannot_tell", weighed.cannot))
        for route, decides in self.world.offers.items():
            offers = KNOWN.routes[route].offers
            for why in {offer.because for offer in offers}:
                so = (d for d, offer in zip(decides, offers, strict=True) if offer.because == why)
                yield f"{route} {why}", z3.Or(*so)

    def differ(self, case, told):
        """The outcomes on which the formulas differ from what triage told, or what they rest on."""
        assert told <= set(self.literals)
        expected = [is_so if name in told else is_not for name, (is_not, is_so) in self.literals.items()]
        if self.solver.check(*self.world.exactly(case), *expected) == z3.sat:
            return []
        return [str(one) for one in self.solver.unsat_core()]


@pytest.fixture(scope="module")
def formulas(world):
    return Outcomes(world)


EXAMPLES = [dict(example.given) for law in KNOWN.laws.values() for example in law.examples]
DAYS = st.one_of(
    st.dates(KNOWN.covered_from, date(2028, 1, 1)),
    st.sampled_from(every_answer.days(KNOWN)),
)
DATES = st.one_of(
    st.dates(date(2010, 1, 1), date(2030, 1, 1)).flatmap(
        lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
    ),
    st.sampled_from(every_answer.periods(every_answer.limits("shared_on", KNOWN))),
)


@st.composite
def stories(draw):
    """Anything that can be answered: an example of some law, with some answers changed, left out or added."""
    told = draw(st.sampled_from(EXAMPLES)) | dict(draw(answers.situations(KNOWN.facts.values())).answers)
    dates = {fact: draw(DATES) for fact in told if KNOWN.facts[fact].type == "date"}
    kept = {fact: answer for fact, answer in (told | dates).items() if draw(st.integers(0, 7))}
    return Situation(kept)


@settings(max_examples=STORIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(stories(), DAYS)
def test_the_formulas_say_what_triage_says(formulas, situation, on):
    plan = triage.triage(situation, KNOWN, on)
    assert formulas.differ(Case(situation, on), set(outcomes(plan))) == []


def outcomes(plan):
    """The names of all that is so in a plan of triage's."""
    yield from [] if plan.danger == "none" else [plan.danger]
    yield from (f"{one.law} {one.status}" for one in plan.findings if one.status != "unlikely")
    yield from (f"{one.id} {one.because}" for one in plan.routes)


@given(
    st.sets(st.dates(date(2020, 1, 1), date(2021, 12, 31)), min_size=1, max_size=3),
    st.dates(date(2019, 1, 1), date(2022, 12, 31)),
    st.sampled_from([4, 7, 10]),
)
@settings(max_examples=60, deadline=None)
def test_every_day_month_and_year_has_one_that_stands_for_it(limits, day, length):
    text = day.isoformat()[:length]
    stands = next(one for one in every_answer.periods(limits) if every_answer.alike(one, text, limits))
    for start in (None, *limits):
        for end in (None, *limits):
            leaf = Between("on", start, end)
            one, other = (rules.evaluate(leaf, Situation({"on": period})) for period in (text, stands))
            assert one is other


def test_a_number_stands_for_those_that_no_rule_tells_from_it(world):
    assert world.stand_ins("occasions", 0) == (0,)
    assert world.stand_ins("occasions", 99) == (max(world.told["occasions"]),)
    most = max(world.told["occasions"])
    assert rules.evaluate(AtLeast("occasions", most), Situation({"occasions": 99})) is True


def test_what_is_never_asked_is_never_answered(world):
    assert triage.UNSETTLED not in world.told


# ---------------------------------------------------------------- each proof breaks where it should


def without(known, route, **changes):
    """The packs with one route changed."""
    return replace(known, routes={**known.routes, route: replace(known.routes[route], **changes)})


def test_a_danger_without_999_is_found_with_the_one_answer_that_shows_it():
    offers = tuple(o for o in FEW.routes["RT-999"].offers if o.when != Is("threat_kill", ("yes",)))
    (found,) = broken(without(FEW, "RT-999", offers=offers), "danger-comes-first")
    assert found.case.situation.answers == {"threat_kill": "yes"}


def test_a_route_before_999_is_found():
    early = tuple(replace(offer, rank=-1) for offer in FEW.routes["RT-VS"].offers)
    assert broken(without(FEW, "RT-VS", offers=early), "danger-comes-first")


def test_a_plan_without_help_is_found():
    known = FEW
    for route in [route for route in known.routes.values() if route.kind == "support" and route.id != "RT-DA"]:
        known = without(known, route.id, without_report=False)
    (found,) = broken(known, "help-is-never-missing")
    assert found.case.situation.answers == {}


@pytest.mark.parametrize(("route", "fact"), [("RT-STOPNCII", "under18_look"), ("RT-RPH", "under18_look"), ("RT-PLATFORM48", "under18_real")])  # fmt: skip
def test_a_route_of_adults_that_is_open_to_a_child_is_found(route, fact):
    bars = tuple(b for b in FEW.routes[route].bars if fact not in {leaf.fact for leaf in rules.leaves(b.when)})
    (found,) = broken(without(FEW, route, bars=bars), "no-route-of-adults-for-a-child")
    assert found.what == f"{route} is open"
    settled = rules.settle(found.case.situation, FEW.settles)
    assert "yes" in (settled.get("intimate"), settled.get("indecent"))


@pytest.mark.parametrize(
    "asks", ["Send us the picture.", "Tell them. Then upload the video.", "You may show it to them."]
)
def test_words_that_ask_a_child_for_the_picture_are_found(asks):
    (found,) = broken(without(FEW, "RT-CEOP", what=asks), "nothing-asks-a-child-for-the-picture")
    assert "RT-CEOP says" in found.what
    assert broken(without(FEW, "RT-CEOP", what="Never send it."), "nothing-asks-a-child-for-the-picture") == ()


def test_a_door_that_asks_for_the_picture_is_found():
    doors = (replace(FEW.doors[0], do=("Save the picture.",)), *FEW.doors[1:])
    assert broken(replace(FEW, doors=doors), "nothing-asks-a-child-for-the-picture")


def test_a_law_before_its_day_is_found(monkeypatch):
    monkeypatch.setattr(triage, "choose", lambda law, situation, on: (law.versions[-1], False))
    found = [one for one in broken(FEW, "no-law-before-its-day") if one.what.startswith("EW-66B1")]
    assert any("done before 2024-01-31" in one.what for one in found)
    assert all(triage.triage(one.case.situation, FEW, one.case.on).findings for one in found)


def test_a_law_that_nobody_can_reach_is_found():
    law = FEW.laws["EW-66B1"]
    never = replace(law.versions[0].elements[0], rule=All((Is("shared", ("yes",)), Not(Is("shared", ("yes",))))))
    version = replace(law.versions[0], elements=(never, *law.versions[0].elements[1:]))
    known = replace(FEW, laws={**FEW.laws, law.id: replace(law, versions=(version,))})
    assert [one.what for one in broken(known, "every-law-can-be-reached")] == ["EW-66B1: no answer makes it may_apply"]


def test_an_offer_that_stands_behind_another_is_found():
    first = FEW.routes["RT-7726"].offers[0]
    known = without(FEW, "RT-7726", offers=(first, replace(first, rank=50)))
    assert [one.what for one in broken(known, "every-offer-can-come")] == ["RT-7726: offer 2 never decides"]


def test_a_question_that_changes_nothing_is_found():
    idle = Fact("weather", "yes_no", "Was it raining?", ("yes", "no"), {}, {"yes": "It rained.", "no": "It was dry."})
    found = broken(replace(KNOWN, facts={**KNOWN.facts, "weather": idle}), "every-question-can-matter")
    assert [one.what for one in found] == ["weather is asked, and no answer to it changes anything"]


def test_form_logic_that_contradicts_itself_is_found():
    both = (Settle(Is("shared", ("yes",)), "online", "yes"), Settle(Is("intimate", ("yes",)), "online", "no"))
    found = broken(replace(FEW, settles=(*FEW.settles, *both)), "form-logic-never-contradicts")
    assert any("online is settled both as yes and as no" in one.what for one in found)


def test_form_logic_that_needs_a_second_reading_is_found():
    late = (Settle(Is("online", ("yes",)), "public_audience", "yes"), Settle(Is("terror", ("yes",)), "online", "yes"))
    found = broken(replace(FEW, settles=(*FEW.settles, *late)), "form-logic-never-contradicts")
    assert "public_audience needs a second reading" in [one.what for one in found]


# ---------------------------------------------------------------- the command


def test_the_command_says_what_is_proved(capsys):
    assert cli.main(["packs", "prove", "danger-comes-first", "help-is-never-missing"]) == 0
    assert capsys.readouterr().out.count("proved  ") == 2


def test_the_command_prints_the_answers_that_break_it(tmp_path, capsys):
    import shutil

    for folder in ("packs", "contacts"):
        shutil.copytree(str(packs.ROOT / folder), tmp_path / folder)
    route = tmp_path / "packs/routes/RT-999.toml"
    route.write_text(
        route.read_text("utf-8").replace('fact = "threat_kill", is = ["yes"]', 'fact = "threat_kill", is = ["no"]')
    )
    assert cli.main(["packs", "prove", "danger-comes-first", "--folder", str(tmp_path)]) == 1
    assert (
        'threat_kill = "' in (out := capsys.readouterr().out) or 'threat_violence = "no"' in out
    )  # no harm, no killing
    assert cli.main(["packs", "prove", "danger-comes-first", "--folder", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["proved"] is False
    assert set(document["obligations"][0]) == {"id", "says", "proved", "broken"}
    assert list(document["obligations"][0]["broken"][0]["given"]) in (["threat_kill"], ["threat_violence"])


def test_an_obligation_that_is_not_there_gets_one_sentence(capsys):
    assert cli.main(["packs", "prove", "world-peace"]) == 2
    assert "there is no obligation world-peace" in capsys.readouterr().err


def test_without_z3_it_says_how_to_get_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "z3", None)
    for name in ("every_answer", "prove"):
        monkeypatch.delitem(sys.modules, f"takeback.{name}")
        monkeypatch.delattr(f"takeback.{name}")
    assert cli.main(["packs", "prove"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "takeback: a proof needs z3, and it is not installed",
        "hint: pip install 'takeback[dev]' brings it, or pip install z3-solver",
    ]


def test_the_days_that_are_tried_lie_around_every_limit():
    days = every_answer.days(KNOWN)
    for law in KNOWN.laws.values():
        for version in law.versions:
            if version.start and version.start > KNOWN.covered_from:
                assert {version.start, version.start - timedelta(days=1)} <= set(days)
