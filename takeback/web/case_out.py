"""What leaves the open case by the person's own press: reports, notices and the package. The case remembers each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse

from takeback import errors, handover, keeping, telling
from takeback.store import folder, outbox
from takeback.web import case_view, shelf
from takeback.web.case import acts, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.keeping import OpenCase


@acts
def document(request: HttpRequest) -> HttpResponseBase:
    """A report, a notice or the diary, made now and handed over."""
    case = opened(request)
    letter, form = request.POST.get("letter", ""), request.POST.get("as", "pdf")
    known = {telling.DIARY, *(one.letter for one in handover.offered(handover.of_case(case, now())))}
    if letter not in known or form not in telling.forms(letter):
        raise errors.BadInput("There is no such document.", "Choose one from the list of reports.")
    made = telling.document(case, letter, form, now())
    case.add("exported", {"letter": made.letter, "name": made.name}, now())
    return saved_as(HttpResponse(made.content, content_type=made.kind), made.name)


@acts
def package(request: HttpRequest) -> HttpResponseBase:
    """The evidence package: sealed under a neutral name, or plain in a folder where the person asked for that."""
    case = opened(request)
    if request.POST.get("how") == "plain":
        return _plain(case, request.POST.get("folder", ""))
    passphrase = request.POST.get("passphrase", "")
    keeping.check_passphrase(passphrase)
    matter = handover.of_case(case, now())
    sealed = outbox.filled(case.store.folder, lambda write: handover.seal_package(matter, passphrase, now(), write))
    case.add("package", {"how": "sealed"}, now())
    return saved_as(FileResponse(sealed, content_type="application/zip"), "files.zip")


@acts
def read(request: HttpRequest) -> HttpResponseBase:
    """A chat or an e-mail that is kept, as who, when and what. The file stays sealed and as it is."""
    case = opened(request)
    return shelf.shown("case-read.html", **case_view.reading(case, request.POST.get("ref", ""), now()))


def _plain(case: OpenCase, where: str) -> HttpResponseBase:
    """A readable folder, by the person's explicit choice."""
    target = Path(where.strip()).expanduser() if "\0" not in where else Path()
    if not target.is_absolute():
        raise errors.BadInput("Say where the folder should go.", "Write its whole path, such as /home/you/papers.")
    folder.write_folder(target, handover.package(handover.of_case(case, now()), now()))
    case.add("package", {"how": "plain"}, now())
    return shelf.shown("case-package.html", **case_view.package(case, now()) | {"saved": str(target)})


def saved_as(response: HttpResponseBase, name: str) -> HttpResponseBase:
    """Handed over as a file. The names are ours: small letters, digits and dashes."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
