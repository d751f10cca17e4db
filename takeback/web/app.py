"""The local app as Django sees it: its settings, its addresses, and error pages that repeat nothing.

No session, no cache, no template engine of Django's, no log: what a person wrote is in the sealed case or in memory.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler
from django.urls import path, re_path

from takeback import catalogues, words
from takeback.errors import Refused, TakebackError
from takeback.store import settings
from takeback.web import (
    case,
    case_add,
    case_capture,
    case_examine,
    case_keys,
    case_move,
    case_out,
    case_package,
    case_removal,
    case_send,
    case_watch,
    case_where,
    shelf,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

LARGEST_FORM = 1 << 20
"""Bytes of a form or of answers; a kept file is streamed and has no such limit."""

urlpatterns = [
    path("enter/<str:token>", shelf.enter),
    path("", shelf.page, {"name": "index.html"}),
    path("exit", shelf.leave),
    path("presence", shelf.presence),
    path("still", shelf.still),
    *(path(name, case.page, {"name": name}) for name in case.PAGES),
    path("case/keep", case.keep),
    path("case/open", case.unlock),
    path("case/lock", case.lock),
    path("case/erase", case.erase),
    path("case-forgot.html", case_keys.forgot),
    path("case-bring.html", case_move.bring_page),
    path("case/bring", case_move.bring),
    path("case/move", case_move.move),
    path("case/recover", case_keys.recover),
    path("case/passphrase", case_keys.passphrase),
    path("case/sheet", case_keys.sheet),
    path("case/no-sheet", case_keys.no_sheet),
    path("case/answers", case_add.answers),
    path("case/words", case_add.words),
    path("case/address", case_add.address),
    path("case/incident", case_add.incident),
    path("case/notice", case_add.notice),
    path("case/may", case_add.may),
    path("case/file", case_add.file),
    path("case/withdraw", case_add.withdraw),
    path("case/capture", case_capture.capture),
    path("case-window.html", case_capture.window_page),
    path("case/window", case_capture.window),
    path("case/read", case_out.read),
    path("case/examine", case_examine.examine),
    path("case/document", case_out.document),
    path("case/hashes", case_removal.hashes),
    path("case/ready", case_send.ready),
    path("case/follow", case_send.follow),
    path("case/receipt", case_send.receipt),
    path("case/reply", case_send.reply),
    path("case/key", case_send.key),
    path("case/seen", case_send.seen),
    path("case/undo", case_send.undo),
    path("case/copy", case_send.copy),
    path("case/overdue", case_send.overdue),
    path("case/overdue-package", case_send.overdue_package),
    path("case/calendar", case_send.calendar),
    path("case/found", case_where.found),
    path("case/places", case_where.places),
    path("case/table", case_send.table),
    path("case/everyone", case_send.everyone),
    path("case-notice/<str:number>", case_send.page),
    path("case-watch.html", case_watch.page),
    path("looking", case_watch.progress),
    path("case/look", case_watch.look),
    path("case/stop", case_watch.stop),
    path("case/who", case_watch.who),
    path("case/watch", case_watch.allow),
    path("case/package", case_package.package),
    path("case/package-stop", case_package.stop),
    path("making", case_package.progress),
    path("case/stamp", case_package.stamp),
    path("<str:name>", shelf.page),
    re_path(r"^static/(?P<name>[a-z0-9-]+\.[a-z]+)\Z", shelf.static),
]
handler404 = shelf.nothing
handler400 = handler403 = shelf.unclear
handler500 = shelf.broken


class Language:
    """Middleware: a request is answered in the language that this computer is set to, or else the browser asks for."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, with its language in use."""
        setting = os.environ.get(catalogues.SETTING)
        wanted = [setting] if setting else catalogues.of_browser(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with words.speaking(catalogues.chosen(wanted)):
            return self.answer(request)


class Speak:
    """Middleware: our own errors become one sentence, everything else one that says nothing of the request."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Say what went wrong, as a page or as text, as the caller reads it."""
        if isinstance(error, TakebackError):
            return shelf.sorry(request, error.say(), error.hint, 403 if isinstance(error, Refused) else 400)
        if isinstance(error, SuspiciousOperation):
            return shelf.unclear(request, error)
        return shelf.broken(request, error)


def wsgi() -> WSGIHandler:
    """The app, configured once."""
    silent = logging.getLogger("django")
    silent.setLevel(logging.CRITICAL + 1)
    silent.propagate = False
    settings.configure(
        ROOT_URLCONF="takeback.web.app",
        MIDDLEWARE=["takeback.web.app.Language", "takeback.web.guard.Guard", "takeback.web.app.Speak"],
        ALLOWED_HOSTS=["127.0.0.1"],
        DATA_UPLOAD_MAX_MEMORY_SIZE=LARGEST_FORM,
        FILE_UPLOAD_HANDLERS=[],
        APPEND_SLASH=False,
        DEBUG=False,
    )
    return WSGIHandler()
