"""What leaves the open case by the person's own press: the account, the diary, the plan. The case remembers each.

A notice leaves from its own page, with its number on it: case_send.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from takeback import errors, telling
from takeback.web import case_view, shelf
from takeback.web.case import acts, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@acts
def document(request: HttpRequest) -> HttpResponseBase:
    """The account, the diary or the plan, made now and handed over."""
    case = opened(request)
    letter, form = request.POST.get("letter", ""), request.POST.get("as", "pdf")
    if form not in telling.forms(letter):
        raise errors.BadInput("There is no such document.", "Choose one from the list of reports.")
    made = telling.document(case, letter, form, now())
    case.add("exported", {"letter": made.letter, "name": made.name}, now())
    return saved_as(HttpResponse(made.content, content_type=made.kind), made.name)


@acts
def read(request: HttpRequest) -> HttpResponseBase:
    """A chat or an e-mail that is kept, as who, when and what. The file stays sealed and as it is."""
    case = opened(request)
    return shelf.shown("case-read.html", **case_view.reading(case, request.POST.get("ref", ""), now()))


def saved_as(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """Handed over as a file. The names are ours: small letters, digits and dashes."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
