"""A pasted text, read for the open case: the places in it are shown first, and kept only by the person's own press."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from takeback import errors, packs, whereabouts
from takeback.places import read
from takeback.terms import Address
from takeback.web import shelf, where_view
from takeback.web.case import acts, back, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@acts
def found(request: HttpRequest) -> HttpResponseBase:
    """What a text says of where something is. Nothing of it is kept."""
    text: str = request.POST.get("text", "")
    if len(text) > whereabouts.LONGEST:
        raise errors.BadInput("This is too long to read at once.", "Paste a part of it.")
    situation = opened(request).state(now()).situation
    return shelf.shown("case-found.html", **where_view.found(text, situation))


@acts
def places(request: HttpRequest) -> HttpResponseBase:
    """Keep the places that the person chose; one that is there already, or can't stand in a report, is left out."""
    case = opened(request)
    known = {one.url for one in case.state(now()).where}
    for text in dict.fromkeys(request.POST.getlist("url")):
        if text not in known and not read(text, packs.load().contacts).wrong:
            case.point(Address(id=secrets.token_hex(8), url=text), now())
    return back("/case-where.html")
