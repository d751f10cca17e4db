"""Every page: readable without scripts, silent about its subject, no style or script inside it, Exit always there."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from conftest import ON

from takeback import packs
from takeback.pack_terms import KINDS
from takeback.web import mark, pages, shown

KNOWN = packs.load()
NAMES = pages.names(KNOWN)
DOORS = [f"{door.slug}.html" for door in KNOWN.doors]
GUIDES = [f"guide-{slug}.html" for slug in KNOWN.guides]


def html(name: str, on: date = ON) -> str:
    text = pages.render(name, known=KNOWN, on=on)
    assert text is not None
    return text


class Words(HTMLParser):
    """What a person reads on the page before the interview: the words of its first <main>, without what is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.words = False, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.inside = "hidden" not in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += data.split()


def words(name: str) -> list[str]:
    reader = Words()
    reader.feed(html(name))
    return reader.words


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_called_takeback_and_nothing_more(name: str) -> None:
    assert re.findall(r"<title>(.*?)</title>", html(name)) == ["Takeback"]


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_exit_first_and_says_its_language(name: str) -> None:
    page = html(name)
    assert '<html lang="en-GB">' in page
    assert re.search(r'<body[^>]*>\s*<nav[^>]*><a class="exit"[^>]*href="https://[^"]*" rel="noreferrer', page)


@pytest.mark.parametrize("name", NAMES)
def test_no_page_carries_a_script_or_a_style_inside(name: str) -> None:
    page = html(name)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert all('src="static/' in script for script in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"<script[^>]*>[^<]", page)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_what_it_may_do(name: str) -> None:
    page = html(name)
    assert "unsafe" not in pages.POLICY
    assert f'<meta http-equiv="Content-Security-Policy" content="{pages.POLICY.replace(chr(39), "&#39;")}">' in page
    assert '<meta name="referrer" content="no-referrer">' in page


@pytest.mark.parametrize("name", NAMES)
def test_no_page_blames_or_shouts(name: str) -> None:
    text = " ".join(words(name))
    assert "!" not in text
    assert not re.search(r"no crime|too late|vendor|fingerprint|they are guilty", text, re.IGNORECASE)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_is_at_most_120_words_with_numbers_to_tap(name: str) -> None:
    assert len(words(name)) <= 120, len(words(name))
    assert 'href="tel:' in html(name)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_tells_what_to_do_without_asking(name: str) -> None:
    page = html(name).split("<main", 2)[1]
    assert "<form" not in page
    assert "<input" not in page
    assert 'class="steps"' in page


def test_only_danger_is_red() -> None:
    assert {name for name in NAMES if re.search(r'class="[^"]*\bdanger\b', html(name))} == {"danger.html"}


def test_the_five_doors_come_before_any_question() -> None:
    page = html("index.html")
    assert re.findall(r'class="door[^"]*" href="([^"]*)"', page) == DOORS
    assert len(DOORS) == 5


def test_every_kind_has_a_page_with_a_law_in_force() -> None:
    assert set(KINDS) <= set(KNOWN.guides)
    for kind in KINDS:
        found = shown.laws(KNOWN, kind, ON)
        assert found, kind
        page = html(f"guide-{kind}.html")
        assert "What the law says" in page
        assert all(law.cite.split("'")[0][:20] in page for law in found)


def test_a_law_that_has_not_begun_is_not_shown() -> None:
    law = next(law for law in KNOWN.laws.values() if law.nation == "EW" and law.versions[0].start)
    start = law.versions[0].start
    assert start is not None
    assert shown.in_force(law, start)
    assert shown.in_force(law, date.fromordinal(start.toordinal() - 1)) is None


def test_only_a_checked_way_becomes_a_link() -> None:
    page = html("help.html")
    for contact in KNOWN.contacts.values():
        for way in contact.ways:
            if not way.offered:
                assert f'href="{way.to}"' not in page
                assert f"tel:{way.to.replace(' ', '')}" not in page or any(
                    other.offered and other.to.replace(" ", "") == way.to.replace(" ", "")
                    for one in KNOWN.contacts.values()
                    for other in one.ways
                )


def test_help_lists_everybody_who_is_still_there() -> None:
    page = html("help.html")
    assert all((f'id="{c.id}"' in page) == (c.ended is None) for c in KNOWN.contacts.values())


def test_a_name_that_no_page_has_gives_none() -> None:
    assert pages.render("nothing.html", known=KNOWN, on=ON) is None
    assert pages.render("base.html", known=KNOWN, on=ON) is None
    assert pages.asset("../pages.py") is None
    assert pages.asset("nothing.js") is None


def test_in_the_app_the_server_says_what_a_page_may_do_and_hears_of_exit() -> None:
    page = pages.render("danger.html", known=KNOWN, on=ON, app=True) or ""
    assert "Content-Security-Policy" not in page
    assert 'data-exit="exit"' in page
    assert pages.render("parts.html", known=KNOWN, on=ON, app=True) is None
    assert "<p>It broke.</p>" in (pages.render("sorry.html", known=KNOWN, app=True, what="It broke.", hint="") or "")


def test_the_tab_shows_the_mark_that_the_page_draws() -> None:
    assert (pages.asset("mark.svg") or b"").decode() == mark.svg() + "\n"
    assert [len(row) for row in mark.PATTERN] == [16] * 16


def test_the_pages_load_no_django() -> None:
    import subprocess
    import sys

    code = "import sys, takeback.site; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
