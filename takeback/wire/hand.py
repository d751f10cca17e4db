"""The hand: what a person says of a browser's window while it is open, from another thread than the browser's.

The browser writes down which pages are open; the person takes one of them, or stops. Each says its word once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Tab(NamedTuple):
    """A page that is open in the window: its number there, what it calls itself, its address."""

    number: int
    title: str
    url: str


@dataclass
class Hand:
    """What is open, and what the person said of it."""

    tabs: tuple[Tab, ...] = ()
    said: int | Literal["stop"] | None = None
    opened: threading.Event = field(default_factory=threading.Event)
    """Set once the window stands."""

    def take(self, tab: Tab) -> None:
        """Keep this page."""
        self.said = tab.number

    def stop(self) -> None:
        """Close the window, and keep nothing."""
        self.said = "stop"
