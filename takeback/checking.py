"""Packages, checked and stamped later: is this one whole, and who vouches for its time. Checking needs no network."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from takeback import bag, evidence, journey, sealed, stamping
from takeback.errors import BadFile, BadInput, Locked, PackageBroken
from takeback.evidence import form, how
from takeback.store import folder, unfinished
from takeback.terms import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from takeback.evidence.stamp import Stamp
    from takeback.terms import Verified


def stamp(package: Path, url: str, roots: bytes) -> Stamp:
    """A stamp for a package in a folder, which must be whole and have none yet; or for a sealed one, beside it."""
    if package.is_file():
        return _stamp_sealed(package, url, roots)
    reader = folder.FolderReader(package)
    unfinished.sweep(package)
    evidence.verify(reader)
    if (package / form.STAMP).exists():
        raise BadInput("This package has a stamp already", "`takeback verify` shows it")
    tag_manifest = folder.small(package / form.STAMPED, stamping.LONGEST)
    said = bag.read_info(folder.small(package / "bag-info.txt", stamping.LONGEST))
    stamper = stamping.Stamper(url, roots, form.read_moment(said["Takeback-Made-At"]))
    return _written(package / form.STAMP.rstrip("/"), stamper, stamper(tag_manifest))


def _written(target: Path, stamper: stamping.Stamper, parts: Iterable[Part]) -> Stamp:
    folder.write_folder(target, (bag.under(form.STAMP, part) for part in parts))
    if stamper.got is None:
        raise BadFile("The stamp was lost on the way", "try again")
    return stamper.got


# ---------------------------------------------------------------- a sealed one

BESIDE = ".stamp"
"""What the folder with the stamp of a sealed file is called, after the file."""

BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
"""A sealed file does not say when it was made."""


def _stamp_sealed(package: Path, url: str, roots: bytes) -> Stamp:
    """A stamp over the sealed file as it is: nobody needs its key for that, and nothing of it is sealed anew."""
    sealed.envelope(package)
    if not bag.NAME.fullmatch(package.name):
        raise BadInput(
            "This file's name can't stand in a list of hashes", "call it files.tar.age, or another plain name"
        )
    target = package.with_name(package.name + BESIDE)
    if target.exists():
        raise BadInput("This package has a stamp already", "`takeback verify` shows it")
    over = bag.manifest({package.name: _sums(package)}, "sha256")
    stamper = stamping.Stamper(url, roots, BEFORE)
    more = (Part.of(form.OVER, over), Part.of(form.BY_HAND, how.sealed(package.name).encode()))
    return _written(target, stamper, (*more, *stamper(over)))


def _sums(package: Path) -> bag.Sums:
    summing = bag.Summing()
    for chunk in journey.chunks(package):
        summing.update(chunk)
    return summing.sums()


def _beside(package: Path, roots: bytes) -> evidence.Found:
    """What the stamp beside a sealed file comes to; nothing where there is none."""
    target = package.with_name(package.name + BESIDE)
    if not target.is_dir() or target.is_symlink():
        return evidence.Found()
    return evidence.beside(folder.FolderReader(target), package.name, _sums(package), roots)


def _with(result: dict[str, Any], outer: evidence.Found, package: Path) -> dict[str, Any]:
    """What was found inside, and the stamp beside it."""
    faults = [{"file": f"{package.name}{BESIDE}/{one.file}", "what": one.what} for one in outer.problems]
    notes, stamp = [*result["notes"], *outer.notes], outer.stamp
    if stamp:
        notes.append(f"the sealed file as it is was stamped at {stamp.at.isoformat()} by {stamp.by}")
    if stamp and result["ok"] and not result["stamped_at"]:
        result = {**result, "stamped_at": stamp.at.isoformat(), "stamped_by": stamp.by}
    return {**result, "ok": result["ok"] and not faults, "problems": [*result["problems"], *faults], "notes": notes}


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
    return _with(_opened(package, identity, ask, roots), _beside(package, roots), package)


def _opened(package: Path, identity: Path | None, ask: Callable[[], str] | None, roots: bytes) -> dict[str, Any]:
    """What is in a sealed package, or what can be told without its key."""
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
