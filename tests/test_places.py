"""Places: an address tells where something is, hostile ones are named, and nothing is ever opened."""

from __future__ import annotations

import socket
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis.strategies import text

from takeback import hosts, packs, places
from takeback.terms import Situation

if TYPE_CHECKING:
    from takeback.places import Place

CONTACTS = packs.load().contacts
VECTORS = tomllib.loads((Path(__file__).parent / "vectors" / "addresses.toml").read_text("utf-8"))
IS = [(contact, address, what) for contact, rows in VECTORS["is"].items() for address, what in rows.items()]


def read(address: str) -> Place:
    return places.read(address, CONTACTS)


# ---------------------------------------------------------------- every example


@pytest.mark.parametrize(("contact", "address", "what"), IS)
def test_an_address_tells_whose_it_is_and_what_it_names(contact: str, address: str, what: str) -> None:
    place = read(address)
    assert not place.wrong
    assert place.contact is not None
    assert place.contact.id == contact
    assert " ".join([place.kind, *(f"{name}={value}" for name, value in place.ids.items())]) == what
    assert place.text == address.strip()


@pytest.mark.parametrize(("address", "shown"), VECTORS["shown"].items())
def test_what_follows_a_person_is_not_shown_and_what_was_typed_is_kept(address: str, shown: str) -> None:
    assert read(address).shown == shown
    assert read(address).text == address
    assert read(shown).ids == read(address).ids


@pytest.mark.parametrize("address", [address for _, address, _ in IS if address not in VECTORS["shown"]])
def test_what_follows_nobody_is_shown_as_it_is(address: str) -> None:
    assert read(address).shown == address


@pytest.mark.parametrize(("address", "host"), VECTORS["unknown"].items())
def test_an_unknown_site_is_said_to_be_unknown(address: str, host: str) -> None:
    place = read(address)
    assert (place.kind, place.host, place.contact) == ("unknown", host, None)
    assert "don't know this site" in places.save_first(place)[0]
    assert not any("looks like" in doubt for doubt in place.doubts)


@pytest.mark.parametrize(("address", "name"), VECTORS["looks-like"].items())
def test_a_look_alike_is_named_and_is_nobodys_site(address: str, name: str) -> None:
    place = read(address)
    assert (place.kind, place.contact) == ("unknown", None)
    assert f"looks like {name} and is not" in place.doubts[0]
    assert place.host in place.shown  # as a machine reads it, never in its own letters


@pytest.mark.parametrize(("address", "why"), VECTORS["wrong"].items())
def test_a_hostile_address_is_refused_by_name(address: str, why: str) -> None:
    place = read(address)
    assert place.kind == "wrong"
    assert f": {why}: " in place.wrong
    assert len(place.wrong) < 300
    assert place.wrong.isprintable()
    assert (place.contact, place.host, place.shown) == (None, "", "")


@pytest.mark.parametrize("words", VECTORS["words"])
def test_words_may_say_where_it_is(words: str) -> None:
    place = read(words)
    assert (place.kind, place.wrong, place.text) == ("words", "", words)


def test_there_are_three_hundred_examples_of_every_platform_and_a_third_say_no() -> None:
    refusals = sum(len(VECTORS[part]) for part in ("unknown", "looks-like", "wrong"))
    assert len(IS) + refusals >= 300
    assert refusals * 3 >= len(IS) + refusals
    assert set(VECTORS["is"]) == {c.id for c in CONTACTS.values() if c.domains or c.patterns}


# ---------------------------------------------------------------- any text at all


@given(text())
def test_any_text_is_kept_word_for_word_or_refused(typed: str) -> None:
    place = read(typed)
    assert place.text == typed.strip()
    assert place.kind


@given(text(alphabet="aаio0.-:/@[]%x1", max_size=20))
def test_no_host_breaks_it(host: str) -> None:
    assert read(f"https://{host}/").kind


def test_an_address_without_end_is_refused() -> None:
    assert "longer than" in read("https://example.com/" + "a" * 3000).wrong


def test_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    assert read("https://vm.tiktok.com/ZMabcDEF1/").kind == "short"
    assert read("http://localtest.me/").kind == "wrong"


# ---------------------------------------------------------------- a page of text

PAGE = """\
Hi! I found it at https://www.instagram.com/p/C8abc_-1xYz/, and (https://x.com/some_one/status/1790000000000000000).
<a href="https://i.redd.it/abc123.jpg">this</a> “https://t.me/somechannel/42” also www.example.com/me.
It is not on my own page. See https://en.example.org/wiki/A_(b) and javascript:alert(1), again:
https://www.instagram.com/p/C8abc_-1xYz/ … e.g. and/or 3.5 m, 24/7, me@example.org
http://127.0.0.1/admin
"""


