"""A made-up language: every letter of every sentence has an accent and each sentence is a third longer, as in a language
with long words. What is still plain English on a page in it was never looked up."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from takeback import catalogues, packs, po, word_list, words

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKED = "àƀçðéƒĝĥïĵķļɱñöþǫŕšţüṽŵẋýžÀɃÇÐÉƑĜĤÏĴĶĻḾÑÖÞǪŔŠŢÜṼŴẊÝŽ"
ACCENTS = str.maketrans(PLAIN, MARKED)
ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")
NOT_READ = ("script", "style", "template")
ALOUD = ("aria-label", "placeholder", "title", "alt")


def accented(text: str) -> str:
    """A sentence in the made-up language; what it holds keeps its place."""
    parts = re.split(r"(\{\w+\}|</?\d+>)", text)
    said = "".join(part if i % 2 else part.translate(ACCENTS) for i, part in enumerate(parts))
    return f"{said}{'·' * (len(text) // 3)}"


@cache
def messages() -> tuple[po.Message, ...]:
    """Everything that is ever said, in the made-up language."""
    return tuple(
        po.Message(one.text, one.plural, said=tuple(map(accented, filter(None, (one.text, one.plural)))))
        for one in word_list.everything(packs.load())
    )


@cache
def text(language: str = "qps") -> str:
    """The one file that the made-up language is."""
    fields = {**word_list.FIELDS, "Language": language, "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    return po.write(messages(), "A made-up language.", fields)


@cache
def catalogue(language: str = "qps") -> words.Catalogue:
    return catalogues.read(text(language), language)


class Reader(HTMLParser):
    """What a person reads or hears of a page, but for what stands in an element of one of `classes`, or is marked as
    English on purpose (`lang="en"`), so that it is spoken as English too."""

    def __init__(self, classes: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.classes, self.quiet, self.found = classes, list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        english = tag != "html" and given.get("lang") == "en"
        if self.quiet or english or tag in NOT_READ or set((given.get("class") or "").split()) & set(self.classes):
            if tag not in ("input", "br", "meta", "link", "path"):
                self.quiet.append(tag)
            return
        self.found += [given[name] or "" for name in ALOUD if name in given]

    def handle_endtag(self, tag: str) -> None:
        if self.quiet and self.quiet[-1] == tag:
            self.quiet.pop()

    def handle_data(self, data: str) -> None:
        if not self.quiet and data.strip():
            self.found.append(" ".join(data.split()))


def left_in_english(html: str, classes: tuple[str, ...], stays: re.Pattern[str]) -> list[str]:
    """What of a page is plain English, beside `stays`."""
    reader = Reader(classes)
    reader.feed(html)
    return [one for one in reader.found if ENGLISH_WORD.search(stays.sub("", one))]
