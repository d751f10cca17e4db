"""In a made-up language in which every letter has an accent, nothing that a person reads is plain English any more."""

from __future__ import annotations

import functools
import re
import threading
import tomllib
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pseudo
import pytest
from conftest import ON, Quiet
from running import App

from takeback import catalogues, looks, packs, places, site, terminal, triage, words
from takeback.errors import UNREACHED
from takeback.markup import Page
from takeback.terms import Address, Fetched, Situation
from takeback.web import case, pages, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

STAYS = re.compile(
    r"Takeback|UTC|GMT|BST|https?://\S+|\S+@\S+|SHA-256|PDQ|MD5"
    r"|\b[\w.-]+\.(?:org|com|uk|gov|net|app|io|social|info|fm|me|tv|au|eu|co|scot|wales|ca|ie|fr|zip|docx|csv)\b\S*"
)
"""What stays as it is in every language: our name, addresses, names of hashes. Citations stand in their own element."""

NAMES = pages.names(packs.load())
STORIES = tomllib.loads((Path(__file__).parent / "vectors" / "vignettes.toml").read_text("utf-8"))["vignette"]
CITATIONS = {version.cite for law in packs.load().laws.values() for version in law.versions}


def english(html: str) -> list[str]:
    return pseudo.left_in_english(html, ("cite",), STAYS)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in the made-up language."""
    out = tmp_path_factory.mktemp("words") / "site"
    with words.speaking(pseudo.catalogue()):
        site.write(out, packs.load(), ON)
    return out


@pytest.mark.parametrize("name", NAMES)
def test_no_page_of_the_site_is_left_in_english(name: str, made_up: Path) -> None:
    html = (made_up / name).read_text()
    assert english(html) == []
    assert '<html lang="qps">' in html


def test_the_one_file_is_in_the_language_too(tmp_path: Path) -> None:
    with words.speaking(pseudo.catalogue()):
        site.write_single(tmp_path / "one.html", packs.load(), ON)
    html = (tmp_path / "one.html").read_text()
    assert english(html) == []
    assert pseudo.accented("Next") in html


@pytest.mark.parametrize("story", STORIES[::4], ids=lambda story: story["id"])
def test_no_plan_in_the_terminal_is_left_in_english(story: dict[str, dict[str, object]]) -> None:
    told = {fact: tuple(v) if isinstance(v, list) else v for fact, v in story["given"].items()}
    situation = Situation(told)  # type: ignore[arg-type]
    with words.speaking(pseudo.catalogue()):
        known = packs.load()
        drawn = triage.triage(situation, known, ON)
        lines = list(terminal.plan_lines(drawn, known, situation))
        because = [sentence for finding in drawn.findings for sentence in finding.because]
    said = [line for line in lines if line.strip() not in CITATIONS] + because
    assert [one for one in said if pseudo.ENGLISH_WORD.search(STAYS.sub("", one))] == []


def test_no_question_and_no_plan_in_the_browser_is_left_in_english(made_up: Path, browser: Browser) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(made_up)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/start.html")
    left: list[str] = []
    for _ in range(40):
        page.locator("h1").first.wait_for()
        left += english(page.locator("#interview").inner_html())
        if page.locator(".line").count():
            break
        choices = page.locator(".choices input")
        if choices.count():
            choices.nth(0).check()
            page.get_by_role("button", name=pseudo.accented("Next"), exact=True).click()
        else:
            page.get_by_role("button", name=pseudo.accented("I don't know"), exact=True).click()
    assert page.locator(".line").count()
    assert [one for one in left if not any(cite in one for cite in CITATIONS)] == []
    page.goto(f"http://127.0.0.1:{server.server_port}/hash.html")
    page.locator(".choice").first.wait_for()
    assert english(page.content()) == []
    page.context.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The app, where a file of the made-up language lies in the folder of languages."""
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "qps.po").write_text(pseudo.text())
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path / "locale")
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(shelf, "BEAT", 0.1)
    running = App()
    running.enter()
    running.open()
    yield running
    running.desk.leave()
    running.close()


