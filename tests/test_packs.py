"""Packs: one file is one law; a wrong one is named, with everything else that is wrong, before anybody is told a thing."""

import shutil

import pytest

from takeback import packs, triage
from takeback.errors import BadPacks
from takeback.terms import Situation

FACTS = """
[[fact]]
id = "shared"
type = "yes_no"
ask = "Was it shared?"
said.yes = "It was shared."
said.no = "It was not shared."

[[fact]]
id = "shared_on"
type = "date"
ask = "When?"
said.value = "It was shared: {value}."
"""
INTERVIEW = """
opening = ["shared"]
covered_from = 2015-04-13
immediate = { fact = "shared", is = ["yes"] }
check = { fact = "shared", is = ["yes"] }
"""
SKETCHES = """
[[sketch]]
name = "Someone shared it"
share = 50
kinds = ["intimate"]
says = { shared = { yes = 90, no = 5 }, shared_on = { 2026-06 = 40 } }
"""
VOICE = """
young = { fact = "shared", is = ["yes"] }
grown = { fact = "shared", is = ["no"] }
opening = "You are not in trouble."
"""
HEAD = """
id = "EW-1"
title = "Sharing it"
nation = "EW"
kinds = ["intimate"]
checked = 2026-11-24
grade = "drafted"
basis = "made up"
sources = ["a made-up Act"]
"""
VERSION = """
[[version]]
from = 2024-01-31
by = "shared_on"
cite = "Made-up Act 2024 s.1"
maximum = "2 years"
mode = "either way"
why_not_date = "It was before the law began."

[[version.element]]
part = "shared"
need = "It was shared"
fact = "shared"
is = ["yes"]
why_not = "It was not shared."
"""
EXAMPLE = """
[story]
shared = "yes"

[[example]]
name = "It was shared."
then = "may_apply"
"""
LAW = HEAD + VERSION + EXAMPLE


@pytest.fixture
def root(tmp_path):
    """A whole small set of packs: two facts and one law."""
    (tmp_path / "contacts").mkdir()
    for folder in (one.name for one in (packs.ROOT / "packs").iterdir() if one.is_dir()):
        (tmp_path / "packs" / folder).mkdir(parents=True)
    (tmp_path / "packs/facts.toml").write_text(FACTS)
    (tmp_path / "packs/interview.toml").write_text(INTERVIEW)
    (tmp_path / "packs/voice.toml").write_text(VOICE)
    (tmp_path / "packs/doors.toml").write_text("")
    (tmp_path / "packs/sketches.toml").write_text(SKETCHES)
    (tmp_path / "packs/forbidden.toml").write_text("")
    (tmp_path / "packs/laws/EW-1.toml").write_text(LAW)
    return tmp_path


def problems(root, law, name="EW-1"):
    """What is wrong with the packs once this law is among them."""
    (root / f"packs/laws/{name}.toml").write_text(law)
    with pytest.raises(BadPacks) as bad:
        packs.load(root)
    assert bad.value.exit_code == 2
    return bad.value.problems


def test_a_small_set_of_packs_is_whole(root):
    loaded = packs.load(root)
    assert list(loaded.laws) == ["EW-1"]
    assert loaded.laws["EW-1"].examples[0].given == {"shared": "yes"}


