"""What opens a case, in the local app: another passphrase, a recovery sheet, and coming back with one.

The words of a sheet are shown once, on the answer to the press that made them; they are nowhere else, and no file is
made of them: the person prints the page, or writes them down.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from takeback import errors, keeping, recipients, recovery
from takeback.web import case_view, guard, looking, shelf
from takeback.web.case import acts, back, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

KEYS = "/case-keys.html"


@acts
def passphrase(request: HttpRequest) -> HttpResponseBase:
    """Another passphrase for the open case."""
    new = _twice(request)
    recipients.change_passphrase(opened(request), request.POST.get("old", ""), new, now())
    return back(KEYS)


@acts
def sheet(request: HttpRequest) -> HttpResponseBase:
    """A new recovery sheet, shown once."""
    chance = secrets.token_bytes(recovery.BYTES)
    case = opened(request)
    words = recipients.make_sheet(case, request.POST.get("passphrase", ""), chance, now())
    return shelf.shown("case-sheet.html", words=words, code=recovery.code(words), face=case_view.face(case.id))


@acts
def no_sheet(request: HttpRequest) -> HttpResponseBase:
    """No sheet from now on."""
    recipients.drop_sheet(opened(request), request.POST.get("passphrase", ""), now())
    return back(KEYS)


@shelf.only("GET")
def forgot(request: HttpRequest) -> HttpResponseBase:
    """What can be done where a passphrase is forgotten, and what can't."""
    del request
    return _forgot()


def _forgot(wrong: str = "", chosen: str = "", status: int = 200) -> HttpResponse:
    shown = case_view.forgot(keeping.store(), chosen)
    return shelf.shown("case-forgot.html", status, wrong=wrong, **shown)


@acts
def recover(request: HttpRequest) -> HttpResponseBase:
    """Come back with the words of a sheet, and choose a new passphrase."""
    turn = guard.desk_of(request).turn
    which = request.POST.get("case", "")
    try:
        new = _twice(request)
        case = recipients.recover(keeping.store(), which, request.POST.get("words", ""), new, now())
    except errors.BadInput as wrong:
        if not shelf.reads_pages(request):
            raise
        return _forgot(shelf.told(wrong), which, 403)
    guard.desk_of(request).opens(case, turn)
    looking.arrange(guard.desk_of(request), case, now)
    return back()


def _twice(request: HttpRequest) -> str:
    """A new passphrase that was typed the same twice."""
    new: str = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise errors.BadInput("The two new passphrases are not the same.", "Type both again.")
    return new
