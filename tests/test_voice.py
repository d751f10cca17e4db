"""The words for a young person: whom they are for, that they are short and put no label on anyone, and what comes first."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest
from reading import legalese, longest, mean_length
from twin import answers

from takeback import compiled, packs, papers, people, reading, rules, terminal, triage, voice
from takeback.terms import Situation

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = packs.load()
AGES = ("under13", "13-15", "16-17", "18plus")
ON = date(2026, 11, 24)
LABEL = re.compile(
    r"victim|offen[cd]|crim(?!estoppers)|illegal|unlawful|indecent|guilty|suspect|perpetrator|accused|witness|evidence|"
    r"sextort|against the law|pseudo|abuse",
    re.IGNORECASE,
)
PICTURE = re.compile(r"\b(save|copy|send|add|upload|attach|screenshot)\b", re.IGNORECASE)
HARMLESS = re.compile(r"\b(not|never|don't|nobody|no more|can send it as a text)\b", re.IGNORECASE)


def spoken() -> dict[str, list[str]]:
    """Every text for a young person, by where it stands."""
    texts = {"voice": [KNOWN.voice.opening]}
    for way in KNOWN.routes.values():
        texts[way.id] = [one.young for one in (*way.offers, *way.bars) if one.young]
        texts[way.id] += [way.young.name, way.young.what, way.young.next] if way.young else []
    for guide in KNOWN.guides.values():
        texts[f"guide {guide.id}"] = [t for s in guide.young for t in (*s.text, *s.points)]
    texts |= {f"door {door.slug}": [*door.do, *door.do_not] for door in KNOWN.doors if door.young}
    return {where: lines for where, lines in texts.items() if lines}


SPOKEN = spoken()


def situation(**answers: str) -> Situation:
    return rules.settle(Situation(dict(answers)), KNOWN.settles)


YOUNG = situation(victim_age_band="13-15", role="depicted", about=("intimate",), intimate="yes")  # type: ignore[arg-type]


@pytest.mark.parametrize("where", SPOKEN)
def test_words_for_a_young_person_are_short_and_put_no_label_on_anyone(where: str) -> None:
    assert mean_length(SPOKEN[where]) <= 12, longest(SPOKEN[where])
    for text in SPOKEN[where]:
        assert not LABEL.search(reading.NAMES.sub("", text)), text
        assert not legalese(text), text
        assert "!" not in text


@pytest.mark.parametrize("where", SPOKEN)
def test_words_for_a_young_person_never_ask_for_the_picture(where: str) -> None:
    for text in SPOKEN[where]:
        for sentence in re.split(r"(?<=[.?])\s", text):
            asks = PICTURE.search(sentence) and "picture" in sentence
            assert not asks or HARMLESS.search(sentence), sentence


def test_only_report_remove_takes_the_picture_itself() -> None:
    gives = {where for where, lines in SPOKEN.items() if any("give the picture" in line for line in lines)}
    assert gives == {"RT-REPORTREMOVE"}


def test_every_route_that_can_come_first_for_a_young_person_has_words_for_them() -> None:
    for about in ("intimate", "under-18", "blackmail", "harassment", "fraud", "hate", "false", "terrorism"):
        told = situation(victim_age_band="13-15", role="depicted", about=(about,))  # type: ignore[arg-type]
        routes, _never = triage.open_routes(told, KNOWN)
        assert [r.id for r in routes[:12] if KNOWN.routes[r.id].young is None] == [], about


def test_it_is_young_by_age_and_not_where_a_grown_up_asks_for_a_child() -> None:
    assert voice.is_young(YOUNG, KNOWN)
    assert voice.is_young(situation(victim_age_band="16-17"), KNOWN)
    assert not voice.is_young(situation(victim_age_band="13-15", role="parent"), KNOWN)
    assert not voice.is_young(situation(victim_age_band="13-15", role="professional"), KNOWN)
    assert not voice.is_young(situation(victim_age_band="18plus", role="depicted"), KNOWN)
    assert not voice.is_young(situation(), KNOWN)


def test_whom_to_tell_comes_before_what_to_fill_in_and_after_danger() -> None:
    routes, _never = triage.open_routes(YOUNG, KNOWN)
    said = voice.ordered(routes, KNOWN, YOUNG)
    assert said[0].id == "RT-CHILDLINE"
    assert sorted(r.id for r in said) == sorted(r.id for r in routes)
    danger = situation(victim_age_band="13-15", role="depicted", danger_now="yes")
    first = voice.ordered(triage.open_routes(danger, KNOWN)[0], KNOWN, danger)
    assert [r.id for r in first[:2]] == ["RT-999", "RT-CHILDLINE"]
    grown = situation(victim_age_band="13-15", role="parent", intimate="yes")
    routes, _never = triage.open_routes(grown, KNOWN)
    assert voice.ordered(routes, KNOWN, grown) == routes


def test_nobody_who_serves_only_adults_is_named_to_a_young_person() -> None:
    for way in KNOWN.routes:
        assert not [c.id for c in people.reached(way, KNOWN, YOUNG) if c.adults], way
    grown = situation(victim_age_band="13-15", role="parent")
    assert "nspcc" in {c.id for c in people.reached("RT-CHILDLINE", KNOWN, grown)}


def test_where_a_pack_has_no_such_words_the_others_stand() -> None:
    routes, never = triage.open_routes(YOUNG, KNOWN)
    bare = replace(
        KNOWN,
        routes={
            name: replace(
                way,
                young=None,
                offers=tuple(replace(o, young="") for o in way.offers),
                bars=tuple(replace(b, young="") for b in way.bars),
            )
            for name, way in KNOWN.routes.items()
        },
    )
    for route in routes:
        told = voice.told(route, bare, YOUNG)
        assert (told.name, told.because, told.what) == (route.name, route.because, KNOWN.routes[route.id].what)
    assert [voice.barred(bar, bare, YOUNG) for bar in never] == [bar.because for bar in never]


def test_the_plan_on_paper_and_in_the_terminal_speaks_to_them() -> None:
    plan = triage.triage(YOUNG, KNOWN, ON)
    sheet = str(papers.plan(plan, KNOWN, YOUNG).data)
    lines = "\n".join(terminal.plan_lines(plan, KNOWN, YOUNG))
    for text in (sheet, lines):
        assert "Tell an adult you trust" in text
        assert "You are not in trouble" in text
        assert text.index("Tell an adult you trust") < text.index("Report Remove")


def test_the_browser_says_the_same(node: Callable[[str], str]) -> None:
    """Order and words of every route, for random answers of young people and of others."""
    random = Random(20261124)
    told = [
        Situation({**answers.situation(KNOWN, random).answers, "victim_age_band": age})
        for age in AGES
        for _ in range(40)
    ]
    cases = []
    for one in told:
        settled = rules.settle(one, KNOWN.settles)
        routes, never = triage.open_routes(settled, KNOWN)
        said = [voice.told(route, KNOWN, settled) for route in voice.ordered(routes, KNOWN, settled)]
        plain = {name: list(a) if isinstance(a, tuple) else a for name, a in settled.answers.items()}
        cases.append({
            "situation": {"answers": plain, "unsure": []},
            "routes": [asdict(route) for route in routes],
            "never": [asdict(bar) for bar in never],
            "said": [[t.name, t.because, t.what, t.next] for t in said],
            "barred": [voice.barred(bar, KNOWN, settled) for bar in never],
            "reached": [[c.name for c in people.reached(route.id, KNOWN, settled)] for route in routes],
        })  # fmt: skip
    code = f"""
        import {{ barred, ordered, packOf, saidOf }} from "./voice.js";
        import {{ contactsOf }} from "./contacts.js";
        const packs = {json.dumps(compiled.compiled(KNOWN))};
        const cases = {json.dumps(cases)};
        console.log(JSON.stringify(cases.map(({{ situation: s, routes, never }}) => ({{
          said: ordered(packs, routes, s).map((route) => Object.values(saidOf(packs, route, s))),
          order: Object.keys(saidOf(packs, routes[0], s)),
          barred: never.map((bar) => barred(packs, bar, s)),
          reached: routes.map((route) => contactsOf(packs, packOf(packs, route), s).map((one) => one.name)),
        }}))));
    """
    got = json.loads(node(code))
    for mine, theirs in zip(cases, got, strict=True):
        assert theirs["order"] == ["name", "because", "what", "next"]
        assert (theirs["said"], theirs["barred"], theirs["reached"]) == (mine["said"], mine["barred"], mine["reached"])
