"""How far a round of looking is, and the way out that it takes: what the desk holds of it in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.looks import Look
    from takeback.watching import Left
    from takeback.wire.fetch import Wire


@dataclass
class Looking:
    """How far a round is. `fault` is a sentence where it had to end early."""

    total: int
    by_itself: bool = False
    done: list[Look] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    ended: bool = False
    stopped: bool = False
    fault: str = ""


def real_wire() -> Wire:
    """The way out. Loaded when somebody asked for it, and not before."""
    from takeback.wire.fetch import Wire  # noqa: PLC0415

    return Wire()
