"""The one file, opened from a disk as from a USB stick: everything works, and nothing is ever asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from conftest import ON
from hostile import PICTURES

from takeback import errors, packs, site
from takeback.web import bundle, pages, single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

KNOWN = packs.load()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stick") / "takeback.html"
    site.write_single(out, KNOWN, ON)
    return out


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Open the file as a phone does; what it asks for, and what goes wrong in it, is written down."""
    contexts = []

    def opening(where: str = "", **options: object) -> tuple[Page, list[str]]:
        context = browser.new_context(**({"viewport": {"width": 390, "height": 844}} | options))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        heard: list[str] = []
        page.on("request", lambda request: heard.append(request.url))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.goto(file.as_uri() + where)
        return page, heard

    yield opening
    for context in contexts:
        context.close()


def asked_for(heard: list[str]) -> list[str]:
    """What was heard besides the file itself and the worker that it carries."""
    return [one for one in heard if not one.startswith(("file:", "blob:"))] + [
        one for one in heard if one.startswith("file:") and "takeback.html" not in one
    ]


def seen(page: Page) -> str:
    return page.locator("main:visible").inner_text()


# ---------------------------------------------------------------- walked


def test_the_whole_road_from_a_usb_stick(
    opened: Callable[..., tuple[Page, list[str]]], tmp_path: Path, node: Callable[[str], str]
) -> None:
    page, heard = opened()
    address, history = page.url, page.evaluate("history.length")
    assert "What fits best?" in seen(page)

    page.get_by_role("link", name="Someone is threatening me").click()
    assert "Stop answering" in seen(page)
    page.get_by_role("link", name="Someone threatens me to get something").click()
    assert "What you can do today" in seen(page)
    page.get_by_role("link", name="Who can help").last.click()
    assert "Someone to talk to" in seen(page)
    page.get_by_role("link", name="Back", exact=True).click()

    page.get_by_role("link", name="I am under 18").click()
    page.get_by_role("link", name="Go on: a few questions").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Next").click()
    page.locator("#interview").get_by_role("button", name="What to do now").click()
    assert "What to do now" in seen(page)
    assert page.locator("#interview .line .point").count() >= 3
    page.locator("#interview").get_by_role("button", name="Back", exact=True).click()
    page.locator("#interview").get_by_role("button", name="Back", exact=True).click()

    for _ in range(3):
        if page.locator("#interview:visible").count():
            page.locator("#interview").get_by_role("button", name="Back", exact=True).click()
    assert "You are not in trouble" in seen(page)

    page.get_by_role("link", name="The hash of a picture").click()
    page.get_by_role("button", name="No, only adults, and they look it").click()
    page.get_by_role("button", name="No", exact=True).click()
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(PICTURES["photo.jpg"][0])
    page.locator("input[type=file]").set_input_files(picture)
    page.wait_for_selector("main:visible .hex")
    assert re.fullmatch(r"[0-9a-f]{64}", page.locator("main:visible .hex").first.inner_text())
    assert "blocks nothing" in seen(page)

    assert asked_for(heard) == []
    assert (page.url, page.evaluate("history.length")) == (address, history)
    assert page.evaluate("document.cookie.length") == 0


