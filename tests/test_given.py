"""A GIVEN file is read as it was typed, or refused with one sentence that says what to do."""

from __future__ import annotations

import json

import pytest

from takeback import given, packs
from takeback.errors import BadGiven

PACKS = packs.load()


def read(text: str, form: str = "toml") -> given.Given:
    return given.read(text, form, PACKS)


def test_it_reads_the_same_answers_from_toml_json_and_yaml() -> None:
    toml = read('intimate = "yes"\nshared_on = 2026-03-05\ndemand = ["none"]\noccasions = 2\nwords = "It was sent."')
    spoken = {
        "intimate": "yes", "shared_on": "2026-03-05", "demand": ["none"], "occasions": 2, "words": "It was sent.",
    }  # fmt: skip
    yaml = read("intimate: yes\nshared_on: 2026-03-05\ndemand: [none]\noccasions: 2\nwords: It was sent.", "yaml")
    assert toml == read(json.dumps(spoken), "json") == yaml
    assert toml.situation.answers["demand"] == ("none",)


def test_yaml_no_is_the_answer_no_and_not_false() -> None:
    assert read("intimate: no", "yaml").situation.get("intimate") == "no"


@pytest.mark.parametrize("text", ["2026", "2026-03", "2026-03-05"])
def test_a_date_can_be_a_day_a_month_or_a_year(text: str) -> None:
    assert read(f'shared_on = "{text}"').situation.get("shared_on") == text


def test_a_bare_year_is_a_date_too() -> None:
    assert read("shared_on = 2026").situation.get("shared_on") == "2026"


@pytest.mark.parametrize("value", ['"unknown"', '""'])
def test_i_do_not_know_is_open_and_counts_as_asked(value: str) -> None:
    situation = read(f"intimate = {value}").situation
    assert situation.get("intimate") is None
    assert situation.asked("intimate")


BOMB = "demand:\n  - &m0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"  - &m{n} [{', '.join([f'*m{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
"""A few lines that are 10¹² words once they are written out."""


@pytest.mark.parametrize(
    ("text", "form", "says"),
    [
        ('intimat = "yes"', "toml", "intimat"),
        ("intimate = 0x" + "F" * 5000, "toml", "intimate"),
        ("words = 0x" + "F" * 5000, "toml", "words"),
        ('{"occasions": ' + "9" * 5000 + "}", "json", "json"),
        ("intimate: 0x" + "F" * 5000, "yaml", "intimate"),
        ("intimate: 1" + ":1" * 3000 + ".0", "yaml", "yaml"),
        ("intimate: !!int ''", "yaml", "yaml"),
        ("intimate: !!timestamp x", "yaml", "yaml"),
        ("intimate: !!bool x", "yaml", "yaml"),
        (BOMB, "yaml", "repeats"),
        ('intimate = "perhaps"', "toml", "perhaps"),
        ('intimate = ["yes"]', "toml", "intimate"),
        ('demand = ["none", "gold"]', "toml", "gold"),
        ('shared_on = "2026-02-30"', "toml", "2026-02-30"),
        ('shared_on = "2026-13"', "toml", "2026-13"),
        ('shared_on = "last week"', "toml", "last week"),
        ('shared_on = "26-3-5"', "toml", "26-3-5"),
        ("occasions = -1", "toml", "-1"),
        ("occasions = 1.5", "toml", "1.5"),
        ("occasions = true", "toml", "True"),
        ("intimate = yes", "toml", "toml"),
        ("{", "json", "json"),
        ('{"intimate": "yes", "intimate": "no"}', "json", "twice"),
        ("a: [", "yaml", "yaml"),
        ("!!python/object/apply:os.system [id]", "yaml", "yaml"),
        ("[1, 2]", "json", "list"),
        ("just words", "yaml", "list"),
        ("words: [1]", "yaml", "words"),
        ("law_unsettled: yes", "yaml", "law_unsettled"),
    ],
)
def test_what_cannot_be_used_gets_one_sentence(text: str, form: str, says: str) -> None:
    with pytest.raises(BadGiven) as refused:
        read(text, form)
    assert says in refused.value.say()
    assert refused.value.hint
    assert "\n" not in refused.value.say()


def test_a_near_miss_is_named() -> None:
    with pytest.raises(BadGiven) as refused:
        read('intimte = "yes"')
    assert "intimate" in refused.value.hint


def test_an_answer_nested_a_hundred_thousand_deep_is_refused_and_not_a_crash() -> None:
    with pytest.raises(BadGiven):
        read("[" * 100_000, "json")


def test_words_longer_than_any_account_are_refused() -> None:
    with pytest.raises(BadGiven):
        read(json.dumps({"words": "a" * (given.LONGEST + 1)}), "json")
