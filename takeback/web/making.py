"""How far a package is that is being made: bytes of files packed, of all there are; and the press that stops it."""

from __future__ import annotations

from dataclasses import dataclass

from takeback import errors


@dataclass
class Making:
    """One package. It is over where the person stopped it, or its case was locked."""

    total: int = 0
    done: int = 0
    stopped: bool = False

    def passed(self, size: int) -> None:
        """So many bytes more are packed. Raises where it was stopped."""
        if self.stopped:
            raise errors.BadInput("Stopped. Nothing was saved.", "Press again whenever you like.")
        self.done += size
