"""A page saved as evidence by a press in the app: the rule is asked first, then a browser opens it out of sight."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from takeback import capturing, errors
from takeback.terms import Situation
from takeback.web import guard
from takeback.web.case import acts, back, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.terms import Answer
    from takeback.wacz import Captured
    from takeback.wire.capture import Browser

FACTS = {"age": ("under18_real", "under18_look"), "bare": ("intimate",), "agreement": ("agreement",)}
"""What each question on the page says of the page that is to be saved."""


def browser() -> Browser:
    """The browser of this computer."""
    from takeback.wire.capture import Browser  # noqa: PLC0415  only where a page is saved

    return Browser()


@acts
def capture(request: HttpRequest) -> HttpResponseBase:
    """Save a page. A case that was locked meanwhile keeps nothing."""
    desk, case = guard.desk_of(request), opened(request)
    about: dict[str, Answer] = {
        fact: said for ask, facts in FACTS.items() if (said := request.POST.get(ask)) in ("yes", "no") for fact in facts
    }

    def look(url: str) -> Captured:
        captured = browser().capture(url)
        if desk.open_case is not case:
            raise errors.Locked("This case was locked meanwhile, so the page was not kept.", "Open it, and try again.")
        return captured

    url = request.POST.get("url", "").strip()
    at = datetime.now(UTC)
    capturing.capture(case, url, Situation(about), at, look=look, new_id=lambda: secrets.token_hex(8))
    desk.act()
    return back("/case-file.html")
