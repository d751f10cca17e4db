"""Whole stories: what the law makes of each, and how urgent it is."""

import tomllib
from pathlib import Path

import pytest

from takeback import packs, triage
from takeback.packs import answer
from takeback.terms import Situation

PACKS = packs.load()
ON = max(law.checked for law in PACKS.laws.values())
STORIES = tomllib.loads((Path(__file__).parent / "vectors" / "vignettes.toml").read_text("utf-8"))["vignette"]


def _told():
    """Each story, and each small change of it, as (given, expect)."""
    for story in STORIES:
        yield pytest.param(story["given"], story["expect"], id=story["id"])
        for also in story.get("also", []):
            yield pytest.param(also["given"], also["expect"], id=f"{story['id']}: {also['label']}")


TOLD = list(_told())


def planned(given):
    """The plan of a story, and its findings by law."""
    plan = triage.triage(Situation({fact: answer(value) for fact, value in given.items()}), PACKS, ON)
    return plan, {finding.law: finding for finding in plan.findings}


@pytest.mark.parametrize(("given", "expect"), TOLD)
def test_what_surely_fits_may_apply(given, expect):
    _, findings = planned(given)
    weaker = {
        law: findings[law].because for law in expect.get("may_apply_strong", []) if findings[law].status != "may_apply"
    }
    assert not weaker


@pytest.mark.parametrize(("given", "expect"), TOLD)
def test_what_may_fit_is_not_unlikely(given, expect):
    _, findings = planned(given)
    lost = {
        law: findings[law].because for law in expect.get("may_apply_possible", []) if findings[law].status == "unlikely"
    }
    assert not lost


@pytest.mark.parametrize(("given", "expect"), TOLD)
def test_what_does_not_fit_is_unlikely_for_the_right_reason(given, expect):
    _, findings = planned(given)
    for law in expect.get("must_not", []):
        assert findings[law].status == "unlikely", law
    for law, because in expect.get("must_not_because", {}).items():
        assert findings[law].because[0] in reasons(law, because), (law, because)


@pytest.mark.parametrize(("given", "expect"), TOLD)
def test_danger_is_told(given, expect):
    plan, _ = planned(given)
    assert plan.danger == expect.get("danger", plan.danger)


@pytest.mark.parametrize(("given", "expect"), TOLD)
def test_every_law_is_weighed_and_says_why(given, expect):
    plan, _ = planned(given)
    assert [finding.law for finding in plan.findings] == list(PACKS.laws)
    for finding in plan.findings:
        assert finding.because
        assert not any(word in " ".join(finding.because).lower() for word in ("no crime", "too late", "not a crime"))


def reasons(law, because):
    """The sentences that a part, an exception or the date of a law stands for."""
    version = PACKS.laws[law].versions[-1]
    if because.startswith("unless:"):
        return {one.why for one in version.unless if one.id == because.removeprefix("unless:")}
    sentences = {one.why_not for one in version.elements if one.part == because}
    return sentences | ({version.why_not_date} if because == "date" else set())
