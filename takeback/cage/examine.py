"""What a file says of its origin, looked at in the cage. Whatever it does, `examine` returns or raises `BadFile`."""

from __future__ import annotations

import atexit
import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from takeback import cage, seen
from takeback.cage.source import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from takeback.cage.source import Source
    from takeback.credentials import List as Trust
    from takeback.seen import Seen
    from takeback.terms import Sums

COMMAND = (sys.executable, "-I", "-m", "takeback.cage.examiner")
FILMS = "films"
"""What the command has in it where videos will come: only then what decodes them is loaded."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was seen in a file, its exact hashes, and the guards that this computer could not set."""

    seen: Seen
    sums: Sums
    warnings: tuple[str, ...]


_shared, _films = cage.Cage(command=COMMAND), cage.Cage(command=(*COMMAND, FILMS))
for _one in (_shared, _films):
    atexit.register(_one.close)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_one.forget)


def examine(source: Source | bytes, trust: Sequence[Trust] = (), within: cage.Cage | None = None) -> Examined:
    """Everything that a file says of itself. `trust` are the lists of signers; without one, nobody is trusted."""
    lists = [asdict(one) for one in trust]
    asked = json.dumps({"trust": lists}).encode()
    head = len(asked).to_bytes(4, "big") + asked
    with opened(source) as file:
        within = within or (_films if file.video else _shared)
        sums, raw, warnings = within.ask(file, head, seen.MOST_ANSWER)
    return Examined(seen.read(raw), sums, warnings)


def warm() -> None:
    """Start the warden early, and wait for nothing."""
    _shared.warm()
