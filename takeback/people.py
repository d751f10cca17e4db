"""Whom a route leads to, for this person: contacts that still exist, serve the place where they are, and their age.

web/static/contacts.js says the same in the browser. A contact that names no part of the UK serves everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import voice

if TYPE_CHECKING:
    from takeback.pack_terms import Contact, Packs
    from takeback.terms import Situation

PLACES = {"england-wales": ("EW", "ENGLAND", "WALES"), "scotland": ("SC",), "northern-ireland": ("NI",)}
"""The names that a contact's `nations` may have for each answer of `victim_nation`."""

UK = tuple(place for places in PLACES.values() for place in places)


def reached(route: str, packs: Packs, situation: Situation) -> tuple[Contact, ...]:
    """The contacts of a route that serve this person, in the order of the pack."""
    here = PLACES.get(str(situation.get("victim_nation")), ())
    found = (packs.contacts[contact] for contact in packs.routes[route].contacts)
    young = voice.is_young(situation, packs)
    return tuple(one for one in found if one.ended is None and _serves(one, here) and not (young and one.adults))


def _serves(contact: Contact, here: tuple[str, ...]) -> bool:
    everywhere = not set(contact.nations) & set(UK)
    return not here or everywhere or bool(set(contact.nations) & set(here))
