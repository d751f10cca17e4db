"""The whole road in the local app, as a person walks it at a desk; then both disks are searched for what was typed.

The real `takeback`, a real Chromium with a profile of its own; the package is opened by the ordinary `age` program and
judged by the Library of Congress's `bagit`.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import bagit
import pytest
from conftest import CHROMIUM
from pypdf import PdfReader
from running import ABOUT_ADULTS, ADULT
from test_hash_page import drawing
from test_road_site import walk
from test_vault import age

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright, Request, Route

TAKEBACK = Path(sys.executable).with_name("takeback")
PASSPHRASE = "quarry lantern seventeen otter"
PACKAGE_PASSPHRASE = "meadow thimble nineteen heron"
WORDS = "Xq7words they made a picture of me and sent it round."
PLACE = "https://xq7place.example/post/1"
ORIGIN = "Xq7origin a chat"
CONTACT = "xq7contact@example.org"
NAME = "xq7name-holiday.png"
TYPED = ("Xq7words", "xq7place", "Xq7origin", "xq7contact", "xq7name", "Sam Xq7signed", PASSPHRASE, PACKAGE_PASSPHRASE)
ANSWERED = '"role":"depicted"'
PAGES = ("case", "case-file", "case-where", "case-words", "case-diary", "case-answers", "case-reports", "case-package", "case-log", "case-keys", "case-move", "case-capture", "case-window",
         "case-watch", "case-due", "case-services", "case-forget")  # fmt: skip


class Running:
    """`takeback`, started in a terminal without a browser."""

    def __init__(self, data: Path) -> None:
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment["TAKEBACK_DATA"] = str(data)
        self.process = subprocess.Popen(
            ["env", "--default-signal=INT", TAKEBACK],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        while "/enter/" not in (line := self.process.stdout.readline()):
            assert self.process.poll() is None
        self.address = line.strip()
        self.base = self.address.partition("enter/")[0]

    def ended(self, seconds: float) -> tuple[int, str]:
        """How it ended, and what it said on standard error."""
        _, said = self.process.communicate(timeout=seconds)
        return self.process.returncode, said


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def running(data: Path) -> Iterator[Running]:
    one = Running(data)
    yield one
    one.process.kill()
    one.process.communicate()


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def desk(playwright: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """A browser at a desk, with a profile on the disk as a person has one; it reaches nothing but this computer."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
        bypass_csp=False,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.route(
        lambda address: not address.startswith(("http://127.0.0.1", "blob:")),
        lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"),
    )
    said: list[str] = []
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    assert said == []


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main:visible").get_by_role("link", name=name).first.click()


def back(page: Page) -> None:
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url("**/case.html")


def saved(page: Page, button: object) -> bytes:
    """What a press hands over."""
    page.wait_for_load_state("load")  # a press that comes before it would stop the scripts from loading
    with page.expect_download() as download:
        button.click()  # type: ignore[attr-defined]
    return Path(download.value.path()).read_bytes()


def held(folder: Path, *traces: str | bytes) -> list[str]:
    """The files of a folder that hold any of these, as text of 8 or of 16 bits."""
    wanted = [
        form
        for one in traces
        for form in ([one] if isinstance(one, bytes) else [one.encode(), one.encode("utf-16-le")])
    ]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(trace in path.read_bytes() for trace in wanted)]


def keep(page: Page, passphrase: str = PASSPHRASE) -> None:
    press(page, "Keep this here")
    page.get_by_label("A passphrase").fill(passphrase)
    page.get_by_label("The same again").fill(passphrase)
    press(page, "Keep it")
    page.wait_for_url("**/case.html")


def change(page: Page, question: str, label: str) -> None:
    press(page, f"Change: {question}")
    page.get_by_label(label, exact=True).check()
    press(page, "Next")


def kept_without_questions(page: Page, given: dict[str, object]) -> None:
    """A case as keep.js keeps one."""
    body = json.dumps({"passphrase": PASSPHRASE, "given": given})
    assert page.evaluate("async (body) => (await fetch('case/keep', {method: 'POST', body})).status", body) == 200


def about_file(page: Page, age: str, bare: str) -> None:
    page.get_by_role("group", name="under 18").get_by_label(age, exact=True).check()
    page.get_by_role("group", name="naked").get_by_label(bare, exact=True).check()


