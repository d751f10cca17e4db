"""Choice: the notices that fit come first, each with its reason, and the others say why they do not."""

from __future__ import annotations

from datetime import date

import pytest

from takeback import handover, notices, packs
from takeback.handover import Matter
from takeback.terms import Address, Given, Situation

PACKS = packs.load()
ON = date(2026, 11, 24)
HERE = "https://clips.example/1"
ADULT = {
    "role": "depicted", "media": ("image",), "intimate": "yes", "consent_share": "no", "under18_real": "no",
    "under18_look": "no", "victim_age_band": "18plus", "shared": "yes", "online": "yes",
}  # fmt: skip
UK = {**ADULT, "victim_nation": "england-wales", "lives_in": "uk"}


def choose(answers: dict, url: str = HERE, on: date = ON) -> dict[str, notices.Choice]:
    return {one.law: one for one in notices.choose(Given(Situation(answers)), PACKS, [url], on)}


def fitting(answers: dict, url: str = HERE, on: date = ON) -> list[str]:
    return [law for law, choice in choose(answers, url, on).items() if choice.fits]


@pytest.mark.parametrize(
    ("answers", "url", "first"),
    [
        (UK, HERE, ["uk-intimate-48h", "platform-report", "us-take-it-down"]),
        (UK, "https://x.com/someone/status/1", ["uk-intimate-48h", "us-take-it-down", "platform-report"]),
        ({**ADULT, "lives_in": "us"}, HERE, ["us-take-it-down", "platform-report"]),
        ({**ADULT, "lives_in": "eu"}, HERE, ["eu-dsa-16", "platform-report", "us-take-it-down"]),
        ({**ADULT, "lives_in": "australia"}, HERE, ["esafety", "platform-report", "us-take-it-down"]),
        (UK, "https://www.google.com/search?q=me", ["uk-intimate-48h", "search-delisting", "platform-report"]),
        ({**UK, "impersonated": "yes"}, HERE, ["uk-intimate-48h", "impersonation", "platform-report", "us-take-it-down"]),
        (
            {**UK, "media": ("audio",), "intimate": "no", "source_kind": "computer-made"},
            HERE,
            ["platform-report", "uk-gdpr-17"],
        ),
        ({"role": "deceived", "dishonest_gain": "yes"}, HERE, ["platform-report"]),
        ({}, HERE, ["platform-report"]),
    ],
)  # fmt: skip
def test_what_fits_comes_first(answers: dict, url: str, first: list[str]) -> None:
    assert fitting(answers, url) == first


YOUNG = [
    {"victim_age_band": "13-15", "under18_real": "yes"},
    {"under18_look": "yes"},
    {"victim_age_band": "16-17"},
]


@pytest.mark.parametrize("young", YOUNG)
@pytest.mark.parametrize("place", [{"lives_in": "uk"}, {"lives_in": "us"}, {"victim_nation": "scotland"}])
def test_a_child_is_led_to_no_adult_notice_and_promised_no_hours(young: dict, place: dict) -> None:
    chosen = choose({**ADULT, **young, **place})
    for law in ("uk-intimate-48h", "us-take-it-down", "us-dmca-512", "report-harmful-content"):
        assert not chosen[law].fits
    assert "Report Remove" in chosen["uk-intimate-48h"].because
    assert not any("48" in one.because and "do not promise" not in one.because for one in chosen.values() if one.fits)


def test_an_age_that_nobody_knows_is_asked_and_not_guessed() -> None:
    unknown = {name: value for name, value in UK.items() if name != "under18_look"}
    assert "uk-intimate-48h" not in fitting(unknown)


def test_every_choice_says_why() -> None:
    for answers in (UK, {}, {**ADULT, "lives_in": "eu"}):
        chosen = choose(answers)
        assert set(chosen) == set(PACKS.notices)
        for one in chosen.values():
            assert one.because.endswith(".")
            assert "!" not in one.because


# ---------------------------------------------------------------- later


def later(answer: str, days: str, sent: str = "own-form") -> dict:
    return {**UK, "site_answer": answer, "reported_on": days, "sent_what": (sent,)}


def test_nobody_who_has_told_no_site_is_shown_an_escalation() -> None:
    later_ones = {"platform-appeal", "report-harmful-content", "ofcom", "ftc", "data-protection-authority"}
    assert not later_ones & set(fitting(UK))


def test_a_person_in_the_uk_is_not_shown_the_united_states_first() -> None:
    found = fitting(later("no-answer", "2026-11-01", "us-take-it-down"))
    assert found.index("report-harmful-content") < found.index("ofcom") < found.index("ftc")
    assert "ftc" not in fitting(later("no-answer", "2026-11-01"))


@pytest.mark.parametrize(("day", "there"), [("2026-11-17", True), ("2026-11-18", False), ("2026-11", False)])
def test_a_week_is_seven_whole_days(day: str, *, there: bool) -> None:
    assert ("report-harmful-content" in fitting(later("no-answer", day))) is there


def test_a_refusal_opens_the_way_at_once_and_a_removal_closes_it() -> None:
    assert {"platform-appeal", "report-harmful-content", "ofcom"} <= set(fitting(later("refused", "2026-11-23")))
    assert not {"platform-appeal", "report-harmful-content", "ofcom"} & set(fitting(later("removed", "2026-11-23")))


def test_a_day_that_has_not_come_is_no_time_waited() -> None:
    assert "report-harmful-content" not in fitting(later("no-answer", "2026-12-24"))


def test_before_a_law_began_it_does_not_fit() -> None:
    chosen = choose(UK, on=date(2026, 6, 28))
    assert not chosen["uk-intimate-48h"].fits
    assert "29 June 2026" in chosen["uk-intimate-48h"].because


# ---------------------------------------------------------------- questions that would change it


def test_one_question_that_would_make_it_fit_is_asked() -> None:
    chosen = choose({**UK, "source_kind": "real-edited"})
    assert chosen["us-dmca-512"].asks == ("owns_photo",)
    assert chosen["impersonation"].asks == ("impersonated",)
    assert choose({**UK, "source_kind": "computer-made"})["us-dmca-512"].asks == ()
    assert choose(UK)["ofcom"].asks == ()


# ---------------------------------------------------------------- in a case


def offered(answers: dict) -> list[handover.Offered]:
    return handover.offered(Matter("case", ON, Given(Situation(answers)), (Address("1", HERE),), (), ()))


def test_the_page_gets_what_fits_first_and_the_rest_with_its_reason() -> None:
    found = offered(UK)
    fits = [one.letter for one in found if one.fits]
    assert fits == ["police-account", "uk-intimate-48h", "platform-report", "us-take-it-down", "plan"]
    assert [one.letter for one in found][: len(fits)] == fits
    assert len(fits) <= 6
    assert {one.letter for one in found} == {"police-account", "plan", *PACKS.notices}
    assert all(one.because for one in found if one.is_notice)


def test_questions_are_asked_for_what_fits_and_not_for_all_the_rest() -> None:
    asked = {fact for one in offered({**UK, "role": "helping-adult"}) for fact in one.asks}
    assert "agreement" in asked
    assert not asked & {"site_answer", "sent_what", "reported_on", "paid"}
    assert all(PACKS.facts[fact].asked for fact in asked)
