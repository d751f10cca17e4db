"""What the page of removal services shows: each service as it stands for this person, and the hashes beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from takeback import keeping, removal
from takeback.web import shown
from takeback.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from takeback.keeping import OpenCase


def page(case: OpenCase, at: datetime, made: Sequence[removal.Hash] | None = None) -> dict[str, Any]:
    """The page; `made` are the hashes, where the person pressed for them."""
    state = case.state(at)
    back = keeping.held_back(state)
    closed = keeping.closed(state.situation) is not None
    files = [one for one in state.exhibits if one not in back and one.sort in removal.THE_THING]
    return {
        "services": [_service(one, made or ()) for one in removal.services(state.situation, at.date())],
        "difference": _(removal.DIFFERENCE),
        "no_list": _(removal.ON_NO_LIST),
        "files": 0 if closed else len(files),
        "made": made is not None,
        "closed": closed,
    }


def _service(one: removal.Service, made: Sequence[removal.Hash]) -> dict[str, Any]:
    about = one.contact.service
    taps = [shown.tap(way) for way in one.contact.ways if way.offered and way.by == "web"] if one.fits else []
    return {
        "one": one,
        "about": about,
        "taps": taps,
        "hashes": [hash_ for hash_ in made if hash_.signal.type in one.hashes],
    }