def test_a_person_walks_the_road_at_a_desk_and_leaves_no_trace(
    running: Running, desk: BrowserContext, profile: Path, data: Path, tmp_path: Path
) -> None:
    picture = drawing()
    page = desk.pages[0]
    requests: list[Request] = []
    bodies: dict[int, bytes] = {}
    desk.on(
        "request",
        lambda request: (requests.append(request), bodies.update({id(request): request.post_data_buffer or b""})),
    )

    # ------------------------------------------------ a door, the questions, the plan, a hash: nothing is sent
    page.goto(running.address)
    follow(page, "Someone is threatening me")
    page.get_by_text("Go on: a few questions").click()
    page.wait_for_selector(".question")
    walk(page)
    assert page.locator(".line .point").count() >= 3
    page.get_by_text("Make the hash of a picture").click()
    page.get_by_text("No, only adults", exact=False).click()
    page.get_by_role("button", name="Yes", exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": NAME, "mimeType": "image/png", "buffer": picture})
    page.wait_for_selector(".hex")
    pdq = page.locator(".hex").first.inner_text().strip()
    assert all(request.method == "GET" for request in requests)
    assert not (data / "cases.sqlite3").exists()

    # ------------------------------------------------ kept, by a press, after two passphrases that are the same
    press(page, "Keep this here")
    page.get_by_label("A passphrase").fill("short")
    press(page, "Keep it")
    assert page.get_by_role("alert").inner_text() == "It needs at least 10 letters."
    page.get_by_label("A passphrase").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE + "x")
    press(page, "Keep it")
    assert page.get_by_role("alert").inner_text() == "The two are not the same. Type both again."
    assert all(request.method == "GET" for request in requests)
    press(page, "Back")
    assert page.locator(".line .point").count() >= 3
    keep(page)
    assert page.locator("h1").inner_text() == "Your case"

    # ------------------------------------------------ a place, a file, words
    follow(page, "Keep where it is")
    page.get_by_label("Address of the page or post").fill(PLACE)
    press(page, "Keep this place")
    page.wait_for_selector("article.kept")
    back(page)
    follow(page, "Keep a file")
    press(page, "Keep this file")  # the browser itself asks for an answer first
    about_file(page, "No", "Yes")
    press(page, "Keep this file")
    assert page.get_by_role("alert").inner_text() == "Choose a file first."
    page.locator("#file").set_input_files({"name": NAME, "mimeType": "image/png", "buffer": picture})
    page.get_by_label("Where you got it from").fill(ORIGIN)
    press(page, "Keep this file")
    page.wait_for_selector("article.kept")
    assert NAME in page.locator("article.kept").inner_text()
    back(page)
    follow(page, "Write what happened")
    page.get_by_label("What happened").fill(WORDS)
    page.get_by_label("How to reach you safely").fill(CONTACT)
    press(page, "Keep these words")
    page.wait_for_url("**/case.html")

    # ------------------------------------------------ the reports: the police account, and a notice that lacks a name
    follow(page, "See the reports")
    account = page.locator(".paper", has_text="A first account for the police")
    sheet = "\n".join(
        one.extract_text() for one in PdfReader(io.BytesIO(saved(page, account.get_by_text("As PDF")))).pages
    )
    assert WORDS in " ".join(sheet.split())
    assert "AB/1" in sheet
    assert "Act" not in sheet.replace("Actually", "")
    assert "offence" not in sheet.lower()
    account.get_by_text("Copy text").click()
    page.wait_for_selector("[role=status]:has-text('Copied')")
    assert WORDS in page.evaluate("navigator.clipboard.readText()")
    page.evaluate("navigator.clipboard.writeText('')")
    assert page.get_by_role("listitem").filter(has_text="TAKE IT DOWN Act").count() == 1  # three answers would tell
    page.get_by_role("link", name="Give these answers").click()
    change(page, "What is the fake thing (or the thing you are worried about)?", "A picture")
    change(page, "Is the person shown really under 18, or were they in the first photo?", "No")
    change(page, "Does the person in the picture look under 18?", "No")
    change(page, "Did the person shown say yes to it being shared like that, at that time?", "No")
    press(page, "What to do now")
    press(page, "Keep these")
    page.wait_for_url("**/case.html")
    page.get_by_role("link", name="Reports and notices").click()
    notice = page.locator(".paper", has_text="TAKE IT DOWN Act")
    assert "Which name should stand as your signature?" in notice.inner_text()
    assert notice.get_by_text("As text").count() == 0
    notice.get_by_role("link", name="Fill it in").click()
    page.get_by_label("Your name as a signature").fill("Sam Xq7signed")
    press(page, "Keep these words")
    page.wait_for_url("**/case.html")
    page.get_by_role("link", name="Reports and notices").click()
    assert notice.get_by_text("As text").count() == 0  # it leaves with its number, from its own page
    notice.get_by_role("button", name="Get it ready to send to").click()
    page.wait_for_url("**/case-notice/*")
    number = page.url.rpartition("/")[2]
    text = saved(page, page.get_by_role("button", name="As text")).decode()
    assert PLACE in text
    assert "Sam Xq7signed" in text
    assert WORDS not in text
    assert number in text
    assert json.loads(saved(page, page.get_by_role("button", name="For a program")))["id"] == number
    page.goto(running.base + "case-reports.html")

    # ------------------------------------------------ the package, sealed
    follow(page, "Go on: the package")
    page.get_by_label("A passphrase for this package").fill(PACKAGE_PASSPHRASE)
    page.wait_for_load_state()
    with page.expect_download() as download:
        assert not page.get_by_text("Takeback is making it").first.is_visible()
        press(page, "Save it sealed")
        page.locator("#sealed [data-making]").wait_for()
    assert download.value.suggested_filename == "files.zip"
    opened = open_package(Path(download.value.path()), tmp_path / "opened")
    assert bagit.Bag(str(opened)).validate()
    assert (opened / "data/exhibits/AB-1/AB-1.png").read_bytes() == picture
    verified = subprocess.run([TAKEBACK, "verify", opened, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(verified.stdout)["ok"] is True

    # ------------------------------------------------ locked, a wrong passphrase, open again
    page.goto(running.base + "case.html")
    press(page, "Lock it now")
    page.get_by_label("Passphrase").fill("Xq7wrong passphrase")
    press(page, "Open it")
    page.wait_for_selector("[role=alert]:visible")
    assert "That passphrase doesn't open this" in page.get_by_role("alert").inner_text()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(page, "Open it")
    page.wait_for_selector("text=What is kept")
    page.get_by_role("link", name="What happened in this case").click()
    assert page.locator(".point").first.inner_text().startswith("The case was opened")

    # ------------------------------------------------ out: every trace is looked for
    page.locator("#exit").click()
    page.wait_for_url("https://www.bbc.co.uk/**")
    assert running.ended(10) == (0, "")
    sent = [
        (one.method, one.url.removeprefix(running.base), bodies[id(one)])
        for one in requests
        if one.url.startswith(running.base)
    ]
    assert {one.url.split("/")[2] for one in requests if not one.url.startswith(("blob:", "data:"))} <= {
        running.base.split("/")[2], "www.bbc.co.uk",
    }  # fmt: skip
    assert [path for _, path, body in sent if picture[:200] in body or b"PNG" in body] in ([], ["case/file"])
    assert [path for method, path, _ in sent if method == "PUT"] == ["case/file"]
    assert [path for _, path, body in sent if b'"role"' in body] == ["case/keep", "case/answers"]
    assert all("?" not in path and "#" not in path for _, path, _ in sent)
    assert not [path for _, path, _ in sent for trace in (*TYPED, "depicted", pdq) if trace in path]
    desk.close()
    digest = json.loads((opened / "data/exhibits.json").read_text())["exhibits"][0]["sha256"]
    assert held(profile, *TYPED, ANSWERED, "Xq7wrong", pdq, digest, picture[100:140]) == []
    assert held(data, *TYPED, "depicted", "Xq7wrong", pdq, digest, picture[100:140], picture[:8]) == []


def open_package(package: Path, into: Path) -> Path:
    """A sealed package, opened as its own HOW-TO-OPEN.txt says, with the ordinary `age`."""
    with zipfile.ZipFile(package) as zipped:
        zipped.extractall(into)
    assert "age -d" in (into / "HOW-TO-OPEN.txt").read_text()
    (into / "key.txt").write_bytes(age("-d", into / "key.age", typed=PACKAGE_PASSPHRASE))
    plain = age("-d", "-i", into / "key.txt", into / "package.tar.age")
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        for one in filter(tarfile.TarInfo.isfile, tar):  # Debian 12's extractall knows no filter
            assert ".." not in Path(one.name).parts
            place = into / one.name.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(tar.extractfile(one).read())  # type: ignore[union-attr]
    return into / "package"


def test_the_search_of_both_disks_would_find_what_was_kept_readable(
    desk: BrowserContext, profile: Path, running: Running
) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    page.evaluate("localStorage.setItem('answer', 'Xq7words')")
    page.wait_for_timeout(1500)
    desk.close()
    assert held(profile, *TYPED) != []


# ---------------------------------------------------------------- the child rule


def test_a_case_with_someone_under_18_has_no_way_to_choose_a_file(
    running: Running, desk: BrowserContext, data: Path
) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, {**ADULT, "under18_real": "yes"})
    for name in PAGES:
        page.goto(f"{running.base}{name}.html")
        assert page.locator("input[type=file]").count() == 0, name
    page.goto(running.base + "case-file.html")
    assert page.get_by_role("heading", name="You are not in trouble").is_visible()
    assert page.locator("a[href^='tel:']").first.is_visible()
    answered = page.evaluate(
        "async ([about, picture]) => { const answer = await fetch('case/file', {method: 'PUT', body: picture,"
        " headers: {'Takeback-Answers': about}}); return [answer.status, await answer.text()] }",
        [json.dumps(ABOUT_ADULTS), "a picture"],
    )
    assert answered[0] == 403
    assert answered[1].startswith("Someone under 18 may be in this picture, so Takeback won't open it.")
    assert not [path for path in (data / "blobs").rglob("*") if path.is_file()]
    follow(page, "In your own words")
    page.get_by_label("What happened").fill("They said they would send it.")
    press(page, "Keep these words")
    page.wait_for_url("**/case.html")


@pytest.mark.parametrize(
    ("age", "bare"), [("Yes", "Yes"), ("Not sure", "Yes"), ("Yes", "Not sure"), ("Not sure", "Not sure")]
)
def test_a_file_that_the_rule_refuses_is_let_go_before_a_byte_is_sent(
    running: Running, desk: BrowserContext, age: str, bare: str
) -> None:
    page = desk.pages[0]
    methods: list[str] = []
    desk.on("request", lambda request: methods.append(request.method))
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    page.goto(running.base + "case-file.html")
    about_file(page, age, bare)
    page.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": drawing()})
    press(page, "Keep this file")
    page.wait_for_selector("text=You are not in trouble")
    assert page.locator("input[type=file]").count() == 0
    assert page.locator("main").get_by_role("link", name="Call").first.is_visible()
    assert "PUT" not in methods


# ---------------------------------------------------------------- corrected, killed, closed


def test_answers_are_gone_through_again_and_the_new_version_is_kept(running: Running, desk: BrowserContext) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    page.goto(running.base + "case-answers.html")
    press(page, "Change: Is the person shown really under 18, or were they in the first photo?")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Next")
    press(page, "What to do now")
    press(page, "Keep these")
    page.wait_for_url("**/case.html")
    page.goto(running.base + "case-file.html")
    assert page.get_by_role("heading", name="You are not in trouble").is_visible()
    page.goto(running.base + "case-log.html")
    assert page.get_by_text("Answers were kept").count() == 2


def test_killed_in_the_middle_of_a_file_nothing_is_half_kept(
    running: Running, desk: BrowserContext, data: Path, tmp_path: Path
) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    page.goto(running.base + "case-file.html")
    about_file(page, "No", "No")
    page.locator("#file").set_input_files({"name": "small.png", "mimeType": "image/png", "buffer": drawing()})
    press(page, "Keep this file")
    page.wait_for_selector("article.kept")
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(1 << 30)
    about_file(page, "No", "No")
    page.locator("#file").set_input_files(large)
    press(page, "Keep this file")
    page.wait_for_selector(".progress:visible")
    began = time.monotonic()
    while not list((data / "blobs").rglob("*.part")):
        assert time.monotonic() - began < 20
    running.process.send_signal(signal.SIGKILL)
    running.process.communicate()
    page.wait_for_selector("text=Takeback did not answer, so this was not kept")

    again = Running(data)
    try:
        page.goto(again.address)
        page.goto(again.base + "case.html")
        page.get_by_label("Passphrase").fill(PASSPHRASE)
        press(page, "Open it")
        page.wait_for_selector("text=What is kept")
        page.goto(again.base + "case-file.html")
        assert page.locator("article.kept").count() == 1
        page.goto(again.base + "case-package.html")
        page.get_by_label("A passphrase for this package").fill(PACKAGE_PASSPHRASE)
        with page.expect_download() as download:
            press(page, "Save it sealed")
        assert bagit.Bag(str(open_package(Path(download.value.path()), tmp_path / "opened"))).validate()
    finally:
        again.process.kill()
        again.process.communicate()


def test_the_app_stops_a_little_after_its_last_page_closes(running: Running, desk: BrowserContext) -> None:
    page, other = desk.pages[0], desk.new_page()
    page.goto(running.address)
    other.goto(running.base + "help.html")
    page.close()
    time.sleep(3)
    assert running.process.poll() is None  # the other page listens now
    other.goto("about:blank")
    assert running.ended(25) == (0, "")


def test_every_page_turns_away_when_the_case_locks_in_one_of_them(running: Running, desk: BrowserContext) -> None:
    page, other = desk.pages[0], desk.new_page()
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    page.goto(running.base + "case.html")
    other.goto(running.base + "case-words.html")
    press(page, "Lock it now")
    other.wait_for_selector("text=Open your case", timeout=10_000)


def test_the_copy_of_a_page_that_a_browser_keeps_for_back_is_blank_and_asks_anew(
    running: Running, desk: BrowserContext
) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, {**ADULT, "words": WORDS})
    page.goto(running.base + "case-words.html")
    send = "(kind) => void dispatchEvent(new PageTransitionEvent(kind, {persisted: true}))"
    page.evaluate(send, "pagehide")  # as the browsers do that keep one: Chromium keeps none of ours
    assert not page.locator("#what").is_visible()
    page.evaluate("fetch('case/lock', {method: 'POST'})")
    with page.expect_navigation():
        page.evaluate(send, "pageshow")
    assert WORDS not in page.content()