def test_a_new_law_is_one_file_and_no_code(tmp_path):
    shutil.copytree(packs.ROOT / "packs", tmp_path / "packs")
    shutil.copytree(packs.ROOT / "contacts", tmp_path / "contacts")
    (tmp_path / "packs/laws/EW-1.toml").write_text(LAW)
    loaded = packs.load(tmp_path)
    plan = triage.triage(Situation({"shared": "yes"}), loaded, loaded.laws["EW-1"].checked)
    assert {f.law: f.status for f in plan.findings}["EW-1"] == "may_apply"


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('mode = "either way"', 'mode = "either way"\nmood = "grim"', "EW-1.toml version 1: `mood` is not a key"),
        ('title = "Sharing it"\n', "", "EW-1.toml: `title` is missing"),
        ('title = "Sharing it"', "title = 3", "EW-1.toml: `title` needs text in quotes, not 3"),
        ('sources = ["a made-up Act"]', "sources = []", "EW-1.toml: `sources` needs a list of texts"),
        ('nation = "EW"', 'nation = "France"', "EW-1.toml: `nation` is 'France'; it can be EW, SC, NI, UK"),
        ('grade = "drafted"', 'grade = "sure"', "EW-1.toml: `grade` is 'sure'; it can be drafted, reviewed, tested"),
        ('kinds = ["intimate"]', 'kinds = ["rude"]', "EW-1.toml: `kinds` has 'rude'"),
        (
            "checked = 2026-11-24",
            'checked = "today"',
            "EW-1.toml: `checked` needs a day such as 2026-11-24, not 'today'",
        ),
        ('id = "EW-1"', 'id = "EW-2"', "EW-1.toml: `id` has to be the file's name, 'EW-1'"),
        ('why_not = "It was not shared."\n', "", "EW-1.toml version 1 element shared: `why_not` is missing"),
        ('why_not_date = "It was before the law began."\n', "", "EW-1.toml version 1: `why_not_date` is missing"),
        ('is = ["yes"]', 'is = "yes"', "EW-1.toml version 1 element shared: `is` needs a list of answers"),
        ('is = ["yes"]', 'is = ["maybe"]', "EW-1.toml element shared: shared has no answer 'maybe'"),
        ('fact = "shared"', 'fact = "gone"', "EW-1.toml element shared: there is no fact 'gone'"),
        (
            'is = ["yes"]',
            "min = 2",
            "EW-1.toml element shared: `min` needs a fact that holds a number, and shared does not",
        ),
        ('is = ["yes"]', "from = 2024-01-01", "EW-1.toml element shared: `from` and `to` need a fact that holds a day"),
        ('by = "shared_on"', 'by = "shared"', "EW-1.toml version from 2024-01-31: `by` is 'shared', and no fact"),
        ('shared = "yes"\n', 'shared = "maybe"\n', "EW-1.toml example It was shared.: shared has no answer 'maybe'"),
        ('shared = "yes"\n', 'gone = "yes"\n', "EW-1.toml example It was shared.: there is no fact 'gone'"),
        ('shared = "yes"\n', 'shared_on = "2024-13"\n', "example It was shared.: shared_on has no answer '2024-13'"),
        ('then = "may_apply"', 'then = "guilty"', "EW-1.toml example 1: `then` is 'guilty'"),
        (
            'then = "may_apply"',
            'then = "unlikely"',
            "example It was shared.: `because` has to be a part, an exception or date",
        ),
        ("[[version]]", "[version]", "EW-1.toml: `version` needs tables: [[version]]"),
    ],
)
def test_it_names_what_is_wrong(root, was, now, told):
    assert was in LAW
    assert any(told in one for one in problems(root, LAW.replace(was, now, 1))), told


def test_it_names_everything_that_is_wrong_at_once(root):
    (root / "packs/laws/EW-2.toml").write_text(LAW.replace('title = "Sharing it"\n', "").replace("EW-1", "EW-2"))
    found = problems(root, LAW.replace('is = ["yes"]', 'is = ["maybe"]').replace("drafted", "sure"))
    assert len(found) == 3
    assert {one.split(":")[0] for one in found} == {
        "laws/EW-1.toml",
        "laws/EW-2.toml",
        "laws/EW-1.toml element shared",
    }


def test_a_file_that_is_no_toml_is_named_with_its_line_and_the_rest_is_still_read(root):
    (root / "packs/laws/EW-2.toml").write_text(LAW.replace('title = "Sharing it"\n', "").replace("EW-1", "EW-2"))
    found = problems(root, "id = \n")
    assert any(one.startswith("laws/EW-1.toml: Invalid value (at line 1") for one in found)
    assert any(one.startswith("laws/EW-2.toml: `title` is missing") for one in found)


def test_a_folder_that_is_not_there_is_a_problem_and_not_an_empty_one(root):
    (root / "packs/routes").rmdir()
    assert problems(root, LAW) == ("routes: there is no such folder",)


def test_a_law_needs_a_version_and_a_version_an_element(root):
    assert any("needs at least one [[version]]" in one for one in problems(root, HEAD))
    bare = VERSION.partition("[[version.element]]")[0]
    assert any("needs at least one [[version.element]]" in one for one in problems(root, HEAD + bare, "EW-1"))


