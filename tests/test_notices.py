"""Notices: complete, or every missing element named; and nothing in them that the person did not tell us."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from answers import situations
from hypothesis import given, settings
from hypothesis.strategies import text

from takeback import derived, documents, notice_pack, notices, packs
from takeback.errors import BadInput, NoticeIncomplete
from takeback.pack_terms import Contact, NoticeExample, Report
from takeback.places import read
from takeback.table import Table
from takeback.terms import Account, Given, Notice, Situation

PACKS = packs.load()
ON = date(2026, 11, 24)
US = "us-take-it-down"
UK = "uk-intimate-48h"
EXAMPLES = [pytest.param(slug, e, id=f"{slug}: {e.name}") for slug, p in PACKS.notices.items() for e in p.examples]

ADULT = {
    "role": "depicted",
    "media": ("image",),
    "intimate": "yes",
    "consent_share": "no",
    "under18_real": "no",
    "under18_look": "no",
}
FIELDS = {"signature": "Sam Example", "contact": "sam@example.org"}
PLACES = ["https://example.com/p/1"]
STORY = Account(words="My flatmate rang me at work.", accused="I think it was Alex Accused.", impact="I can't sleep.")


def draft(law: str = US, answers: dict | None = None, fields: dict | None = None, places: list | None = None) -> Notice:
    given = Given(Situation(ADULT | (answers or {})), STORY)
    return notices.draft(law, given, PACKS, ON, FIELDS if fields is None else fields, places or PLACES)


def missing(*args: object, **kwargs: object) -> dict[str, str]:
    with pytest.raises(NoticeIncomplete) as refused:
        draft(*args, **kwargs)
    return {one.element: one.ask for one in refused.value.missing}


# ---------------------------------------------------------------- each law's own examples


@pytest.mark.parametrize(("law", "example"), EXAMPLES)
def test_a_notice_is_complete_or_names_what_it_lacks(law: str, example: NoticeExample) -> None:
    given = Given(Situation(example.given))
    if example.missing:
        with pytest.raises(NoticeIncomplete) as refused:
            notices.draft(law, given, PACKS, example.on, example.fields, example.places)
        assert tuple(one.element for one in refused.value.missing) == example.missing
        assert all(one.ask and one.cite for one in refused.value.missing)
        return
    notice = notices.draft(law, given, PACKS, example.on, example.fields, example.places)
    assert all(place in notice.text for place in example.places)
    assert all(value in notice.text for value in example.fields.values())


@pytest.mark.parametrize("law", sorted(PACKS.notices))
def test_every_element_of_the_law_has_a_refusal_of_its_own(law: str) -> None:
    pack = PACKS.notices[law]
    parts = {element.part for version in pack.versions for element in version.elements}
    assert parts <= {part for example in pack.examples for part in example.missing}


def test_a_pack_without_a_refusal_for_each_element_is_a_problem() -> None:
    pack = PACKS.notices[US]
    fewer = replace(pack, examples=tuple(e for e in pack.examples if "contact" not in e.missing))
    assert list(notice_pack.problems(fewer)) == ["no example leaves out 'contact'"]


def test_a_pack_that_asks_for_a_field_it_does_not_have_is_a_problem() -> None:
    problems: list[str] = []
    version = {"element": [{"part": "x", "fields": ["no_such"], "ask": "?", "cite": "c"}]}
    notice_pack.notice(Table("x.toml", {"version": [version]}, problems))
    assert any("there is no field 'no_such'" in problem for problem in problems)


def test_the_four_elements_of_the_us_notice_are_cited_one_by_one() -> None:
    cites = {element.cite for element in PACKS.notices[US].versions[0].elements}
    assert cites == {f"47 U.S.C. 223a(a)(1)(B)({roman})" for roman in ("i", "ii", "iii", "iv")}


def test_the_uk_report_makes_each_of_its_statements() -> None:
    cites = {element.cite for element in PACKS.notices[UK].versions[0].elements}
    assert cites == {f"Online Safety Act 2023 s.20A(2)({letter})" for letter in "abcde"}
    text = draft(UK).text
    for said in ("is intimate image content", "subject of the content", "in good faith", PLACES[0], "sam@example.org"):
        assert said in text


# ---------------------------------------------------------------- what is asked, and what is refused


def test_an_answer_that_speaks_against_it_is_asked_about_and_not_overruled() -> None:
    assert "You said that the person shown agreed" in missing(US, {"consent_share": "yes"})["good faith"]
    assert "only for pictures and videos" in missing(US, {"media": ("audio",)})["depiction"]


def test_silence_is_not_no() -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        notices.draft(US, Given(Situation({}, frozenset({"consent_share"}))), PACKS, ON, FIELDS, PLACES)
    assert "Did the person shown say yes" in refused.value.say()


def test_a_blank_field_is_no_field() -> None:
    assert set(missing(US, fields={"signature": "  ", "contact": "\n"})) == {"signature", "contact"}


def test_signature_and_contact_may_come_from_the_account() -> None:
    given = Given(Situation(ADULT), Account(signature="Sam Example", contact="sam@example.org"))
    assert "Sam Example" in notices.draft(US, given, PACKS, ON, {}, PLACES).text


def test_a_field_wins_over_the_account() -> None:
    given = Given(Situation(ADULT), Account(signature="Old Name", contact="sam@example.org"))
    text = notices.draft(US, given, PACKS, ON, {"signature": "New Name"}, PLACES).text
    assert "New Name" in text
    assert "Old Name" not in text


def test_an_unknown_field_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no field 'name'") as refused:
        draft(fields={**FIELDS, "name": "x"})
    assert refused.value.hint == "it has signature, contact, authority, information"


@pytest.mark.parametrize("name", ["places", "day", "sites", "without", "what", "words", "accused"])
def test_no_field_reaches_what_is_ours(name: str) -> None:
    with pytest.raises(BadInput):
        draft(fields={**FIELDS, name: "x"})


def test_an_unknown_law_is_answered_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="no notice called 'uk-magic'") as refused:
        draft("uk-magic")
    assert all(law in refused.value.hint for law in notices.laws(PACKS))


# ---------------------------------------------------------------- nothing more than they told us


def complete(law: str, example: NoticeExample, answers: dict | None = None, fields: dict | None = None) -> Notice:
    """A complete example again, with other answers or fields."""
    given = Given(Situation({**example.given, **(answers or {})}), STORY)
    return notices.draft(law, given, PACKS, example.on, {**example.fields, **(fields or {})}, example.places)


COMPLETE = [one for one in EXAMPLES if not one.values[1].missing]


@pytest.mark.parametrize(("law", "example"), COMPLETE)
def test_their_story_and_whom_they_suspect_never_leave_for_a_site(law: str, example: NoticeExample) -> None:
    text = complete(law, example).text
    for private in ("flatmate", "Alex", "sleep"):
        assert private not in text


def test_a_report_asserts_nothing_that_was_not_said() -> None:
    report = notices.platform_report(Given(Situation({})), PACKS, ON, {}, PLACES)
    for claim in ("agree", "computer", "naked", "under 18", "It shows me", "trick"):
        assert claim not in report.text


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"consent_share": "no"}, "shared without the agreement"),
        ({"consent_create": "no"}, "made without the agreement"),
        ({"source_kind": "computer-made"}, "made by a computer"),
        ({"role": "depicted"}, "It shows me"),
        ({"media": ("image", "video", "audio")}, "I am reporting this: a picture, a video and a voice or sound."),
        ({"dishonest_gain": "yes"}, "by a trick"),
    ],
)
def test_a_report_says_what_was_said(answers: dict, said: str) -> None:
    assert said in notices.platform_report(Given(Situation(answers)), PACKS, ON, {}, PLACES).text
    opposite = {name: "yes" if value == "no" else "no" for name, value in answers.items() if value in ("yes", "no")}
    assert said not in notices.platform_report(Given(Situation(opposite)), PACKS, ON, {}, PLACES).text


FREE = ("information", "reasons", "sent", "answer", "work", "searched")
"""Fields in which a person may write what they like."""

YOUNG = [
    {"under18_real": "yes"},
    {"under18_real": "no", "under18_look": "yes"},
    {"under18_real": "no", "under18_look": "no", "victim_age_band": "13-15"},  # two answers that differ
    {"under18_real": "no"},  # nobody said how old they look
]


def as_if_young(law: str, example: NoticeExample, age: dict) -> Notice | None:
    """A complete example with someone in it who is, or may be, under 18; None where the notice is refused for it."""
    told = {name: value for name, value in example.given.items() if not name.startswith("under18")}
    free = {name: "It shows me undressed" for name in PACKS.notices[law].fields if name in FREE}
    given = Given(Situation({**told, "intimate": "yes", "indecent": "yes", "role": "parent", **age}))
    try:
        return notices.draft(law, given, PACKS, example.on, {**example.fields, **free}, example.places)
    except NoticeIncomplete:
        return None


@pytest.mark.parametrize("age", YOUNG)
@pytest.mark.parametrize(("law", "example"), COMPLETE)
def test_nothing_says_what_a_picture_of_a_child_shows(law: str, example: NoticeExample, age: dict) -> None:
    notice = as_if_young(law, example, age)
    if notice is not None:
        for claim in ("intimate", "naked", "sexual", "undressed", "indecent", "StopNCII"):
            assert claim not in notice.text  # the title of the UK report begins with a capital
        assert "48" not in notice.text


@pytest.mark.parametrize("law", [US, UK, "eu-dsa-16", "search-delisting", "esafety", "platform-report"])
def test_a_child_can_have_a_notice_all_the_same(law: str) -> None:
    examples = [one for one in PACKS.notices[law].examples if not one.missing]
    assert any(as_if_young(law, example, {"under18_real": "yes"}) for example in examples)


@pytest.mark.parametrize("law", [US, UK])
def test_only_a_known_adult_is_promised_48_hours(law: str) -> None:
    assert "48" in draft(law).text
    unknown_age = Given(Situation({k: v for k, v in ADULT.items() if not k.startswith("under18")}))
    assert "48" not in notices.draft(law, unknown_age, PACKS, ON, FIELDS, PLACES).text


@pytest.mark.parametrize("law", [US, UK])
@pytest.mark.parametrize(
    "answers",
    [
        {"under18_real": "no", "victim_age_band": "16-17"},
        {"intimate": "no", "indecent": "yes"},
        {"role": "witness", "agreement": "no"},
        {"role": "parent", "agreement": "no", "under18_real": "yes"},
        {"role": "parent", "under18_real": "no"},
        {"shared": "no"},
        {"online": "no"},
        {"shown_only_to_victim": "yes"},
        {"consent_share": "yes"},
        {"real_person": "no"},
        {"person_alive": "no"},
        {"ordinary_public": "yes"},
        {"photoreal": "no"},
        {"media": ("audio", "text")},
    ],
)
def test_answers_that_speak_against_it_refuse_it(law: str, answers: dict) -> None:
    fields = {**FIELDS, "authority": "They asked me."}
    assert missing(law, {"real_person": "yes", **answers}, fields)


def test_someone_who_did_not_say_who_they_are_sends_no_notice() -> None:
    told = {name: value for name, value in ADULT.items() if name != "role"} | {"agreement": "yes", "real_person": "yes"}
    for law in (US, UK):
        with pytest.raises(NoticeIncomplete):
            notices.draft(law, Given(Situation(told)), PACKS, ON, FIELDS, PLACES)


def test_a_parent_need_not_say_more_and_does_not_speak_as_the_child() -> None:
    text = draft(UK, {"role": "parent", "under18_real": "yes"}).text
    assert "on behalf of the subject of the content: their parent" in text
    assert "I did not agree" not in text


def test_someone_who_acts_for_them_does_not_speak_as_them() -> None:
    answers = {"role": "helping-adult", "agreement": "yes", "real_person": "yes"}
    text = draft(US, answers, {**FIELDS, "authority": "They asked me in writing."}).text
    assert "I am the person shown" not in text
    assert "I act for the person shown, and I am authorised to do so. They asked me in writing." in text
    assert "The person shown has a good faith belief" in text


def test_what_is_left_out_is_said() -> None:
    notice = draft(fields={**FIELDS, "authority": "not needed"})
    assert "not needed" not in notice.text
    assert any("authority is left out" in warning for warning in notice.warnings)


def test_warnings_are_for_the_person_and_not_in_the_notice() -> None:
    notice = draft()
    for word in ("legal name", "home address"):
        assert any(word in warning for warning in notice.warnings)
        assert word not in notice.text


def test_braces_in_a_field_are_only_braces() -> None:
    assert "{contact} {signature}" in draft(fields={**FIELDS, "signature": "{contact} {signature}"}).text


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("place", ["javascript:alert(1)", "https://a.example@b.example/", "https://example.com/\0"])
def test_a_notice_with_a_hostile_address_is_refused_for_it_alone(place: str) -> None:
    asked = missing(places=[*PLACES, place])
    assert set(asked) == {"location"}
    assert "This can't stand in a report" in asked["location"]


@given(text())
def test_any_text_as_a_place_is_said_word_for_word_or_refused(place: str) -> None:
    if read(place, PACKS.contacts).wrong:
        assert set(missing(places=[place])) == {"location"}
        return
    notice = draft(places=[place])
    assert documents.printable(place.strip()) in notice.text


def test_one_notice_may_name_many_places_each_once() -> None:
    notice = draft(places=[*PLACES, "https://example.com/p/2", *PLACES])
    assert notice.text.count("https://example.com/p/1\n") == 1
    assert "https://example.com/p/2" in notice.text
    assert not any("more than one site" in warning for warning in notice.warnings)


def test_two_addresses_of_one_site_are_one_notice() -> None:
    notice = draft(places=["https://i.redd.it/abc.jpg", "https://old.reddit.com/r/pics/comments/1abcde/x/"])
    assert not any("more than one site" in warning for warning in notice.warnings)


def test_a_look_alike_and_a_sites_own_danger_are_said_beside_the_notice() -> None:
    notice = draft(places=["https://instagram.com.evil.example/p/1", "https://vimeo.com/76979871"])
    assert any("looks like Instagram" in warning for warning in notice.warnings)
    assert any("shows a privacy claim to the person who put the video up" in warning for warning in notice.warnings)
    assert "looks like" not in notice.text


def test_each_site_needs_a_notice_of_its_own() -> None:
    notice = draft(places=[*PLACES, "https://other.example/p/2"])
    assert any("more than one site" in warning for warning in notice.warnings)


# ---------------------------------------------------------------- where it goes


def with_platform(law: str | None = US, grade: str = "own-page", ended: date | None = None) -> packs.Packs:
    report = Report(("intimate",), "https://clipshare.example/tida", "", "no", "PT48H", law, grade)
    empty = dict.fromkeys(Contact.__dataclass_fields__, "")
    platform = {
        "id": "clipshare", "domains": ("clipshare.example",), "reports": (report,), "checked": ON, "ended": ended,
        "ways": (), "nations": (), "patterns": (), "sources": (),
    }  # fmt: skip
    return replace(PACKS, contacts={**PACKS.contacts, "clipshare": Contact(**(empty | platform))})


def to(known: packs.Packs, *places: str) -> str | None:
    return notices.draft(US, Given(Situation(ADULT)), known, ON, FIELDS, places).to


def test_it_goes_to_the_form_of_the_platform_that_it_is_on() -> None:
    form = "https://clipshare.example/tida"
    assert to(with_platform(), "https://clipshare.example/1", "https://www.clipshare.example/2") == form
    assert to(with_platform(), "https://eu.clipshare.example/1") == form


def test_it_goes_nowhere_that_was_not_checked() -> None:
    here = "https://clipshare.example/1"
    assert to(with_platform(grade="secondary"), here) is None
    assert to(with_platform(law=None), here) is None
    assert to(with_platform(ended=ON), here) is None
    assert to(with_platform(), "https://notclipshare.example/1") is None
    assert to(with_platform(), "https://clipshare.example.evil.example/1") is None
    assert to(with_platform(), here, "https://other.example/1") is None
    assert to(with_platform(), "in the app") is None


@pytest.mark.parametrize(
    ("law", "answers", "url", "form"),
    [
        ("platform-report", {}, "https://www.tiktok.com/@a.b/video/1", "report-sexual-abuse"),
        ("platform-report", {}, "https://x.com/a/status/1", "personal-information"),
        (
            "platform-report",
            {"intimate": "no", "dishonest_gain": "yes"},
            "https://discord.gg/abc",
            "discord.com/report",
        ),
        (UK, {}, "https://www.tiktok.com/@a.b/video/1", "report-sexual-abuse"),
        (UK, {"under18_real": "yes"}, "https://www.pinterest.com/pin/1/", "combating-online-child-exploitation"),
        (UK, {}, "https://www.reddit.com/r/a/comments/b/", None),
        ("impersonation", {"impersonated": "yes"}, "https://www.pinterest.com/some-one/", "harassment"),
        (US, {}, "https://x.com/a/status/1", "take-it-down"),
        (US, {}, "https://www.tiktok.com/@a.b/video/1", None),
    ],
)
def test_it_goes_where_the_site_takes_that_kind_of_report(law: str, answers: dict, url: str, form: str | None) -> None:
    to = draft(law, answers, places=[url], fields={} if law == "platform-report" else FIELDS).to
    assert to is None if form is None else form in str(to)


# ---------------------------------------------------------------- JSON


def test_a_complete_notice_as_json() -> None:
    notice = draft()
    found = notices.as_json(US, notice)
    assert found == {
        "law": US, "complete": True, "missing": [], "text": notice.text, "to": None, "warnings": list(notice.warnings),
    }  # fmt: skip


def test_a_refused_notice_as_json() -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        draft(fields={"signature": "Sam Example"})
    found = notices.as_json(US, refused.value)
    assert (found["complete"], found["text"], found["to"]) == (False, None, None)
    assert [set(one) for one in found["missing"]] == [{"element", "ask", "cite"}]
    assert found["missing"][0]["cite"] == "47 U.S.C. 223a(a)(1)(B)(iv)"


# ---------------------------------------------------------------- any answers at all


@settings(max_examples=150, deadline=None)
@given(situations(PACKS.facts.values()))
def test_no_answers_make_a_notice_say_more_than_they_did(told: Situation) -> None:
    child = derived.adults_only(told) is False
    delicate = told.get("intimate") == "yes" or told.get("indecent") == "yes"
    for law, pack in PACKS.notices.items():
        fields = {name: "me@example.org" if name == "email" else f"<{name}>" for name in pack.fields}
        try:
            text = notices.draft(law, Given(told), PACKS, ON, fields, PLACES).text
        except NoticeIncomplete:
            continue
        shown = {name for name in FREE if f"<{name}>" in text}
        assert not (child and delicate and shown and told.get("intimate") != "no"), law
        assert not (child and any(word in text for word in ("naked", "sexual", "intimate visual", "48"))), law
        assert told.get("role") == "depicted" or not any(said in text for said in ("I am the person", "shows me,")), law
        assert told.get("role") == "parent" or "my child" not in text, law
        assert told.get("agreement") == "yes" or "<authority>" not in text, law
        assert told.get("consent_share") == "no" or "shared without the agreement" not in text, law
        assert told.get("site_answer") in ("no-answer", "other") or "It is still there." not in text, law
