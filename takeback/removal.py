"""Removal services: which fit this person, and the hashes of a case's files for those who work with hashes.

A service says what it takes, what leaves the device and who sees it (`service` in its contact). Whether it fits is its
route's word: an adult's service is never offered where someone shown is, or looks, under 18. Hashes are made anew in
the cage each time they are asked for and kept nowhere; nothing is sent. A hash made here is on no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from takeback import cage, journey, keeping, packs, rules, voice
from takeback.chunks import Chunks
from takeback.errors import TakebackError
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from takeback.keeping import OpenCase
    from takeback.pack_terms import Contact, RoutePack
    from takeback.terms import Plan, Signal, Situation

ON_NO_LIST = later(
    "A hash made here is on no list and blocks nothing. "
    "Each service makes its own, on its own page or by its own people."
)
DIFFERENCE = later(
    "Report Remove gets the picture itself, and its people look at it. The other services only get a hash."
)
THE_THING = ("it", "other", "")
"""Sorts of files that can be the picture or video itself: a screenshot of a chat has a hash, but no copy matches it."""

PUBLIC = later("By public lists, which Takeback could not check with them, these take part: {names}.")

TYPE_OF = {"image": "pdq", "video": "md5"}
"""The hash that services take of each kind of file."""


@dataclass(frozen=True, slots=True)
class Service:
    """A removal service as it stands for this person: it fits, and what to do; or it does not, and why.

    `hashes` are the types of hash that it works with; none where it does not fit.
    """

    contact: Contact
    fits: bool
    because: str
    what: str = ""
    next: str = ""
    hashes: tuple[str, ...] = ()

    @property
    def sites(self) -> str:
        """Who takes part in it, as public lists say: one sentence, or nothing."""
        return taking_part(self.contact.id)


@dataclass(frozen=True, slots=True)
class Hash:
    """The one hash of a file that a service takes. `name` is the file's, `edit` what was done to it."""

    ref: str
    name: str
    signal: Signal


def services(situation: Situation, on: date) -> tuple[Service, ...]:
    """Every service, those that fit first; those about which nothing was said are left out."""
    known = packs.load()
    drawn = journey.plan(situation, on)
    found = (_service(route, drawn, rules.settle(situation, known.settles)) for route in known.routes.values())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: not one.fits))


def taking_part(service: str) -> str:
    """Who takes part in a removal service, in a sentence; nothing where no list says so."""
    known = packs.load().contacts.values()
    names = sorted(one.name for one in known if service in one.programmes and one.ended is None)
    return _(PUBLIC, names=", ".join(names)) if names else ""


def _service(route: RoutePack, drawn: Plan, situation: Situation) -> Service | None:
    known = packs.load()
    contact = known.contacts[route.contacts[0]] if route.contacts else None
    if contact is None or contact.service is None or contact.ended:
        return None
    if offered := next((one for one in drawn.routes if one.id == route.id), None):
        said = voice.told(offered, known, situation)
        return Service(contact, True, said.because, said.what, said.next, contact.service.hashes)  # noqa: FBT003
    barred = next((one for one in drawn.never if one.id == route.id), None)
    return Service(contact, fits=False, because=voice.barred(barred, known, situation)) if barred else None


# ---------------------------------------------------------------- the hashes


def of_case(case: OpenCase, at: datetime) -> Iterator[Hash]:
    """The hash of each file of a case that may be opened and can be the thing itself; what can't be opened has none."""
    state = case.state(at)
    back = keeping.held_back(state)
    if keeping.closed(state.situation):
        return
    for one in state.exhibits:
        if one in back or one.sort not in THE_THING:
            continue
        try:
            looked = cage.look(Chunks(case.store.open_blob(case.id, one.blob, case.key)))
        except TakebackError:
            continue
        yield from (Hash(one.ref, one.original_name, signal) for signal in _taken(looked.kind, looked.signals))


def of_files(hashed: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same of files that were hashed already (`journey.hash_files`), as plain values."""
    for one in hashed:
        wanted = TYPE_OF.get(str(one.get("kind")))
        first = next((signal for signal in one.get("signals", ()) if signal["type"] == wanted), None)
        if first is not None:
            yield {"file": one["file"], "type": wanted, "value": first["value"], "quality": first.get("quality")}


def _taken(kind: str, found: Iterable[Signal]) -> Iterator[Signal]:
    wanted = TYPE_OF.get(kind)
    yield from [one for one in found if one.type == wanted][:1]
