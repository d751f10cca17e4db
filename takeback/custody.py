r"""The custody chain: each event's ciphertext, hashed together with the event before it. Pure.

The chain is over ciphertext, so anyone can check that nothing was dropped, reordered, replaced or cut off without
being able to read a word. One link's hash is the SHA-256 of five lines, so it can be made by hand:

    printf 'takeback link 1\n%s\n%s\n%s\n%s\n' CASE SEQUENCE PREVIOUS SEALED-SHA256 | sha256sum

What was cut off at the end can be told only from a head that was noted before: a package notes one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.terms import Link, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GENESIS = "0" * 64
"""What the first event of a case names as the one before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link without its ciphertext: `sealed` is the ciphertext's SHA-256."""

    case: str
    sequence: int
    previous: str
    sealed: str

    @property
    def hash(self) -> str:
        """What the next link must name as the one before it."""
        lines = ("takeback link 1", self.case, self.sequence, self.previous, self.sealed)
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain; (0, GENESIS) before there is one."""

    sequence: int = 0
    hash: str = GENESIS


def entry(link: Link) -> Entry:
    """A link as the chain sees it."""
    return Entry(link.case, link.sequence, link.previous, hashlib.sha256(link.sealed).hexdigest())


def link(case: str, head: Head, sealed: bytes) -> Link:
    """The link that follows a head."""
    return Link(case, head.sequence + 1, sealed, head.hash)


def head(entries: Sequence[Entry]) -> Head:
    """The last link of these."""
    return Head(entries[-1].sequence, entries[-1].hash) if entries else Head()


def problems(entries: Sequence[Entry], expected: Head | None = None) -> tuple[Problem, ...]:
    """Everything wrong with a chain; with a head that was noted earlier, also whether the end was cut off."""
    found = [*_order(entries), *_joints(entries), *_cases(entries)]
    return (*found, *(_end(entries, expected) if expected else ()))


def _order(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Dropped, repeated and reordered events."""
    highest, seen = 0, set[int]()
    for one in entries:
        if one.sequence in seen:
            yield Problem(f"event {one.sequence}", "is there twice")
        elif one.sequence < highest:
            yield Problem(f"event {one.sequence}", "is out of order")
        seen.add(one.sequence)
        highest = max(highest, one.sequence)
    for missing in sorted(set(range(1, min(highest, len(entries) * 2 + 1000) + 1)) - seen):
        yield Problem(f"event {missing}", "is missing: it was dropped")


def _joints(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Events that do not match what the next one says of them."""
    by_sequence = {one.sequence: one for one in entries}
    for sequence, one in sorted(by_sequence.items()):
        before = by_sequence.get(sequence - 1)
        if sequence == 1 and one.previous != GENESIS:
            yield Problem("event 1", "is not the first of its case: it names one before it")
        if before and one.previous != before.hash:
            yield Problem(f"event {before.sequence}", f"was replaced: event {sequence} names another")


def _cases(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Events of another case."""
    for one in entries:
        if one.case != entries[0].case:
            yield Problem(f"event {one.sequence}", "belongs to another case")


def _end(entries: Sequence[Entry], expected: Head) -> Iterator[Problem]:
    """What a head that was noted earlier shows: an end cut off, or a last event replaced."""
    highest = max((one.sequence for one in entries), default=0)
    for missing in range(highest + 1, min(expected.sequence, highest + 1000) + 1):
        yield Problem(f"event {missing}", "is missing: the end was cut off")
    noted = [one for one in entries if one.sequence == expected.sequence]
    if noted and noted[-1].hash != expected.hash:
        yield Problem(f"event {expected.sequence}", "was replaced: it is not the one noted earlier")
