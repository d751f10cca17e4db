"""The package of the open case: sealed to a passphrase or a key, or plain in a folder; with a stamp where asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.http import FileResponse, JsonResponse

from takeback import bag, checking, errors, handover, keeping, stamping, vault
from takeback.store import folder, outbox
from takeback.web import case_view, guard, shelf
from takeback.web.case import acts, back, now, opened
from takeback.web.case_out import saved_as
from takeback.web.making import Making
from takeback.words import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.keeping import OpenCase
    from takeback.terms import Part


@acts
def package(request: HttpRequest) -> HttpResponseBase:
    """The evidence package: sealed under a neutral name, or plain in a folder where the person asked for that.

    What can't be done is said on the page itself, with everything but the passphrase as it was typed.
    """
    case = opened(request)
    how = request.POST.get("how", "")
    desk = guard.desk_of(request)
    desk.making = Making()
    try:
        return HOWS.get(how, _sealed)(request, case)
    except (errors.BadInput, errors.Unreached) as wrong:
        return _again(request, case, wrong, how)
    finally:
        desk.making = None
        desk.act()


@shelf.only("GET")
def progress(request: HttpRequest) -> HttpResponseBase:
    """How far the package is that is being made, in bytes, for the page."""
    making = guard.desk_of(request).making
    done, total = (making.done, making.total) if making else (0, 0)
    return JsonResponse({"going": making is not None, "done": done, "total": total})


@acts
def stop(request: HttpRequest) -> HttpResponseBase:
    """Make it no further; nothing of it stays."""
    if making := guard.desk_of(request).making:
        making.stopped = True
    return back("/case-package.html")


def _sealed(request: HttpRequest, case: OpenCase) -> HttpResponseBase:
    """To a passphrase of its own."""
    passphrase = request.POST.get("passphrase", "")
    keeping.check_passphrase(passphrase)
    parts, wish = _parts(request, case)
    sealed = outbox.filled(case.store.folder, lambda write: handover.seal_parts(parts, passphrase, write))
    _remember(case, "sealed", wish)
    return saved_as(FileResponse(sealed, content_type="application/zip"), "files.zip")


def _to_key(request: HttpRequest, case: OpenCase) -> HttpResponseBase:
    """To somebody's age key."""
    recipient = vault.check_recipient(request.POST.get("key", "").strip())
    parts, wish = _parts(request, case)
    sealed = outbox.filled(case.store.folder, lambda write: vault.seal_stream(bag.tar(parts), write, [recipient]))
    _remember(case, "sealed", wish)
    return saved_as(FileResponse(sealed, content_type="application/octet-stream"), "files.tar.age")


def _plain(request: HttpRequest, case: OpenCase) -> HttpResponseBase:
    """A readable folder, by the person's explicit choice."""
    target = _folder(request)
    parts, wish = _parts(request, case)
    folder.write_folder(target, parts)
    _remember(case, "plain", wish)
    return shelf.shown("case-package.html", **case_view.package(case, now()) | {"saved": str(target)})


HOWS = {"key": _to_key, "plain": _plain}


def _parts(request: HttpRequest, case: OpenCase) -> tuple[Iterator[Part], handover.Wish]:
    """The package's parts as they were wished for, made as they are read."""
    at = now()
    url = request.POST.get("stamp", "").strip()
    stamper = stamping.Stamper(url, _roots(request), at) if url else None
    withheld, case_uco = (request.POST.get(name) == "yes" for name in ("withheld", "case_uco"))
    wish = handover.Wish(withheld=withheld, stamp=stamper, case_uco=case_uco)
    matter = handover.of_case(case, at)
    making = guard.desk_of(request).making or Making()
    making.total = 0 if withheld else sum(one.size for one, _ in matter.exhibits)
    return handover.counted(handover.package(matter, at, wish), making.passed), wish


def _remember(case: OpenCase, how: str, wish: handover.Wish) -> None:
    stamped = wish.stamp.got.at.isoformat() if wish.stamp and wish.stamp.got else ""
    case.add("package", {"how": how, "withheld": wish.withheld, "stamped": stamped}, now())


@acts
def stamp(request: HttpRequest) -> HttpResponseBase:
    """A stamp for a plain folder or a sealed file that was saved before."""
    case = opened(request)
    try:
        got = checking.stamp(_folder(request), request.POST.get("stamp", ""), _roots(request))
    except errors.TakebackError as wrong:
        return _again(request, case, wrong, "stamp")
    shown = {"at": moment(got.at), "by": got.by}
    return shelf.shown("case-package.html", **case_view.package(case, now()) | {"stamped": shown})


def _roots(request: HttpRequest) -> bytes:
    """Who may vouch for a stamp: the certificate that was pasted, or what this computer knows."""
    pasted = request.POST.get("root", "").strip()
    return pasted.encode() if pasted else stamping.trusted(None)


def _folder(request: HttpRequest) -> Path:
    where = request.POST.get("folder", "").strip()
    target = Path(where).expanduser() if where and "\0" not in where else Path()
    if not target.is_absolute():
        raise errors.BadInput("Say where the folder should go.", "Write its whole path, such as /home/you/papers.")
    return target


def _again(request: HttpRequest, case: OpenCase, wrong: errors.TakebackError, how: str) -> HttpResponseBase:
    """The page once more, with one sentence of what was wrong."""
    said = {
        "wrong": shelf.told(wrong),
        "how": how,
        "key": request.POST.get("key", ""),
        "before" if how == "stamp" else "folder": request.POST.get("folder", ""),
        "wish": {name: request.POST.get(name, "") for name in ("withheld", "case_uco", "stamp", "root")},
    }
    shown = {name: value for name, value in said.items() if value}
    return shelf.shown("case-package.html", 400, **case_view.package(case, now()) | shown)
