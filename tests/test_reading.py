"""Every question and every contact can be read by a tired person, or by a child of eleven."""

import pytest
from reading import legalese, longest, mean_length

from takeback import packs

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
