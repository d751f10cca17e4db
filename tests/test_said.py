"""No notice says more than the person told: over random answers, each line is the letter's own or an answer."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest
from answers import situations
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import derived, notices, packs
from takeback.errors import NoticeIncomplete
from takeback.rules import evaluate, leaves, settle
from takeback.terms import Account, Given, Is, Notice, Situation

PACKS = packs.load()
ON = date(2026, 11, 24)
HERE = ("https://clips.example/p/1",)
STORY = Account(words="Xq words", accused="Xq accused", impact="Xq impact", me="Xq me")
COMPLETE = [(law, one) for law, pack in PACKS.notices.items() for one in pack.examples if not one.missing]
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
MEDIA = PACKS.facts["media"].labels.values()


def drafted(law: str, told: Situation) -> tuple[Notice, dict[str, str]] | None:
    """A notice out of these answers, with a word of its own for each field."""
    fields = {name: "me@example.org" if name == "email" else f"<{name}>" for name in PACKS.notices[law].fields}
    fields = {name: value for name, value in fields.items() if name != "sent_on" or told.get("reported_on")}
    try:
        return notices.draft(law, Given(told, STORY), PACKS, ON, fields, HERE), fields
    except NoticeIncomplete:
        return None


@st.composite
def told(draw: st.DrawFn) -> tuple[str, Situation]:
    """Answers that once made a notice complete, some of them changed, taken away, or joined by others."""
    law, example = draw(st.sampled_from(COMPLETE))
    other = draw(situations(PACKS.facts.values())).answers
    some = draw(st.sets(st.sampled_from(sorted(other)), max_size=6)) if other else set()
    gone = draw(st.sets(st.sampled_from(sorted(example.given)), max_size=2)) if example.given else set()
    answers = {fact: value for fact, value in example.given.items() if fact not in gone}
    return law, Situation({**answers, **{fact: other[fact] for fact in some}})


def patterns(law: str, notice: Notice, fields: dict[str, str]) -> list[re.Pattern[str]]:
    """Every line that the letter's own file has, with the answers where the file has a field."""
    may = {
        **{name: re.escape(value) for name, value in fields.items()},
        "places": "|".join(map(re.escape, HERE)),
        "sites": r"clips\.example",
        "day": DAY,
        "sent_on": f"{DAY}|[0-9-]+|<sent_on>",
        "what": "(?:(?:" + "|".join(re.escape(one[:1].lower() + one[1:]) for one in MEDIA) + ")(?:, | and )?)+",
        "id": r"TB-\w{4}-\w{4}",
    }
    found = []
    for line in (files("takeback") / "letters" / f"{law}.txt").read_text("utf-8").splitlines():
        heading = re.fullmatch(r"\[[a-z0-9-]+\]\s*(.*)", line)
        words = heading[1] if heading else line
        if words and not line.startswith("#"):
            parts = re.split(r"\{([a-z_]+)\}", words)
            made = "".join(f"(?:{may.get(part, '(?!)')})" if i % 2 else re.escape(part) for i, part in enumerate(parts))
            found.append(re.compile(made.replace(r"1\.\ ", r"\d+\.\ ", 1) if words.startswith("1. ") else made))
    assert notice.law == law
    return found


@settings(max_examples=100, deadline=None)
@given(told())
def test_each_line_is_the_letters_own_or_an_answer_and_each_block_stands_on_one(case: tuple[str, Situation]) -> None:
    law, situation = case
    made = drafted(law, situation)
    if made is None:
        return
    notice, fields = made
    allowed = patterns(law, notice, fields)
    for line in filter(None, map(str.strip, notice.text.splitlines())):
        assert any(one.fullmatch(line) for one in allowed), (law, line)
    assert "Xq" not in notice.text
    left_out = notice.values["without"]
    for block in PACKS.notices[law].blocks:
        if block.id in left_out:  # type: ignore[operator]
            continue
        known = derived.known(settle(situation, PACKS.settles), (), ON)
        asked = {leaf.fact for leaf in leaves(block.when)}
        assert any(known.get(fact) is not None for fact in asked) or "site_kind" in asked, (law, block.id)


@pytest.mark.parametrize("law", sorted(PACKS.notices))
def test_silence_lets_no_block_in_but_those_that_say_nothing_of_the_picture(law: str) -> None:
    known = derived.known(settle(Situation({}), PACKS.settles), (), ON)
    # `sayable` lets in what was written for this notice, word for word; `adults_only: no` says less, not more
    printed = [block for block in PACKS.notices[law].blocks if evaluate(block.when, known) is True]
    assert {leaf for block in printed for leaf in leaves(block.when)} <= {
        Is("adults_only", ("no",)),
        Is("sayable", ("yes",)),
    }


def test_the_answers_above_make_every_notice_complete_at_times() -> None:
    assert {law for law, one in COMPLETE if drafted(law, Situation(one.given))} == set(PACKS.notices)


def test_a_line_that_nobody_wrote_or_answered_would_be_seen() -> None:
    law, example = next(pair for pair in COMPLETE if pair[0] == "us-take-it-down")
    made = drafted(law, Situation(example.given))
    assert made
    allowed = patterns(law, *made)
    for line in ("This is against the law.", "My name is Alex.", "It is a fake of me made by Alex"):
        assert not any(one.fullmatch(line) for one in allowed)
