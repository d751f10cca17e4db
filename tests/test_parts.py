"""A part of a person's own picture in another: found where it is, not where it is not; drawn without a pixel."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hostile import saved, scene
from PIL import Image, ImageOps
from running import ABOUT_ADULTS, App
from test_cli import takeback

from takeback import features, patches, provenance
from takeback.cage import Cage, beside
from takeback.patches import Laid, Patch, View
from takeback.provenance import Compared, drawing
from takeback.seen import Seen
from takeback.terms import Sums
from takeback.web import guard, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

SHOTS = os.environ.get("TAKEBACK_SHOT")
SUMS = Sums("0" * 64, "0" * 32, 1)


def pasted(part: Image.Image, into: Image.Image, at: tuple[int, int] = (40, 60)) -> Image.Image:
    made = into.copy()
    made.paste(part, at)
    return made


MINE, OTHERS = scene(1), scene(2)
FACE = MINE.crop((100, 80, 260, 220))


@pytest.fixture(scope="module")
def caged() -> Iterator[Cage]:
    with Cage(command=beside.COMMAND) as running:
        yield running


@pytest.fixture(scope="module")
def laid(caged: Cage) -> Laid:
    made = pasted(FACE.resize((120, 105)), OTHERS)
    return beside.lay(saved(made, "JPEG", quality=75), saved(MINE, "JPEG", quality=85), views=True, within=caged)


def looked(image: Image.Image, *, mirrored: bool = False) -> features.Features:
    return features.of(image.convert("RGB").tobytes(), image.height, image.width, mirrored=mirrored)


@cache
def mine() -> tuple[features.Features, features.Features]:
    return looked(MINE), looked(MINE, mirrored=True)


def common(made: Image.Image) -> tuple[Patch, ...]:
    here, (as_it_is, turned) = looked(made), mine()
    return (*features.common(here, as_it_is), *features.common(here, turned, mirrored=True))


# ---------------------------------------------------------------- found, and not found


def test_a_part_that_was_pasted_into_another_picture_is_found_where_it_is(laid: Laid) -> None:
    best = laid.patches[0]
    assert best.agree >= features.AGREE
    for outline, (left, top, right, bottom) in ((best.first, (40, 60, 160, 165)), (best.second, (100, 80, 260, 220))):
        across, down = zip(*outline, strict=True)
        assert left / 480 - 0.03 <= min(across) / 1000 <= max(across) / 1000 <= right / 480 + 0.03
        assert top / 360 - 0.03 <= min(down) / 1000 <= max(down) / 1000 <= bottom / 360 + 0.03


@pytest.mark.parametrize(
    ("way", "made"),
    [
        ("a crop of a quarter", MINE.crop((200, 100, 440, 280))),
        ("in grey, and at half the size", pasted(ImageOps.grayscale(FACE), OTHERS).resize((300, 225))),
        ("turned", pasted(FACE.rotate(20, Image.Resampling.BICUBIC, expand=True), OTHERS)),
        ("a quarter wider", pasted(FACE.resize((200, 140)), OTHERS)),
        ("in a collage", pasted(MINE.resize((240, 180)), OTHERS, (240, 180))),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_part_is_found_whatever_was_done_to_the_whole(way: str, made: Image.Image) -> None:
    assert common(made), way


def test_a_part_that_stands_there_as_in_a_mirror_is_told_as_such_and_drawn_where_it_is() -> None:
    (best, *_) = common(pasted(ImageOps.mirror(FACE), OTHERS))
    assert best.mirrored
    across = [x for x, _ in best.second]
    assert min(across) / 1000 >= 100 / 480 - 0.03
    assert max(across) / 1000 <= 260 / 480 + 0.03


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_different_pictures_share_no_part(seed: int) -> None:
    assert common(scene(seed)) == ()


def test_shuffled_pieces_of_a_picture_are_no_one_part() -> None:
    # What is alike must also lie alike: the geometry decides, not the count of likenesses.
    chance, tile = np.random.default_rng(3), 24
    made = Image.new("RGB", MINE.size)
    spots = [(x, y) for y in range(0, 360, tile) for x in range(0, 480, tile)]
    for (x, y), where in zip(spots, chance.permutation(len(spots)), strict=True):
        made.paste(MINE.crop((x, y, x + tile, y + tile)), spots[where])
    assert common(made) == ()


def test_a_picture_without_detail_abstains_and_shows_nothing_unasked(caged: Cage, laid: Laid) -> None:
    plain = saved(Image.new("RGB", (300, 300), (90, 120, 60)), "PNG")
    found = beside.lay(plain, saved(MINE, "PNG"), within=caged)
    assert (found.why, found.views) == ("too-plain", ())
    assert [(one.cols, one.rows) for one in laid.views] == [(320, 240), (320, 240)]


def test_what_is_no_picture_abstains(caged: Cage) -> None:
    assert beside.lay(b"words and nothing else", saved(MINE, "PNG"), within=caged).why == "not-pictures"
    assert beside.lay(saved(MINE, "PNG"), b"", within=caged).why == "not-pictures"


# ---------------------------------------------------------------- a stranger's answer


SOUND = Laid((Patch(20, False, ((1, 2), (3, 4)), ((5, 6),), (((1, 2), (5, 6)),)),), None, ((4, 3), (8, 6)), "5.0.0", (View(1, 1, b"abc"),))  # fmt: skip


def test_an_answer_comes_back_as_it_went() -> None:
    assert patches.read(patches.as_json(SOUND)) == SOUND


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("why", "made by hand"),
        ("shapes", [[0, 3]]),
        ("shapes", [[1, 1], [1, 1], [1, 1]]),
        ("patches", [{"agree": 20, "mirrored": False, "first": [[1, 2000]], "second": [], "lines": []}]),
        ("patches", [{"agree": "20", "mirrored": False, "first": [], "second": [], "lines": []}]),
        ("patches", [{"agree": 20, "mirrored": False, "first": [["<b>", 2]], "second": [], "lines": []}]),
        ("views", [{"rows": 2, "cols": 1, "rgb": "00"}]),
        ("views", [{"rows": 4000, "cols": 1, "rgb": "00" * 12000}]),
        ("patches", "all of it"),
        ("library", "5.0\x1b[2J"),
        ("library", "5" * 41),
    ],
)
def test_an_answer_that_makes_no_sense_counts_as_none(name: str, value: object) -> None:
    said = json.loads(patches.as_json(SOUND))
    assert patches.read(json.dumps({**said, name: value}).encode()) == Laid(why="stopped")


@pytest.mark.parametrize("raw", [b"", b"null", b"[" * 90_000, b" " * (patches.MOST_ANSWER + 1)])
def test_no_answer_is_no_crash(raw: bytes) -> None:
    assert patches.read(raw).why == "stopped"


# ---------------------------------------------------------------- what is said


def said(*compared: Compared) -> provenance.Report:
    return provenance.report(Seen("JPEG"), SUMS, date(2026, 11, 24), compared=compared)


def test_a_part_is_a_finding_and_none_is_quiet(laid: Laid) -> None:
    made = said(Compared("mine.jpg", False, laid), Compared("other.jpg", False, Laid(shapes=((1, 1), (1, 1)))))
    found = {one.id: one for one in made.findings if one.method == "original-parts"}
    assert found["same-part"].loud
    assert not found["no-part"].loud
    assert "does not say which of the two came first" in found["same-part"].limits
    assert "original-parts" in made.ran
    assert dict(made.settings)["OpenCV"] == features.version()


def test_without_the_library_it_could_not_run_because() -> None:
    made = said(Compared("mine.jpg", None, Laid(why="no-library")))
    (missed,) = (one.because for one in made.not_run if one.method == "original-parts")
    assert "not installed" in missed
    assert not [one for one in made.findings if one.method == "original-parts"]


def test_where_it_could_be_looked_at_beside_one_and_not_beside_another_both_are_told() -> None:
    whole = Laid(shapes=((1, 1), (1, 1)))
    made = said(Compared("mine.jpg", False, whole), Compared("mine.mp4", None, Laid(why="not-pictures")))
    assert {"no-part", "part-unknown"} == {one.id for one in made.findings if one.method == "original-parts"}


# ---------------------------------------------------------------- the drawing


def test_the_drawing_is_outlines_and_lines_and_nothing_of_the_pictures(laid: Laid) -> None:
    one = Compared("<mine>.jpg", False, laid).data()
    root = ET.fromstring(drawing.svg(one["shapes"], one["patches"]))
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds == {"svg", "title", "style", "rect", "text", "polygon", "line"}
    _, _, wide, high = map(float, root.get("viewBox", "").split())
    for line in root.iter("{http://www.w3.org/2000/svg}line"):
        assert 0 <= float(line.get("x1", "-1")) < wide / 2 < float(line.get("x2", "-1")) <= wide
        assert 0 <= float(line.get("y1", "-1")) <= high


def test_the_command_draws_it(tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_bytes(saved(MINE, "PNG"))
    (tmp_path / "theirs.jpg").write_bytes(saved(pasted(FACE, OTHERS), "JPEG", quality=80))
    asked = ("examine", tmp_path / "theirs.jpg", "--original", tmp_path / "mine.png", "--drawing", tmp_path / "a.svg")
    done = takeback(*asked)
    assert done.returncode == 0
    assert "A part of your picture stands in this file." in done.stdout
    assert ET.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


SHOWN = """async () => Promise.all([...document.querySelectorAll("image")].map(async (one) => {
  const image = new Image();
  image.src = one.getAttribute("href");
  await image.decode();
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const grey = data.every((shade, at) => at % 4 === 3 || shade === data[at - at % 4]);
  return [image.width, grey];
}))"""
BLUR, CLEAR = [[10, True], [10, True]], [[320, False], [320, False]]


def test_on_the_page_both_pictures_are_a_grey_blur_until_a_button_is_held(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    app = App()
    app.enter()
    app.open()
    for image in (pasted(FACE, OTHERS), MINE):
        assert app.put_file(saved(image, "PNG"), ABOUT_ADULTS).status == 200
    said = app.post("/case/examine", {"ref": "AB/1", "original": "AB/2"}).text
    app.desk.leave()
    app.close()
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.route("http://page.test/**", lambda route: _served(route, said))
    page.goto("http://page.test/")
    press = page.get_by_role("button", name="Hold to see both")
    press.wait_for()
    assert page.evaluate(SHOWN) == BLUR
    press.hover()
    page.mouse.down()
    assert page.evaluate(SHOWN) == CLEAR
    page.mouse.up()
    assert page.evaluate(SHOWN) == BLUR
    press.focus()
    page.keyboard.down(" ")
    assert page.evaluate(SHOWN) == CLEAR
    page.keyboard.up(" ")
    assert page.evaluate(SHOWN) == BLUR
    assert page.locator("image[data-rgb]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if SHOTS:
        page.screenshot(path=SHOTS, full_page=True)
    page.close()


def _served(route: Route, text: str) -> None:
    """The page that was answered, with the rules that the app sends; and its own files."""
    name = route.request.url.rpartition("/")[2]
    file = Path(pages.__file__).parent / "static" / name
    if not name:
        route.fulfill(body=text, content_type="text/html", headers={"Content-Security-Policy": guard.POLICY})
    elif file.is_file():
        route.fulfill(path=file, content_type="text/javascript" if name.endswith("js") else "text/css")
    else:
        route.abort()
