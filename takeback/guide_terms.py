"""The nouns of what is read and how it is said: a guide and its sections, and the words for a young person. Data only.

`packs` reads them beside those of pack_terms.py; the pages, the papers and the terminal show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from takeback.terms import Grade, Rule

SHELVES = ("report", "expect", "safe", "this")
"""Where a page that is for every kind stands: reporting, what to expect, staying safe, Takeback itself."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of a guide: paragraphs, then points; and the same in words for a young person."""

    heading: str
    text: tuple[str, ...]
    points: tuple[str, ...]
    young: Section | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """A page to read. Its laws are those of its `kinds`, so that its own words never repeat one.

    `shelf` is where it stands among the pages: one of SHELVES, or "" for a page about a kind.
    """

    id: str
    title: str
    kinds: tuple[str, ...]
    contacts: tuple[str, ...]
    sections: tuple[Section, ...]
    sources: tuple[str, ...]
    checked: date
    grade: Grade
    shelf: str = ""

    @property
    def young(self) -> tuple[Section, ...]:
        """The sections that have words for a young person, in those words."""
        return tuple(section.young for section in self.sections if section.young)


@dataclass(frozen=True, slots=True)
class Words:
    """A route in words for a young person."""

    name: str
    what: str
    next: str


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words a plan speaks in: a young person's where `young` is true and `grown` is not.

    Then `opening` is said before all else, and the route `first` comes before every other but those of danger.
    """

    young: Rule
    grown: Rule
    opening: str
    first: str
