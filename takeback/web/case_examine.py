"""What a kept file says of its own origin, shown once on the answer to the press that asked; nothing of it is kept.

A file that later answers speak against is not opened. The file is unsealed into the cage, piece by piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import errors, handover, plain
from takeback.provenance import WEIGHTS, online
from takeback.web import shelf
from takeback.web.case import acts, now, opened

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@acts
def examine(request: HttpRequest) -> HttpResponseBase:
    """The page about one file."""
    at = now()
    matter = handover.of_case(opened(request), at)
    ref, original = (request.POST.get(name, "") for name in ("ref", "original"))
    refs = [one.ref for one, _ in matter.exhibits]
    if ref not in refs or original not in ("", *refs):
        raise errors.BadInput("There is no such file here that may be opened.", "Look at the list of files again.")
    found = handover.examined(matter, ref, at, original)
    for one in found["findings"]:
        for quote in one["quotes"]:
            quote["text"] = plain.line(quote["text"])
    return shelf.shown(
        "case-examine.html",
        ref=ref,
        others=[one for one in refs if one != ref],
        found=found,
        weights=WEIGHTS,
        loud=[one for one in found["findings"] if one["loud"]],
        quiet=[one for one in found["findings"] if not one["loud"]],
        cards=online.cards(found["kind"]),
    )
