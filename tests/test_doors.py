"""The five doors: short, calm, and each with somebody to reach at once."""

import pytest
from reading import legalese, longest, mean_length

from takeback import packs

DOORS = packs.load().doors
BY_SLUG = {door.slug: door for door in DOORS}


def texts(door):
    return [door.title, *door.do, *door.do_not]


def test_there_are_five_and_danger_comes_first():
    assert [door.slug for door in DOORS] == ["danger", "threatened", "under-18", "money", "else"]


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.slug)
def test_a_door_has_at_most_120_words(door):
    assert len(" ".join(texts(door)).split()) <= 120


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.slug)
def test_a_door_says_what_to_do_and_what_not_to_do(door):
    assert door.do
    assert door.do_not


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.slug)
def test_every_contact_of_a_door_can_be_tapped(door):
    contacts = packs.load().contacts
    assert door.contacts
    for contact in door.contacts:
        assert any(way.offered for way in contacts[contact].ways), contact
        assert contacts[contact].ended is None


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.slug)
def test_a_door_has_a_number_to_call(door):
    contacts = packs.load().contacts
    assert any(way.offered and way.by == "phone" for c in door.contacts for way in contacts[c].ways)


@pytest.mark.parametrize("door", DOORS, ids=lambda d: d.slug)
def test_a_door_reads_easily_and_calmly(door):
    assert mean_length(texts(door)) <= 12, longest(texts(door))
    assert not [word for text in texts(door) for word in legalese(text)]
    assert "!" not in " ".join(texts(door))


def test_a_door_prefills_only_answers_that_exist():
    facts = packs.load().facts
    for door in DOORS:
        for fact, answer in door.starts.items():
            chosen = answer if isinstance(answer, tuple) else (answer,)
            assert set(chosen) <= set(facts[fact].values), door.slug


def test_no_door_guesses_an_age():
    assert not any(fact in door.starts for door in DOORS for fact in ("victim_age_band", "under18_real"))


def test_danger_sends_to_999_and_samaritans():
    assert BY_SLUG["danger"].contacts[0] == "emergency-999"
    assert "samaritans" in BY_SLUG["danger"].contacts
    assert "999" in BY_SLUG["danger"].do[0]


def test_a_young_person_hears_first_that_they_are_not_in_trouble():
    assert BY_SLUG["under-18"].do[0] == "You are not in trouble."
    assert not {"stopncii", "revenge-porn-helpline"} & set(BY_SLUG["under-18"].contacts)


@pytest.mark.parametrize("slug", ["threatened", "under-18", "else"])
def test_a_door_that_may_lead_to_a_child_never_asks_for_the_picture(slug):
    said = " ".join(BY_SLUG[slug].do_not)
    assert "do not save" in said.lower()
    assert not any(word in " ".join(BY_SLUG[slug].do).lower() for word in ("screenshot", "upload"))


def test_whoever_sent_money_is_sent_to_the_bank_first_and_to_101_in_scotland():
    assert BY_SLUG["money"].contacts[0] == "bank-159"
    assert "In Scotland" in BY_SLUG["money"].do[-1]
