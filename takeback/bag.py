"""BagIt (RFC 8493) and tar as bytes, in one canonical form each. Pure.

Of all the ways to write a bag we write and accept exactly one, so that any flipped bit shows: lower-case hashes, two
spaces, paths sorted, one newline at the end, nothing else. Paths are plain names going down; no other is looked up.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import errors
from takeback.terms import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ALGORITHMS = {"sha256": 64, "sha512": 128}
"""The hashes of a manifest, and how many digits each has."""

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PATH = re.compile(f"{NAME.pattern}(?:/{NAME.pattern})*")
MOST_FILES = 50_000
"""The most lines of a manifest that are looked at: a list made to be read for ever is one fault."""
BLOCK = 512
RECORD = 20 * BLOCK
LONG_AGO = 315_532_800
"""1 January 1980: the time of every file in a tar, so that it says nothing."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What one file's bytes come to."""

    sha256: str
    sha512: str
    size: int

    def by(self, algorithm: str) -> str:
        """One of the two hashes."""
        return self.sha256 if algorithm == "sha256" else self.sha512


class Summing:
    """Both hashes and the size of bytes that pass by."""

    def __init__(self) -> None:
        self.sha256, self.sha512, self.size = hashlib.sha256(), hashlib.sha512(), 0

    def update(self, chunk: bytes) -> None:
        """Take in some bytes."""
        self.sha256.update(chunk)
        self.sha512.update(chunk)
        self.size += len(chunk)

    def sums(self) -> Sums:
        """What they came to so far."""
        return Sums(self.sha256.hexdigest(), self.sha512.hexdigest(), self.size)


def sums(data: bytes) -> Sums:
    """What some bytes come to."""
    summing = Summing()
    summing.update(data)
    return summing.sums()


def safe(path: str) -> bool:
    """Whether a path is one that we write: plain names, going down only."""
    return PATH.fullmatch(path) is not None


def under(folder: str, part: Part) -> Part:
    """A part of a folder ("stamp/"), as it is called inside it."""
    return Part(part.path.removeprefix(folder), part.size, part.chunks)


# ---------------------------------------------------------------- manifests


def manifest(listed: Mapping[str, Sums], algorithm: str) -> bytes:
    """A manifest, in its one form."""
    return "".join(f"{one.by(algorithm)}  {path}\n" for path, one in sorted(listed.items())).encode()


def read_manifest(data: bytes, algorithm: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """What a manifest lists, and everything that is wrong with how it is written."""
    if data.count(b"\n") > MOST_FILES:
        return {}, ("lists more files than Takeback puts into a package",)
    hash_ = re.compile(f"[0-9a-f]{{{ALGORITHMS[algorithm]}}}")
    listed: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        value, _, path = line.partition("  ")
        if not hash_.fullmatch(value):
            faults.append(f"line {number} is not a hash and a path")
        elif not safe(path):
            faults.append(f"line {number} names a path that leads out of the package, or that Takeback never makes")
        elif path in listed:
            faults.append(f"line {number} names {path} a second time")
        else:
            listed[path] = value
    form = "".join(f"{value}  {path}\n" for path, value in sorted(listed.items())).encode()
    if not faults and form != data:
        faults.append("is not written in the one form that Takeback uses")
    return listed, tuple(faults)


# ---------------------------------------------------------------- bag-info.txt


def info(fields: Sequence[tuple[str, str]]) -> bytes:
    """bag-info.txt, in its one form: a label and a value a line."""
    return "".join(f"{label}: {value}\n" for label, value in fields).encode()


def read_info(data: bytes) -> dict[str, str]:
    """What bag-info.txt says; nothing where it is not written in that form."""
    try:
        lines = data.decode("utf-8").split("\n")[:-1]
        fields = {label: value for label, value in (line.split(": ", 1) for line in lines)}  # noqa: C416
    except ValueError:
        return {}
    plain = all(value.isprintable() and value == value.strip() for value in fields.values())
    return fields if plain and info(tuple(fields.items())) == data else {}


# ---------------------------------------------------------------- tar


def tar(parts: Iterable[Part], under: str = "package") -> Iterator[bytes]:
    """A tar of the parts below one private folder, with nothing in it of who made it, where or when."""
    yield _header(f"{under}/", 0, tarfile.DIRTYPE)
    total = BLOCK
    for part in parts:
        yield _header(f"{under}/{part.path}", part.size, tarfile.REGTYPE)
        yield from _exactly(part)
        yield bytes(-part.size % BLOCK)
        total += BLOCK + part.size + -part.size % BLOCK
    yield bytes(2 * BLOCK + -(total + 2 * BLOCK) % RECORD)


def _header(name: str, size: int, kind: bytes) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.mtime = size, kind, LONG_AGO
    entry.mode = 0o700 if kind == tarfile.DIRTYPE else 0o600
    return entry.tobuf(tarfile.GNU_FORMAT)


def _exactly(part: Part) -> Iterator[bytes]:
    """A part's bytes, which must be as many as it said."""
    given = 0
    for chunk in part.chunks:
        given += len(chunk)
        yield chunk
    if given != part.size:
        raise errors.BadFile("A file changed while it was being packed, so nothing was kept", "try again")
