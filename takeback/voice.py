"""Voice: to whom the packs speak. Where the person is under 18, in words for a young person, wherever a pack has them.

packs/voice.toml says who that is; `young` beside `because`, and a `[young]` table of a route or of a section of a
guide, are the words. Where one lacks, the other words stand: nothing is ever said by code. Pure.
web/static/voice.js says the same in the browser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.guide_terms import Voice, Words
from takeback.rules import evaluate

if TYPE_CHECKING:
    from takeback.pack_terms import Packs, RoutePack
    from takeback.table import Table
    from takeback.terms import NotFor, Route, Situation


@dataclass(frozen=True, slots=True)
class Told:
    """A route as it is said to this person."""

    name: str
    because: str
    what: str
    next: str


def read(table: Table) -> Voice:
    """packs/voice.toml."""
    return Voice(table.rule("young"), table.rule("grown"), opening=table.text("opening"), first=table.text("first", ""))


def words(table: Table) -> Words | None:
    """The words of a route for a young person, where it has any."""
    young = table.table("young")
    if young is None:
        return None
    found = Words(name=young.text("name"), what=young.text("what"), next=young.text("next"))
    young.done()
    return found


def is_young(situation: Situation, packs: Packs) -> bool:
    """Whether the one who reads is, as far as we know, under 18. `situation` is settled."""
    return evaluate(packs.voice.young, situation) is True and evaluate(packs.voice.grown, situation) is not True


def told(route: Route, packs: Packs, situation: Situation) -> Told:
    """What is said of a route of this person's plan."""
    pack = packs.routes[route.id]
    if not is_young(situation, packs):
        return Told(route.name, route.because, pack.what, pack.next)
    said = pack.young or Words(route.name, pack.what, pack.next)
    return Told(said.name, _because(pack, route.because), said.what, said.next)


def ordered(routes: tuple[Route, ...], packs: Packs, situation: Situation) -> tuple[Route, ...]:
    """The routes in the order in which they are said: for a young person, whom to tell comes before what to fill in."""
    if not is_young(situation, packs):
        return routes
    danger = [route for route in routes if packs.routes[route.id].kind == "danger"]
    tell = [route for route in routes if route.id == packs.voice.first]
    return (*danger, *tell, *(route for route in routes if route not in danger + tell))


def barred(bar: NotFor, packs: Packs, situation: Situation) -> str:
    """Why a route is not for this person."""
    return _because(packs.routes[bar.id], bar.because) if is_young(situation, packs) else bar.because


def _because(pack: RoutePack, because: str) -> str:
    """The words for a young person beside this reason, or the reason itself."""
    young = {one.because: one.young for one in pack.offers} | {one.because: one.young for one in pack.bars}
    return young.get(because) or because
