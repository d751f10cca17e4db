"""Reading: how easy a text is to read. Words in a sentence, and words that only a lawyer or an official would use."""

from __future__ import annotations

import re

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
