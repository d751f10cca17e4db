"""The site in a real browser, as a person meets it: on a small phone, in the dark, on paper, without scripts, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from takeback import packs
from takeback.web import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = pages.names(packs.load())
KINDS_OF_PAGE = ("index.html", "danger.html", "under-18.html", "start.html", "read.html", "help.html", "hash.html",
                 "exit.html", "404.html", "guide-intimate.html", "guide-reporting.html")  # fmt: skip
WEATHER = "https://www.bbc.co.uk/weather"


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts that are closed afterwards, and that no test lets out to the network."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.route(
            lambda address: urlsplit(address).hostname != "127.0.0.1",
            lambda route: route.fulfill(body="<title>Weather</title><h1>Sunny</h1>", content_type="text/html"),
        )
        made.append(context)
        return context

    yield make
    for each in made:
        each.close()


def phone(width: int = 390, height: int = 844, **more: object) -> dict[str, object]:
    return {"viewport": {"width": width, "height": height}, **more}


def visit(page: Page, address: str) -> None:
    """Open a page and wait until its scripts have drawn what they draw."""
    page.goto(address)
    if address.endswith("start.html"):
        page.get_by_text("Question 1").wait_for()
    if address.endswith("hash.html"):
        page.locator(".choice").first.wait_for()


def sideways(page: Page) -> int:
    """How many pixels a page is wider than what can be seen of it."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(context: Callable[..., BrowserContext], site_url: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = context(**phone(320, 640, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)).new_page()
    for name in KINDS_OF_PAGE:
        visit(page, site_url + name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(name, one["id"], one["nodes"][0]["target"], one["help"]) for one in found] == []


def test_axe_finds_nothing_where_a_picture_is_not_taken(context: Callable[..., BrowserContext], site_url: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = context(**phone(bypass_csp=True, reduced_motion="reduce")).new_page()
    visit(page, site_url + "hash.html")
    page.get_by_role("button", name="Not sure").click()
    page.get_by_role("button", name="Yes").click()
    assert Axe().run(page).response["violations"] == []


def test_on_the_smallest_phone_no_page_scrolls_sideways_or_asks_another_host_for_anything(
    context: Callable[..., BrowserContext], site_url: str
) -> None:
    page = context(**phone(320, 568)).new_page()
    asked, said = set[str](), list[str]()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: said.append(message.text))
    for name in NAMES:
        visit(page, site_url + name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert sideways(page) == 0, name
    page.wait_for_load_state("networkidle")
    assert asked == {urlsplit(site_url).netloc}
    assert said == []


def test_nothing_scrolls_sideways_at_twice_the_size(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(viewport={"width": 640, "height": 400}, device_scale_factor=2).new_page()  # 1280 x 800 at 200 %
    for name in KINDS_OF_PAGE:
        page.goto(site_url + name)
        assert sideways(page) == 0, name


def test_text_alone_can_be_twice_as_large(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone()).new_page()
    for name in ("index.html", "danger.html", "guide-intimate.html"):
        page.goto(site_url + name)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert sideways(page) == 0, name


def test_the_doors_and_guides_are_read_without_scripts(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone(java_script_enabled=False)).new_page()
    page.goto(site_url)
    for door in packs.load().doors:
        page.get_by_role("link", name=door.title).click()
        assert page.get_by_role("heading", name=door.title).is_visible()
        assert page.locator('a[href^="tel:"]').first.is_visible()
        assert page.get_by_text(door.do[0]).first.is_visible()
        page.get_by_role("link", name="Back", exact=True).click()
    for guide in packs.load().guides.values():
        page.goto(site_url + f"guide-{guide.id}.html")
        assert page.get_by_role("heading", name=guide.sections[0].heading, exact=True).is_visible()
        if guide.kinds:
            page.locator("summary").first.click()
            assert page.get_by_text("It needs").first.is_visible()
    page.goto(site_url + "start.html")
    assert page.get_by_role("link", name="I am under 18").is_visible()


def test_exit_and_back_are_in_the_same_place_on_every_page(
    context: Callable[..., BrowserContext], site_url: str
) -> None:
    page = context(**phone(java_script_enabled=False)).new_page()
    exits, backs = set(), set()
    for name in NAMES:
        page.goto(site_url + name)
        exits.add(str(page.locator("#exit").bounding_box()))
        if name != "index.html":
            backs.add(str(page.get_by_role("link", name="Back", exact=True).bounding_box()))
    assert len(exits) == 1
    assert len(backs) == 1


def test_things_to_press_are_at_least_48_pixels_high(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone()).new_page()
    for name in ("index.html", "danger.html", "guide-intimate.html", "hash.html"):
        visit(page, site_url + name)
        for thing in page.locator(".primary, .quiet, .back, .exit, .tap, .door, .choice, summary").all():
            box = thing.bounding_box()
            assert box is None or box["height"] >= 48, (name, thing.inner_text(), box)


def test_exit_leaves_and_back_does_not_return(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone()).new_page()
    page.goto(site_url)
    page.get_by_role("link", name="Someone is threatening me").click()
    page.get_by_role("link", name="Who can help").first.click()
    page.wait_for_url("**/help.html")
    assert page.evaluate("history.length") == 2  # the empty tab, and one entry of ours
    page.locator("#exit").click()
    page.wait_for_url(WEATHER)
    page.go_back()
    assert page.url == "about:blank"


def test_escape_twice_leaves_and_once_does_not(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone()).new_page()
    page.goto(site_url + "danger.html")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1600)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.url.endswith("danger.html")
    page.keyboard.press("Escape")
    page.wait_for_url(WEATHER)


def test_exit_works_without_scripts(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone(java_script_enabled=False)).new_page()
    page.goto(site_url + "danger.html")
    page.locator("#exit").click()
    page.wait_for_url(WEATHER)


def test_exit_is_the_first_thing_the_keyboard_reaches_and_focus_is_seen(
    context: Callable[..., BrowserContext], site_url: str
) -> None:
    page = context(**phone()).new_page()
    page.goto(site_url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "exit"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_motion_stops_when_the_person_asks_for_less(context: Callable[..., BrowserContext], site_url: str) -> None:
    page = context(**phone(reduced_motion="reduce")).new_page()
    visit(page, site_url + "hash.html")
    assert page.evaluate("document.getAnimations().length") == 0


def test_paper_is_a4_in_black_and_white(context: Callable[..., BrowserContext], site_url: str) -> None:
    import io
    import re

    from pypdf import PdfReader

    page = context().new_page()
    page.goto(site_url + "threatened.html")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]
    text = sheets[0].extract_text()
    assert "Call 101" in text
    assert "Exit" not in text
    colours = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", sheets[0].get_contents().get_data())
    assert all(red == green == blue for red, green, blue in colours)
