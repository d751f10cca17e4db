"""The app's pages in a real browser: what is typed is not lost, many tabs are no trouble, the site has none of it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import ABOUT_ADULTS, App, now

from takeback.web import desk as desks
from takeback.web import pages, shelf
from takeback.web.making import Making

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WORDS = "They made a picture of me."
WATCH = """() => {
  const place = document.querySelector("#sealed [data-making]");
  const press = document.querySelector("button[form=sealed]");
  setInterval(() => {
    const said = place.querySelector("[role=status]").textContent;
    if (place.hidden || !said.includes("%")) return;
    window.shown(said, place.getBoundingClientRect().top, press.getBoundingClientRect().top);
    place.querySelector("[data-stop]").click();
  }, 50);
  setTimeout(() => press.click());
}"""
"""Presses, and presses Stop as soon as a share is said. The page does it: a browser that is driven waits for an answer."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(shelf, "BEAT", 0.1)
    running = App()
    yield running
    running.desk.leave()
    running.close()


@pytest.fixture
def page(app: App, browser: Browser) -> Iterator[Page]:
    """A page that has entered, with a case open."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{app.origin}/enter/{app.desk.token}")
    app.open()
    yield page
    context.close()


def words_of(app: App) -> list[str]:
    assert app.desk.open_case is not None
    return [version.value.words for version in app.desk.open_case.state(now()).words]


def test_words_that_are_being_written_are_kept_before_the_case_locks(app: App, page: Page) -> None:
    page.goto(f"{app.origin}/case-words.html", wait_until="load")
    page.get_by_label("What happened").press_sequentially(WORDS)
    real = app.desk.clock
    with page.expect_response("**/case/words"):
        app.desk.clock = lambda: real() + desks.IDLE - desks.WARN + 1
    assert words_of(app) == [WORDS]
    app.desk.clock = lambda: real() + 3 * desks.IDLE
    page.wait_for_selector("text=Open your case")
    assert app.desk.open_case is None
    assert WORDS not in page.content()


def test_untouched_words_are_not_kept_again(app: App, page: Page) -> None:
    page.goto(f"{app.origin}/case-words.html", wait_until="load")
    real = app.desk.clock
    app.desk.clock = lambda: real() + desks.IDLE - desks.WARN + 1
    page.wait_for_timeout(500)
    app.desk.clock = lambda: real() + 3 * desks.IDLE
    page.wait_for_selector("text=Open your case")


def test_typing_keeps_the_case_open_and_says_nothing_of_what_is_typed(app: App, page: Page) -> None:
    page.clock.install()
    page.goto(f"{app.origin}/case-words.html", wait_until="load")
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            request.method == "GET" or sent.append(f"{request.method} {request.url} {request.post_data or ''}")
        ),
    )
    page.get_by_label("What happened").press_sequentially("abc")
    assert sent == []
    page.clock.fast_forward(61_000)
    page.get_by_label("What happened").press_sequentially("def")
    page.wait_for_timeout(200)
    assert sent == [f"POST {app.origin}/still "]


def test_a_form_that_is_refused_says_why_and_loses_nothing(app: App, page: Page) -> None:
    page.goto(f"{app.origin}/case-words.html", wait_until="load")
    page.get_by_label("What happened").fill("x" * 100_001)
    page.get_by_label("Your name", exact=True).fill("Sam")
    page.get_by_role("button", name="Keep these words").click()
    page.wait_for_selector("[role=alert]:visible")
    assert "longer than" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Your name", exact=True).input_value() == "Sam"
    assert words_of(app) == []
    page.get_by_label("What happened").fill(WORDS)
    page.get_by_role("button", name="Keep these words").click()
    page.wait_for_url("**/case.html")
    assert words_of(app) == [WORDS]


def test_a_dozen_tabs_are_no_trouble(app: App, page: Page) -> None:
    """A browser opens six connections to one place: were each page to hold one, the seventh would never load."""
    others = [page.context.new_page() for _ in range(11)]
    for other in others:
        other.goto(f"{app.origin}/case.html", wait_until="load", timeout=30_000)
    page.goto(f"{app.origin}/case.html")
    app.desk.lock()
    for other in others:
        other.wait_for_selector("text=Open your case", timeout=30_000)


def test_our_own_pages_stay_out_of_the_history(app: App, page: Page) -> None:
    page.goto(f"{app.origin}/case.html", wait_until="load")
    before = page.evaluate("history.length")
    page.locator("a.door", has_text="Where it is").click()
    page.wait_for_url("**/case-where.html")
    page.wait_for_load_state("load")
    page.get_by_label("Address of the page or post").fill("https://example.org/1")
    page.get_by_role("button", name="Keep this place").click()
    page.wait_for_selector("article.kept")
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/case.html")
    assert page.evaluate("history.length") == before


def test_what_a_stranger_named_a_file_is_shown_as_text(app: App, page: Page) -> None:
    name = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%E2%80%AEgpj.exe"
    app.cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    assert app.put_file(b"data", ABOUT_ADULTS, name=name).status == 200
    page.goto(f"{app.origin}/case-file.html")
    assert page.locator("article.kept bdi").first.inner_text() == "<img src=x onerror=alert(1)>\u202egpj.exe"
    assert page.locator("article.kept img").count() == 0


def test_the_static_site_keeps_nothing_and_tells_nobody(site: Path) -> None:
    names = {path.name for path in site.rglob("*")}
    assert not names & {"case.js", "keep.js", "presence.js", "case.css", "case.html"}
    for path in site.glob("*.html"):
        text = path.read_text()
        assert not re.search(r"presence\.js|keep\.js|case\.html|case\.css|data-exit=", text), path.name
        assert "<form" not in text


@pytest.mark.parametrize(
    "name", sorted(set(pages._templates()) - {"parts.html", "face.html", "base.html", "case-base.html"})
)
def test_nothing_that_is_typed_is_remembered_by_the_browser(name: str) -> None:
    source = (Path(pages.__file__).parent / "templates" / name).read_text()
    for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", source):
        assert 'autocomplete="off"' in tag or 'type="hidden"' in tag, tag


def test_no_page_asks_a_browser_to_send_what_it_says_to_a_spelling_or_translation_service(app: App) -> None:
    app.enter()
    body = app.get("/").text.partition("<body")[2].partition(">")[0]
    assert 'spellcheck="false"' in body
    assert 'translate="no"' in body


def test_on_a_phone_a_package_says_where_it_can_be_seen_how_far_it_is_and_stops_by_a_press(
    app: App, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())  # type: ignore[typeddict-item]
    assert app.put_file(os.urandom(3 << 20), ABOUT_ADULTS, "a.bin", "application/octet-stream").status < 300
    passed, shown = Making.passed, list[tuple[str, float, float]]()

    def slowly(making: Making, more: int) -> None:
        passed(making, more)
        time.sleep(0.01 if making.stopped else 0.3)

    monkeypatch.setattr(Making, "passed", slowly)
    page.expose_function("shown", lambda *seen: shown.append(seen))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.origin}/case-package.html", wait_until="load")
    page.get_by_label("A passphrase for this package").fill("meadow thimble nineteen heron")
    page.evaluate(WATCH)
    page.get_by_text("Stopped. Nothing was saved.").wait_for()
    said, top, below = shown[-1]
    assert re.fullmatch(r"Packed: \d+ % \(.* of 3.1 MB\)", said)
    assert 0 < top < below
