"""The guard: every request to the local app passes here first.

Refused: a Host that is not our loopback address and port (DNS rebinding); an act without our own Origin, or one that a
browser says comes from another site; anything without the cookie that the one-time token was changed for; a method that
no page of ours uses. Every answer leaves with the same headers: nothing cached, nothing framed, no referrer, no other
host, WebAssembly only for the worker. A refusal says one sentence and repeats nothing of the request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.web.desk import Desk

COOKIE = "takeback"
METHODS = ("GET", "POST", "PUT")
"""GET reads and never does anything, but for the one-time token; POST and PUT act."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src blob:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types takeback"
)
WORKER = "/static/worker.js"
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""Only the worker's own response may compile WebAssembly."""

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

ELSEWHERE = later("This came from another page, so Takeback did nothing.")
NO_KEY = later("This page was opened without its key. Start Takeback again to come back.")
OTHER_HOST = later("Takeback answers only at its own address on this computer.")
NO_METHOD = later("Takeback does not know what to do with this.")


class Guard:
    """Django middleware around the whole app."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request, or refuse it."""
        refusal = refused(request, desk_of(request))
        text = "text/plain; charset=utf-8"
        response = HttpResponse(_(refusal), status=403, content_type=text) if refusal else self.answer(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = WORKER_POLICY if request.path == WORKER else POLICY
        return response


def desk_of(request: HttpRequest) -> Desk:
    """What the running app holds in memory; the server hands it in with each request."""
    desk: Desk = request.META["takeback.desk"]
    return desk


def refused(request: HttpRequest, desk: Desk) -> str | None:
    """Why a request is refused, in a sentence; None where it may pass."""
    here = f"127.0.0.1:{desk.port}"
    if request.META.get("HTTP_HOST") != here:
        return OTHER_HOST
    if request.method not in METHODS:
        return NO_METHOD
    if request.method != "GET" and not _ours(request, f"http://{here}"):
        return ELSEWHERE
    if request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
        return ELSEWHERE
    entering = request.method == "GET" and request.path.startswith("/enter/")
    if not entering and not desk.knows(request.COOKIES.get(COOKIE, "")):
        return NO_KEY
    desk.lock_if_idle()
    return None


def _ours(request: HttpRequest, here: str) -> bool:
    """Whether an act comes from our own page.

    A form's Origin is "null", since our pages send no referrer; then the browser has to say itself that it comes from
    the same origin, which no page can make it say.
    """
    origin: str | None = request.META.get("HTTP_ORIGIN")
    says: str | None = request.META.get("HTTP_SEC_FETCH_SITE")
    return origin == here or (origin == "null" and says == "same-origin")