def test_nothing_of_a_case_stays_on_the_screen_of_an_app_that_has_stopped(
    running: Running, desk: BrowserContext
) -> None:
    page, other = desk.pages[0], desk.new_page()
    page.goto(running.address)
    kept_without_questions(page, {**ADULT, "words": WORDS})
    for one in (page, other):
        one.goto(running.base + "case-words.html")
        assert WORDS in one.locator("#what").input_value()
    running.process.send_signal(signal.SIGINT)
    for one in (page, other):
        one.wait_for_selector("text=Takeback has stopped", timeout=20_000)
        assert one.locator("#what").count() == 0


def test_exit_in_one_page_closes_all_of_them(running: Running, desk: BrowserContext) -> None:
    page, other = desk.pages[0], desk.new_page()
    page.goto(running.address)
    kept_without_questions(page, {**ADULT, "words": WORDS})
    other.goto(running.base + "case-words.html")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/**")
    other.wait_for_selector("text=Takeback has stopped", timeout=10_000)
    assert WORDS not in other.content()
    assert running.ended(10) == (0, "")
    assert desk.cookies(running.base) == []


# ---------------------------------------------------------------- for everyone


def test_axe_finds_nothing_on_any_page_of_a_case_by_day_and_by_night(running: Running, playwright: Playwright) -> None:
    from axe_playwright_python.sync_playwright import Axe

    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    found: list[object] = []

    def look(name: str) -> None:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, (
                name,
                width,
            )
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            violations = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
            found.extend((name, scheme, one["id"], one["nodes"][0]["target"], one["help"]) for one in violations)

    page.goto(running.address)
    page.goto(running.base + "case.html")
    look("nothing kept")
    kept_without_questions(page, ADULT)
    for name in PAGES:
        page.goto(f"{running.base}{name}.html")
        page.wait_for_selector("h1:not(:text('A moment'))")
        look(name)
    fill_a_case(page, running.base)
    for name in PAGES:
        page.goto(f"{running.base}{name}.html")
        page.wait_for_selector("h1:not(:text('A moment'))")
        look(f"{name}, filled")
    for name, wait in by_a_press(page, running.base):
        page.wait_for_selector(f"h1:has-text('{wait}')")
        look(name)
    page.goto(running.base + "case.html")
    press(page, "Lock it now")
    page.wait_for_selector("text=Open your case")
    look("locked")
    for name in ("case-forgot", "case-bring"):
        page.goto(f"{running.base}{name}.html")
        page.wait_for_selector("h1:not(:text('A moment'))")
        look(name)
    page.goto(running.base + "start.html")
    page.wait_for_selector(".question")
    press(page, "What to do now")
    press(page, "Keep this here")
    press(page, "Keep it")
    look("keep")
    assert found == []
    assert said == []
    browser.close()


def by_a_press(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """The pages that no address leads to, one after another, each with the heading to wait for."""
    page.goto(base + "case-file.html")
    about_file(page, "No", "No")
    chat = b"03/05/2026, 21:14 - Sam: look at this\n03/05/2026, 21:15 - Mara: take it down\n"
    page.get_by_label("What it is").select_option("chat")
    page.locator("#file").set_input_files({"name": "chat.txt", "mimeType": "text/plain", "buffer": chat})
    press(page, "Keep this file")
    press(page, "Read AB/2 here")
    yield "case-read", "AB/2"
    page.goto(base + "case-file.html")
    press(page, "What AB/1 says of itself")
    yield "case-examine", "AB/1"
    page.goto(base + "case-keys.html")
    page.locator("#prove").fill(PASSPHRASE)
    press(page, "Make a recovery sheet")
    yield "case-sheet", "sheet"


def fill_a_case(page: Page, base: str) -> None:
    """One of everything, by the pages' own forms."""
    page.goto(base + "case-where.html")
    page.get_by_label("Address of the page or post").fill(PLACE)
    press(page, "Keep this place")
    page.wait_for_selector("article.kept")
    for words in ("first", "second"):
        page.goto(base + "case-words.html")
        page.get_by_label("What happened").fill(words)
        press(page, "Keep these words")
        page.wait_for_url("**/case.html")
    page.goto(base + "case-file.html")
    about_file(page, "No", "No")
    page.locator("#file").set_input_files({"name": NAME, "mimeType": "image/png", "buffer": drawing()})
    press(page, "Keep this file")
    page.wait_for_selector("article.kept")


