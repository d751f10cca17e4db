"""Pack words: which texts of the packs a person reads, all of them in order, and the packs in another language. Pure.

SAID is the whole list, by noun and field; what is not in it stays as it is in every language: ids, rules, addresses,
citations of laws, sources, and all that only whoever writes packs reads. A field of text that is in neither list fails
a test (tests/test_words.py), so that no new one is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from takeback.guide_terms import Guide, Section, Voice, Words
from takeback.pack_terms import (
    Bar,
    Contact,
    Door,
    Duty,
    Element,
    Fact,
    HashService,
    Law,
    NoticeElement,
    NoticeOffer,
    NoticePack,
    NoticeVersion,
    Offer,
    Packs,
    Report,
    RoutePack,
    Unless,
    Version,
    Way,
)

if TYPE_CHECKING:
    from takeback.words import Catalogue

SAID: dict[type, tuple[str, ...]] = {
    Fact: ("ask", "help", "why", "labels", "said"),
    Law: ("title",),
    Version: ("why_not_date", "unsettled", "maximum", "limit", "anonymity"),
    Element: ("need", "why_not"),
    Unless: ("why",),
    RoutePack: ("name", "what", "next"),
    Words: ("name", "what", "next"),
    Offer: ("because", "young"),
    Bar: ("because", "young"),
    Contact: ("name", "serves", "hours", "cost", "anonymous", "languages", "note"),
    Report: ("to", "asks", "next"),
    Way: (),
    HashService: ("takes", "leaves", "seen_by"),
    Door: ("title", "do", "do_not"),
    Guide: ("title",),
    Section: ("heading", "text", "points"),
    Voice: ("opening",),
    NoticePack: ("title", "about", "addressee", "otherwise", "fields", "warnings"),
    NoticeVersion: ("not_yet",),
    NoticeElement: ("ask", "against", "cite"),
    NoticeOffer: ("because",),
    Duty: ("says",),
}
"""What a person reads of each noun."""

NESTED = {
    Packs: ("facts", "laws", "routes", "contacts", "doors", "guides", "notices", "voice"),
    Law: ("versions",),
    Version: ("elements", "unless"),
    RoutePack: ("offers", "bars", "young"),
    Contact: ("ways", "reports", "service"),
    Guide: ("sections",),
    Section: ("young",),
    NoticePack: ("offers", "bars", "versions", "duties"),
    NoticeVersion: ("elements",),
}  # fmt: skip
"""Where other nouns stand in a noun."""

FILES = {Fact: "facts", Law: "laws", RoutePack: "routes", Contact: "contacts", Door: "doors", Guide: "guides",
         NoticePack: "notices", Voice: "voice"}  # fmt: skip


def sentences(packs: Packs) -> Iterator[tuple[str, str]]:
    """Every text that a person reads, and its place: "laws/EW-66B1 title". In the order of the files."""
    yield from _of(packs, "")


def _of(noun: Any, place: str) -> Iterator[tuple[str, str]]:
    kind = type(noun)
    if kind in FILES:
        place = f"{FILES[kind]}/{noun.id}" if hasattr(noun, "id") else f"{FILES[kind]}/{getattr(noun, 'slug', 'voice')}"
    for name in SAID.get(kind, ()):
        yield from (
            (f"{place} {name}", text) for text in _texts(getattr(noun, name)) if text and not _stays(name, text)
        )
    for name in NESTED.get(kind, ()):
        for one in _nouns(getattr(noun, name)):
            yield from _of(one, place)


def _stays(name: str, text: str) -> bool:
    """Whether it is the same in every language: an address, or the citation of a law, which has a number."""
    if name == "cite":
        return any(letter.isdigit() for letter in text)
    return " " not in text and ("@" in text or text.startswith(("http://", "https://")))


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value.values() if isinstance(value, Mapping) else value)


def _nouns(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if is_dataclass(value):
        return (value,)
    return tuple(value.values() if isinstance(value, Mapping) else value)


# ---------------------------------------------------------------- in another language


def in_language(packs: Packs, catalogue: Catalogue) -> Packs:
    """The packs as they are said in a language; `in_english` leads back to these."""
    said: Packs = _said(packs, catalogue)
    return replace(said, original=packs)


def _said(noun: Any, catalogue: Catalogue) -> Any:
    kind = type(noun)
    said = {name: _each(getattr(noun, name), catalogue.one) for name in SAID.get(kind, ())}
    nested = {name: _each(getattr(noun, name), lambda one: _said(one, catalogue)) for name in NESTED.get(kind, ())}
    return replace(noun, **said, **nested) if said or nested else noun


def _each(value: Any, say: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: say(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(map(say, value))
    return None if value is None else say(value)


def undecided() -> Iterator[str]:
    """Fields of text that are in no list: "Law.basis". `UNSAID` are those that no person reads in their language."""
    for kind in {*SAID, *NESTED} - {Packs}:
        listed = {*SAID.get(kind, ()), *NESTED.get(kind, ()), *UNSAID.get(kind, ())}
        yield from (f"{kind.__name__}.{one.name}" for one in fields(kind) if one.name not in listed)


UNSAID: dict[type, tuple[str, ...]] = {
    Fact: ("id", "type", "values", "asked", "only", "worked_out"),
    Law: ("id", "nation", "kinds", "sources", "checked", "grade", "basis", "note", "examples"),
    Version: ("start", "end", "by", "start_verified", "cite", "mode"),
    Element: ("part", "rule"),
    Unless: ("id", "when", "then"),
    RoutePack: ("id", "kind", "contacts", "without_report", "sources", "checked", "grade"),
    Offer: ("when", "rank", "due"),
    Bar: ("when",),
    Contact: (
        "id", "kind", "nations", "hours_grade", "domains", "patterns", "tracking", "sources", "checked", "grade",
        "gone", "login", "signs", "programmes", "ended", "because", "adults",
    ),
    Report: ("harms", "account", "within", "law", "grade"),
    Way: ("by", "to", "grade"),
    HashService: ("hashes",),
    Door: ("slug", "contacts", "starts", "guides", "young"),
    Guide: ("id", "kinds", "contacts", "sources", "checked", "grade", "shelf"),
    Voice: ("young", "grown", "first"),
    NoticePack: ("id", "harms", "blocks", "sources", "checked", "grade", "basis", "examples"),
    NoticeVersion: ("start", "end"),
    NoticeElement: ("part", "when", "unless", "rule", "fields"),
    NoticeOffer: ("when", "rank", "contact"),
    Duty: ("when", "start", "within", "cite", "source"),
}  # fmt: skip
"""What stays as it is in every language."""
