"""The timeline: what happened and what is due as one picture, an SVG made of plain shapes and words. Pure.

Time runs down one line. The distance between two points grows with the time between them, but slowly, so that minutes
and months fit on one page; what it is stands beside each point, and its shape says it too: done is full, now is ringed,
due is open, overdue is crossed. The picture's words are the table's beside it, for whoever does not see it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from takeback.words import _, moment, n_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from takeback.due import Point

WIDTH, LEFT, TOP = 360, 16, 18
LEAST, MOST = 46, 96
"""Pixels between two points, at least and at most."""

LONGEST = 30
"""Letters of a site's name that fit."""


def svg(points: Sequence[Point], zone: tzinfo) -> Markup:
    """The picture. Its colours are the style sheet's."""
    places = _places(points)
    height = (places[-1] if places else TOP) + 40
    rail = f'<path class="rail" d="M{LEFT} {TOP}V{places[-1] if places else TOP}"/>'
    drawn = "".join(_point(point, y, zone) for point, y in zip(points, places, strict=True))
    title = _("What happened, and what is due")
    about = n_(
        "One point on a line. The table says the same in words.",
        "{n} points on a line. The table says the same in words.",
        len(points),
    )
    return Markup(  # noqa: S704  our own shapes; every word in them is escaped
        f'<svg class="time" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="time-title time-about" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="time-title">{escape(title)}</title>'
        f'<desc id="time-about">{escape(about)}</desc>'
        f"{rail}{drawn}</svg>"
    )


def _places(points: Sequence[Point]) -> list[int]:
    """How far down each point stands."""
    down: list[int] = []
    for number, point in enumerate(points):
        if number == 0:
            down.append(TOP)
            continue
        hours = (point.at - points[number - 1].at).total_seconds() / 3600
        down.append(down[-1] + min(MOST, LEAST + int(8 * math.log2(1 + max(0.0, hours)))))
    return down


def _point(point: Point, y: int, zone: tzinfo) -> str:
    about = point.about if len(point.about) <= LONGEST else point.about[: LONGEST - 1] + "…"
    first = f"{point.words}: {about}" if about else point.words
    when = moment(point.at.astimezone(zone))
    return (
        f'<g class="{point.kind}">{_mark(point.kind, y)}'
        f'<text x="{LEFT + 20}" y="{y + 1}" class="what">{escape(first)}</text>'
        f'<text x="{LEFT + 20}" y="{y + 19}" class="when">{escape(when)}</text></g>'
    )


def _mark(kind: str, y: int) -> str:
    ring = f'<circle cx="{LEFT}" cy="{y}" r="7"/>'
    if kind == "now":
        return f'{ring}<circle class="dot" cx="{LEFT}" cy="{y}" r="3"/>'
    if kind == "overdue":
        return f'{ring}<path class="cross" d="M{LEFT - 4} {y - 4}l8 8m0-8l-8 8"/>'
    return ring
