"""Derived: what follows from the answers, the places and the day, so that nobody has to be asked. Pure.

packs/facts.toml has these as facts that are `worked_out`: the rules of notices rest on them like on any answer, and
nobody can give them. Two of them never stay open, since what a picture shows is said only of known adults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from takeback.rules import evaluate, period
from takeback.terms import All, Is
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from takeback.places import Place
    from takeback.terms import Answer, Situation

CLOCK = ("time_over", "after_claim")
"""What the clock of a notice knows (takeback.clock.answers), and nothing else does."""

FACTS = ("adults_only", "sayable", "days_waited", "site_kind", "site_form", *CLOCK)

ADULTS = All((Is("under18_real", ("no",)), Is("under18_look", ("no",))))
CHILD = Is("victim_age_band", ("under13", "13-15", "16-17"))
PLAIN = Is("intimate", ("no",))
DELICATE = AnyOf(
    (
        Is("intimate", ("yes",)),
        Is("indecent", ("yes",)),
        Is("child_sexual_drawing", ("yes",)),
        Is("under18_real", ("yes",)),
        Is("under18_look", ("yes",)),
        Is("about", ("intimate", "under-18")),
    )
)


def known(situation: Situation, found: Sequence[Place], on: date) -> Situation:
    """A settled situation with all that follows from it, from where it is, and from the day."""
    told = {fact: answer for fact, answer in situation.answers.items() if fact in CLOCK or fact not in FACTS}
    return replace(situation, answers={**told, **dict(_worked_out(situation, found, on))})


def _worked_out(situation: Situation, found: Sequence[Place], on: date) -> Iterator[tuple[str, Answer]]:
    adults = adults_only(situation)
    yield "adults_only", "yes" if adults else "no"
    yield "sayable", "yes" if adults or _plain(situation) else "no"
    told = situation.get("reported_on")
    if told is not None and (waited := (on - period(str(told))[1]).days) >= 0:
        yield "days_waited", waited
    if len({place.site for place in found if place.host}) == 1:
        yield from _site(next(place for place in found if place.host))


def adults_only(situation: Situation) -> bool:
    """Whether everyone shown is known to be an adult. An age that nobody knows, or two answers that differ, is no."""
    tricked = situation.get("role") == "deceived"  # the person that it was done to is not the one shown
    return evaluate(ADULTS, situation) is True and (tricked or evaluate(CHILD, situation) is not True)


def unsettled(situation: Situation) -> Situation:
    """The same, with what rests on an age left open where an answer could still show that all are adults."""
    if adults_only(situation) or evaluate(ADULTS, situation) is False or evaluate(CHILD, situation) is True:
        return situation
    return replace(
        situation, answers={f: a for f, a in situation.answers.items() if f not in ("adults_only", "sayable")}
    )


def _plain(situation: Situation) -> bool:
    """Whether nothing that was said makes words about it delicate."""
    if evaluate(PLAIN, situation) is True and situation.get("indecent") != "yes":
        return True
    child = situation.get("role") != "deceived" and evaluate(CHILD, situation) is True
    return not child and evaluate(DELICATE, situation) is not True


def _site(place: Place) -> Iterator[tuple[str, Answer]]:
    kind = place.contact.kind if place.contact else "unknown"
    yield "site_kind", kind if kind in ("platform", "search", "host") else "unknown"
    laws = [one.law for one in place.contact.reports if one.law and one.offered] if place.contact else []
    yield "site_form", tuple(laws) or ("none",)
