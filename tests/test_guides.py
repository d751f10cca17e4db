"""The pages to read: one for each kind, in plain words, with no number that was not checked."""

import re
from datetime import date
from types import MappingProxyType

import pytest
from reading import legalese, longest, mean_length

from takeback import guide_pack, packs
from takeback.guide_terms import SHELVES
from takeback.pack_terms import KINDS
from takeback.table import Table

LOADED = packs.load()
GUIDES = LOADED.guides


def texts(guide):
    return [guide.title, *(t for s in guide.sections for t in (s.heading, *s.text, *s.points))]


def said(guide):
    return " ".join(texts(guide)).lower()


def test_each_kind_has_its_page_and_the_others_stand_on_a_shelf():
    for kind in KINDS:
        assert GUIDES[kind].kinds == (kind,)
    for shelf in SHELVES:
        assert [guide for guide in GUIDES.values() if guide.shelf == shelf], shelf
    assert all(bool(guide.kinds) != bool(guide.shelf) for guide in GUIDES.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_what_to_do_what_to_keep_what_not_to_do_and_help_without_the_police(kind):
    headings = [section.heading for section in GUIDES[kind].sections]
    assert "What you can do today" in headings
    assert "What not to do" in headings
    assert {"What to keep before it disappears", "What to write down"} & set(headings)
    assert headings[-2:] == ["If you tell the police", "Help without telling the police"]


@pytest.mark.parametrize("guide", list(GUIDES.values()), ids=lambda g: g.id)
def test_a_page_reads_easily_and_calmly(guide):
    assert mean_length(texts(guide)) <= 12, longest(texts(guide))
    assert len(longest(texts(guide)).split()) <= 32, longest(texts(guide))
    assert not [word for text in texts(guide) for word in legalese(text)]
    assert not any(word in said(guide) for word in ("!", "too late", "no crime", "is illegal", "revenge porn is"))


@pytest.mark.parametrize("guide", list(GUIDES.values()), ids=lambda g: g.id)
def test_a_page_does_not_cite_a_law_since_the_packs_do(guide):
    assert not re.search(r"\bs\.\s?\d|\bsection \d|\bact 19|\bact 20", said(guide))


def test_whoever_is_under_18_is_never_told_to_keep_a_picture():
    guide = GUIDES["under-18"]
    assert guide.sections[0].text[0].startswith("You are not in trouble")
    assert "never save, copy, print or send the picture" in said(guide)
    keep = next(s for s in guide.sections if s.heading == "What to write down")
    assert not any("screen" in point and "address" in point for point in keep.points)
    assert not {"stopncii", "revenge-porn-helpline"} & set(guide.contacts)


@pytest.mark.parametrize("kind", ["intimate", "blackmail", "false"])
def test_where_pictures_of_the_screen_are_named_the_child_rule_stands_beside_them(kind):
    keep = next(s for s in GUIDES[kind].sections if s.heading.startswith("What to keep"))
    assert "under 18" in " ".join((*keep.text, *keep.points))


def test_terrorist_material_is_not_to_be_kept():
    assert "do not save it, copy it or send it on" in said(GUIDES["terrorism"])


def test_the_times_of_the_victims_code_are_those_that_were_read():
    points = [point for section in GUIDES["rights"].sections for point in section.points]
    told = " ".join(points)
    assert "It mostly gets in touch within 2 days" in told
    assert "a release, or a decision not to go on: within 5 days, or 1 day" in told
    assert sum("within 1 day" in point for point in points) == 2
    assert "3 months" in said(GUIDES["review"])
    assert "1 month" in said(GUIDES["review"])


def test_the_clock_of_a_claim_is_the_one_that_was_found():
    told = said(GUIDES["after-paying"])
    assert all(part in told for part in ("7 october 2024", "13 months", "5 working days", "£85,000", "35"))


@pytest.mark.parametrize("guide", ["rights", "witness", "review", "scotland", "northern-ireland"])
def test_what_was_not_read_is_said(guide):
    assert re.search(r"did not read|do not know", said(GUIDES[guide])), guide


@pytest.mark.parametrize("guide", list(GUIDES.values()), ids=lambda g: g.id)
def test_a_page_is_read_in_two_minutes_and_one_about_a_kind_in_three(guide):
    assert len(said(guide).split()) <= (540 if guide.kinds else 410)


def test_a_number_in_a_page_is_one_that_may_be_tapped():
    good = {re.sub(r"\s", "", w.to) for c in LOADED.contacts.values() for w in c.ways if w.offered}
    for guide in GUIDES.values():
        for number in re.findall(
            r"(?<![\d£])(?:999|101|111|159|7726|85258|0[\d ]{8,}\d|116 123|18001 101)(?!\d)", said(guide)
        ):
            assert re.sub(r"\s", "", number) in good, (guide.id, number)


def test_every_person_named_by_a_page_can_be_reached():
    for guide in GUIDES.values():
        for contact in guide.contacts:
            assert LOADED.contacts[contact].ways, (guide.id, contact)


# ---------------------------------------------------------------- a wrong file


def read(data):
    problems = []
    table = Table("wrong.toml", MappingProxyType(data), problems)
    guide_pack.guide(table)
    table.done()
    return problems


def test_a_wrong_page_says_everything_that_is_wrong_at_once():
    problems = read({"id": "x", "title": "X", "kinds": ["weather"], "section": [{"heading": "Empty"}], "laws": []})
    assert any("'weather'" in p for p in problems)
    assert any("`text` or `points`" in p for p in problems)
    assert any("`laws` is not a key" in p for p in problems)
    assert any("`sources`" in p for p in problems)


def test_a_page_has_a_kind_or_a_shelf_and_its_young_words_say_something():
    whole = {"id": "x", "title": "X", "sources": ["x"], "checked": date(2026, 11, 24), "grade": "drafted"}
    bare = whole | {"section": [{"heading": "A", "text": ["B"], "young": {"heading": "C"}}]}
    assert any("or a `shelf`" in p for p in read(bare))
    assert any("needs `text` or `points`" in p for p in read(bare | {"shelf": "safe"}))
    assert any("`shelf` is 'attic'" in p for p in read(bare | {"shelf": "attic"}))


def test_a_page_without_sections_is_a_problem():
    assert any("at least one [[section]]" in p for p in read({"id": "x", "title": "X"}))
