"""Words: what a person reads, in their language. A sentence stands in English where it is said, and is looked up here.

    _("Nothing is lost.")                            the sentence, in the language in use
    _("Open {name} again.", name=name)               with what belongs in it
    n_("one file", "{n} files", count)               by number, as the language counts
    later("Nothing is lost.")                        written down now, looked up when it is said; a table too
    again(error.say())                               put together in English before, looked up by its own words
    put(f"The site answered {status}.")              put together and kept in English, for `again` to say

English needs no catalogue; any other language is one file, takeback/locale/LANG.po (see docs/translating.md).
What a language lacks is said in English. `speaking` sets the language of what runs inside it, and of nothing else:
a letter to a company, a regulator or the police is made inside `in_english()`, because its reader reads English.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import date, datetime

Said = TypeVar("Said")
"""A sentence, or a table of them by name."""

SLOT = re.compile(r"\{(\w+)\}")
RIGHT_TO_LEFT = ("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


BETWEEN = re.compile(r"(?<=[.?!]) (?=[A-Z\d])")
"""Between two sentences."""

OWN_LETTERS = 10
"""How much of a sentence has to be its own words, for it to be known again with its values in it."""


def _pattern(text: str) -> re.Pattern[str]:
    """What a sentence looks like once its values are filled in."""
    parts = SLOT.split(text)  # words and names in turn
    named: set[str] = set()
    said = ""
    for at, part in enumerate(parts):
        if at % 2 == 0:
            said += re.escape(part)
        else:
            said += f"(?P={part})" if part in named else f"(?P<{part}>.*)"
            named.add(part)
    return re.compile(said, re.DOTALL)


def _one_is_single(n: int) -> int:
    return int(n != 1)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The words of one language: what each English sentence is called, in as many forms as the language counts.

    Two catalogues are the same only where they are one object, so that what was made in a language can be kept by it.
    """

    language: str
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = _one_is_single

    @property
    def direction(self) -> str:
        """Which way the language is written: "ltr" or "rtl"."""
        return "rtl" if re.split(r"[-_]", self.language)[0].lower() in RIGHT_TO_LEFT else "ltr"

    @property
    def tag(self) -> str:
        """The language as HTML names it (BCP 47)."""
        return self.language.replace("_", "-")

    def one(self, text: str) -> str:
        """A sentence in this language, or as it is."""
        found = self.said.get(text)
        return found[0] if found else text

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The sentences that hold values, as patterns, those with the most words of their own first."""
        mine = [text for text in self.said if SLOT.search(text) and len(SLOT.sub("", text)) >= OWN_LETTERS]
        mine.sort(key=lambda text: -len(SLOT.sub("", text)))
        return tuple((_pattern(text), self.one(text)) for text in mine)


ENGLISH = Catalogue("en-GB")
_spoken: ContextVar[Catalogue] = ContextVar("spoken", default=ENGLISH)


def spoken() -> Catalogue:
    """The language in use."""
    return _spoken.get()


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Say everything inside in one language."""
    before = _spoken.set(catalogue)
    try:
        yield
    finally:
        _spoken.reset(before)


def in_english() -> AbstractContextManager[None]:
    """Say everything inside in English: for those who read English whatever the person reads."""
    return speaking(ENGLISH)


# ---------------------------------------------------------------- saying


def _(text: str, **values: object) -> str:
    """A sentence in the language in use, with its values filled in."""
    said = spoken().one(text)
    return _filled(said, values) if values else said


def n_(one: str, many: str, n: int, **values: object) -> str:
    """A sentence that counts, in the form that the language has for `n`; `{n}` is the number."""
    catalogue = spoken()
    forms = catalogue.said.get(one)
    said = forms[min(catalogue.form(n), len(forms) - 1)] if forms else (one, many)[_one_is_single(n)]
    return _filled(said, {"n": n, **values})


def again(text: str) -> str:
    """What was put together before, as an error's: found whole, or by its words around the values in it.

    Where neither is found, its first sentence and then the rest are looked for, or each part of a list.
    """
    catalogue = spoken()
    if catalogue is ENGLISH or text in catalogue.said:
        return catalogue.one(text)
    for pattern, said in catalogue.patterns:
        if found := pattern.fullmatch(text):
            return _filled(said, {name: again(value) for name, value in found.groupdict().items()})
    first, *rest = BETWEEN.split(text, maxsplit=1)
    if rest:
        return f"{again(first)} {again(rest[0])}"
    if text.endswith("."):
        return f"{again(text[:-1])}."
    parts = text.split(", ")
    return ", ".join(map(catalogue.one, parts)) if all(part in catalogue.said for part in parts) else text


def later(said: Said) -> Said:
    """A sentence, or a table or list of them, to be looked up when it is said: only then the language is known."""
    return said


def put(text: str) -> str:
    """A sentence that is put together here and kept in English, in a log perhaps: `again` says it."""
    return text


MONTHS = (
    later("January"), later("February"), later("March"), later("April"), later("May"), later("June"),
    later("July"), later("August"), later("September"), later("October"), later("November"), later("December"),
)  # fmt: skip


def _filled(text: str, values: Mapping[str, object]) -> str:
    return SLOT.sub(lambda slot: str(values.get(slot[1], slot[0])), text)


def moment(at: datetime) -> str:
    """A time in words, with its zone: "3 May 2026, 14:05 UTC"."""
    return _("{day}, {time} {zone}", day=day(at), time=f"{at:%H:%M}", zone=at.strftime("%Z"))


def day(on: date) -> str:
    """A day in words: "3 May 2026"."""
    return _("{day} {month} {year}", day=on.day, month=_(MONTHS[on.month - 1]), year=on.year)
