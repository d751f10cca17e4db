"""Evidence: exhibits -> a package, and is this package whole? Pure; bytes, times and ids come in as arguments.

A package is a BagIt folder: files as received, the custody log, addresses with times, a summary, and how to check all
of it without Takeback. `package` yields parts, and hashes each as it is read, so nothing is held in memory. `verify`
returns what it found, or raises `PackageBroken` naming every fault at once; it follows no link and no path that leads
outside. What a package proves is that it has not changed, not who made it or whether it is true.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from takeback import bag, custody, errors
from takeback.terms import Address, Event, Link, Part, Problem, Verified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from takeback.permit import Exhibit

FORMAT = "1"
CLOCK = "this computer's own, unless stamp/ holds a stamp"
CUSTODY = "data/custody.jsonl"
EXHIBITS = "data/exhibits.json"
LABELS = (
    "Bagging-Date",
    "Bag-Software-Agent",
    "External-Identifier",
    "Payload-Oxum",
    "Takeback-Package",
    "Takeback-Made-At",
    "Takeback-Custody-Head",
    "Takeback-Clock",
)
"""What bag-info.txt says, in this order and nothing else."""

MANIFESTS = tuple(f"manifest-{algorithm}.txt" for algorithm in bag.ALGORITHMS)
TAG_MANIFESTS = tuple(f"tagmanifest-{algorithm}.txt" for algorithm in bag.ALGORITHMS)
TAGS = ("bagit.txt", "bag-info.txt", *MANIFESTS)
UNREADABLE = (ValueError, KeyError, TypeError, RecursionError)
"""What JSON that someone else wrote can end in."""

MOST = 64 << 20
"""The largest tag file or log that is read into memory."""

PICTURES = ("png", "gif", "webp", "heic", "avif", "bmp", "tiff")
MOVING = ("mp4", "mov", "webm", "mkv", "avi", "mp3", "m4a", "wav", "ogg", "flac")
WRITTEN = ("pdf", "eml", "html", "json", "zip")
ENDINGS = {"jpeg": "jpg", "text": "txt"} | {kind: kind for kind in (*PICTURES, *MOVING, *WRITTEN)}
"""A file's ending by its kind; anything else is `.bin`. Never taken from the name that a file came with."""

VERIFY = """\
HOW TO CHECK THIS PACKAGE WITHOUT TAKEBACK

It is a BagIt folder (RFC 8493). In the folder that holds bagit.txt, with tools that most systems have:

    sha256sum -c tagmanifest-sha256.txt
    sha256sum -c manifest-sha256.txt

or, on a copy, with the Library of Congress's program (Python):

    pip install bagit
    bagit.py --validate .

data/exhibits.json lists each file as it was received: its reference, size, hashes, original name and time.
data/custody.jsonl is the log of what was done, one event a line, in order. "sealed" is the SHA-256 of the event's
sealed text; "link" chains it to the line before it. One line's link can be made by hand:

    printf 'takeback link 1\\n%s\\n%s\\n%s\\n%s\\n' CASE SEQUENCE PREVIOUS SEALED | sha256sum

and the last one stands in bag-info.txt as Takeback-Custody-Head.

WHAT THIS PROVES
That the files are unchanged since the package was made. Without a stamp (a folder named stamp/), when that was is
known only by the clock of the computer that made it.

WHAT IT DOES NOT PROVE
Who made the files, where they came from, or whether what they show is true.
"""


class Reader(Protocol):
    """A package to look at: its entries ("file", "link" or "other"), and the bytes of one that is a file."""

    def entries(self) -> Iterable[tuple[str, str]]:
        """Every path in it, with its kind."""

    def read(self, path: str) -> Iterable[bytes]:
        """The bytes of one."""


# ---------------------------------------------------------------- making a package


def package(
    *,
    case: str,
    exhibits: Sequence[tuple[Exhibit, Iterable[bytes]]],
    custody_log: Sequence[tuple[Link, Event]],
    addresses: Sequence[Address],
    summary_pdf: bytes,
    made_at: datetime,
    software: str,
    papers: Mapping[str, bytes] | None = None,
) -> Iterator[Part]:
    """A package's parts, to be read in order and each to its end. `papers` go to data/papers/ under their names."""
    listed: dict[str, bag.Sums] = {}
    files = [(_file(one), one, chunks) for one, chunks in exhibits]
    for path, one, chunks in files:
        yield _watched(Part(path, one.size, _as_received(one, path, chunks)), listed)
    for path, data in _papers(files, custody_log, addresses, summary_pdf, papers or {}):
        yield _watched(Part.of(path, data), listed)
    if len(listed) != len(exhibits) + 5 + len(papers or {}):
        raise errors.BadInput("A package's parts must each be read to the end, and each have a name of its own")
    head = custody.head([custody.entry(link) for link, _ in custody_log])
    tags = {"bagit.txt": bag.DECLARATION, "bag-info.txt": _info(case, listed, head, made_at, software)}
    tags |= {f"manifest-{algorithm}.txt": bag.manifest(listed, algorithm) for algorithm in bag.ALGORITHMS}
    sums = {path: bag.sums(data) for path, data in tags.items()}
    tags |= {f"tagmanifest-{algorithm}.txt": bag.manifest(sums, algorithm) for algorithm in bag.ALGORITHMS}
    yield from (Part.of(path, data) for path, data in tags.items())


