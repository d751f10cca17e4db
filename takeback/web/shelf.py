"""The shelf: everything of the app that is not a case: the shared pages, their files, entering, leaving, presence."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse

from takeback import packs
from takeback.web import desk as desks
from takeback.web import guard, looking, pages
from takeback.words import again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.errors import TakebackError
    from takeback.web.desk import Desk

BEAT = 1
"""Seconds between two signs of life that an open page gets."""

RELATIVE = re.compile(
    r'\b(href|src|action|data-exit|data-may|data-to|data-packs|data-making|data-stop)="(?![a-z]+:|[#/"])'
)
"""An address in a page that does not say where it starts."""

TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
}


def only(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view that answers to these methods and no other."""

    def marked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def checked(request: HttpRequest, **more: str) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, **more)

        return checked

    return marked


@only("GET")
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Change the one-time token for a cookie, and go to the first page."""
    cookie = guard.desk_of(request).enter(token, request.COOKIES.get(guard.COOKIE, ""))
    if cookie is None:
        return sorry(request, "This address worked once and is used up.", "Start Takeback again to come back.", 403)
    response = HttpResponseRedirect("/")
    response.set_cookie(guard.COOKIE, cookie, httponly=True, samesite="Strict")
    return response


@only("GET")
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the pages that the static site has too."""
    if name == "packs.json":
        return HttpResponse(pages.packs_json(), content_type=TYPES["json"])
    text = pages.render(name, app=True) if name in pages.names(packs.load()) else None
    return HttpResponse(text) if text is not None else nothing(request)


@only("GET")
def static(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file that the pages load."""
    content = pages.asset(name)
    kind = TYPES.get(name.rpartition(".")[2])
    if content is None or kind is None:
        return nothing(request)
    return HttpResponse(content, content_type=kind)


@only("POST")
def leave(request: HttpRequest) -> HttpResponseBase:
    """Exit: forget the keys and the cookie, and ask the browser to forget what it kept of this address."""
    guard.desk_of(request).leave()
    response = HttpResponse(status=204)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.delete_cookie(guard.COOKIE, samesite="Strict")
    return response


@only("POST")
def still(request: HttpRequest) -> HttpResponseBase:
    """The person is still there: they type, or scroll. Nothing of it is said."""
    guard.desk_of(request).act()
    return HttpResponse(status=204)


@only("GET")
def presence(request: HttpRequest) -> HttpResponseBase:
    """A page that is open listens here: the app stops when the last one goes, and pages hear when their case locks."""
    beats = _beats(guard.desk_of(request), request.COOKIES[guard.COOKIE])
    return StreamingHttpResponse(beats, content_type="text/event-stream")


def _beats(desk: Desk, cookie: str) -> Iterator[bytes]:
    said = ""
    desk.page_opens()
    try:
        while desk.knows(cookie):
            desk.lock_if_idle()
            looking.tick(desk, desks.now)
            now = _case(desk)
            yield f"event: case\ndata: {now}\n\n".encode() if now != said else b": here\n\n"
            said = now
            time.sleep(BEAT)
    finally:
        desk.page_closes()


def _case(desk: Desk) -> str:
    """How it is with the case: closed, open, or about to lock."""
    if desk.open_case is None:
        return "closed"
    return "locking" if desk.quiet() > desks.IDLE - desks.WARN else "open"


# ---------------------------------------------------------------- when something is not as it should be


def nothing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page. Django calls it so too, with an exception that is not repeated."""
    del exception
    return sorry(request, "There is no such page.", "", 404)


def unclear(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that is too large, or can't be understood."""
    del exception
    return sorry(request, "This was too long, or did not arrive whole, so nothing was done.", "Try again.", 400)


def broken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A fault of ours: one sentence that says nothing of the request."""
    del exception
    return sorry(request, "Something went wrong inside Takeback.", "What was kept before is safe.", 500)


def sorry(request: HttpRequest, what: str, hint: str, status: int) -> HttpResponse:
    """One sentence and what to do: as text for a script, as a page for a person. Nothing of the request is repeated."""
    what, hint = sentence(again(what)), sentence(again(hint))
    if not reads_pages(request):
        return HttpResponse(f"{what} {hint}".strip(), status=status, content_type="text/plain; charset=utf-8")
    return shown("sorry.html", status, what=what, hint=hint)


def reads_pages(request: HttpRequest) -> bool:
    """Whether it is a person's page that asks, not a script in one."""
    return "text/html" in request.META.get("HTTP_ACCEPT", "")


def shown(name: str, status: int = 200, **more: Any) -> HttpResponse:
    """A page that only the app has. Its addresses start at the root, so that it can answer at any address."""
    text = pages.render(name, app=True, **more) or ""
    return HttpResponse(RELATIVE.sub(r'\1="/', text), status=status)


def told(wrong: TakebackError) -> str:
    """What an error says and what to do, in the language in use."""
    return f"{sentence(again(wrong.say()))} {sentence(again(wrong.hint))}".strip()


def sentence(text: str) -> str:
    """What the command line says in lower case, as a page says it."""
    return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".?!”" else ".")
