"""What the running app holds in memory, and nowhere else: who may speak to it, which case is open, who is still here.

One process, one person. The token in the opened address works once and becomes a cookie; the key of the open case lives
in this object and goes when the person leaves, locks, or is quiet for long. Nothing here is ever written down. Requests
come in threads: every change is made under one lock, and a key that was being unwrapped while the person left or locked
is dropped.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from takeback.errors import Locked
from takeback.web.round import real_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.keeping import OpenCase
    from takeback.web.making import Making
    from takeback.web.round import Looking
    from takeback.web.window import Window
    from takeback.wire.fetch import Wire

IDLE = 15 * 60
"""Seconds without an act of the person after which the case is locked."""

WARN = 60
"""Seconds before that in which a page can still keep what is being written."""

GONE = 12
"""Seconds without an open page after which the app stops."""

LEFT = 2
"""Seconds after Exit in which the answer to it still goes out."""


def now() -> datetime:
    """The one clock of the app."""
    return datetime.now(UTC).replace(microsecond=0)


def steady() -> float:
    """Seconds that go on while a laptop sleeps, and that nobody can set back."""
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass
class Desk:
    """The memory of one run of the app. `port` is set once the server listens."""

    clock: Callable[[], float] = steady
    port: int = 0
    token: str | None = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    cookie: str | None = field(default=None, repr=False)
    open_case: OpenCase | None = field(default=None, repr=False)
    turn: int = 0
    """Counts up whenever keys are forgotten: what began before that may not open anything after it."""

    wire: Callable[[], Wire] = real_wire
    looking: Looking | None = field(default=None, repr=False)
    look_at: float | None = None
    """When Takeback may look by itself, by `clock`; None where nobody allowed it."""

    making: Making | None = field(default=None, repr=False)
    window: Window | None = field(default=None, repr=False)
    """A browser that is open for the person, to take a page from."""

    _used: str | None = field(default=None, repr=False)
    _acted: float = 0.0
    _pages: int = 0
    _seen_page: float | None = None
    _left_at: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    # ---------------------------------------------------------------- who may speak

    def enter(self, token: str, cookie: str = "") -> str | None:
        """A cookie for the one-time token, or None. The token works once.

        Where the right token comes a second time from someone who was not let in by it, somebody else had read it:
        then nobody stays in.
        """
        with self._lock:
            if self.token is not None and _same(self.token, token):
                self._used, self.token, self.cookie = self.token, None, secrets.token_urlsafe(32)
                self.act()
                return self.cookie
            if self._used is not None and _same(self._used, token):
                if self.knows(cookie):
                    return self.cookie
                self.leave()
            return None

    def knows(self, cookie: str) -> bool:
        """Whether this cookie is the one that was given out."""
        with self._lock:
            return self.cookie is not None and _same(self.cookie, cookie)

    # ---------------------------------------------------------------- the open case

    def opens(self, case: OpenCase, turn: int) -> None:
        """A case is open from now on, unless everything was locked since `turn`."""
        with self._lock:
            if turn != self.turn or self.cookie is None:
                raise Locked("This was locked meanwhile, so the case stays closed.", "Open it with its passphrase.")
            self.open_case = case
            self.act()

    def act(self) -> None:
        """The person did something: the quiet time starts again."""
        with self._lock:
            self._acted = self.clock()

    def quiet(self) -> float:
        """Seconds since the person last did something."""
        with self._lock:
            return self.clock() - self._acted

    def lock_if_idle(self) -> None:
        """Lock what is open when nothing was done for IDLE seconds."""
        with self._lock:
            if self.open_case is not None and self.quiet() > IDLE:
                self.lock()

    def lock(self) -> None:
        """Forget every key."""
        with self._lock:
            self.open_case = self.looking = self.look_at = None
            self._close_window()
            if self.making is not None:
                self.making.stopped = True
            self.turn += 1

    def leave(self) -> None:
        """The person pressed Exit: forget the keys, the cookie and the token too. Nobody comes in any more."""
        with self._lock:
            self.lock()
            self.token = self.cookie = None
            self._left_at = self.clock()

    # ---------------------------------------------------------------- looking again

    def starts(self, looking: Looking) -> bool:
        """A round of looking begins, unless one is going on or the case was closed."""
        with self._lock:
            if self.open_case is None or (self.looking is not None and not self.looking.ended):
                return False
            self.looking = looking
            return True

    def takes_turn_to_look(self) -> bool:
        """Whether it is time to look by itself. Yes to one caller only."""
        with self._lock:
            if self.open_case is None or self.look_at is None or self.clock() < self.look_at:
                return False
            self.look_at = None
            return True

    # ---------------------------------------------------------------- a browser's window

    def shows(self, window: Window, case: OpenCase) -> None:
        """A browser opens for the person, and the one before it closes; unless the case was locked meanwhile."""
        with self._lock:
            if self.open_case is not case:
                raise Locked("This was locked meanwhile, so nothing was opened.", "Open it with its passphrase.")
            self._close_window()
            self.window = window

    def _close_window(self) -> None:
        if self.window is not None:
            self.window.hand.stop()
        self.window = None

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
        """Whether the person has left, or there were pages and the last one closed GONE seconds ago."""
        with self._lock:
            if self._left_at is not None:
                return self.clock() - self._left_at > LEFT
            if self._pages > 0 or self._seen_page is None:
                return False
            return self.clock() - self._seen_page > GONE


def _same(ours: str, theirs: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing."""
    return compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))
