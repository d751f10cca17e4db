"""Packages, checked and stamped later: is this one whole, and who vouches for its time. Checking needs no network."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from takeback import bag, evidence, sealed, stamping
from takeback.errors import BadFile, BadInput, Locked, PackageBroken
from takeback.evidence import form
from takeback.store import folder, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from takeback.evidence.stamp import Stamp
    from takeback.terms import Verified


def stamp(package: Path, url: str, roots: bytes) -> Stamp:
    """A stamp for a package in a folder, which must be whole and have none yet."""
    reader = folder.FolderReader(package)
    unfinished.sweep(package)
    evidence.verify(reader)
    if (package / form.STAMP).exists():
        raise BadInput("This package has a stamp already", "`takeback verify` shows it")
    tag_manifest = folder.small(package / form.STAMPED, stamping.LONGEST)
    said = bag.read_info(folder.small(package / "bag-info.txt", stamping.LONGEST))
    stamper = stamping.Stamper(url, roots, form.read_moment(said["Takeback-Made-At"]))
    parts = stamper(tag_manifest)
    folder.write_folder(package / form.STAMP.rstrip("/"), (bag.under(form.STAMP, part) for part in parts))
    if stamper.got is None:
        raise BadFile("The stamp was lost on the way", "try again")
    return stamper.got


# ---------------------------------------------------------------- verify


def verify(
    package: Path, ca: Path | None = None, identity: Path | None = None, ask: Callable[[], str] | None = None
) -> dict[str, Any]:
    """Whether a package is whole, as the JSON document of docs/interfaces.md: every problem, not only the first.

    A sealed one is opened with the key in `identity`, or the passphrase that `ask` gives; without either, `notes` say
    what can be told, and it is not `ok`.
    """
    roots = stamping.trusted(ca)
    if package.is_dir() or not package.is_file():
        return _judged(folder.FolderReader(package), roots)
    try:
        with sealed.opened(package, identity, ask) as inside:
            if inside is None:
                return _document(None, notes=sealed.envelope(package))
            return _judged(inside, roots)
    except Locked:
        raise
    except BadFile as cause:
        why = sealed.WRONG if identity or ask else cause.say()
        return _document(None, problems=[{"file": package.name, "what": why}])


def _judged(reader: evidence.Reader, roots: bytes) -> dict[str, Any]:
    try:
        return _document(evidence.verify(reader, roots))
    except PackageBroken as broken:
        return _document(None, problems=[asdict(one) for one in broken.details])


def _document(
    verified: Verified | None, problems: Sequence[dict[str, str]] = (), notes: Sequence[str] = ()
) -> dict[str, Any]:
    at = verified.stamped_at if verified else None
    return {
        "ok": verified is not None,
        "stamped_at": at.isoformat() if at else None,
        "stamped_by": verified.stamped_by if verified else None,
        "problems": list(problems),
        "notes": [*notes, *(verified.notes if verified else ())],
    }
