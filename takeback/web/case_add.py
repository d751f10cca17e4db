"""What a person adds to the open case: answers, words, addresses, files; and a file taken out again.

Nothing is overwritten: each is a new version beside the earlier ones. A file comes as a stream and is sealed as it
arrives, with no temporary file; the child rule is asked before a byte of it is read.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.http import HttpResponse, JsonResponse

from takeback import errors, given, keeping, packs
from takeback.terms import Account, Address, Incident, Situation
from takeback.web.case import acts, back, now, opened, sent, told
from takeback.web.case_view import UNSAID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

CHUNK = 1 << 16
KINDS = {"text/plain": "text", "video/quicktime": "mov", "audio/mpeg": "mp3", "message/rfc822": "eml"}
LONGEST_LINE = 2048
"""Letters of an address or a name; words have given.LONGEST."""


@acts
def answers(request: HttpRequest) -> HttpResponseBase:
    """A new version of the answers."""
    opened(request).answer(told(request)[0].situation, now())
    return JsonResponse({"case": "case.html"})


@acts
def words(request: HttpRequest) -> HttpResponseBase:
    """A new version of the person's own words."""
    fields = {name: request.POST.get(name, "") for name in Account.__dataclass_fields__}
    case = opened(request)
    said = given.read(json.dumps(fields), "json", packs.load()).account
    if said != case.state(now()).account:
        case.say(said, now())
    return back()


@acts
def address(request: HttpRequest) -> HttpResponseBase:
    """Where it is: an address, an account, a note; new, or a new version of one that is there."""
    case = opened(request)
    known = {one.id for one in case.state(now()).where}
    which = request.POST.get("id", "")
    fields = {name: _line(request, name) for name in ("url", "account", "account_id", "seen_at", "note")}
    case.point(Address(id=which if which in known else secrets.token_hex(8), **fields), now())
    return back("/case-where.html")


@acts
def incident(request: HttpRequest) -> HttpResponseBase:
    """An entry of the diary: new, or a new version of one that is there."""
    case = opened(request)
    known = {one.id for one in case.state(now()).diary}
    which = request.POST.get("id", "")
    lines = {name: _line(request, name) for name in ("day", "about", "seen_by")}
    words = {name: _words(request, name) for name in ("what", "effect")}
    case.remember(Incident(id=which if which in known else secrets.token_hex(8), **lines, **words), now())
    return back("/case-diary.html")


@acts
def notice(request: HttpRequest) -> HttpResponseBase:
    """What is written for one notice alone."""
    letter = request.POST.get("letter", "")
    pack = packs.load().notices.get(letter)
    if pack is None:
        raise errors.BadInput("There is no such notice.", "Look at the list of reports again.")
    fields = {name: text for name in pack.fields if (text := _line(request, name))}
    opened(request).add("notice", {"letter": letter, "fields": fields}, now())
    return back("/case-reports.html")


def _line(request: HttpRequest, name: str) -> str:
    text: str = request.POST.get(name, "").strip()
    if len(text) > LONGEST_LINE:
        raise errors.BadInput("This is too long for one line.", "Write the rest in your own words.")
    return text


def _words(request: HttpRequest, name: str) -> str:
    text: str = request.POST.get(name, "").replace("\r\n", "\n").strip()
    if len(text) > given.LONGEST:
        raise errors.BadInput("This is too long for one entry.", "Write the rest in another one.")
    return text


# ---------------------------------------------------------------- files


@acts
def may(request: HttpRequest) -> HttpResponseBase:
    """Whether a file with these answers may be kept; asked before a byte of it is sent."""
    keeping.leave_for(opened(request).state(now()).situation, _about(request.body))
    return HttpResponse(status=204)


@acts
def file(request: HttpRequest) -> HttpResponseBase:
    """Keep one file: a stream, sealed as it arrives. The child rule is asked again, whatever the page said."""
    coming = arriving(request)
    try:
        case = opened(request)
        about = _about(request.headers.get("Takeback-Answers", "{}"))
        exhibit = case.keep(
            keeping.leave_for(case.state(now()).situation, about),
            coming,
            blob=secrets.token_hex(8),
            name=unquote(request.headers.get("Takeback-Name", "")),
            kind=_kind(request.content_type or ""),
            origin=_head(request, "Takeback-Origin") or UNSAID,
            at=now(),
            sort=request.headers.get("Takeback-Sort", ""),
            handed_in_by=_head(request, "Takeback-By"),
            dated=_head(request, "Takeback-Dated"),
        )
    except errors.TakebackError:
        for _ in coming:  # let the rest go by, kept nowhere, so that the browser hears why
            pass
        raise
    return JsonResponse({"ref": exhibit.ref, "sha256": exhibit.sha256})


def _head(request: HttpRequest, name: str) -> str:
    """A line that the page sends beside a file."""
    return unquote(request.headers.get(name, ""))[:LONGEST_LINE]


@acts
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """Take a file out."""
    opened(request).withdraw(request.POST.get("ref", ""), now())
    return back("/case-file.html")


def _about(text: bytes | str) -> Situation:
    """What was said of one file."""
    return given.read(json.dumps(sent(text)), "json", packs.load()).situation


def _kind(media_type: str) -> str:
    """What the browser takes a file for, in one word: `png`, `jpeg`, `text`."""
    kind = KINDS.get(media_type) or media_type.partition("/")[2]
    return kind if kind.isascii() and kind.isalnum() and len(kind) <= 8 else "other"


def arriving(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; OSError where it stops short, so that half a file is never kept."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    left = int(length) if length.isdecimal() and len(length) < 19 else 0
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
