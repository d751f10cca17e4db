"""Whom to ask for a stamp, and whom to trust with one.

A stamp is asked for only with an address that the person gave, or that whoever set this computer up wrote into
`TAKEBACK_STAMP`; the question holds a hash and nothing else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from takeback import evidence
from takeback.errors import TakebackError
from takeback.store import folder
from takeback.wire import stamp as authority
from takeback.wire import trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from takeback.evidence.stamp import Stamp
    from takeback.terms import Part

ADDRESS, ROOT = "TAKEBACK_STAMP", "TAKEBACK_STAMP_CA"
"""An authority's address, and a file with its root certificate, as whoever set this computer up chose them."""

LONGEST = 1 << 20


def trusted(ca: Path | None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The roots that may vouch for a stamp: the file that was named, or else the system's own."""
    named = ca or environment.get(ROOT)
    if not named:
        return trust.roots()
    return folder.small(Path(named).expanduser(), LONGEST)


def is_known(url: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is the authority that whoever set this computer up named."""
    return url.strip() == environment.get(ADDRESS, "").strip()


@dataclass(slots=True)
class Stamper:
    """What asks an authority for a stamp, once, and remembers how that went.

    Where `patient`, a stamp that can't be had leaves the package without one, and says why; otherwise it is an error.
    """

    url: str
    trusted: bytes = field(repr=False)
    made_at: datetime
    patient: bool = False
    got: Stamp | None = None
    failed: TakebackError | None = None

    def __post_init__(self) -> None:
        authority.check(self.url)
        evidence.roots(self.trusted)

    def __call__(self, tag_manifest: bytes) -> tuple[Part, ...]:
        """The parts of the stamp/ folder."""
        try:
            asked = evidence.request(tag_manifest)
            answer = authority.ask(self.url, asked.der, known=is_known(self.url))
            self.got, parts = evidence.stamped(tag_manifest, answer, asked, self.trusted, self.made_at)
        except TakebackError as cause:
            if not self.patient:
                raise
            self.failed = cause
            return ()
        return parts
