"""The browser's engine and Python's give the same findings, danger, routes and next question."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from random import Random

import pytest
from twin import answers
from twin.runners import browser, disagreements, line

from takeback import packs as reader
from takeback.compiled import compiled
from takeback.interview import left
from takeback.terms import Situation
from takeback.triage import triage

SEED = 20261124
TODAY = date(2026, 11, 24)
VIGNETTES = Path(__file__).parent / "vectors" / "vignettes.toml"
STATIC = Path(reader.__file__).parent / "web" / "static"


@pytest.fixture(scope="module")
def packs():
    return reader.load()


def situation(given):
    return Situation({fact: reader.answer(value) for fact, value in given.items()})


def random_cases(packs, seed, count):
    random = Random(seed)
    return [(answers.situation(packs, random), answers.day(packs, random)) for _ in range(count)]


def test_they_agree_on_every_example_in_the_packs(packs, tmp_path):
    examples = [example for law in packs.laws.values() for example in law.examples]
    assert examples
    assert not disagreements(packs, [(Situation(e.given), e.on or TODAY) for e in examples], tmp_path)


def test_they_agree_on_every_story(packs, tmp_path):
    stories = tomllib.loads(VIGNETTES.read_text("utf-8"))["vignette"]
    given = [part["given"] for story in stories for part in (story, *story.get("also", ()))]
    assert given
    assert not disagreements(packs, [(situation(one), TODAY) for one in given], tmp_path)


@pytest.mark.parametrize("part", range(4))
def test_they_agree_on_random_answers(packs, tmp_path, part):
    found = disagreements(packs, random_cases(packs, SEED + part, 2500), tmp_path)
    assert not found, f"seed {SEED + part}: {len(found)} differ, the first is\n{found[0]}"


def test_they_see_the_same_way_ahead(packs, tmp_path):
    cases = [(one, TODAY) for one, _ in random_cases(packs, SEED, 200)]
    ahead = [left(one, packs, triage(one, packs, TODAY)) for one, _ in cases]
    assert ahead == [made.left for made in browser(packs, cases, tmp_path)]


def test_the_twin_is_quick(packs, tmp_path):
    cases = [(one, TODAY) for one, _ in random_cases(packs, SEED, 200)]
    took = sorted(made.microseconds for made in browser(packs, cases, tmp_path))
    assert took[len(took) // 2] < 20_000  # triage, the next question and the way ahead


def test_the_same_packs_compile_to_the_same_bytes():
    once, again = (line(compiled(reader.read(reader.ROOT)[0])) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_no_script_of_ours_turns_text_into_markup_or_code(word):
    assert not [path.name for path in STATIC.glob("*.js") if word in path.read_text("utf-8")]


@pytest.mark.parametrize(
    "word", ["localStorage.set", "sessionStorage.set", "indexedDB", "document.cookie", "pushState"]
)
def test_no_script_of_ours_keeps_what_was_said(word):
    assert not [path.name for path in STATIC.glob("*.js") if word in path.read_text("utf-8")]
