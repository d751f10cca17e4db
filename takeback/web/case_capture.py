"""A page saved as evidence by a press in the app: the rule is asked first, then a browser opens it.

Out of sight, or in a window that the person controls: they log in there, go where it is, and say here which page to
take. A case that was locked meanwhile keeps nothing.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from takeback import capturing, errors, keeping
from takeback.terms import Situation
from takeback.web import guard, shelf
from takeback.web.case import acts, back, locked, now, opened
from takeback.web.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from takeback.keeping import OpenCase
    from takeback.terms import Answer
    from takeback.wacz import Captured
    from takeback.web.desk import Desk
    from takeback.wire.capture import Browser
    from takeback.wire.hand import Hand, Tab

FACTS = {"age": ("under18_real", "under18_look"), "bare": ("intimate",), "agreement": ("agreement",)}
"""What each question on the page says of the page that is to be saved."""

PAGE, WINDOW = "/case-capture.html", "/case-window.html"


def browser(memory: Path | None, *, blurred: bool = True) -> Browser:
    """The browser of this computer."""
    from takeback.wire.capture import Browser  # noqa: PLC0415  only where a page is saved

    return Browser(memory=memory, blurred=blurred)


def _through(url: str, hand: Hand | None = None, *, blurred: bool = True) -> Captured:
    from takeback.store import memory  # noqa: PLC0415

    with memory.room() as room:
        return browser(room, blurred=blurred).capture(url, hand)


@acts
def capture(request: HttpRequest) -> HttpResponseBase:
    """Save a page, or open it in a window first."""
    desk, case = guard.desk_of(request), opened(request)
    told: dict[str, Answer] = {
        fact: said for ask, facts in FACTS.items() if (said := request.POST.get(ask)) in ("yes", "no") for fact in facts
    }
    url, about = request.POST.get("url", "").strip(), Situation(told)
    if request.POST.get("how") == "window":
        _open(desk, case, Window(url, about), blurred=request.POST.get("sharp") != "yes")
        return back(WINDOW)
    _keep(desk, case, url, about, lambda: _through(url))
    return back("/case-file.html")


def _open(desk: Desk, case: OpenCase, window: Window, *, blurred: bool) -> None:
    """A window, once the rule allowed what will be in it; the one before it is closed."""
    keeping.leave_for(case.state(now()).situation, window.about)
    desk.shows(window, case)
    window.open(lambda url, hand: _through(url, hand, blurred=blurred))


def _keep(desk: Desk, case: OpenCase, url: str, about: Situation, look: Callable[[], Captured]) -> None:
    def looked(_: str) -> Captured:
        captured = look()
        if desk.open_case is not case:
            raise errors.Locked("This case was locked meanwhile, so the page was not kept.", "Open it, and try again.")
        return captured

    capturing.capture(case, url, about, now(), look=looked, new_id=lambda: secrets.token_hex(8))
    desk.act()


# ---------------------------------------------------------------- the window


@shelf.only("GET")
def window_page(request: HttpRequest) -> HttpResponseBase:
    """What is open in the window, and the presses that save it or close it."""
    desk = guard.desk_of(request)
    if desk.open_case is None:
        return locked()
    desk.act()
    return _shown(desk.window)


@acts
def window(request: HttpRequest) -> HttpResponseBase:
    """Take the page that the window shows, or close it."""
    desk, case = guard.desk_of(request), opened(request)
    open_one = desk.window
    if open_one is None or open_one.ended:
        return _shown(open_one)
    if request.POST.get("how") == "stop":
        open_one.hand.stop()
        desk.window = None
        return back(PAGE)
    tab = _tab(open_one.hand.tabs, request.POST.get("tab", ""))
    if tab is None:
        return _shown(open_one, 400, wrong="More than one page is open there. Choose which one to save.")
    return _take(desk, case, open_one, tab)


def _take(desk: Desk, case: OpenCase, window: Window, tab: Tab) -> HttpResponseBase:
    window.hand.take(tab)
    try:
        _keep(desk, case, window.url, window.about, window.page)
    finally:
        desk.window = None
    return back("/case-file.html")


def _tab(tabs: tuple[Tab, ...], chosen: str) -> Tab | None:
    """The one page that is open, or the one that was chosen."""
    if len(tabs) == 1:
        return tabs[0]
    return next((tab for tab in tabs if str(tab.number) == chosen), None)


def _shown(window: Window | None, status: int = 200, wrong: str = "") -> HttpResponseBase:
    tabs = window.hand.tabs if window is not None and not window.ended else ()
    return shelf.shown("case-window.html", status, tabs=tabs, wrong=wrong)
