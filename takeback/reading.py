"""Reading: how easy a text is to read. Words in a sentence, the age that it asks for, and words of the law. Pure.

The age is that of Flesch and Kincaid: 0.39 x words in a sentence + 11.8 x syllables in a word - 15.59 is a year of
school, and a child starts school at five. A proper name, a number or an address is one easy word: a child who does not
know "Childline" is not helped by another name for it. Syllables are counted by rule, with the words that it gets wrong.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GOAL = 11.0
"""The highest reading age of a question, a route, a door or a page to read: the oldest of 9 to 11."""

LEGALESE = re.compile(
    r"\b(pursuant|hereby|herein|thereof|aforesaid|notwithstanding|perpetrator|offender|victim|allegation|alleged|"
    r"complainant|defendant|prosecution|conduct|facilitate|commence|utilise|regarding|prior to|in respect of|"
    r"subsequent|shall|deemed|liable|prohibited|statutory|jurisdiction)\b",
    re.IGNORECASE,
)
NAMES = re.compile(
    r"Financial Conduct Authority|Crown Prosecution Service|Public Prosecution Service|Victim Support|Victims' Code|"
    r"Victim Charter|Victims' Right to Review|Victim Personal Statement|Victim and Witness Care Unit"
)
PROPER = (
    "England", "Wales", "Scotland", "Northern Ireland", "United States", "European Union", "Australia",
    "National Cyber Security Centre",
    "National Crime Agency", "Internet Watch Foundation", "Information Commissioner", "Electoral Commission",
    "Federal Trade Commission", "Financial Ombudsman", "Anti-Terrorist Hotline", "Witness Care Unit",
    "Victims' Code", "Victim Charter", "Victim Personal Statement", "Victim and Witness Care Unit",
    "Crown Prosecution Service", "Public Prosecution Service", "Financial Conduct Authority", "Takeback",
    "TAKE IT DOWN Act", "January", "February", "September", "October", "November", "December",
)  # fmt: skip
"""Names that nobody can say in easier words; those of the contacts are given with each text."""

SYLLABLES = {
    "something": 2, "someone": 2, "somebody": 3, "sometimes": 2, "everyone": 3, "area": 3, "idea": 3, "create": 2,
    "created": 3, "lawyer": 2, "diary": 3, "maybe": 2, "safely": 2, "likely": 2, "lonely": 2, "people": 2, "whole": 1,
    "quiet": 2, "quieter": 3, "being": 2, "doing": 2, "seeing": 2, "going": 2, "evening": 2,
    "themselves": 2, "yourselves": 2,
}  # fmt: skip
"""Words that the rules below count wrong."""

SILENT = re.compile(
    r"(?<![bcdfgkptz]l)(?:e|(?<![td])ed|(?<![sxzcg])(?<![cs]h)es)$"
    r"|(?<=[^aeiouyl])e(?=(?:ment|ty|ly|ful|less|ness)s?$)"
)
"""The e that nobody says: page, asked, names, safety; but not table, wanted, pages."""
APART = re.compile(r"(?<![ctgs])i[ao](?!us|n)|(?<![ctgx])iou|ual|ism$|[aouy]ing$|eo(?!p|u)")
"""Vowels that stand together and are said one by one: media, various, usual; and the hidden one of terrorism."""


def sentences(text: str) -> list[str]:
    """A text in sentences; what has no word in it is none."""
    return [part for part in re.split(r"(?<=[.?:;])\s+", text.strip()) if re.search(r"\w", part)]


def mean_length(texts: list[str]) -> float:
    """How many words a sentence of these texts has."""
    counts = [len(sentence.split()) for text in texts for sentence in sentences(text)]
    return sum(counts) / len(counts)


def longest(texts: list[str]) -> str:
    """The longest sentence of these texts."""
    return max((s for text in texts for s in sentences(text)), key=lambda s: len(s.split()))


def legalese(text: str) -> list[str]:
    """The words of a text that only a lawyer or an official would use; names of offices are none."""
    return LEGALESE.findall(NAMES.sub("", text))


def age(texts: Iterable[str], names: Iterable[str] = ()) -> float:
    """The age at which a child reads these texts with ease. `names` are those of the people and places named there."""
    named = _named(frozenset((*PROPER, *names)))
    plain = [named.sub("it", text) for text in texts]
    words = [word for text in plain for word in re.findall(r"\S*\w\S*", text)]
    breaks = max(1, sum(len(sentences(text)) for text in plain))
    return 0.39 * len(words) / breaks + 11.8 * sum(map(syllables, words)) / max(1, len(words)) - 15.59 + 5


@cache
def _named(names: frozenset[str]) -> re.Pattern[str]:
    """What stands for one easy word: these names, the longest first, and any address."""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"\b(?:{known})(?!\w)|\S+[@/]\S+|\b(?:www\.)?\w+\.(?:uk|org|gov)\S*")


def syllables(word: str) -> int:
    """How many syllables an English word has, by rule."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if letters in SYLLABLES or not letters:
        return SYLLABLES.get(letters, 1)
    sounded = SILENT.sub("", letters)
    return max(1, len(re.findall(r"[aeiouy]+", sounded)) + len(APART.findall(letters)))
