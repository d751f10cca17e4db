"""The questions: each has words for every answer and says them back; docs/facts.md lists them all."""

import sys
from pathlib import Path

import pytest
from reading import legalese, longest, mean_length

from takeback import derived, given, loose_ends, packs
from takeback.errors import BadGiven
from takeback.pack_terms import KINDS
from takeback.rules import leaves

PACKS = packs.load()
PAGE = Path(__file__).parent.parent / "docs" / "facts.md"
ASKED = [pytest.param(fact, id=fact.id) for fact in PACKS.facts.values() if fact.asked]


def page():
    """docs/facts.md as the packs have it now."""
    lines = [
        "# The questions, and how a file of answers writes them",
        "",
        'One line an answer: `intimate = "yes"`. Every one can be left out; `"unknown"` is "I don\'t know". A day is',
        '`"2026"`, `"2026-03"` or `"2026-03-05"`. Where several answers are possible, write a list.',
        "",
        "| name | question | answers |",
        "|---|---|---|",
    ]
    for fact in PACKS.facts.values():
        if fact.asked:
            answers = (
                ", ".join(f"`{value}`" for value in fact.values) or {"date": "a day", "number": "a number"}[fact.type]
            )
            lines.append(f"| `{fact.id}` | {fact.ask} | {'a list of ' * (fact.type == 'many')}{answers} |")
    return "\n".join(lines) + "\n"


def test_the_page_lists_every_question():
    assert PAGE.read_text("utf-8") == page(), "run `python tests/test_facts.py` to write it again"


@pytest.mark.parametrize("fact", ASKED)
def test_it_asks_in_a_sentence_says_why_and_says_every_answer_back(fact):
    assert fact.ask.endswith((".", "?"))
    assert fact.why.endswith(".")
    for sentence in fact.said.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    said = list(fact.said.values())
    assert len(set(said)) == len(said)
    assert set(fact.said) == set(fact.values or ("value",))


@pytest.mark.parametrize("fact", ASKED)
def test_it_blames_nobody_and_passes_no_sentence(fact):
    words = " ".join([fact.ask, fact.help, fact.why, *fact.said.values(), *fact.labels.values()]).lower()
    for word in ("victim", "illegal", "guilty", "should have", "no crime", "too late", "allowed it", "!"):
        assert word not in words, word


@pytest.mark.parametrize("fact", ASKED)
def test_it_can_be_read_at_ten(fact):
    texts = [fact.ask, fact.help, fact.why, *fact.said.values(), *fact.labels.values()]
    assert len(longest(texts).split()) <= 30, longest(texts)
    assert not legalese(" ".join(texts))


def test_the_questions_are_short_on_the_whole():
    assert mean_length([fact.values[0].ask for fact in ASKED]) <= 13


def test_the_kinds_are_the_eight_and_never_an_element_of_a_law():
    assert PACKS.facts["about"].values == KINDS
    elements = [e for law in PACKS.laws.values() for version in law.versions for e in version.elements]
    asked = {leaf.fact for element in elements for leaf in leaves(element.rule)}
    assert not asked & {"about", "agreement"}


def test_only_the_unsettled_point_and_what_is_worked_out_are_never_asked():
    never = {fact.id: fact.worked_out for fact in PACKS.facts.values() if not fact.asked}
    assert never == {"law_unsettled": False, **dict.fromkeys(derived.FACTS, True)}


def test_nobody_can_give_what_is_worked_out():
    for fact in derived.FACTS:
        with pytest.raises(BadGiven):
            given.read(f'{fact} = "yes"', "toml", PACKS)


def test_only_notices_rest_on_what_is_worked_out():
    resting = {
        where for where, rule in loose_ends.every_rule(PACKS) for leaf in leaves(rule) if leaf.fact in derived.FACTS
    }
    assert resting
    assert all(where.startswith("notices/") for where in resting)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
