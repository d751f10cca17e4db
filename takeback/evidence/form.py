"""The form of a package: where everything is in it, and what it is called. One form, so that any change shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from takeback import bag

FORMAT = "1"
CLOCK = "this computer's own"
SET_BACK = "; it was set back before "
"""What bag-info.txt says of the clock, and of the events (or the package) that came after it was set back."""

FIRST = "2025-01-01T00:00:00Z"
"""No case is older than this program: a clock that says so was set back."""

SLACK = timedelta(minutes=5)
"""How far two honest clocks may be apart."""

CUSTODY = "data/custody.jsonl"
EXHIBITS = "data/exhibits.json"
ADDRESSES = "data/addresses.json"
INDEX = "data/index.html"
SUMMARY = "data/summary.pdf"
HOW = "data/VERIFY.txt"
CASE_UCO = "data/case-uco.jsonld"
"""There only where it was asked for."""
PAYLOAD, FILES, STAMP = "data/", "data/exhibits/", "stamp/"

TOKEN, AUTHORITY, SAYS, SUMS = "stamp/stamp.tsr", "stamp/authority.pem", "stamp/READ-ME.txt", "stamp/sha256.txt"
STAMP_FILES = (TOKEN, AUTHORITY, SAYS, SUMS)
"""The authority's answer, the certificate that vouches for it, both in words, and the hashes of these three."""

OVER, BY_HAND = "sealed-sha256.txt", "HOW-TO-CHECK.txt"
"""Beside the stamp of a sealed file: the one line of its hash, which is stamped, and how to check all of it by hand."""

LABELS = (
    "Bagging-Date",
    "Bag-Software-Agent",
    "External-Identifier",
    "Payload-Oxum",
    "Takeback-Package",
    "Takeback-Made-At",
    "Takeback-Custody-Head",
    "Takeback-Clock",
    "Takeback-Files",
)
"""What bag-info.txt says, in this order and nothing else."""

INCLUDED, WITHHELD = "included", "withheld"
"""Whether the files themselves are in the package, or only what they are: their hashes."""

MANIFESTS = tuple(f"manifest-{algorithm}.txt" for algorithm in bag.ALGORITHMS)
TAG_MANIFESTS = tuple(f"tagmanifest-{algorithm}.txt" for algorithm in bag.ALGORITHMS)
TAGS = ("bagit.txt", "bag-info.txt", *MANIFESTS)
STAMPED = TAG_MANIFESTS[0]
"""What a stamp is over. It names the hash of every other tag file, and through the manifests that of everything."""

PICTURES = ("png", "gif", "webp", "heic", "avif", "bmp", "tiff")
MOVING = ("mp4", "mov", "webm", "mkv", "avi", "mp3", "m4a", "wav", "ogg", "flac")
WRITTEN = ("pdf", "eml", "html", "json", "zip")
ENDINGS = {"jpeg": "jpg", "text": "txt"} | {kind: kind for kind in (*PICTURES, *MOVING, *WRITTEN)}
"""A file's ending by its kind; anything else is `.bin`. Never taken from the name that a file came with."""


def place(ref: str, kind: str) -> str:
    """Where an exhibit goes. Its reference and its kind name it, nothing else."""
    name = ref.replace("/", "-")
    return f"{FILES}{name}/{name}.{ENDINGS.get(kind, 'bin')}"


def moment(at: datetime) -> str:
    """A time, in UTC and whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """The time that `moment` wrote; ValueError where it is written in any other way."""
    at = aware(text)
    if moment(at) != text:
        raise ValueError(text)
    return at


def aware(text: str) -> datetime:
    """An ISO 8601 time with its zone; ValueError where there is none."""
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError(text)
    return at
