"""The life of a notice as a person walks it: pasted address, notice, receipt, overdue, answer, escalation, record.

A real Chromium and the real app. `make screens` keeps the pictures in docs/screens/.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from running import App
from test_sending import ADULT

from takeback.terms import Account
from takeback.web.case import now

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENS = Path(__file__).parent.parent / "docs" / "screens"
WRITES = os.environ.get("TAKEBACK_SCREENS") == "1"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PASTED = "It is here: https://www.instagram.com/p/Cq1abc/?igsh=abc and in http://127.0.0.1/x\nand https://discord.com/channels/1/2/3, I think."


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    running.enter()
    running.open(ADULT)
    case = running.desk.open_case
    assert case is not None
    case.say(Account(words="They sent it round.", contact="sam@example.org", signature="Sam Example"), now())
    yield running
    running.desk.leave()
    running.close()


@pytest.fixture
def page(app: App, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE,
        timezone_id="Europe/London",
        accept_downloads=True,
        permissions=["clipboard-read", "clipboard-write"],
    )
    asked: list[str] = []
    context.route(
        lambda url: not url.startswith(app.origin),
        lambda route: (asked.append(route.request.url), route.fulfill(body="their form")),
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    name, _, value = app.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": app.origin}])
    page.asked = asked  # type: ignore[attr-defined]
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def pictured(page: Page, name: str, folder: Path) -> None:
    """A picture for the docs; no page scrolls sideways, on a phone or at a desk, and axe finds nothing in it."""
    page.wait_for_load_state("load")
    assert (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"] == []
    )
    for size, ending in ((PHONE, ""), (DESK, "-desk"), ({"width": 320, "height": 700}, "-small")):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, ending)
        if ending != "-small":
            page.screenshot(path=(SCREENS if WRITES and not ending else folder) / f"{name}{ending}.png", full_page=True)
    page.set_viewport_size(PHONE)


def hours_ago(hours: float) -> str:
    return (now() - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_a_notice_lives_from_a_pasted_address_to_the_regulator(app: App, page: Page, tmp_path: Path) -> None:
    # ------------------------------------------------ what was pasted is read, and kept by a press
    page.goto(f"{app.origin}/case-where.html")
    page.get_by_label("An address, a list, or a whole page of text").fill(PASTED)
    press(page, "Read it")
    page.get_by_role("heading", name="What we read in it").wait_for()
    assert "private network" in page.locator("main").inner_text()
    assert page.get_by_role("checkbox").count() == 2
    pictured(page, "notice-pasted", tmp_path)
    press(page, "Keep these places")
    page.wait_for_url("**/case-where.html")
    assert page.locator("article").count() == 2

    # ------------------------------------------------ made ready for one site
    page.goto(f"{app.origin}/case-reports.html")
    press(page, "Get it ready to send to Discord")
    page.wait_for_url("**/case-notice/*")
    page.wait_for_load_state("load")
    address = page.url
    number = address.rpartition("/")[2]
    press(page, "Copy")
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#part-0").inner_text()
    assert page.get_by_label("Time zone").first.input_value() == "Europe/London"
    pictured(page, "notice-ready", tmp_path)
    with page.expect_download() as download:
        press(page, "As PDF")
    assert number in PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages[0].extract_text()

    # ------------------------------------------------ nothing was sent by itself; the person says when they did
    assert page.asked == []  # type: ignore[attr-defined]
    page.get_by_label("Day and time").fill(hours_ago(50))
    page.get_by_label("The number they gave you").fill("D-4711")
    press(page, "I sent it")
    page.get_by_text("Their time ended on").wait_for()
    press(page, "It is still there")
    page.get_by_text("It was still there after that.").wait_for()
    page.get_by_text("Keep their answer").first.click()
    page.get_by_label("What they say").select_option("refused")
    page.get_by_label("Their words, pasted").fill("It breaks no rule of ours.")
    page.locator("#answer").get_by_role("button", name="Keep their answer").click()
    page.get_by_text("They said no.").first.wait_for()
    pictured(page, "notice-refused", tmp_path)

    # ------------------------------------------------ the record, and what can follow
    with page.expect_download() as download:
        page.locator("form[action='/case/overdue']").get_by_role("button", name="As PDF").click()
    words = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(Path(download.value.path()).read_bytes())).pages)
    assert "D-4711" in words
    assert "What was still there after that" in " ".join(words.split())
    step = page.locator("section", has=page.get_by_role("heading", name="Tell Ofcom about the site"))
    step.get_by_role("button", name="Get it ready").click()
    page.wait_for_url(lambda url: "/case-notice/" in url and url != address)
    text = page.locator("main").inner_text()
    for said in ("To Ofcom", "D-4711", number, "It breaks no rule of ours."):
        assert said in text

    # ------------------------------------------------ all of it by time, and one entry taken back
    page.goto(f"{app.origin}/case-due.html")
    assert page.locator("article").count() == 2
    assert page.locator("svg.time .overdue").count() == 1
    page.get_by_text("The same as a table").click()
    pictured(page, "notice-due", tmp_path)
    page.goto(address)
    page.wait_for_load_state("load")
    page.get_by_role("button", name="Take back: They said no", exact=False).click()
    page.get_by_text("Their time ended on").wait_for()
    assert page.asked == []  # type: ignore[attr-defined]


def test_a_notice_can_be_sent_with_the_keyboard_alone(app: App, page: Page) -> None:
    assert app.desk.open_case is not None
    from takeback.terms import Address

    app.desk.open_case.point(Address("a", url="https://clips.example/9"), now())
    page.goto(f"{app.origin}/case-reports.html")
    page.get_by_role("button", name="Get it ready to send to clips.example").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/case-notice/*")
    page.wait_for_load_state("load")
    page.get_by_role("button", name="I sent it").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is it still there?").wait_for()
