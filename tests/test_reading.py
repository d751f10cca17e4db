"""Every question and every contact can be read by a tired person, or by a child of eleven."""

import re

import pytest
from reading import legalese, longest, mean_length

from takeback import packs, reading

LOADED = packs.load()
ASKED = [fact for fact in LOADED.facts.values() if fact.asked]


def test_the_questions_read_easily():
    texts = [text for fact in ASKED for text in (fact.ask, fact.help, fact.why, *fact.labels.values()) if text]
    assert mean_length(texts) <= 10
    assert len(longest(texts).split()) <= 28, longest(texts)


@pytest.mark.parametrize("fact", ASKED, ids=lambda f: f.id)
def test_a_question_uses_no_word_of_the_law_and_blames_nobody(fact):
    texts = [fact.ask, fact.help, fact.why, *fact.labels.values(), *fact.said.values()]
    assert not [word for text in texts for word in legalese(text)]
    assert not any("!" in text or "you allowed" in text.lower() for text in texts)


def test_the_contacts_read_easily():
    texts = [text for c in LOADED.contacts.values() for text in (c.serves, c.note) if text]
    assert mean_length(texts) <= 13, longest(texts)


@pytest.mark.parametrize("contact", list(LOADED.contacts.values()), ids=lambda c: c.id)
def test_a_contact_uses_no_word_of_the_law(contact):
    texts = [contact.serves, contact.note, contact.hours, contact.cost, contact.anonymous]
    assert not [word for text in texts for word in legalese(text)]


# ---------------------------------------------------------------- the age that a text asks for

NAMES = {name for c in LOADED.contacts.values() for name in (c.name, re.sub(r"\s*\([^)]*\)", "", c.name))}


def texts():
    """Every question, also a notice's, and its warnings, door, route and page to read, and every reason alone."""
    for fact in ASKED:
        yield f"fact {fact.id}", [fact.ask, fact.help, fact.why, *fact.labels.values(), *fact.said.values()]
    for door in LOADED.doors:
        yield f"door {door.slug}", [door.title, *door.do, *door.do_not]
    for way in LOADED.routes.values():
        yield f"route {way.id}", [way.name, way.what, way.next]
        if way.young:
            yield f"route {way.id}, young", [way.young.name, way.young.what, way.young.next]
        for number, one in enumerate((*way.offers, *way.bars), 1):
            yield f"route {way.id} reason {number}", [one.because]
            if one.young:
                yield f"route {way.id} reason {number}, young", [one.young]
    for notice in LOADED.notices.values():
        for number, one in enumerate(one for version in notice.versions for one in version.elements):
            yield from (
                (f"notice {notice.id} question {number} {text[:12]}", [text]) for text in (one.ask, one.against) if text
            )
        for number, words in enumerate(notice.warnings, 1):
            yield f"notice {notice.id} warning {number}", [words]
    for guide in LOADED.guides.values():
        yield f"guide {guide.id}", [t for s in guide.sections for t in (s.heading, *s.text, *s.points)]
        if guide.young:
            yield f"guide {guide.id}, young", [t for s in guide.young for t in (s.heading, *s.text, *s.points)]


@pytest.mark.parametrize(("where", "said"), [pytest.param(*one, id=one[0]) for one in texts()])
def test_a_child_of_eleven_reads_it(where, said):
    assert reading.age(said, NAMES) <= reading.GOAL, (where, said)


def test_words_for_a_young_person_ask_for_less_than_eleven():
    young = [line for where, said in texts() if where.endswith("young") for line in said]
    assert reading.age(young, NAMES) <= 8


def test_the_measure_knows_a_hard_text_from_an_easy_one():
    easy = "You are not in trouble. Tell an adult you trust. They can call the police with you."
    hard = "Dissemination of indecent pseudo-photographs constitutes criminality notwithstanding the absence of identification."
    assert reading.age([easy]) < 9 < 18 < reading.age([hard])
    long = "You are not in trouble and so tell an adult you trust and they can call the police with you."
    assert reading.age([easy]) < reading.age([long])


def test_a_name_and_a_number_are_easy_words():
    plain = "Call it."
    assert reading.age(["Call Childline."], ["Childline"]) == reading.age([plain])
    assert reading.age(["Call 0345 6000 459."]) < 9
    assert reading.age(["Open reportharmfulcontent.com/advice."]) < 9


@pytest.mark.parametrize(
    ("word", "count"),
    [("page", 1), ("asked", 1), ("wanted", 2), ("table", 2), ("pages", 2), ("names", 1), ("people", 2), ("police", 2),
     ("video", 3), ("media", 3), ("picture", 2), ("sexual", 3), ("terrorism", 4), ("information", 4), ("quiet", 2),
     ("various", 3), ("safety", 2), ("settled", 2), ("playing", 2), ("£85,000", 1), ("Childline's", 2)],
)  # fmt: skip
def test_syllables_are_counted(word, count):
    assert reading.syllables(word) == count
