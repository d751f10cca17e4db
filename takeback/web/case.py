"""A kept case in the local app: keep, open, add, write the reports, take the package, forget.

Forms come in small and whole; a file comes in as a stream and is sealed as it arrives, with no temporary file. What a
page shows is made for this one answer and is never cached. Only the person's own press makes anything here leave.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse

from takeback import errors, given, handover, keeping, packs, permit
from takeback.store import folder, outbox
from takeback.terms import Account, Address, Situation
from takeback.web import case_view, guard, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.keeping import OpenCase

CHUNK = 1 << 16
HERE = "/case.html"


def now() -> datetime:
    """The one clock of the app."""
    return datetime.now(UTC).replace(microsecond=0)


def posts(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view that acts: only by POST or PUT, and the person's idle clock starts again."""

    def checked(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("POST", "PUT"):
            return HttpResponseNotAllowed(["POST"])
        guard.desk_of(request).act()
        return view(request)

    return checked


def opened(request: HttpRequest) -> OpenCase:
    """The case that is open, or Locked."""
    case = guard.desk_of(request).open_case
    if case is None:
        raise errors.Locked("This case is locked.", "Open it with its passphrase, then do this again.")
    return case


def back(_: HttpRequest) -> HttpResponse:
    """To the case's page, so that going back in the browser does not send a form again."""
    return HttpResponseRedirect(HERE)


# ---------------------------------------------------------------- pages


def page(request: HttpRequest) -> HttpResponseBase:
    """The cases that are kept, or the one that is open."""
    case = guard.desk_of(request).open_case
    if case is None:
        return HttpResponse(pages.render("case-locked.html", app=True, **case_view.locked(keeping.store().cases())))
    guard.desk_of(request).act()
    shown = case_view.opened(case, packs.load(), now())
    return HttpResponse(pages.render("case.html", app=True, **shown))


# ---------------------------------------------------------------- keep, open, lock, erase


@posts
def keep(request: HttpRequest) -> HttpResponseBase:
    """The person keeps what they answered: a new case, sealed before this returns."""
    body = _json(request)
    told = given.read(json.dumps(body.get("given", {})), "json", packs.load())
    case = keeping.new(keeping.store(), secrets.token_hex(8), str(body.get("passphrase", "")), told, now())
    guard.desk_of(request).open_case = case
    return JsonResponse({"case": HERE})


@posts
def unlock(request: HttpRequest) -> HttpResponseBase:
    """Open a kept case with its passphrase."""
    case = keeping.unlock(keeping.store(), request.POST.get("case", ""), request.POST.get("passphrase", ""), now())
    guard.desk_of(request).open_case = case
    return back(request)


@posts
def lock(request: HttpRequest) -> HttpResponseBase:
    """Forget the key, and keep the case."""
    guard.desk_of(request).lock()
    return back(request)


@posts
def erase(request: HttpRequest) -> HttpResponseBase:
    """Forget the open case for good; the person types the word first."""
    case = opened(request)
    if request.POST.get("word", "").strip().lower() != "forget":
        raise errors.BadInput("Nothing was forgotten.", "Type the word forget to forget this case for good.")
    guard.desk_of(request).lock()
    case.store.erase(case.id)
    return back(request)


# ---------------------------------------------------------------- add


@posts
def words(request: HttpRequest) -> HttpResponseBase:
    """A new version of the person's own words."""
    fields = {name: request.POST.get(name, "").strip() for name in Account.__dataclass_fields__}
    opened(request).say(Account(**fields), now())
    return back(request)


@posts
def address(request: HttpRequest) -> HttpResponseBase:
    """Where it is: an address, an account, a note."""
    fields = {name: request.POST.get(name, "").strip() for name in ("url", "account", "seen_at", "note")}
    opened(request).point(Address(id=secrets.token_hex(8), **fields), now())
    return back(request)


@posts
def may(request: HttpRequest) -> HttpResponseBase:
    """Whether a file with these answers may be kept; asked before a byte of it is sent."""
    permit.ask(_about_file(opened(request), _json(request)))
    return HttpResponse(status=204)


@posts
def file(request: HttpRequest) -> HttpResponseBase:
    """Keep one file: a stream, sealed as it arrives. The answers about it are asked of the child rule again."""
    case = opened(request)
    allowed = permit.ask(_about_file(case, json.loads(request.headers.get("Takeback-Answers", "{}"))))
    exhibit = case.keep(
        allowed,
        _arriving(request),
        blob=secrets.token_hex(8),
        name=unquote(request.headers.get("Takeback-Name", "")),
        kind=request.content_type or "application/octet-stream",
        origin="added by the person",
        at=now(),
    )
    return JsonResponse({"ref": exhibit.ref, "sha256": exhibit.sha256})


def _about_file(case: OpenCase, answers: Any) -> Situation:
    """The case's answers with those about this one file over them."""
    told = given.read(json.dumps(answers), "json", packs.load()).situation
    known = case.state(now()).situation
    return Situation({**known.answers, **told.answers}, known.unsure | told.unsure)


def _arriving(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; OSError where it stops short, so that half a file is never kept."""
    left = int(request.META.get("CONTENT_LENGTH") or 0)
    if left == 0:
        raise errors.BadFile(
            "This file is empty, so there is nothing to keep.", "Look for the real one, and try again."
        )
    while left:
        chunk = request.read(min(CHUNK, left))
        if not chunk:
            raise OSError("the page went away")
        left -= len(chunk)
        yield chunk


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise errors.BadInput("This did not arrive whole.", "Try again.") from error
    return body if isinstance(body, dict) else {}


# ---------------------------------------------------------------- take out


@posts
def document(request: HttpRequest) -> HttpResponseBase:
    """A report or a notice, made now and handed over; the case remembers that it was."""
    case = opened(request)
    matter = handover.of_case(case, now())
    made = handover.document(matter, request.POST.get("letter", ""), request.POST.get("as", "pdf"), now())
    case.add("exported", {"letter": made.letter, "name": made.name}, now())
    response = HttpResponse(made.content, content_type=made.kind)
    return _saved_as(response, made.name)


@posts
def package(request: HttpRequest) -> HttpResponseBase:
    """The evidence package: sealed under a neutral name, or plain in a folder where the person asked for that."""
    case = opened(request)
    if request.POST.get("how") == "plain":
        return _plain_package(case, request.POST.get("folder", ""))
    passphrase = request.POST.get("passphrase", "")
    keeping.check_passphrase(passphrase)
    matter = handover.of_case(case, now())
    sealed = outbox.filled(case.store.folder, lambda write: handover.seal_package(matter, passphrase, now(), write))
    case.add("package", {"how": "sealed"}, now())
    return _saved_as(FileResponse(sealed, content_type="application/zip"), "files.zip")


def _plain_package(case: OpenCase, where: str) -> HttpResponseBase:
    """A readable folder, by the person's explicit choice."""
    target = Path(where).expanduser()
    if not where.strip() or not target.is_absolute():
        raise errors.BadInput("Say where the folder should go.", "Write its whole path, such as /home/you/papers.")
    folder.write_folder(target, handover.package(handover.of_case(case, now()), now()))
    case.add("package", {"how": "plain"}, now())
    return HttpResponseRedirect(f"{HERE}#package")


def _saved_as(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