@pytest.mark.parametrize("until", ["", "until = 2024-01-31\n", "until = 2025-01-01\n"])
def test_versions_must_not_overlap(root, until):
    first = VERSION.replace("from = 2024-01-31\n", f"from = 2015-04-13\n{until}")
    found = problems(root, HEAD + first + VERSION)
    assert found == ("laws/EW-1.toml: the version from 2024-01-31 overlaps the one before it",)


def test_versions_may_follow_each_other(root):
    first = VERSION.replace("from = 2024-01-31\n", "from = 2015-04-13\nuntil = 2024-01-30\n")
    (root / "packs/laws/EW-1.toml").write_text(HEAD + first + VERSION + EXAMPLE)
    assert len(packs.load(root).laws["EW-1"].versions) == 2


def test_unknown_in_an_example_leaves_the_fact_open(root):
    more = (
        EXAMPLE
        + '\n[[example]]\nname = "Nobody knows."\ngiven = { shared = "unknown" }\nthen = "cannot_tell"\nbecause = "shared"\n'
    )
    (root / "packs/laws/EW-1.toml").write_text(HEAD + VERSION + more)
    assert packs.load(root).laws["EW-1"].examples[1].given == {}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('said.no = "It was not shared."\n', "", "`said` lacks a sentence for 'no'"),
        ('type = "yes_no"', 'type = "maybe"', "`type` is 'maybe'"),
        ('said.value = "It was shared: {value}."\n', "", "`said` lacks a sentence for 'value'"),
        ('ask = "When?"\n', "", "`ask` is missing"),
        ('id = "shared_on"', 'id = "shared"', "there are two facts called 'shared'"),
    ],
)
def test_a_fact_says_back_every_answer(root, was, now, told):
    assert was in FACTS
    (root / "packs/facts.toml").write_text(FACTS.replace(was, now, 1))
    assert any(told in one for one in problems(root, LAW))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('opening = ["shared"]', 'opening = ["gone"]', "interview.toml: there is no fact 'gone' to open with"),
        ("covered_from = 2015-04-13\n", "", "interview.toml: `covered_from` needs a day"),
        (
            'check = { fact = "shared", is = ["yes"] }',
            'check = { fact = "gone", is = ["yes"] }',
            "interview.toml check",
        ),
        ('check = { fact = "shared", is = ["yes"] }', "chek = 1", "interview.toml: `chek` is not a key"),
    ],
)
def test_the_interview_is_checked_too(root, was, now, told):
    (root / "packs/interview.toml").write_text(INTERVIEW.replace(was, now, 1))
    assert any(told in one for one in problems(root, LAW))


def test_a_settled_answer_must_be_one_that_the_fact_has(root):
    settle = '\n[[settle]]\nwhen = { fact = "shared", is = ["yes"] }\nfact = "shared_on"\nvalue = "soon"\n'
    (root / "packs/interview.toml").write_text(INTERVIEW + settle)
    assert problems(root, LAW) == ("interview.toml settle shared_on: shared_on has no answer 'soon'",)


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("yes = 90", "maybe = 90", "sketches.toml sketch 1: shared has no answer 'maybe'"),
        ("yes = 90", "yes = 99", "sketches.toml sketch 1: shared has answers of more than a hundred people"),
        ("yes = 90", "yes = 101", "sketches.toml sketch 1: `says` of shared needs whole numbers from 0 to 100"),
        ("2026-06 = 40", "soon = 40", "sketches.toml sketch 1: shared_on has no answer 'soon'"),
        ("shared_on =", "gone =", "sketches.toml sketch 1: no question is called 'gone'"),
        ("share = 50", "share = 0", "sketches.toml sketch 1: `share` has to be a whole number from 1 to 100"),
        ('["intimate"]', '["rude"]', "sketches.toml sketch 1: `kinds` has 'rude'"),
    ],
)
def test_a_sketch_says_what_can_be_answered(root, was, now, problem):
    (root / "packs/sketches.toml").write_text(SKETCHES.replace(was, now, 1))
    assert any(line.startswith(problem) for line in problems(root, LAW))


def test_a_question_is_asked_only_where_a_fact_that_exists_says_so(root):
    only = '[[fact]]\nid = "shared_on"\nonly = { fact = "gone", is = ["yes"] }'
    (root / "packs/facts.toml").write_text(FACTS.replace('[[fact]]\nid = "shared_on"', only, 1))
    assert "facts.toml fact shared_on: there is no fact 'gone'" in problems(root, LAW)
