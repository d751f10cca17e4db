"""A person presses send: a notice made ready, its receipt, what came back, what was seen, taken back, and what follows.

Nothing here posts or mails anything. Each press is one event in the open case; the page of the notice shows the rest.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse

from takeback import due, errors, handover, keeping, notice_twin, packs, sending, tracking
from takeback.due import Entry
from takeback.store import outbox
from takeback.web import guard, send_view, shelf
from takeback.web.case import acts, back, locked, now, opened
from takeback.web.case_out import saved_as

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.clock import Tracked

LONGEST_LINE = 2048


@shelf.only("GET")
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    """The page of one notice. Its number is random and says nothing."""
    case = guard.desk_of(request).open_case
    if case is None:
        return locked()
    guard.desk_of(request).act()
    return shelf.shown("case-notice.html", **send_view.notice(case, number, now()))


@acts
def ready(request: HttpRequest) -> HttpResponseBase:
    """Make a notice ready for one site."""
    number = notice_twin.number(secrets.token_bytes(8))
    sending.ready(opened(request), _line(request, "letter"), _line(request, "site"), number, now())
    return _to(number)


@acts
def follow(request: HttpRequest) -> HttpResponseBase:
    """Make ready what comes after a notice, with what was written for it there."""
    letter, case = _line(request, "letter"), opened(request)
    pack = packs.load().notices.get(letter)
    if told := {name: text for name in (pack.fields if pack else ()) if (text := _line(request, name))}:
        before = handover.of_case(case, now()).fields.get(letter, {})
        case.add("notice", {"letter": letter, "fields": {**before, **told}}, now())
    number = notice_twin.number(secrets.token_bytes(8))
    sending.ready_after(case, letter, _about(request), number, now())
    return _to(number)


@acts
def receipt(request: HttpRequest) -> HttpResponseBase:
    """The person sent it, at this time."""
    about = _about(request)
    told = {name: _line(request, name) for name in ("at", "zone", "reference", "how")}
    sending.sent(opened(request), about, told, now())
    return _to(about.id)


@acts
def reply(request: HttpRequest) -> HttpResponseBase:
    """What came back."""
    about = _about(request)
    told = {name: _line(request, name) for name in ("at", "zone", "says", "ref", "key")}
    sending.answered(opened(request), about, {**told, "words": request.POST.get("words", "")}, now())
    return _to(about.id)


@acts
def key(request: HttpRequest) -> HttpResponseBase:
    """The person asks for the key of a reply's signature; the answer is kept."""
    about = _about(request)
    sending.ask_key(opened(request), about, _line(request, "ref"), guard.desk_of(request).wire(), now())
    return _to(about.id)


@acts
def seen(request: HttpRequest) -> HttpResponseBase:
    """What the person saw at one of the places."""
    about = _about(request)
    sending.looked(opened(request), about, request.POST.get("url", ""), request.POST.get("seen", ""), now())
    return _to(about.id)


@acts
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take an entry back."""
    about = _about(request)
    said = request.POST.get("of", "")
    mine = {one.sequence for one in about.receipts} | {one.sequence for one in about.replies}
    mine |= {look.sequence for spot in about.spots for look in spot.looks}
    if not said.isdecimal() or int(said) not in mine:
        raise errors.BadInput("This entry can't be taken back.", "Look at the list again.")
    sending.undo(opened(request), int(said), _line(request, "because"), now())
    return _to(about.id)


@acts
def copy(request: HttpRequest) -> HttpResponseBase:
    """A notice as it was made ready, handed over as a file."""
    case, about = opened(request), _about(request)
    made = sending.document(case, about.id, request.POST.get("as", ""), now())
    case.add("exported", {"letter": made.letter, "name": made.name}, now())
    return saved_as(HttpResponse(made.content, content_type=made.kind), made.name)


@acts
def overdue(request: HttpRequest) -> HttpResponseBase:
    """The record of a notice whose time has passed, as one document."""
    case, about = opened(request), _about(request)
    form = request.POST.get("as", "pdf")
    made = sending.overdue(case, about, now())
    name = f"record-{about.id.lower()}.{form}"
    if name not in made:
        raise errors.BadInput("There is no such document.", "Choose PDF or text.")
    case.add("exported", {"letter": "overdue-record", "name": name}, now())
    return saved_as(HttpResponse(made[name], content_type=handover.NOTICE_KINDS[form]), name)


@acts
def overdue_package(request: HttpRequest) -> HttpResponseBase:
    """The record as a package: sealed, under a neutral name."""
    case, about = opened(request), _about(request)
    passphrase = request.POST.get("passphrase", "")
    keeping.check_passphrase(passphrase)
    parts = sending.overdue_package(case, about, now())
    sealed = outbox.filled(case.store.folder, lambda write: handover.seal_parts(parts, passphrase, write))
    case.add("package", {"how": "sealed", "notice": about.id}, now())
    return saved_as(FileResponse(sealed, content_type="application/zip"), "files.zip")


@acts
def calendar(request: HttpRequest) -> HttpResponseBase:
    """Reminders for the person's own calendar, under neutral titles."""
    case = opened(request)
    entries = [Entry(case.id, one) for one in tracking.tracked(case, now(), send_view.ZONE)]
    content = due.reminders(entries, now())
    return saved_as(HttpResponse(content, content_type="text/calendar; charset=utf-8"), "calendar.ics")


@acts
def table(request: HttpRequest) -> HttpResponseBase:
    """Every notice of the open case as a table."""
    case = opened(request)
    entries = due.ordered(Entry(case.id, one) for one in tracking.tracked(case, now(), send_view.ZONE))
    return saved_as(HttpResponse(due.table(entries), content_type="text/csv; charset=utf-8"), "list.csv")


@acts
def everyone(request: HttpRequest) -> HttpResponseBase:
    """The notices of every case that one passphrase opens, by deadline; the other keys are dropped with this answer."""
    case, passphrase = opened(request), request.POST.get("passphrase", "")
    mine = [Entry(case.id, one) for one in tracking.tracked(case, now(), send_view.ZONE)]
    others = [one for one in case.store.cases() if one != case.id]
    theirs, shut = tracking.over_all(case.store, others, passphrase, now(), send_view.ZONE)
    return shelf.shown("case-due.html", **send_view.over([*mine, *theirs], case, now(), shut))


def _about(request: HttpRequest) -> Tracked:
    return tracking.one(opened(request), _line(request, "notice"), now(), send_view.ZONE)


def _line(request: HttpRequest, name: str) -> str:
    text: str = request.POST.get(name, "").strip()
    if len(text) > LONGEST_LINE:
        raise errors.BadInput("This is too long for one line.", "Write a shorter one.")
    return text


def _to(number: str) -> HttpResponse:
    return back(f"/case-notice/{number}")
