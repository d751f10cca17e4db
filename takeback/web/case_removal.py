"""The hashes of a case's files beside the services that take them: made by a press, shown once, kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import removal
from takeback.web import removal_view, shelf
from takeback.web.case import acts, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@acts
def hashes(request: HttpRequest) -> HttpResponseBase:
    """The page of services, with the hashes."""
    case, at = opened(request), now()
    return shelf.shown("case-services.html", **removal_view.page(case, at, tuple(removal.of_case(case, at))))
