"""A whole case out of this computer and into another: one sealed file, saved here and brought in there.

A file that is brought in stands on the disk without a name while it is looked at, and only if it begins like a saved
case: a plain file that was chosen by mistake is refused before any of it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.http import FileResponse, JsonResponse

from takeback import archive, errors, keeping, moving
from takeback.store import outbox
from takeback.web import guard, shelf
from takeback.web.case import HERE, acts, now, opened
from takeback.web.case_add import arriving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

NAME = "case.zip"


@acts
def move(request: HttpRequest) -> HttpResponseBase:
    """The open case, whole and sealed."""
    case = opened(request)
    case.add("exported", {"name": NAME}, now())
    sealed = outbox.filled(case.store.folder, lambda write: moving.write_case(case.store, case.id, write))
    response = FileResponse(sealed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return response


@shelf.only("GET")
def bring_page(request: HttpRequest) -> HttpResponseBase:
    """Where a saved case is brought in."""
    return shelf.shown("case-bring.html", open=guard.desk_of(request).open_case is not None)


@acts
def bring(request: HttpRequest) -> HttpResponseBase:
    """A saved case, as a stream; it is open afterwards."""
    turn = guard.desk_of(request).turn
    kept, coming = keeping.store(), arriving(request)
    try:
        saved = outbox.filled(kept.folder, _only_a_case(coming))
    except errors.TakebackError:
        for _ in coming:  # let the rest go by, kept nowhere, so that the browser hears why
            pass
        raise
    with saved:
        case = moving.bring(kept, saved, unquote(request.headers.get("Takeback-Secret", "")), now())
    guard.desk_of(request).opens(case, turn)
    return JsonResponse({"case": HERE.lstrip("/")})


def _only_a_case(chunks: Iterator[bytes]) -> Callable[[Callable[[bytes], object]], object]:
    """Write what arrives, once its first bytes are those of a saved case."""

    def fill(write: Callable[[bytes], object]) -> None:
        first = b""
        while len(first) < moving.FIRST + len(moving.HOW) and (chunk := next(chunks, b"")):
            first += chunk
        if not moving.begins(first):
            raise errors.BadFile(archive.NOT_OURS, archive.NOT_OURS_HINT)
        write(first)
        for chunk in chunks:
            write(chunk)

    return fill