@pytest.mark.parametrize("name", case.PAGES)
def test_no_page_of_a_case_is_left_in_english(name: str, app: App) -> None:
    html = app.get(f"/{name}", **{"Accept-Language": "qps"}).text
    assert english(html) == []


def test_the_app_speaks_the_browser_s_language_and_the_setting_comes_first(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pseudo.accented("What fits best?")
    assert first in app.get("/", **{"Accept-Language": "fr, qps;q=0.5, en;q=0.1"}).text
    assert first not in app.get("/", **{"Accept-Language": "en, qps;q=0.5"}).text
    assert (
        pseudo.accented("There is no such page").rstrip("·") in app.get("/none.html", **{"Accept-Language": "qps"}).text
    )
    monkeypatch.setenv(catalogues.SETTING, "qps")
    assert first in app.get("/", **{"Accept-Language": "en"}).text


# ---------------------------------------------------------------- pages with something on them

PLACE = "https://www.instagram.com/p/Cq1/"


def looked() -> list[looks.Look]:
    """One look for each kind of reason: whole sentences, sentences with values, and with a sentence inside."""
    place, contacts = places.read(PLACE, packs.load().contacts), packs.load().contacts

    def answer(status: int, **heads: str) -> Fetched:
        return Fetched(PLACE, PLACE, status, {name.replace("_", "-"): to for name, to in heads.items()}, b"", "5" * 64)

    hit = looks.Hit("https://cdn.example/1.jpg", 4)
    return [
        *(looks.unreached(PLACE, why) for why in UNREACHED),
        *(looks.status_only(place, answer(status), contacts) for status in (200, 302, 401, 403, 404, 429, 451, 503)),
        looks.status_only(place, answer(429, retry_after="60"), contacts),
        looks.status_only(place, answer(429, retry_after="600"), contacts),
        *(looks.seen(looks.Sight(place, answer(200), Page(), ours=1, compared=n), contacts) for n in (0, 1, 3)),
        looks.seen(looks.Sight(place, answer(200), Page()), contacts),
        looks.seen(looks.Sight(place, answer(200), Page(), ours=1, compared=3, before=PLACE), contacts),
        looks.seen(looks.Sight(place, answer(200), Page(), (hit,)), contacts),
        looks.seen(looks.Sight(place, answer(404), Page(), (replace(hit, distance=0),)), contacts),
    ]


def test_every_reason_of_a_look_is_said_again_in_the_language() -> None:
    reasons = [one.reason for one in looked()]
    assert all(reasons)
    with words.speaking(pseudo.catalogue()):
        said = [words.again(one) for one in reasons]
    assert [one for one in said if pseudo.ENGLISH_WORD.search(one)] == []


def test_what_was_seen_is_kept_in_english_and_shown_in_the_language(app: App) -> None:
    case_open = app.desk.open_case
    assert case_open is not None
    case_open.point(Address("a1", url=PLACE), case.now())
    for one in looked():
        case_open.add("look", one.data(case.now().isoformat()), case.now())
    page = app.get("/case-watch.html", **{"Accept-Language": "qps"}).text
    stays = re.compile(f"{STAYS.pattern}|Instagram")
    assert pseudo.left_in_english(page, ("cite",), stays) == []
    kept = [str(event.data["reason"]) for event in case_open.state(case.now()).of("look")]
    assert "The site does not answer." in kept


def test_a_place_that_is_not_looked_at_says_why_in_the_language(app: App) -> None:
    case_open = app.desk.open_case
    assert case_open is not None
    for number, url in enumerate(("https://www.instagram.com/someone/", "https://clips.example/watch/1", "words")):
        case_open.point(Address(f"a{number}", url=url), case.now())
    page = app.get("/case-watch.html", **{"Accept-Language": "qps"}).text
    stays = re.compile(f"{STAYS.pattern}|Instagram|words|clips.example")
    assert pseudo.left_in_english(page, ("cite",), stays) == []
