"""Rule words: a rule as a person reads it, on one line or as a tree. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.terms import All, AtLeast, Between, Is, Not
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.terms import Rule

COURT = "law_unsettled"
ONLY_A_COURT = "only a court can say (law_unsettled)"


def line(rule: Rule) -> str:
    """A rule on one line: "shared is yes and (media is image or video)"."""
    match rule:
        case All(()):
            return "always"
        case AnyOf(()):
            return "never"
        case All(parts):
            return " and ".join(_inner(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_inner(part) for part in parts)
        case Not(part):
            return f"not ({line(part)})"
        case _:
            return leaf(rule)


def _inner(part: Rule) -> str:
    joined = isinstance(part, All | AnyOf) and len(part.parts) > 1
    return f"({line(part)})" if joined else line(part)


def leaf(rule: Is | Between | AtLeast) -> str:
    """One leaf: "media is image or video"."""
    match rule:
        case Is(fact, _) if fact == COURT:
            return ONLY_A_COURT
        case Is(fact, values):
            return f"{fact} is {' or '.join(values)}"
        case AtLeast(fact, least):
            return f"{fact} is at least {least}"
        case Between(fact, start, None):
            return f"{fact} is on or after {start}"
        case Between(fact, None, end):
            return f"{fact} is on or before {end}"
        case Between(fact, start, end):
            return f"{fact} is from {start} to {end}"


def tree(rule: Rule, depth: int = 0) -> Iterator[tuple[int, str]]:
    """A rule as lines with their depth: "all of", and below it its parts."""
    match rule:
        case All(parts) | AnyOf(parts) if len(parts) > 1:
            yield depth, "all of" if isinstance(rule, All) else "any of"
            for part in parts:
                yield from tree(part, depth + 1)
        case All((only,)) | AnyOf((only,)):
            yield from tree(only, depth)
        case Not(All() | AnyOf() as part):
            yield depth, "not"
            yield from tree(part, depth + 1)
        case _:
            yield depth, line(rule)
