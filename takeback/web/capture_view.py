"""What the page that saves a page shows: its questions, or why nothing is saved here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from takeback import keeping, permit

if TYPE_CHECKING:
    from datetime import datetime

    from takeback.keeping import OpenCase


def page(case: OpenCase, at: datetime) -> dict[str, Any]:
    """What the page asks; or why this case saves no page, or what is missing on this computer."""
    from takeback.wire import capture as wire  # noqa: PLC0415

    state = case.state(at)
    return {
        "refusal": keeping.closed(state.situation),
        "missing": wire.lacking(),
        "places": [one.url for one in state.where if one.url],
        "asks_agreement": state.situation.get("role") in permit.HELPERS,
    }
