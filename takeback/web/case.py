"""A kept case in the local app: its pages, and to keep, open, lock and forget it.

Forms come in small and whole. What a page shows is made for this one answer and is never cached. Only the person's own
press makes anything here leave.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect, JsonResponse

from takeback import errors, given, keeping, packs
from takeback.web import capture_view, case_view, desk, guard, looking, removal_view, send_view, shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from takeback.keeping import OpenCase
    from takeback.terms import Given

HERE = "/case.html"

PAGES: dict[str, Callable[[OpenCase, datetime], dict[str, Any]]] = {
    "case.html": case_view.overview,
    "case-file.html": case_view.files,
    "case-where.html": case_view.where,
    "case-words.html": case_view.words,
    "case-diary.html": case_view.diary,
    "case-answers.html": case_view.answers,
    "case-reports.html": case_view.reports,
    "case-due.html": send_view.all_of,
    "case-services.html": removal_view.page,
    "case-package.html": case_view.package,
    "case-log.html": case_view.log,
    "case-keys.html": case_view.keys,
    "case-move.html": case_view.keys,
    "case-capture.html": capture_view.page,
    "case-forget.html": case_view.forget,
}
"""Every page of an open case, and what makes what it shows."""


now = desk.now


def acts(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that acts: by POST, and the person's quiet time starts again."""

    @shelf.only("POST", "PUT")
    def checked(request: HttpRequest) -> HttpResponseBase:
        guard.desk_of(request).act()
        return view(request)

    return checked


def opened(request: HttpRequest) -> OpenCase:
    """The case that is open, or Locked."""
    case = guard.desk_of(request).open_case
    if case is None:
        raise errors.Locked("This case is locked.", "Open it with its passphrase, then do this again.")
    return case


def back(where: str = HERE) -> HttpResponse:
    """To a page of the case, so that going back in the browser does not send a form again."""
    return HttpResponseRedirect(where)


def told(request: HttpRequest) -> tuple[Given, str]:
    """Answers that a page sends as JSON, checked, and the passphrase beside them where there is one."""
    body = sent(request.body)
    return given.read(json.dumps(body.get("given", {})), "json", packs.load()), str(body.get("passphrase", ""))


def sent(text: bytes | str) -> dict[str, Any]:
    """A JSON object that a page sent."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise errors.BadInput("This did not arrive whole.", "Try again.") from error
    return body if isinstance(body, dict) else {}


# ---------------------------------------------------------------- pages


@shelf.only("GET")
def page(request: HttpRequest, name: str) -> HttpResponseBase:
    """A page of the open case; where none is open, the cases that are kept."""
    case = guard.desk_of(request).open_case
    if case is None:
        return locked()
    guard.desk_of(request).act()
    return shelf.shown(name, **PAGES[name](case, now()))


def locked(wrong: str = "", chosen: str = "") -> HttpResponse:
    """The page that opens a case."""
    shown = case_view.locked(keeping.store().cases(), chosen)
    return shelf.shown("case-locked.html", 403 if wrong else 200, wrong=wrong, **shown)


# ---------------------------------------------------------------- keep, open, lock, forget


@acts
def keep(request: HttpRequest) -> HttpResponseBase:
    """The person keeps what they answered: a new case, sealed before this returns."""
    turn = guard.desk_of(request).turn
    answers, passphrase = told(request)
    case = keeping.new(keeping.store(), secrets.token_hex(8), passphrase, answers, now())
    guard.desk_of(request).opens(case, turn)
    return JsonResponse({"case": HERE.lstrip("/")})


@acts
def unlock(request: HttpRequest) -> HttpResponseBase:
    """Open a kept case with its passphrase."""
    turn = guard.desk_of(request).turn
    which = request.POST.get("case", "")
    try:
        case = keeping.unlock(keeping.store(), which, request.POST.get("passphrase", ""), now())
    except errors.Locked as wrong:
        if not shelf.reads_pages(request):
            raise
        return locked(shelf.told(wrong), which)
    guard.desk_of(request).opens(case, turn)
    looking.arrange(guard.desk_of(request), case, now)
    return back()


@acts
def lock(request: HttpRequest) -> HttpResponseBase:
    """Forget the key, and keep the case."""
    guard.desk_of(request).lock()
    return back()


@acts
def erase(request: HttpRequest) -> HttpResponseBase:
    """Forget the open case for good; the person types the word first."""
    case = opened(request)
    if request.POST.get("word", "").strip().lower() != "forget":
        raise errors.BadInput("Nothing was forgotten.", "Type the word forget to forget this case for good.")
    guard.desk_of(request).lock()
    case.store.erase(case.id)
    return back()
