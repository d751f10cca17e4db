"""The child rule: in every combination of answers, and no way around it by construction."""

import dataclasses
import itertools
from datetime import UTC, datetime

import pytest

from takeback import errors, permit
from takeback.terms import Situation

VALUES = ("yes", "no", None)
ADULT = {"intimate": "yes", "under18_real": "no", "under18_look": "no", "role": "depicted"}


def situation(**answers):
    return Situation({fact: value for fact, value in answers.items() if value is not None})


def exhibit(**changes):
    fields = {
        "ref": "AB/1",
        "blob": "b" * 32,
        "sha256": "0" * 64,
        "sha512": "0" * 128,
        "size": 3,
        "received_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
        "origin": "sent to me",
        "original_name": "me.jpg",
        "kind": "jpeg",
        "permit": permit.ask(situation(**ADULT)),
    }
    return permit.Exhibit(**{**fields, **changes})


@pytest.mark.parametrize(("intimate", "indecent", "real", "look"), list(itertools.product(VALUES, repeat=4)))
def test_it_takes_a_file_only_by_the_child_rule(intimate, indecent, real, look):
    allowed = (intimate == "no" and indecent != "yes") or (real == "no" and look == "no")
    asked = situation(intimate=intimate, indecent=indecent, under18_real=real, under18_look=look)
    if allowed:
        assert permit.ask(asked).ground in permit.GROUNDS
        return
    with pytest.raises(errors.Refused) as refused:
        permit.ask(asked)
    assert refused.value.exit_code == 3
    assert "under 18" in refused.value.say()
    assert refused.value.hint


def test_silence_about_age_is_not_adult():
    with pytest.raises(errors.Refused):
        permit.ask(situation(intimate="yes"))
    with pytest.raises(errors.Refused):
        permit.ask(Situation({"intimate": "yes", "under18_look": "no"}, unsure=frozenset({"under18_real"})))


def test_nothing_answered_takes_nothing():
    with pytest.raises(errors.Refused):
        permit.ask(Situation())


def test_a_childs_face_in_a_plain_picture_is_taken():
    assert permit.ask(situation(intimate="no", under18_real="yes")).ground == "not-intimate"


@pytest.mark.parametrize("fact", ["terror", "terror_useful", "terror_copy", "extreme_content"])
def test_it_refuses_terrorist_and_extreme_material(fact):
    with pytest.raises(errors.Refused):
        permit.ask(situation(**ADULT, **{fact: "yes"}))
    assert permit.ask(situation(**ADULT, **{fact: "no"})).ground == "adults-only"


@pytest.mark.parametrize("role", permit.HELPERS)
def test_a_helper_needs_the_depicted_adults_agreement(role):
    helper = {**ADULT, "role": role}
    for agreement in ("no", None):
        with pytest.raises(errors.Refused):
            permit.ask(situation(**helper, agreement=agreement))
    assert permit.ask(situation(**helper, agreement="yes")).ground == "adults-only"
    assert permit.ask(situation(intimate="no", role=role)).ground == "not-intimate"


def test_agreement_never_lifts_the_child_rule():
    refused = permit.refusal({"role": "parent", "intimate": "yes", "under18_real": "yes", "agreement": "yes"})
    assert refused is not None
    assert refused.because == "child"


def test_a_permit_cannot_be_made_by_hand_for_a_child():
    with pytest.raises(errors.Refused):
        permit.Permit((("intimate", "yes"), ("under18_real", "yes")))
    with pytest.raises(errors.Refused):
        permit.Permit(())


def test_a_permit_cannot_be_changed_into_one_for_a_child():
    given = permit.ask(situation(**ADULT))
    with pytest.raises(errors.Refused):
        dataclasses.replace(given, answers=(("intimate", "yes"),))
    with pytest.raises(dataclasses.FrozenInstanceError):
        given.answers = ()


def test_a_permit_does_not_follow_a_change_of_the_answers_it_was_given():
    answers = dict(ADULT)
    given = permit.ask(Situation(answers))
    answers["under18_real"] = "yes"
    assert given.ground == "adults-only"
    assert dict(given.answers)["under18_real"] == "no"


@pytest.mark.parametrize("not_a_permit", [None, "adults-only", object()])
def test_an_exhibit_cannot_exist_without_a_permit(not_a_permit):
    with pytest.raises(errors.Refused):
        exhibit(permit=not_a_permit)


def test_an_exhibit_survives_being_written_down():
    assert permit.exhibit(exhibit().data()) == exhibit()


def test_an_exhibit_written_for_a_child_cannot_be_read_back():
    data = exhibit().data()
    data["permit"] = {**ADULT, "under18_look": "yes"}
    with pytest.raises(errors.Refused):
        permit.exhibit(data)


@pytest.mark.parametrize("data", [{}, {"ref": "AB/1"}, {**exhibit().data(), "received_at": "tomorrow"}])
def test_a_broken_exhibit_is_one_sentence(data):
    with pytest.raises(errors.BadInput):
        permit.exhibit(data)


@pytest.mark.parametrize("ref", ["../1", "AB/0", "ab/1", "AB/1/2", "AB1", ""])
def test_a_reference_is_initials_and_a_number(ref):
    with pytest.raises(errors.BadInput):
        exhibit(ref=ref)


def test_every_refusal_speaks_calmly():
    for why in (permit.CHILD, permit.TERROR, permit.EXTREME, permit.AGREEMENT):
        assert "!" not in why.what
        assert "denied" not in why.what.lower()
        assert why.hint