def test_every_address_of_a_page_is_found_once_and_in_order() -> None:
    found = places.find(PAGE, CONTACTS)
    assert [place.text for place in found] == [
        "https://www.instagram.com/p/C8abc_-1xYz/",
        "https://x.com/some_one/status/1790000000000000000",
        "https://i.redd.it/abc123.jpg",
        "https://t.me/somechannel/42",
        "www.example.com/me",
        "https://en.example.org/wiki/A_(b)",
        "javascript:alert(1)",
        "http://127.0.0.1/admin",
    ]
    assert [place.kind for place in found] == ["item", "item", "media", "item", "unknown", "unknown", "wrong", "wrong"]


def test_a_page_without_an_address_has_none() -> None:
    assert places.find("It was in a group chat. I do not know its name.", CONTACTS) == ()


def test_a_page_of_too_many_is_cut() -> None:
    page = "\n".join(f"https://example.com/{n}" for n in range(places.MOST + 5))
    assert len(places.find(page, CONTACTS)) == places.MOST


# ---------------------------------------------------------------- what to save, and how to report


def test_what_to_save_first_is_said_with_the_contacts_own_warning() -> None:
    first, note = places.save_first(read("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"))
    assert "whole account" in first
    assert "Save first" in note
    assert "page that shows it" in places.save_first(read("https://i.redd.it/abc123.jpg"))[0]
    assert "short link" in places.save_first(read("https://t.co/AbCdEf1234"))[0]


def test_nobody_is_told_to_save_a_picture() -> None:
    for words in places.SAVE.values():
        assert not any(word in words.lower() for word in ("screenshot", "download", "save the picture"))


def test_a_wrapped_address_gives_the_one_inside() -> None:
    wrapped = read("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fsome_one%2Fstatus%2F1&h=AT0")
    assert read(wrapped.leads).contact == CONTACTS["x"]


def test_the_right_report_comes_first() -> None:
    tiktok = CONTACTS["tiktok"]
    assert "report-sexual-abuse" in places.reports(tiktok, ("under-18",))[0].to
    assert "impersonation" in places.reports(tiktok, ("impersonation",))[0].to
    grades = [one.grade for one in places.reports(tiktok, ("intimate",))]
    assert grades == sorted(grades, key=["own-page", "official-other", "secondary", "memory", "conflict"].index)
    assert places.reports(CONTACTS["yandex"], ("intimate",)) == ()


@pytest.mark.parametrize(
    ("answers", "harms"),
    [
        ({"intimate": "yes", "under18_look": "yes"}, ("under-18",)),
        ({"intimate": "yes", "source_kind": "computer-made"}, ("intimate", "manipulated")),
        ({"dishonest_gain": "yes"}, ("scam",)),
        ({"about": ("harassment", "hate")}, ("hate", "harassment")),
        ({}, ()),
    ],
)
def test_answers_say_which_harm_it_is_and_a_child_comes_first(answers: dict, harms: tuple) -> None:
    assert places.harms(Situation(answers)) == harms


def test_a_contact_that_ended_owns_no_address() -> None:
    gone = {**CONTACTS, "x": replace(CONTACTS["x"], ended=date(2026, 1, 1))}
    assert places.read("https://x.com/a/status/1", gone).contact is None


# ---------------------------------------------------------------- hosts


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Example.COM.", "example.com"),
        ("example。com", "example.com"),
        ("ｅxample.com", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("::FFFF:1.2.3.4", "::ffff:102:304"),
    ],
)
def test_a_host_has_one_spelling(typed: str, plain: str) -> None:
    assert hosts.plain(typed) == plain
    assert hosts.plain(plain) == plain


@pytest.mark.parametrize("mixed", ["xn--pple-43d.com", "аpple.com", "gοogle.com"])
def test_mixed_alphabets_are_seen(mixed: str) -> None:
    assert hosts.mixed(hosts.plain(mixed))


@pytest.mark.parametrize("honest", ["例えテスト.example", "пример.example", "bücher.example", "xn--bcher-kva.example"])
def test_a_name_in_one_writing_is_shown_in_its_own_letters(honest: str) -> None:
    plain = hosts.plain(honest)
    assert not hosts.mixed(plain)
    assert not hosts.shown(plain).startswith("xn--")
