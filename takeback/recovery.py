"""The recovery sheet: twelve words that open a case without its passphrase, and the same words as a QR code. Pure.

The words are BIP-39's (2,048 English words, no two alike in their first four letters): 128 bits of chance and four that
check them, so that a slip is told from a wrong sheet. In small letters with one space between they are a passphrase of
their own, for a wrapped key of their own: the ordinary `age` program takes them as they are printed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

BYTES = 16
"""Of chance in a sheet: 128 bits."""

WORDS = 12
SURE = 4
"""Letters after which a word is no other one."""

SPLIT = re.compile(r"[^a-z]+")


def words(chance: bytes) -> tuple[str, ...]:
    """The twelve words of a sheet, from BYTES of chance."""
    if len(chance) != BYTES:
        raise ValueError(f"a sheet needs {BYTES} bytes of chance")
    return tuple(_list().to_mnemonic(chance).split(" "))


def phrase(sheet: Sequence[str]) -> str:
    """The words as the passphrase that they are."""
    return " ".join(sheet)


def read(typed: str) -> str:
    """The passphrase that somebody typed or scanned: capitals, numbers, commas and line breaks don't matter.

    BadInput says what is wrong with it: too few words, a word that is on no sheet, or a slip in one of them.
    """
    said = [word for word in SPLIT.split(typed.lower()) if word]
    if len(said) != WORDS:
        raise BadInput(f"A sheet has {WORDS} words, and this has {len(said)}", "type all of them, in their order")
    found = [_word(number, word) for number, word in enumerate(said, 1)]
    if not _list().check(phrase(found)):
        raise BadInput("These words don't belong together", "one of them is another word, or two changed places")
    return phrase(found)


def _word(number: int, typed: str) -> str:
    near = [word for word in _list().wordlist if word == typed or (len(typed) >= SURE and word.startswith(typed))]
    if not near:
        raise BadInput(
            f"Word {number} is not a word of any sheet", "look at it again: the first four letters are enough"
        )
    return typed if typed in near else str(near[0])


def code(sheet: Sequence[str]) -> tuple[tuple[bool, ...], ...]:
    """The words as a QR code, row by row; True is black. A quarter of it may be unreadable."""
    import segno  # noqa: PLC0415  only where a sheet is made

    made = segno.make(phrase(sheet), error="q", micro=False, boost_error=False)
    return tuple(tuple(bool(cell) for cell in row) for row in made.matrix)


@cache
def _list() -> Any:
    from mnemonic import Mnemonic  # noqa: PLC0415

    return Mnemonic("english")
