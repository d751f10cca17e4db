"""Moving: a whole case as one sealed file, and such a file as a case again, on this computer or another.

It is saved as it stands on the disk, and no passphrase is needed for that. Bringing it back needs one: then every event
is opened, the chain and the child rule are asked again, and every file is compared with what the log says of it, before
any of it counts. Nothing is sealed a second time, and a case that is here already is never touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from takeback import archive, casework, custody, errors, recovery, vault
from takeback.chunks import Chunks
from takeback.keeping import WITH_PASSPHRASE, WITH_SHEET, OpenCase
from takeback.store import folder
from takeback.terms import Event, Link, Problem
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from takeback.permit import Exhibit
    from takeback.store.cases import Store

FORMAT = 1
HOW, ABOUT = "HOW-TO-OPEN.txt", "case.json"
BEGINS = b"PK\x03\x04"
FIRST = 30
"""Bytes of a zip before the name of its first member, which is HOW."""

MEMBER = re.compile(r"keys/([a-z]{1,64})\.age|events/([0-9]{6,9})\.age|files/([a-z0-9]{1,64})\.age")
MOST_ABOUT, MOST_KEY, MOST_EVENT = 64 << 20, 1 << 16, 16 << 20
"""Bytes of the small members; files have no limit."""

HOW_TO_OPEN = later("""\
This is one case, sealed with age (https://age-encryption.org). With the ordinary age program and the case's passphrase:

    age -d keys/passphrase.age > key.txt

or, where a recovery sheet was made, with its twelve words in small letters and one space between them:

    age -d keys/recovery.age > key.txt

Then, in a place that is yours alone:

    age -d -i key.txt events/000001.age
    age -d -i key.txt files/NAME.age
    rm key.txt

The first line of each says what it is; an event is one line of JSON after it, then empty padding.
""")


# ---------------------------------------------------------------- out


def export(kept: Store, case: str, out: Path) -> None:
    """A whole case as one new file."""
    folder.write_file(out, lambda write: write_case(kept, case, write))


def write_case(kept: Store, case: str, write: Callable[[bytes], object]) -> None:
    """A whole case as one zip, sealed as it is on the disk."""
    links, keys = kept.links(case), kept.keys(case)
    with archive.writer(write) as zipped:
        archive.add(zipped, HOW, [_(HOW_TO_OPEN).encode()])
        archive.add(zipped, ABOUT, [_about(case, links)])
        for name, wrapped in sorted(keys.items()):
            archive.add(zipped, f"keys/{name}.age", [wrapped])
        for link in links:
            archive.add(zipped, f"events/{link.sequence:06}.age", [link.sealed])
        for blob in sorted(kept.blob_ids(case)):
            archive.add(zipped, f"files/{blob}.age", kept.sealed_blob(case, blob))


def _about(case: str, links: tuple[Link, ...]) -> bytes:
    """The chain, which anyone can check without the key."""
    chain = [{"sequence": one.sequence, "previous": one.previous, "sealed": custody.entry(one).sealed} for one in links]
    return json.dumps({"takeback": FORMAT, "case": case, "head": casework.head(links).hash, "chain": chain}).encode()


# ---------------------------------------------------------------- in


def begins(first: bytes) -> bool:
    """Whether a file that begins so may be a saved case. Asked before any of it reaches the disk."""
    return first.startswith(BEGINS) and first[FIRST : FIRST + len(HOW)] == HOW.encode()


def bring(kept: Store, file: BinaryIO, secret: str, at: datetime) -> OpenCase:
    """A saved case, kept here from now on. `secret` is its passphrase, or the words of its recovery sheet.

    BadFile where it is no saved case, CaseBroken naming everything that was done to it, Locked for a wrong secret,
    Refused where a file in it is one that the child rule keeps out; then nothing of it is kept.
    """
    saved = archive.Reader(file)
    case, entries, head = _read_about(saved)
    if case in kept.cases():
        raise errors.BadInput("This case is already on this computer, so nothing was changed", "open it here instead")
    links = tuple(_links(saved, case, entries, head))
    wrapped = {name: saved.read(f"keys/{name}.age", MOST_KEY) for name in _named(saved, 1)}
    key = _key(wrapped, secret)
    events = [_opened(one, key) for one in links]
    files = _files(saved, casework.state(events, max(at, events[-1].at)).exhibits)
    for blob, exhibit in files.items():
        _compare(saved, case, blob, exhibit, key)
    kept.adopt(case, wrapped, links, [(blob, one.permit, _sealed(saved, blob)) for blob, one in files.items()])
    opened = OpenCase(kept, case, key)
    opened.add("moved", {}, at)
    return opened


def _read_about(saved: archive.Reader) -> tuple[str, list[custody.Entry], str]:
    """Which case it is, its chain and the end of it."""
    try:
        about: dict[str, Any] = json.loads(saved.read(ABOUT, MOST_ABOUT))
        newer, case, head = int(about["takeback"]) > FORMAT, str(about["case"]), str(about["head"])
        if newer:
            raise errors.BadInput("This case was saved by a newer Takeback", "use that one to open it")
        chain = [
            custody.Entry(case, int(one["sequence"]), str(one["previous"]), str(one["sealed"]))
            for one in about["chain"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise errors.BadFile(archive.NOT_OURS, archive.NOT_OURS_HINT) from cause
    if not chain or any(name not in (HOW, ABOUT) and not MEMBER.fullmatch(name) for name in saved.sizes):
        raise errors.BadFile(archive.NOT_OURS, archive.NOT_OURS_HINT)
    return case, chain, head


def _named(saved: archive.Reader, group: int) -> list[str]:
    """The names of the keys (1), events (2) or files (3) in it."""
    found = (MEMBER.fullmatch(name) for name in saved.sizes)
    return sorted(one[group] for one in found if one and one[group])


def _links(saved: archive.Reader, case: str, entries: list[custody.Entry], head: str) -> Iterator[Link]:
    """The sealed events; CaseBroken names every one that the chain speaks against."""
    wrong = list(custody.problems(entries, custody.Head(len(entries), head)))
    sealed = {int(name): saved.read(f"events/{name}.age", MOST_EVENT) for name in _named(saved, 2)}
    for one in entries:
        if one.sequence not in sealed:
            wrong.append(Problem(f"event {one.sequence}", "is missing: it was dropped"))
        elif hashlib.sha256(sealed[one.sequence]).hexdigest() != one.sealed:
            wrong.append(Problem(f"event {one.sequence}", "was replaced: it is not the one that the chain names"))
    wrong += [Problem(f"event {one}", "was added") for one in sorted(set(sealed) - {one.sequence for one in entries})]
    if wrong:
        raise errors.CaseBroken(wrong)
    for one in entries:
        yield Link(case, one.sequence, sealed[one.sequence], one.previous)


def _key(wrapped: dict[str, bytes], secret: str) -> vault.CaseKey:
    """The case's key, by its passphrase or by the words of its sheet."""
    try:
        words = recovery.read(secret)
    except errors.BadInput:
        words = ""
    ways = [(WITH_SHEET, words)] if words else []
    for name, typed in [*ways, (WITH_PASSPHRASE, secret)]:
        try:
            return vault.unwrap_with_passphrase(wrapped.get(name, b""), typed)
        except errors.Locked as cause:
            wrong = cause
    raise wrong


def _opened(link: Link, key: vault.CaseKey) -> Event:
    context = vault.Context(link.case, "event", link.sequence)
    return casework.decode(vault.unseal(link.sealed, context, key), link.sequence)


def _files(saved: archive.Reader, exhibits: tuple[Exhibit, ...]) -> dict[str, Exhibit]:
    """The file of each exhibit; one that nothing in the log speaks of is left behind."""
    there = set(_named(saved, 3))
    wanted = {one.blob: one for one in exhibits}
    if missing := sorted(one.ref for blob, one in wanted.items() if blob not in there):
        raise errors.CaseBroken([Problem(ref, "is missing: its file is not in this copy") for ref in missing])
    return wanted


def _sealed(saved: archive.Reader, blob: str) -> Iterator[bytes]:
    return saved.chunks(f"files/{blob}.age")


def _compare(saved: archive.Reader, case: str, blob: str, exhibit: Exhibit, key: vault.CaseKey) -> None:
    """CaseBroken where a file is not the one that the log speaks of."""
    sha256 = hashlib.sha256()
    source = cast("BinaryIO", Chunks(_sealed(saved, blob)))
    try:
        for chunk in vault.open_in(vault.Context(case, "exhibit", blob), source, key):
            sha256.update(chunk)
        whole = sha256.hexdigest() == exhibit.sha256
    except errors.BadFile:
        whole = False
    if not whole:
        raise errors.CaseBroken([Problem(exhibit.ref, "was replaced: it is not the file that was kept")])
