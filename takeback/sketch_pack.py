"""packs/sketches.toml: what people who come usually tell, from which the interview guesses what is worth asking.

Only the order of questions rests on it, never a finding or a route. Counts are of a hundred people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from takeback.pack_terms import KINDS, Likely, Sketch
from takeback.rules import is_period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from takeback.pack_terms import Fact, Says
    from takeback.table import Table

HUNDRED = 100


def read(table: Table) -> dict[str, Any]:
    """The whole file, checked as far as it can be without the facts."""
    anyone: Says = {}
    for one in table.tables("anyone"):
        anyone = {**anyone, **_says(one)}
    sketches = tuple(_sketch(t) for t in table.tables("sketch"))
    if not sketches:
        table.wrong("at least one [[sketch]] is needed")
    return {
        "anyone": anyone,
        "likely": tuple(Likely(when=t.rule("when"), says=_says(t)) for t in table.tables("likely")),
        "sketches": sketches,
    }


def _sketch(table: Table) -> Sketch:
    built = Sketch(
        name=table.text("name"),
        share=table.number("share"),
        kinds=table.texts("kinds", required=True),
        says=_says(table),
    )
    for kind in built.kinds:
        if kind not in KINDS:
            table.wrong(f"`kinds` has {kind!r}; it can have {', '.join(KINDS)}")
    if not 0 < built.share <= HUNDRED:
        table.wrong("`share` has to be a whole number from 1 to 100")
    return built


def _says(table: Table) -> Says:
    """How many of a hundred give each answer to each fact."""
    says: dict[str, dict[str, int]] = {}
    for fact, rows in table.plain("says").items():
        if isinstance(rows, dict) and all(type(n) is int and 0 <= n <= HUNDRED for n in rows.values()):
            says[fact] = rows
        else:
            table.wrong(f"`says` of {fact} needs whole numbers from 0 to 100, one for each answer")
    return says


def loose_ends(says: Says, facts: Mapping[str, Fact]) -> Iterator[str]:
    """What a sketch says that no fact can be answered with, or of more people than a hundred."""
    for name, rows in says.items():
        fact = facts.get(name)
        if fact is None or not fact.asked:
            yield f"no question is called {name!r}"
            continue
        yield from (f"{name} has no answer {answer!r}" for answer in rows if not _fits(fact, answer))
        if fact.type != "many" and sum(rows.values()) > HUNDRED:
            yield f"{name} has answers of more than a hundred people"


def _fits(fact: Fact, answer: str) -> bool:
    if fact.type == "number":
        return answer.isdecimal()
    return is_period(answer) if fact.type == "date" else answer in fact.values
