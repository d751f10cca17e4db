"""Capturing: a page saved into a kept case as evidence, once the child rule was asked of what it shows.

Two files are kept, under one permit: the page as a WACZ, and what it looked like. The browser is a function that is
handed in, so that this room knows no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import keeping, wacz

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from takeback.keeping import OpenCase
    from takeback.permit import Exhibit
    from takeback.terms import Situation

CHUNK = 1 << 20


def capture(
    case: OpenCase,
    url: str,
    about: Situation,
    at: datetime,
    *,
    look: Callable[[str], wacz.Captured],
    new_id: Callable[[], str],
) -> tuple[Exhibit, Exhibit]:
    """The page and its picture, kept. `Refused` before the browser starts where the child rule keeps it out."""
    permit = keeping.leave_for(case.state(at).situation, about)
    captured = look(url)

    def keep(data: bytes, name: str, kind: str, sort: str) -> Exhibit:
        chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
        return case.keep(
            permit, chunks, blob=new_id(), name=name, kind=kind, origin=_where(captured), at=captured.at, sort=sort,
            dated=f"{captured.at:%Y-%m-%d %H:%M} UTC",
        )  # fmt: skip

    page = keep(wacz.build(captured), "page.wacz", "zip", "page")
    return page, keep(captured.screenshot, "page.png", "png", "screenshot")


def _where(captured: wacz.Captured) -> str:
    """The address, without its tokens."""
    return wacz.address(captured.url, wacz.Stripped())
