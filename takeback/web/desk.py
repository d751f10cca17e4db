"""What the running app holds in memory, and nowhere else: who may speak to it, which cases are open, who is still here.

One process, one person. The token in the opened address works once and becomes a cookie; keys of open cases live in
this object and go when the person leaves, locks, or is idle. Nothing here is ever written down.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.keeping import OpenCase

IDLE = 15 * 60
"""Seconds without an act of the person after which every case is locked."""

GONE = 12
"""Seconds without an open page after which the app stops."""


@dataclass
class Desk:
    """The memory of one run of the app. `port` is set once the server listens."""

    clock: Callable[[], float] = time.monotonic
    port: int = 0
    token: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str | None = None
    open_case: OpenCase | None = None
    _acted: float = 0.0
    _pages: int = 0
    _seen_page: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def enter(self, token: str) -> str | None:
        """A cookie for the one-time token, or None. The token works once."""
        with self._lock:
            if self.token is None or not compare_digest(self.token.encode(), token.encode("utf-8", "replace")):
                return None
            self.token, self.cookie = None, secrets.token_urlsafe(32)
            self.act()
            return self.cookie

    def knows(self, cookie: str) -> bool:
        """Whether this cookie is the one that was given out."""
        with self._lock:
            return self.cookie is not None and compare_digest(self.cookie.encode(), cookie.encode("utf-8", "replace"))

    def act(self) -> None:
        """The person did something: the idle clock starts again."""
        self._acted = self.clock()

    def lock_if_idle(self) -> None:
        """Lock what is open when nothing was done for IDLE seconds."""
        if self.clock() - self._acted > IDLE:
            self.lock()

    def lock(self) -> None:
        """Forget every key."""
        with self._lock:
            self.open_case = None

    def leave(self) -> None:
        """The person pressed Exit: forget the keys and the cookie too."""
        with self._lock:
            self.open_case = None
            self.cookie = None

    # ---------------------------------------------------------------- presence

    def page_opens(self) -> None:
        """A page is open and listens."""
        with self._lock:
            self._pages += 1
            self._seen_page = self.clock()

    def page_closes(self) -> None:
        """A page has gone."""
        with self._lock:
            self._pages -= 1
            self._seen_page = self.clock()

    def deserted(self) -> bool:
        """Whether there were pages and the last one closed GONE seconds ago."""
        with self._lock:
            if self._pages > 0 or self._seen_page is None:
                return False
            return self.clock() - self._seen_page > GONE