def test_exit_and_back_are_in_the_same_place_on_every_page_of_a_case(running: Running, desk: BrowserContext) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    fill_a_case(page, running.base)
    exits, lefts, presses = set(), set(), {}
    for name in PAGES:
        page.goto(f"{running.base}{name}.html")
        page.wait_for_selector("h1:not(:text('A moment'))")
        exits.add(str(page.locator("#exit").bounding_box()))
        lefts.add(page.locator(".actions .back").bounding_box()["x"])  # type: ignore[index]
        presses[name] = page.locator(".primary:visible").count()
    assert len(exits) == len(lefts) == 1
    assert set(presses.values()) <= {0, 1}
    assert [name for name, count in presses.items() if count == 0] == ["case-log"]


def test_a_press_before_the_scripts_are_there_waits_for_them_and_loses_nothing(
    running: Running, desk: BrowserContext
) -> None:
    page = desk.pages[0]
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    waiting: list[Route] = []
    desk.route("**/static/case.js", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright writes on it
    page.goto(running.base + "case-diary.html", wait_until="commit")
    page.locator("#what").fill(WORDS)
    with page.expect_request("**/case/incident") as request:
        page.get_by_role("button", name="Keep this entry").click(no_wait_after=True)
        page.wait_for_timeout(100)
        waiting.pop().continue_()
    assert request.value.headers["accept"] == "text/plain"
    page.wait_for_selector("[role=alert]:has-text('Say when it happened')")
    assert page.locator("#what").input_value() == WORDS

    # ------------------------------------------------ where they never come, the form goes the plain way
    page.goto(running.base + "case-words.html", wait_until="commit")
    page.locator("#what").fill(WORDS)
    page.get_by_role("button", name="Keep these words").click(no_wait_after=True)
    page.wait_for_timeout(100)
    desk.unroute("**/static/case.js")
    waiting.pop().abort()
    page.wait_for_url("**/case.html")


def test_without_scripts_everything_but_files_and_questions_works(running: Running, playwright: Playwright) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    context = browser.new_context(java_script_enabled=False)
    page = browser.new_page()
    page.goto(running.address)
    kept_without_questions(page, ADULT)
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(running.base + "case-words.html")
    page.get_by_label("What happened").fill(WORDS)
    press(page, "Keep these words")
    page.wait_for_url("**/case.html")
    page.goto(running.base + "case-file.html")  # a press before the script is there must not send answers as an address
    assert page.get_by_role("button", name="Keep this file").is_disabled()
    assert page.locator("#keep-file").get_attribute("method") == "post"
    page.goto(running.base + "case-reports.html")
    account = page.locator(".paper", has_text="A first account for the police")
    assert WORDS in saved(page, account.get_by_text("As text")).decode()
    page.goto(running.base + "case.html")
    press(page, "Lock it now")
    page.get_by_label("Passphrase").fill("not this one")
    press(page, "Open it")
    page.wait_for_selector("text=That passphrase doesn't open this")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(page, "Open it")
    page.wait_for_selector("text=What is kept")
    browser.close()
