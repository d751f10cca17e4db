"""The browser's engine and Python's give the same findings, danger, routes and next question."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from takeback import packs as reader
from takeback.compiled import compiled
from takeback.terms import Situation
from tests.twin import answers
from tests.twin.runners import browser, disagreements, line

SEED = 20261124
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def packs():
    return reader.load()


def test_they_agree_on_every_example_in_the_packs(packs, tmp_path):
    cases = [(Situation(example.given), example.on or TODAY) for law in packs.laws.values() for example in law.examples]
    assert cases
    assert not disagreements(packs, cases, tmp_path)


@pytest.mark.parametrize("part", range(4))
def test_they_agree_on_random_answers(packs, tmp_path, part):
    seed = SEED + part
    random = Random(seed)
    cases = [(answers.situation(packs, random), answers.day(packs, random)) for _ in range(2500)]
    found = disagreements(packs, cases, tmp_path)
    assert not found, f"seed {seed}: {len(found)} differ, the first is\n{found[0]}"


def test_the_twin_is_quick(packs, tmp_path):
    random = Random(SEED)
    cases = [(answers.situation(packs, random), TODAY) for _ in range(200)]
    took = sorted(microseconds for microseconds, _ in browser(packs, cases, tmp_path))
    assert took[len(took) // 2] < 20_000


def test_the_same_packs_compile_to_the_same_bytes(packs):
    assert line(compiled(packs)) == line(compiled(reader.load.__wrapped__()))
