"""What the page that saves a page shows: its questions, or why nothing is saved here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from takeback import keeping, permit
from takeback.words import again

if TYPE_CHECKING:
    from datetime import datetime

    from takeback.errors import TakebackError
    from takeback.keeping import OpenCase


def page(case: OpenCase, at: datetime) -> dict[str, Any]:
    """What the page asks; or why this case saves no page, or what is missing on this computer."""
    from takeback.wire import chromium  # noqa: PLC0415

    state = case.state(at)
    return {
        "refusal": keeping.closed(state.situation),
        "missing": _said(chromium.lacking()),
        "no_window": _said(chromium.lacking(window=True)),
        "places": [one.url for one in state.where if one.url],
        "asks_agreement": state.situation.get("role") in permit.HELPERS,
    }


def _said(why: TakebackError | None) -> str:
    """What is missing, and what to do, as a sentence; nothing where nothing is."""
    return f"{again(why.what)}: {again(why.hint)}." if why else ""
