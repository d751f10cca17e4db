"""A pasted text: every place in it is read, the hostile ones are named, and nothing is kept without a press."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import App

from takeback import cli, packs, whereabouts
from takeback.web.case import now

CONTACTS = packs.load().contacts
PAGE = """They put it here: https://www.instagram.com/p/Cq1abc/?igsh=x and on
https://t.me/somechannel/12, look! Also https://xn--pple-43d.com/x and http://127.0.0.1/a
and https://instagram.com@evil.example/p/1 or www.clips.example/9."""


def test_a_page_of_text_gives_every_place_once() -> None:
    found = whereabouts.read(f"{PAGE}\n{PAGE}", CONTACTS)
    assert [(one.contact.id if one.contact else None, one.kind) for one in found] == [
        ("instagram", "item"), ("telegram", "item"), (None, "unknown"), (None, "wrong"), (None, "wrong"), (None, "unknown"),
    ]  # fmt: skip


def test_words_without_an_address_are_read_line_by_line() -> None:
    assert [one.kind for one in whereabouts.read("in the group\n\nof my school\n", CONTACTS)] == ["words", "words"]
    assert whereabouts.read("  \n", CONTACTS) == ()


def test_the_fitting_harm_comes_first_and_what_is_wrong_has_no_way() -> None:
    chat = whereabouts.read("https://discord.com/channels/1/2/3", CONTACTS)[0]
    assert whereabouts.as_json(chat, ("intimate",))["reports"][0]["within"] == "PT48H"
    assert {h for way in whereabouts.ways(chat, ()) for h in way.harms} >= {"intimate", "scam"}
    wrong = whereabouts.as_json(whereabouts.read("https://discord.com@evil.example/x", CONTACTS)[0], ())
    assert (wrong["reports"], wrong["save_first"]) == ([], [])
    assert "name before an @" in wrong["wrong"]


def test_a_way_that_nobody_checked_says_so() -> None:
    place = whereabouts.as_json(whereabouts.read("https://www.facebook.com/someone", CONTACTS)[0], ("scam",))
    assert [one["checked"] for one in place["reports"]] == [False]


def test_the_command_reads_a_text_and_answers_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["where", PAGE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found[0]["parts"] == {"code": "Cq1abc"}
    assert found[0]["address"] == "https://www.instagram.com/p/Cq1abc/"
    assert found[3]["wrong"]


def test_the_command_fits_a_terminal_and_says_no_where_nothing_can_be_reported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    given = tmp_path / "g.json"
    given.write_text('{"intimate": "yes", "under18_real": "no"}')
    assert cli.main(["where", "https://discord.com/channels/1/2/3", "--given", str(given)]) == 0
    said = capsys.readouterr().out
    assert "https://discord.com/report" in said
    assert all(len(line) <= 80 for line in said.splitlines())
    assert cli.main(["where", "http://localhost/x"]) == 1
    assert "it leads into a private" in capsys.readouterr().out
    assert cli.main(["where", "\x1b[31m"]) == 1
    assert "\x1b[31m" not in capsys.readouterr().out


# ---------------------------------------------------------------- in the app


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    running.enter()
    running.open()
    yield running
    running.desk.leave()
    running.close()


def kept(app: App) -> list[str]:
    assert app.desk.open_case is not None
    return [one.url for one in app.desk.open_case.state(now()).where]


def test_a_pasted_page_is_shown_and_nothing_of_it_is_kept(app: App) -> None:
    page = app.post("/case/found", {"text": PAGE}).text
    assert "Instagram" in page
    assert "private network" in page
    assert "name before an @" in page
    assert 'value="http://127.0.0.1/a"' not in page  # named, and not offered to be kept
    assert page.count('type="checkbox"') == 4
    assert kept(app) == []
    assert app.desk.open_case is not None
    assert [event.what for event in app.desk.open_case.events()] == ["opened", "answers"]


def test_what_is_chosen_is_kept_once_and_what_is_hostile_never(app: App) -> None:
    good = "https://www.instagram.com/p/Cq1abc/"
    for _ in range(2):
        assert app.post("/case/places", {"url": good}).status == 302
    app.post("/case/places", {"url": "http://127.0.0.1/a"})
    assert kept(app) == [good]
    page = app.get("/case-where.html").text
    assert "one post, picture or video" in page
    assert "Save this address, the name of the account and the time." in page


@pytest.mark.parametrize("unit", ["a", "é", "a.", ".a", "0.", "https://a.bc/)", ")", "a@", "xn--", "<", "[", "()"])
def test_no_pasted_text_takes_long_to_read(unit: str) -> None:
    text = (unit * whereabouts.LONGEST)[: whereabouts.LONGEST]
    begun = time.process_time()
    for one in (text, f"https://a.bc/{text}", f"a.bc/{text}", text[:2000] + "\n" + text):
        whereabouts.read(one, CONTACTS)
    assert time.process_time() - begun < 5  # an address or a letter more is a little longer, and never its square


def test_a_text_too_long_to_read_is_one_sentence(app: App) -> None:
    assert app.post("/case/found", {"text": "x" * (whereabouts.LONGEST + 1)}).status == 400
    assert "no address in it" in app.post("/case/found", {"text": " "}).text.lower()


def test_what_was_pasted_is_text_and_never_markup(app: App) -> None:
    page = app.post("/case/found", {"text": 'https://clips.example/<script>alert(1)</script>"onload=x'}).text
    assert "<script>alert" not in page
    assert "<script>alert" not in app.post("/case/found", {"text": "<script>alert(1)</script>"}).text
