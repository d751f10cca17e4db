"""The pictures of the docs, taken from the pages as they are: `make screens` writes them to docs/screens/.

Each is also looked at: a page that scrolls sideways, or a picture of nothing, fails.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
SCREENS = ROOT / "docs" / "screens"
WRITES = os.environ.get("TAKEBACK_SCREENS") == "1"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def answered(page: Page) -> None:
    """The interview as far as a plan, by pressing what a person would."""
    page.get_by_role("link", name="Go on").or_(page.get_by_role("button", name="Go on")).first.click()
    for _ in range(6):
        page.get_by_role("button", name="I don’t know").or_(
            page.get_by_role("button", name="I don't know")
        ).first.click()
    page.get_by_role("button", name="Show me what to do now").or_(page.get_by_text("what to do now")).first.click()


SHOTS: dict[str, tuple[str, dict[str, int], dict[str, Any], Any]] = {
    "doors-phone": ("index.html", PHONE, {}, None),
    "doors-dark": ("index.html", PHONE, {"color_scheme": "dark"}, None),
    "doors-desk": ("index.html", DESK, {}, None),
    "door-threatened": ("threatened.html", PHONE, {}, None),
    "question": ("start.html", PHONE, {}, None),
    "plan": ("threatened.html", PHONE, {}, answered),
    "guide": ("guide-intimate.html", PHONE, {}, None),
    "hash": ("hash.html", PHONE, {}, None),
}


@pytest.mark.parametrize("name", SHOTS)
def test_the_page_is_worth_a_picture(browser: Browser, site_url: str, tmp_path: Path, name: str) -> None:
    address, size, more, act = SHOTS[name]
    context = browser.new_context(viewport=size, **more)
    page = context.new_page()
    page.goto(site_url + address)
    page.wait_for_load_state("networkidle")
    if act:
        act(page)
    folder = SCREENS if WRITES else tmp_path
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    with Image.open(folder / f"{name}.png") as shot:
        assert len(shot.convert("RGB").getcolors(1 << 20) or ()) > 20


def test_the_docs_have_every_picture() -> None:
    assert {path.stem for path in SCREENS.glob("*.png")} >= set(SHOTS)