def _file(one: Exhibit) -> str:
    """Where an exhibit goes. Its reference and its kind name it, nothing else."""
    name = one.ref.replace("/", "-")
    return f"data/exhibits/{name}/{name}.{ENDINGS.get(one.kind, 'bin')}"


def _as_received(one: Exhibit, path: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """An exhibit's bytes, which must still be those that were received."""
    summing = bag.Summing()
    for chunk in chunks:
        summing.update(chunk)
        yield chunk
    if summing.sums() != bag.Sums(one.sha256, one.sha512, one.size):
        raise errors.PackageBroken([Problem(path, "is no longer what was received")])


def _watched(part: Part, listed: dict[str, bag.Sums]) -> Part:
    """A part that is listed once it has been read to its end."""

    def watching() -> Iterator[bytes]:
        summing = bag.Summing()
        for chunk in part.chunks:
            summing.update(chunk)
            yield chunk
        listed[part.path] = summing.sums()

    return Part(part.path, part.size, watching())


def _papers(
    files: Sequence[tuple[str, Exhibit, object]],
    log: Sequence[tuple[Link, Event]],
    addresses: Sequence[Address],
    summary_pdf: bytes,
    papers: Mapping[str, bytes],
) -> Iterator[tuple[str, bytes]]:
    yield EXHIBITS, _json({"exhibits": [_described(path, one) for path, one, _ in files]})
    yield CUSTODY, b"".join(_line(link, event) for link, event in log)
    yield "data/addresses.json", _json({"addresses": [asdict(one) for one in addresses]})
    yield "data/summary.pdf", summary_pdf
    yield "data/VERIFY.txt", VERIFY.encode()
    for name, data in papers.items():
        if not bag.NAME.fullmatch(name):
            raise errors.BadInput("A paper's name is made of letters, digits, dots and dashes")
        yield f"data/papers/{name}", data


def _described(path: str, one: Exhibit) -> dict[str, object]:
    """An exhibit as the package lists it: where it is kept in the store, and what was answered, stay out."""
    said = one.data()
    return {"file": path, **{name: said[name] for name in said if name not in ("blob", "permit")}}


def _line(link: Link, event: Event) -> bytes:
    """One event of the custody log: what was done, when, by whom, and its place in the chain. No words, no answers."""
    one = custody.entry(link)
    says = {
        "case": one.case,
        "sequence": one.sequence,
        "at": _time(event.at),
        "actor": event.actor,
        "what": event.what,
        "about": str(event.data.get("ref", "")),
        "sha256": str(event.data.get("sha256", "")),
        "sealed": one.sealed,
        "previous": one.previous,
        "link": one.hash,
    }
    return json.dumps(says, ensure_ascii=False).encode() + b"\n"


def _info(case: str, listed: Mapping[str, bag.Sums], head: custody.Head, made_at: datetime, software: str) -> bytes:
    oxum = f"{sum(one.size for one in listed.values())}.{len(listed)}"
    values = (
        made_at.astimezone(UTC).date().isoformat(),
        software,
        case,
        oxum,
        FORMAT,
        _time(made_at),
        f"{head.sequence} {head.hash}",
        CLOCK,
    )
    return bag.info(tuple(zip(LABELS, values, strict=True)))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


# ---------------------------------------------------------------- verifying one


def verify(package: Reader) -> Verified:
    """A whole package, or `PackageBroken` with every fault in it."""
    kinds = dict(package.entries())
    read = {path: _read(package, path) for path, kind in sorted(kinds.items()) if kind == "file"}
    found = [
        *(Problem(path, "is not a plain file; it was not followed") for path, kind in kinds.items() if kind != "file"),
        *_form(read),
        *_listed(read, MANIFESTS, {path for path in read if path.startswith("data/")}),
        *_listed(read, TAG_MANIFESTS, {path for path in read if not path.startswith("data/")} - set(TAG_MANIFESTS)),
        *_sense(read),
    ]
    if found:
        shown = {(_printable(one.file), _printable(one.what)) for one in found}
        raise errors.PackageBroken([Problem(file, what) for file, what in sorted(shown)])
    return Verified(stamped_at=None, stamped_by=None, files=len(read))


def _printable(text: str) -> str:
    """A stranger's file name can hold anything: nothing in it may speak to a terminal."""
    return text if text.isprintable() else ascii(text)


Read = tuple[bag.Sums, bytes]


def _read(package: Reader, path: str) -> Read:
    """A file's sums, and its bytes where they are needed for more than that."""
    summing, kept = bag.Summing(), bytearray()
    keep = path in (*TAGS, *TAG_MANIFESTS, CUSTODY, EXHIBITS)
    for chunk in package.read(path):
        summing.update(chunk)
        if keep and summing.size <= MOST:
            kept += chunk
    return summing.sums(), bytes(kept)


def _form(read: Mapping[str, Read]) -> Iterator[Problem]:
    """What is not there, or not written in the one form."""
    for path in (*TAGS, *TAG_MANIFESTS):
        if path not in read:
            yield Problem(path, "is missing")
    if "bagit.txt" in read and read["bagit.txt"][1] != bag.DECLARATION:
        yield Problem("bagit.txt", "is not written in the one form that Takeback uses")
    if "bag-info.txt" in read and tuple(bag.read_info(read["bag-info.txt"][1])) != LABELS:
        yield Problem("bag-info.txt", "is not written in the one form that Takeback uses")


def _listed(read: Mapping[str, Read], manifests: Sequence[str], there: set[str]) -> Iterator[Problem]:
    """Files that changed, went, came, or have another name than the manifests say; and manifests that are wrong."""
    lists: dict[str, dict[str, str]] = {}
    for name, algorithm in zip(manifests, bag.ALGORITHMS, strict=True):
        if name in read:
            lists[name], faults = bag.read_manifest(read[name][1], algorithm)
            yield from (Problem(name, fault) for fault in faults)
    named = {path for one in lists.values() for path in one}
    for path in sorted(named & there):
        yield from _compared(path, read[path][0], lists)
    new = sorted(there - named)
    for path in sorted(named - there):
        moved = next((to for to in new if read[to][0].sha256 == lists.get(manifests[0], {}).get(path)), None)
        yield Problem(path, f"was renamed to {moved}" if moved else "is missing")
        new = [to for to in new if to != moved]
    yield from (Problem(path, "was added: no manifest lists it") for path in new)


def _compared(path: str, sums: bag.Sums, lists: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """One file against each manifest. Where only some disagree, it is the manifest that changed."""
    said = {name: listed.get(path) for name, listed in lists.items()}
    wrong = [name for name, value in said.items() if value != sums.by(name.split("-")[-1].removesuffix(".txt"))]
    if len(wrong) == len(said):
        yield Problem(path, "has changed")
    else:
        yield from (Problem(name, f"does not say of {path} what the other manifest says") for name in wrong)


# ---------------------------------------------------------------- does it make sense: the log, the list, the totals


def _sense(read: Mapping[str, Read]) -> Iterator[Problem]:
    fields = bag.read_info(read["bag-info.txt"][1]) if "bag-info.txt" in read else {}
    payload = [sums for path, (sums, _) in read.items() if path.startswith("data/")]
    if tuple(fields) == LABELS:
        if fields.get("Takeback-Package") != FORMAT:
            yield Problem("bag-info.txt", "is of a package that this Takeback does not know")
        if fields.get("Payload-Oxum") != f"{sum(one.size for one in payload)}.{len(payload)}":
            yield Problem("bag-info.txt", "gives another number of files and bytes than there are")
    yield from _chain(read, fields)
    yield from _exhibits(read)


def _chain(read: Mapping[str, Read], fields: Mapping[str, str]) -> Iterator[Problem]:
    """The custody log: every link, and the head that bag-info.txt notes."""
    if CUSTODY not in read:
        return
    try:
        lines = [json.loads(line) for line in read[CUSTODY][1].splitlines()]
        chain = [
            custody.Entry(str(one["case"]), int(one["sequence"]), str(one["previous"]), str(one["sealed"]))
            for one in lines
        ]
        sequence, _, noted = fields.get("Takeback-Custody-Head", "").partition(" ")
        head = custody.Head(int(sequence), noted)
    except UNREADABLE:
        yield Problem(CUSTODY, "can't be read as a log with a head in bag-info.txt")
        return
    for number, (one, line) in enumerate(zip(chain, lines, strict=True), 1):
        if line.get("link") != one.hash:
            yield Problem(CUSTODY, f"line {number}: its link is not the hash of what it says")
    for problem in custody.problems(chain, head):
        yield Problem(CUSTODY, f"{problem.file} {problem.what}")


def _exhibits(read: Mapping[str, Read]) -> Iterator[Problem]:
    """The list of exhibits, against the files."""
    if EXHIBITS not in read:
        return
    try:
        listed = {
            str(one["file"]): bag.Sums(str(one["sha256"]), str(one["sha512"]), int(one["size"]))
            for one in json.loads(read[EXHIBITS][1])["exhibits"]
        }
    except UNREADABLE:
        yield Problem(EXHIBITS, "can't be read as a list of exhibits")
        return
    there = {path: sums for path, (sums, _) in read.items() if path.startswith("data/exhibits/")}
    for path in sorted(listed.keys() | there.keys()):
        if path not in there:
            yield Problem(path, "is missing, though exhibits.json describes it")
        elif path not in listed:
            yield Problem(path, "is not described in exhibits.json")
        elif listed[path] != there[path]:
            yield Problem(path, "is not the file that exhibits.json describes")
