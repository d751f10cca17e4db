"""Packages, checked and stamped: is this one whole, who vouches for its time, and a stamp for one that has none.

Checking needs no network. A stamp is asked for only with an address that the person gave, or that whoever set this
computer up wrote into `TAKEBACK_STAMP`; the question holds a hash and nothing else.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import bag, evidence
from takeback.errors import BadFile, BadInput, PackageBroken, TakebackError
from takeback.evidence import form
from takeback.store import folder, unfinished
from takeback.wire import stamp as authority
from takeback.wire import trust

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from takeback.evidence.stamp import Stamp
    from takeback.terms import Part, Verified

ADDRESS, ROOT = "TAKEBACK_STAMP", "TAKEBACK_STAMP_CA"
"""An authority's address, and a file with its root certificate, as whoever set this computer up chose them."""

LONGEST = 1 << 20


# ---------------------------------------------------------------- whom to trust, whom to ask


def trusted(ca: Path | None, environment: Mapping[str, str] = os.environ) -> bytes:
    """The roots that may vouch for a stamp: the file that was named, or else the system's own."""
    named = ca or environment.get(ROOT)
    if not named:
        return trust.roots()
    return folder.small(Path(named).expanduser(), LONGEST)


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
            self.got, parts = evidence.stamped(
                tag_manifest, authority.ask(self.url, asked.der), asked, self.trusted, self.made_at
            )
        except TakebackError as cause:
            if not self.patient:
                raise
            self.failed = cause
            return ()
        return parts


def stamp(package: Path, url: str, roots: bytes) -> Stamp:
    """A stamp for a package in a folder, which must be whole and have none yet."""
    reader = folder.FolderReader(package)
    unfinished.sweep(package)
    evidence.verify(reader)
    if (package / form.STAMP).exists():
        raise BadInput("This package has a stamp already", "`takeback verify` shows it")
    tag_manifest = folder.small(package / form.STAMPED, LONGEST)
    said = bag.read_info(folder.small(package / "bag-info.txt", LONGEST))
    stamper = Stamper(url, roots, form.read_moment(said["Takeback-Made-At"]))
    parts = stamper(tag_manifest)
    folder.write_folder(package / form.STAMP.rstrip("/"), (bag.under(form.STAMP, part) for part in parts))
    if stamper.got is None:
        raise BadFile("The stamp was lost on the way", "try again")
    return stamper.got


# ---------------------------------------------------------------- verify


def verify(package: Path, ca: Path | None = None) -> dict[str, Any]:
    """Whether a package is whole, as the JSON document of docs/interfaces.md: every problem, not only the first."""
    reader = folder.FolderReader(package)
    try:
        verified = evidence.verify(reader, trusted(ca))
    except PackageBroken as broken:
        return _document(None, problems=[asdict(one) for one in broken.details])
    return _document(verified)


def _document(verified: Verified | None, problems: list[dict[str, str]] | None = None) -> dict[str, Any]:
    at = verified.stamped_at if verified else None
    return {
        "ok": verified is not None,
        "stamped_at": at.isoformat() if at else None,
        "stamped_by": verified.stamped_by if verified else None,
        "problems": problems or [],
        "notes": list(verified.notes) if verified else [],
    }
