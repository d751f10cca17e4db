"""What the pages show of a place: whose, what, what to doubt, what to save first, how to report it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from takeback import packs, places, rules, whereabouts
from takeback.words import _

if TYPE_CHECKING:
    from takeback.pack_terms import Report
    from takeback.places import Place
    from takeback.terms import Situation

MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A place as a page shows it. A way that nobody checked is only named."""

    text: str
    shown: str
    wrong: str
    name: str
    kind: str
    parts: str
    doubts: tuple[str, ...]
    save: tuple[str, ...]
    ways: tuple[tuple[Report, bool], ...]
    unchecked: tuple[str, ...]


def shown(text: str, situation: Situation) -> Shown:
    """One place, with the ways to report it that fit what was answered."""
    return _shown(places.read(text, packs.load().contacts), situation)


def found(text: str, situation: Situation) -> dict[str, Any]:
    """Everything that a pasted text holds."""
    listed = [_shown(place, situation) for place in whereabouts.read(text, packs.load().contacts)]
    return {"places": listed, "good": sum(not one.wrong for one in listed)}


def _shown(place: Place, situation: Situation) -> Shown:
    harms = places.harms(rules.settle(situation, packs.load().settles))
    ways = whereabouts.ways(place, harms)
    checked = tuple((way, way.to.startswith("https://")) for way in ways if way.offered)[:MOST_WAYS]
    return Shown(
        text=place.text,
        shown=place.shown or place.text,
        wrong=place.wrong,
        name=place.contact.name if place.contact else place.host,
        kind=_(whereabouts.KINDS[place.kind]),
        parts=whereabouts.parts(place.ids),
        doubts=place.doubts,
        save=places.save_first(place),
        ways=checked,
        unchecked=() if checked else tuple(dict.fromkeys(way.to for way in ways))[:MOST_WAYS],
    )
