"""A browser's window that is open for the person: in a thread of its own, until they take a page from it or stop.

It is over when the case is locked. What it holds is in memory, and goes with it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from takeback.wire.hand import Hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.terms import Situation
    from takeback.wacz import Captured

OPENING = 90
"""Seconds until a window stands with its page, or it never will."""

TAKING = 300
"""Seconds for all of a page to be taken; each step of it has less."""


class Window:
    """One window: what was said of the page, what the person says of it, and at the end the page."""

    def __init__(self, url: str, about: Situation) -> None:
        self.url, self.about = url, about
        self.hand = Hand()
        self._page: Future[Captured] = Future()

    def open(self, capture: Callable[[str, Hand], Captured]) -> None:
        """Open it, and return once it stands. Raises what kept it from that."""
        threading.Thread(target=self._run, args=(capture,), daemon=True).start()
        self.hand.opened.wait(OPENING)
        if self.ended:
            self.page()

    def _run(self, capture: Callable[[str, Hand], Captured]) -> None:
        try:
            self._page.set_result(capture(self.url, self.hand))
        except BaseException as fault:  # noqa: BLE001  (it is raised again where somebody waits for the page)
            self._page.set_exception(fault)
        finally:
            self.hand.opened.set()

    @property
    def ended(self) -> bool:
        """Whether it is closed, with a page or without."""
        return self._page.done()

    def page(self) -> Captured:
        """The page that was taken, once all of it is here. Raises what kept it from that."""
        return self._page.result(TAKING)
