"""The shelf: everything of the app that is not a case: the shared pages, their files, entering, leaving, presence."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse

from takeback.web import guard, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.web.desk import Desk

BEAT = 2
"""Seconds between two signs of life that an open page gets."""

TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
}


def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Change the one-time token for a cookie, and go to the first page."""
    cookie = guard.desk_of(request).enter(token)
    if cookie is None:
        return sorry(request, "This address worked once and is used up.", "Start Takeback again to come back.", 403)
    response = HttpResponseRedirect("/")
    response.set_cookie(guard.COOKIE, cookie, httponly=True, samesite="Strict")
    return response


def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the pages that the static site has too."""
    if name == "packs.json":
        return HttpResponse(pages.packs_json(), content_type=TYPES["json"])
    text = pages.render(name, app=True)
    return HttpResponse(text) if text is not None else nothing(request)


def static(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file that the pages load."""
    content = pages.asset(name)
    if content is None:
        return nothing(request)
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])


def leave(request: HttpRequest) -> HttpResponseBase:
    """Exit: forget the keys and the cookie, and ask the browser to forget what it kept of this address."""
    guard.desk_of(request).leave()
    response = HttpResponse(status=204)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.delete_cookie(guard.COOKIE, samesite="Strict")
    return response


def presence(request: HttpRequest) -> HttpResponseBase:
    """A page that is open listens here: the app stops when the last one goes, and a page hears when its case locks."""
    return StreamingHttpResponse(_beats(guard.desk_of(request)), content_type="text/event-stream")


def _beats(desk: Desk) -> Iterator[bytes]:
    was_open = desk.open_case is not None
    desk.page_opens()
    try:
        while True:
            desk.lock_if_idle()
            is_open = desk.open_case is not None
            yield b"event: locked\ndata:\n\n" if was_open and not is_open else b": here\n\n"
            was_open = is_open
            time.sleep(BEAT)
    finally:
        desk.page_closes()


def nothing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page. Django calls it so too, with an exception that is not repeated."""
    del exception
    return sorry(request, "There is no such page.", "", 404)


def broken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be understood, or a fault of ours: one sentence that says nothing of it."""
    del exception
    return sorry(request, "Something went wrong inside Takeback.", "What was kept before is safe.", 500)


def sorry(request: HttpRequest, what: str, hint: str, status: int) -> HttpResponse:
    """One sentence and what to do: as text for a script, as a page for a person. Nothing of the request is repeated."""
    if "text/html" not in request.META.get("HTTP_ACCEPT", ""):
        return HttpResponse(f"{what} {hint}".strip(), status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(pages.render("sorry.html", app=True, what=what, hint=hint), status=status)
