"""Plain: a stranger's words made harmless where they are shown or written: on a terminal, in a line, in a table."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What begins a formula, also behind spaces that a spreadsheet drops."""


def line(words: str) -> str:
    """Words that end no line, move no cursor and turn no text around: each such sign is shown as �."""
    return "".join(letter if letter.isprintable() else "�" for letter in words)


def cell(words: str) -> str:
    """A cell of a table that no spreadsheet runs: one that would be a formula starts with an apostrophe."""
    return f"'{words}" if words.lstrip().startswith(FORMULA) or words[:1].isspace() else words
