"""A GIVEN file: fact ids and answers in TOML, JSON or YAML, and what the person says in their own words.

Reads text, not files, and checks every answer against the facts. "unknown" (or an empty answer) is "I don't know".
YAML's own booleans and dates are taken for what they were typed as: `no` is the answer "no".
"""

from __future__ import annotations

import difflib
import json
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from takeback.errors import BadGiven
from takeback.rules import period
from takeback.terms import UNSURE, Account, Given, Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from takeback.pack_terms import Fact, Packs
    from takeback.terms import Answer

FORMATS = ("toml", "json", "yaml")
WORDS = tuple(Account.__dataclass_fields__)
LONGEST = 100_000
"""More words than any account needs, and few enough to lay out in a document."""

LARGEST = 10**100
"""A number that was typed in place of words, such as a telephone number, is below this."""


def read(text: str, form: str, packs: Packs) -> Given:
    """A GIVEN text in one of FORMATS. BadGiven names the first thing that cannot be used, and what to do."""
    data = _parse(text, form)
    if not isinstance(data, dict):
        raise BadGiven("the answers need to be a list of names and values", 'write for example: intimate = "yes"')
    answers: dict[str, Answer] = {}
    unsure: set[str] = set()
    words: dict[str, str] = {}
    for key, value in data.items():
        if key in WORDS:
            words[key] = _words(key, value)
        elif _is_unsure(value):
            unsure.add(_fact(str(key), packs.facts).id)
        else:
            fact = _fact(str(key), packs.facts)
            answers[fact.id] = check(fact, value)
    return Given(Situation(answers, frozenset(unsure)), Account(**words))


def _parse(text: str, form: str) -> Any:
    try:
        if form == "toml":
            return tomllib.loads(text)
        if form == "json":
            return json.loads(text, object_pairs_hook=_no_twins)
        return _yaml(text)
    except BadGiven:
        raise
    except (ValueError, RecursionError) as error:
        where = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise BadGiven(f"the answers can't be read as {form}: {where}", "check the line that it names") from error


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise BadGiven("the same question is answered twice", "keep one answer to each question")
    return data


def _yaml(text: str) -> Any:
    import yaml  # noqa: PLC0415  only where a YAML file is read: `plan` stays fast

    try:
        if any(isinstance(each, yaml.AliasEvent) for each in yaml.parse(text, yaml.SafeLoader)):
            raise ValueError("it repeats a part of itself by a mark (*), which no answer needs")
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except (ArithmeticError, AttributeError, LookupError) as error:  # a tag or a number that PyYAML trips over
        raise ValueError("a value in it is not what its form says") from error


def _is_unsure(value: Any) -> bool:
    return value is None or value in ("", UNSURE) or value == []


def _words(key: str, value: Any) -> str:
    if isinstance(value, (datetime, date)) or (type(value) is int and abs(value) < LARGEST):
        value = str(value)
    if not isinstance(value, str):
        raise BadGiven(f"`{key}` needs plain text", f'write {key} = "..."')
    if len(value) > LONGEST:
        raise BadGiven(f"`{key}` is longer than {LONGEST} letters", "put the rest in a file and add it as an exhibit")
    return value.strip()


def _fact(key: str, facts: Mapping[str, Fact]) -> Fact:
    fact = facts.get(key)
    if fact is not None and fact.asked:
        return fact
    close = difflib.get_close_matches(key, [*facts, *WORDS], n=1)
    hint = f"did you mean `{close[0]}`?" if close and close[0] != key else "docs/facts.md lists every question"
    raise BadGiven(f"there is no question called `{key}`", hint)


def check(fact: Fact, value: Any) -> Answer:
    """An answer as its fact allows it, or BadGiven with the values that can be used."""
    if fact.type == "date":
        return _date(fact, value)
    if fact.type == "number":
        return _number(fact, value)
    if fact.type == "many":
        chosen = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(_value(fact, one) for one in chosen))
    return _value(fact, value)


def _value(fact: Fact, value: Any) -> str:
    if isinstance(value, bool) and fact.type == "yes_no":
        value = "yes" if value else "no"
    if not isinstance(value, str) or value not in fact.values:
        raise BadGiven(f"`{fact.id}` can't be {_short(value)}", f"it can be {', '.join(fact.values)} or {UNSURE}")
    return value


def _date(fact: Fact, value: Any) -> str:
    text = value.date().isoformat() if isinstance(value, datetime) else str(value)
    try:
        period(text)
    except (ValueError, TypeError) as error:
        raise BadGiven(
            f"`{fact.id}` is {_short(value)}, and there is no such day", "write 2026, 2026-03 or 2026-03-05"
        ) from error
    return text


def _number(fact: Fact, value: Any) -> int:
    if isinstance(value, str) and value.isdecimal() and len(value) <= 9:
        value = int(value)
    if type(value) is not int or not 0 <= value <= 999_999_999:
        raise BadGiven(f"`{fact.id}` can't be {_short(value)}", "it needs a whole number, such as 3")
    return value


def _short(value: Any) -> str:
    try:
        text = " ".join(str(value).split())
    except ValueError:  # Python writes out no number of more than 4,300 digits
        text = "a number without an end"
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
