"""What a kept file says of itself, in the app and in the package: never of a file that may not be opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from origins import LABELLED, PLAIN
from running import ABOUT_ADULTS, App

from takeback import handover, provenance
from takeback.chunks import Chunks
from takeback.web.case import now


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    running.enter()
    running.open()
    yield running
    running.desk.leave()
    running.close()


def keep(app: App, data: bytes) -> None:
    assert app.put_file(data, ABOUT_ADULTS).status == 200


def package(app: App) -> dict[str, bytes]:
    assert app.desk.open_case is not None
    matter = handover.of_case(app.desk.open_case, now())
    return {part.path: b"".join(part.chunks) for part in handover.package(matter, now())}


def test_the_page_says_what_is_labelled_and_folds_the_words_that_may_hurt(app: App) -> None:
    keep(app, LABELLED["a1111.png"][0])
    assert "What AB/1 says of itself" in app.get("/case-file.html").text
    page = app.post("/case/examine", {"ref": "AB/1"}).text
    assert "not expert opinion" in page
    assert "carries a recipe" in page
    assert "What was not looked at, and why" in page
    before, _, after = page.partition("They may hurt to read")
    assert "Example Person" not in before
    assert "Example Person" in after


def test_a_file_in_which_nothing_is_found_gets_the_fixed_sentence(app: App) -> None:
    keep(app, PLAIN["plain.jpg"])
    assert provenance.NOTHING in app.post("/case/examine", {"ref": "AB/1"}).text


def test_a_strangers_words_are_text_on_the_page(app: App) -> None:
    from origins import exif, jpeg_exif

    keep(app, jpeg_exif(exif({0x0131: "Midjourney <script>alert(1)</script>\u202e"})))
    page = app.post("/case/examine", {"ref": "AB/1"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_a_file_that_later_answers_speak_against_is_not_opened(app: App) -> None:
    keep(app, LABELLED["xmp.jpg"][0])
    assert app.send("/case/answers", {"given": {"under18_real": "yes"}}).status == 200
    assert app.post("/case/examine", {"ref": "AB/1"}).status == 400
    assert "says of itself" not in app.get("/case-file.html").text
    assert "data/papers/examine.json" not in package(app)


@pytest.mark.parametrize("ref", ["", "AB/2", "../AB/1"])
def test_a_file_that_is_not_there_is_not_looked_at(app: App, ref: str) -> None:
    keep(app, PLAIN["plain.jpg"])
    assert app.post("/case/examine", {"ref": ref}).status == 400


def test_no_address_shows_a_file_and_only_a_press_asks(app: App) -> None:
    keep(app, PLAIN["plain.jpg"])
    assert app.get("/case/examine").status == 405
    assert app.get("/case-examine.html").status == 404


def test_the_package_has_a_section_marked_as_no_expert_opinion(app: App) -> None:
    keep(app, LABELLED["a1111.png"][0])
    keep(app, b"a message, in words")
    parts = package(app)
    said = json.loads(parts["data/papers/examine.json"])["examined"]
    text = " ".join(parts["data/papers/examine.txt"].decode().split())
    assert [one["ref"] for one in said] == ["AB/1", "AB/2"]
    assert said[0]["findings"][0]["id"] == "recipe"
    assert "technical information, not expert opinion" in text
    assert "Example Person" not in text
    assert "Not run:" in text
    assert said[0]["settings"]["software"] in text
    assert "Not examined:" in text


def test_nothing_of_a_look_is_kept_in_the_case(app: App) -> None:
    keep(app, LABELLED["a1111.png"][0])
    assert app.desk.open_case is not None
    before = len(app.desk.open_case.events())
    app.post("/case/examine", {"ref": "AB/1"})
    assert len(app.desk.open_case.events()) == before


def test_chunks_of_any_size_are_read_as_one_file_and_end_once() -> None:
    file = Chunks([b"a", b"", b"bc"])
    assert [file.read(2), file.read(9), file.read(9)] == [b"ab", b"c", b""]


def test_a_kept_file_is_compared_with_another_only_where_both_may_be_opened(app: App) -> None:
    from hostile import photo, saved

    keep(app, saved(photo(480, 640, 3), "JPEG", quality=90))
    keep(app, saved(photo(480, 640, 3), "PNG"))
    assert "Compare the two" in app.post("/case/examine", {"ref": "AB/1"}).text
    page = app.post("/case/examine", {"ref": "AB/1", "original": "AB/2"}).text
    assert "show the same" in page
    assert page.count("<image ") == 2
    assert " href=" not in page.partition("<svg viewBox")[2].partition("</svg>")[0]
    assert app.post("/case/examine", {"ref": "AB/1", "original": "AB/9"}).status == 400


def test_a_video_is_drawn_as_a_line_with_its_cuts(app: App) -> None:
    from test_motion import CUT

    keep(app, CUT)
    page = app.post("/case/examine", {"ref": "AB/1"}).text
    assert page.count('class="cut"') == 2
    assert "2 cuts" in page
