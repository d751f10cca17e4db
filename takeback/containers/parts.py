"""Parts: the pieces that a file is made of, and what is wrong with how they fit. Frozen data; nothing is decoded.

A part knows where it starts, how long it is and where its content begins. A flaw is one of a closed list of words and
a place; what it means to a person is said elsewhere. `Pen` is how every walker writes: it counts, and a file that
has more parts than any honest one ends the walk with the flaw `endless`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

FlawKind = Literal["cut", "garbled", "checksum", "endless", "trailing", "no-end"]
FLAW_KINDS: tuple[FlawKind, ...] = get_args(FlawKind)
"""A part longer than the file; bytes that are no part; a wrong sum; too many parts; more after the end; no end mark."""

MOST_PARTS = 20_000
"""No honest file that a person keeps has more parts than this. An hour of fragmented video has 15,000."""

LONGEST = 1 << 62
"""Bytes that nothing has."""

DEEPEST = 12
"""How far parts are followed into each other."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a file: `size` counts its header too, `body` is where its content starts."""

    name: str
    at: int
    size: int
    body: int
    inside: tuple[Part, ...] = ()

    @property
    def end(self) -> int:
        """The place after its last byte."""
        return self.at + self.size

    def content(self, data: bytes) -> bytes:
        """The bytes after its header."""
        return data[self.body : self.end]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about how a file is put together. `size` is in bytes, and 0 where it says nothing."""

    kind: FlawKind
    at: int
    size: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """A file's structure: its parts in order, where the last of them ends, and what is wrong."""

    parts: tuple[Part, ...]
    end: int
    flaws: tuple[Flaw, ...] = ()

    def all(self) -> Iterator[tuple[str, Part]]:
        """Every part with its path, those inside others after the one that holds them."""
        yield from _below("", self.parts)

    def named(self, path: str) -> tuple[Part, ...]:
        """The parts at a path such as `moov/udta`."""
        return tuple(part for where, part in self.all() if where == path)


def _below(path: str, parts: tuple[Part, ...]) -> Iterator[tuple[str, Part]]:
    for part in parts:
        where = f"{path}/{part.name}" if path else part.name
        yield where, part
        yield from _below(where, part.inside)


class Endless(Exception):
    """More parts than any honest file has."""


@dataclass(slots=True)
class Pen:
    """What a walker writes with: counts parts, keeps them inside the file of `size` bytes, and keeps flaws."""

    size: int
    flaws: list[Flaw] = field(default_factory=list)
    left: int = MOST_PARTS

    def part(self, name: str, at: int, size: int, body: int, inside: tuple[Part, ...] = ()) -> Part:
        """One more part; raises `Endless` after MOST_PARTS."""
        self.left -= 1
        if self.left < 0:
            raise Endless
        at = min(at, self.size)
        return Part(name, at, min(size, self.size - at), min(body, self.size), inside)

    def flaw(self, kind: FlawKind, at: int, size: int = 0, name: str = "") -> None:
        """One more flaw, at a place inside the file. A length that a file lies about can be any number: it is cut."""
        self.flaws.append(Flaw(kind, min(at, self.size), min(size, LONGEST), name))

    def walked(self, parts: list[Part], end: int, size: int) -> Walk:
        """The walk, with what stands after the end."""
        if end < size:
            self.flaw("trailing", end, size - end)
        return Walk(tuple(parts), min(end, size), tuple(self.flaws))


def spelled(raw: bytes) -> str:
    """A part's four letters as text that no terminal minds."""
    return "".join(chr(byte) if 0x21 <= byte < 0x7F else f"\\x{byte:02x}" for byte in raw)