def test_the_door_that_was_taken_is_where_the_questions_begin(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = opened()
    page.get_by_role("link", name="I am in danger, or someone else is").click()
    page.get_by_role("link", name="Go on: a few questions").click()
    page.wait_for_selector("#interview .panel.danger")
    assert 'href="tel:999"' in page.locator("#interview").inner_html()


def test_only_the_worker_may_compile(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    """The page's policy has to let its worker compile; once the worker runs, the page itself gives that right up."""
    page, _ = opened()
    page.wait_for_selector("head meta[content^='script-src']", state="attached")
    compiles = "WebAssembly.compile(new Uint8Array([0,97,115,109,1,0,0,0])).then(() => 'yes', () => 'no')"
    assert page.evaluate(compiles) == "no"
    started = "() => { try { new Worker(URL.createObjectURL(new Blob(['']))); return 'yes' } catch { return 'no' } }"
    assert page.evaluate(started) == "no"
    assert page.workers[0].evaluate(compiles) == "yes"


def test_it_is_read_without_scripts(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    page, heard = opened(java_script_enabled=False)
    assert "What fits best?" in seen(page)
    for door in KNOWN.doors:
        page.get_by_role("link", name=door.title).click()
        assert page.get_by_role("heading", name=door.title).is_visible()
        assert page.locator("main:visible").count() == 1
        page.get_by_role("link", name="Back", exact=True).click()
    page.goto(page.url.partition("#")[0] + "#at-guide-intimate")
    assert "What you can do today" in seen(page)
    page.goto(page.url.partition("#")[0] + "#at-help")
    assert "Someone to talk to" in seen(page)
    assert asked_for(heard) == []


def test_it_opens_where_a_link_points(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = opened("#at-guide-telling")
    assert "How to tell someone" in seen(page)
    page, _ = opened("#at-nowhere")
    assert "What fits best?" in seen(page)


def test_nothing_scrolls_sideways_on_the_smallest_phone(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = opened(viewport={"width": 320, "height": 568})
    for name in ("at-index", "at-danger", "at-guide-rights", "at-guide-under-18-young", "at-help", "at-hash"):
        page.evaluate("id => document.querySelectorAll('.leaf').forEach((one) => { one.hidden = one.id !== id })", name)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name


def test_exit_leaves(opened: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = opened()
    page.context.route(
        lambda address: address.startswith("https:"),
        lambda route: route.fulfill(body="<h1>Sunny</h1>", content_type="text/html"),
    )
    page.locator("#exit").click()
    page.wait_for_url(pages.DULL)


# ---------------------------------------------------------------- what is in it


def test_the_same_packs_and_day_give_the_same_bytes() -> None:
    assert single.single(KNOWN, ON) == single.single(KNOWN, ON)


def test_it_holds_every_page_and_leads_nowhere_else(file: Path) -> None:
    text = file.read_text("utf-8")
    held = set(re.findall(r'<section class="leaf" id="at-([\w-]+)"', text))
    assert held == {name.removesuffix(".html") for name in pages.names(KNOWN)} - {"404"}
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.DOTALL)
    inside = set(re.findall(r'href="([^":]*)"', body))
    assert inside <= {f"#at-{name}" for name in held} | {"#page"}
    ids = re.findall(r'\sid="([^"]+)"', body)
    assert sorted(ids) == sorted(set(ids))


def test_its_policy_names_its_scripts_and_lets_nothing_out(file: Path) -> None:
    text = file.read_text("utf-8")
    policy = re.search(r'Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")  # type: ignore[index]
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert not re.search(r"https?:|'self'|connect-src|\*", policy)
    assert "default-src 'none'" in policy
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 2
    assert all(single._hash(script) in policy for script in scripts)
    assert not re.search(r"<(?:link|img|iframe)\b|\bsrc=", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


def test_it_leaves_an_existing_file_alone(tmp_path: Path) -> None:
    out = tmp_path / "mine.html"
    out.write_text("mine")
    with pytest.raises(errors.BadInput):
        site.write_single(out, KNOWN, ON)
    assert out.read_text() == "mine"


# ---------------------------------------------------------------- the bundle


def test_modules_run_in_the_order_in_which_they_need_each_other(node: Callable[[str], str]) -> None:
    modules = {
        "a.js": 'import { two as both, more } from "./b.js";\nconsole.log(both(1), more);',
        "b.js": 'import {\n  one,\n} from "./c.js";\nexport function two(n) { return n + one; }\nexport const more = "more";',
        "c.js": "export const one = 1;\nexport class Nothing {}\nexport async function later() {}",
    }
    assert node(bundle.bundle(modules, ["a.js"])) == "2 more\n"


@pytest.mark.parametrize(
    "text",
    ['import all from "./b.js";', 'import * as b from "./b.js";', "export default 1;", "export { one };",
     "const there = import.meta.url;", 'const b = await import("./b.js");'],
)  # fmt: skip
def test_a_form_that_the_bundle_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle.bundle({"a.js": text, "b.js": ""}, ["a.js"])


def test_modules_that_need_each_other_are_refused() -> None:
    circle = {"a.js": 'import { b } from "./b.js";\nexport const a = 1;', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match="needs itself"):
        bundle.bundle(circle, ["a.js"])
