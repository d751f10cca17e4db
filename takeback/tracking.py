"""Tracking: how the notices of a kept case stand at a moment: of one case, of several, and one by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import clock, errors, keeping, packs
from takeback.due import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from takeback.clock import Tracked
    from takeback.keeping import OpenCase
    from takeback.store.cases import Store


def tracked(case: OpenCase, at: datetime, zone: tzinfo) -> tuple[Tracked, ...]:
    """Every notice of a case, as it stands at a moment."""
    state = case.state(at)
    return clock.track(state.events, state.situation, state.at, packs.load(), zone)


def over_all(
    kept: Store, cases: Iterable[str], passphrase: str, at: datetime, zone: tzinfo
) -> tuple[list[Entry], list[str]]:
    """The notices of those cases that a passphrase opens, and the cases that it does not open."""
    entries: list[Entry] = []
    shut: list[str] = []
    for id_ in cases:
        try:
            case = keeping.unlock(kept, id_, passphrase, at)
        except errors.Locked:
            shut.append(id_)
        else:
            entries += [Entry(id_, one) for one in tracked(case, at, zone)]
    return entries, shut


def one(case: OpenCase, number: str, at: datetime, zone: tzinfo) -> Tracked:
    """One notice by its number. BadInput where there is none."""
    found = next((each for each in tracked(case, at, zone) if each.id == number), None)
    if found is None:
        raise errors.BadInput("There is no such notice in this case", "look at the list of notices again")
    return found
