"""What a kept file says of its own origin, shown once on the answer to the press that asked; nothing of it is kept.

A file that later answers speak against is not opened. The file is unsealed into the cage, piece by piece.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from takeback import errors, handover, plain
from takeback.provenance import WEIGHTS, drawing, online
from takeback.provenance.finding import METHOD_WORDS
from takeback.web import shelf
from takeback.web.case import acts, now, opened
from takeback.words import again

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.provenance import Compared


@acts
def examine(request: HttpRequest) -> HttpResponseBase:
    """The page about one file."""
    at = now()
    matter = handover.of_case(opened(request), at)
    ref, original = (request.POST.get(name, "") for name in ("ref", "original"))
    refs = [one.ref for one, _ in matter.exhibits]
    if ref not in refs or original not in ("", *refs):
        raise errors.BadInput("There is no such file here that may be opened.", "Look at the list of files again.")
    compared = [handover.beside(matter, ref, original)] if original else []
    found = handover.examined(matter, ref, at, compared)
    _say(found)
    return shelf.shown(
        "case-examine.html",
        ref=ref,
        others=[one for one in refs if one != ref],
        found=found,
        side=next(map(_side, compared), None),
        weights=WEIGHTS,
        loud=[one for one in found["findings"] if one["loud"]],
        quiet=[one for one in found["findings"] if not one["loud"]],
        methods=METHOD_WORDS,
        cards=online.cards(found["kind"]),
    )


def _side(one: Compared) -> dict[str, Any] | None:
    """Two pictures side by side for the page: frames, small copies as base64, and where parts lie alike."""
    if not one.laid.views:
        return None
    said = one.data()
    boxes = drawing.framed(said["shapes"])
    return {
        "wide": drawing.ACROSS,
        "high": round(drawing.below(boxes)),
        "words": drawing.WORDS if said["patches"] else drawing.BOTH,
        "boxes": boxes,
        "views": [{"rows": v.rows, "cols": v.cols, "rgb": b64encode(v.rgb).decode()} for v in one.laid.views],
        "marks": "".join(drawing.marks(boxes, said["patches"])),
    }


def _say(found: dict[str, Any]) -> None:
    """Put what was found into the language in use, and a stranger's words so that they can be shown."""
    found["nothing"] = again(found["nothing"] or "")
    for one in found["findings"]:
        one["says"], one["limits"] = again(one["says"]), again(one["limits"])
        for quote in one["quotes"]:
            quote["name"], quote["text"] = again(quote["name"]), plain.line(quote["text"])
    for one in found["not_run"]:
        one["because"] = again(one["because"])
