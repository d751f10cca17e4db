"""What the pages of a case show: plain values for the templates, made from the opened log for one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import handover, journey, papers, permit
from takeback.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from takeback.casework import State
    from takeback.keeping import OpenCase
    from takeback.terms import Event, Packs


def face(case: str) -> tuple[tuple[bool, ...], ...]:
    """A case's own grid, its neutral face: 16 × 16 cells from its random id."""
    bits = int.from_bytes(handover.face(case), "big")
    return tuple(tuple(bool(bits >> (16 * row + column) & 1) for column in range(16)) for row in range(16))


def locked(cases: Sequence[str]) -> dict[str, Any]:
    """The cases that are kept here, by their faces; nothing else is known without a passphrase."""
    return {"cases": [{"id": case, "number": number, "face": face(case)} for number, case in enumerate(cases, 1)]}


def opened(case: OpenCase, packs: Packs, at: datetime) -> dict[str, Any]:
    """Everything that the page of an open case shows."""
    state = case.state(at)
    return {
        "face": face(case.id),
        "plan": journey.plan(state.situation, at.date()),
        "exhibits": state.exhibits,
        "addresses": state.where,
        "account": state.account,
        "account_versions": len(state.words),
        "events": [_happened(event) for event in reversed(state.events)],
        "asks": [packs.facts[fact] for fact in permit.WEIGHED if fact in _asked_about_a_file(state)],
        "refusal": _refusal(state),
        "papers": handover.offered(handover.of_case(case, at)),
        "folder": str(Path.home() / f"papers-{at.date().isoformat()}"),
    }


def _happened(event: Event) -> dict[str, str]:
    """One line of the custody log, as a person reads it."""
    ref = event.data.get("ref")
    detail = f" ({ref})" if ref else ""
    return {"at": f"{event.at:%d %B %Y, %H:%M} UTC", "what": papers.DONE[event.what].rstrip(".") + detail}


def _asked_about_a_file(state: State) -> tuple[str, ...]:
    """What is asked at every choice of a file; a helper is asked for the person's agreement too."""
    asked = ("intimate", "under18_real", "under18_look")
    helper = state.situation.get("role") in permit.HELPERS
    return (*asked, "agreement") if helper else asked


def _refusal(state: State) -> str | None:
    """Why this case takes no file at all, where its answers already say so."""
    known = {fact: state.situation.get(fact) for fact in permit.WEIGHED}
    if "yes" not in (known["under18_real"], known["under18_look"], known["terror"], known["extreme_content"]):
        return None
    if known["intimate"] == "no":
        return None
    try:
        permit.ask(state.situation)
    except Refused as refused:
        return refused.say()
    return None
