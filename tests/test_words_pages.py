"""In a made-up language in which every letter has an accent, nothing that a person reads is plain English any more."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import random
import re
import threading
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pseudo
import pytest
from conftest import ON, Quiet
from origins import LABELLED, PLAIN
from pypdf import PdfReader
from running import ABOUT_ADULTS, ADULT, App

from takeback import (
    catalogues,
    cli,
    clips,
    clock,
    documents,
    heard,
    keeping,
    likeness,
    looks,
    packs,
    papers,
    places,
    recipients,
    recordings,
    registers,
    sending,
    site,
    sound,
    spans,
    start,
    telling,
    terminal,
    tracking,
    triage,
    words,
)
from takeback.errors import UNREACHED
from takeback.heard import Heard
from takeback.markup import Page
from takeback.terms import Account, Address, Fetched, Incident, Signal, Situation
from takeback.web import case as case_pages
from takeback.web import pages, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

STAYS = re.compile(
    r"Takeback|StopNCII|Take It Down|UTC|GMT|BST|https?://\S+|\S+@\S+|SHA-256|PDQ|MD5"
    r"|\b[\w.-]+\.(?:org|com|uk|gov|net|app|io|social|info|fm|me|tv|au|eu|co|scot|wales|ca|ie|fr|zip|docx|csv)\b\S*"
)
"""What stays as it is in every language: our name and those of removal services, addresses, names of hashes. Citations stand in their own element."""

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


TYPED = "Слова"
"""What the person of the case typed: no letter of it is Latin, so that what is left in English on a page is ours."""

TOLD = {**ADULT, "shared": "yes", "online": "yes", "lives_in": "uk", "victim_age_band": "18plus"}
STAY = (
    r"1\.png", "JPEG", "PNG", "AUTOMATIC1111 or a relative", "Google: Gemini", "OpenAI: verify", "ElevenLabs: audio detector",
    r"instagrarn\.com", "^(?:From|To|Subject|DKIM-Signature)$", "v=1; d=clips.*", r"TB-2222-222\d", r"AB/\d", r"Cq\d",
    r"bit\.ly", "Instagram", "Meta", r"clips\.example", "IG-77", "eml", "Europe/London", "https?", r"mail\._domainkey",
)  # fmt: skip
"""What else stays on the pages of this case: names of sites, files and programs, numbers, an e-mail's own headers."""
MAIL = (
    "From: a@clips.example\r\nTo: b@clips.example\r\nDKIM-Signature: v=1; d=clips.example; s=mail; b=AAAA\r\n"
    f"Subject: {TYPED}\r\n\r\n{TYPED}\r\n"
).encode()
ENGLISH_LAST = {"Accept-Language": "qps"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a case in which everything happened, where a file of the made-up language lies with the languages."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "locale").mkdir()
    (folder / "locale" / "qps.po").write_text(pseudo.text())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "FOLDER", folder / "locale")
        patch.setenv("TAKEBACK_DATA", str(folder / "data"))
        patch.setattr(shelf, "BEAT", 0.1)
        running = App()
        running.enter()
        running.open(TOLD)
        yield fill(running)
        running.desk.leave()
        running.close()


def kept(app: App) -> keeping.OpenCase:
    assert app.desk.open_case is not None
    return app.desk.open_case


def fill(app: App) -> App:
    """A case with words, a diary, places, files, a look, and a notice in every state."""
    case, start = kept(app), case_pages.now() - timedelta(days=9)
    case.answer(Situation({**TOLD, "media": ("image",)}), start)
    for words_ in (TYPED, TYPED * 2):
        case.say(Account(words=words_, contact="b@clips.example", signature=TYPED, authority=TYPED), start)
        case.remember(Incident("d1", start.date().isoformat(), TYPED, words_), start)
    urls = [f"https://www.instagram.com/p/Cq{n}/" for n in range(5)]
    for number, url in enumerate(
        (*urls, "https://clips.example/9", "https://192.0.2.1:81/a", "https://instagrarn.com/1")
    ):
        case.point(Address(f"a{number}", url=url, account=TYPED, seen_at="1"), start)
    case.point(Address("words", account=TYPED), start)
    about = {"Takeback-Answers": json.dumps(ABOUT_ADULTS), "Takeback-Sort": "mail", "Content-Type": "message/rfc822"}
    app.ask("PUT", "/case/file", MAIL, headers={"Origin": app.origin, **about})
    app.put_file(MAIL, ABOUT_ADULTS, "1.eml", "message/rfc822")
    app.post("/case/withdraw", {"ref": "AB/2"})
    for picture in (LABELLED["a1111.png"][0], PLAIN["plain.jpg"]):
        app.put_file(picture, ABOUT_ADULTS, "1.png")
    for state in ("drafted", "sent", "overdue", "refused", "removed", "reappeared", "asks", "due"):
        notice(app, state, urls[0], start)
    case.add("hosting", registers.Hosting("clips.example").data(), start)
    case.add("watch", {"on": True, "unknown": False}, start)
    case.add("key", {"name": recipients.NEW_SHEET}, start)
    case.add("package", {"how": "plain", "stamped": start.isoformat()}, start)
    case.add("exported", {"letter": "plan", "name": "1"}, start)
    return app


def notice(app: App, state: str, url: str, start: datetime) -> None:
    """One notice, and what came of it."""
    case, number = kept(app), f"TB-2222-{NUMBERS[state]}"
    with words.speaking(pseudo.catalogue()):
        sending.ready(case, "uk-intimate-48h", "instagram", number, start)
    if state == "drafted":
        return
    zone = spans.zone(spans.HOME)

    def about() -> clock.Tracked:
        return tracking.one(case, number, case_pages.now(), zone)

    sent_at = start if state != "due" else case_pages.now() - timedelta(hours=5)
    told = {"at": sent_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S"), "zone": str(zone), "reference": "IG-77"}
    sending.sent(case, about(), told, case_pages.now())
    told["at"] = (start + timedelta(hours=1)).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    says = {"refused": "refused", "removed": "removed", "asks": "asks"}.get(state)
    if says:
        sending.answered(case, about(), {**told, "says": says, "words": TYPED, "ref": "AB/1"}, case_pages.now())
    for seen in {"overdue": ("same",), "reappeared": ("gone", "same")}.get(state, ()):
        sending.looked(case, about(), url, seen, case_pages.now())
    if state == "overdue":
        sending.undo(case, case.events()[-1].sequence, TYPED, case_pages.now())
        sending.looked(case, about(), url, "same", case_pages.now())


NUMBERS = {
    name: f"222{n + 2}"
    for n, name in enumerate(("drafted", "sent", "overdue", "refused", "removed", "reappeared", "asks", "due"))
}


def plain(page: str) -> list[str]:
    """What of a page of the filled case is English."""
    return pseudo.left_in_english(page, ("cite", "hex", "quotes"), re.compile("|".join((STAYS.pattern, *STAY))))


@pytest.mark.parametrize("name", [*case_pages.PAGES, "case-watch.html", "case-forgot.html", "case-bring.html"])
def test_no_page_of_a_case_is_left_in_english(name: str, app: App) -> None:
    assert plain(app.get(f"/{name}", **ENGLISH_LAST).text) == []


@pytest.mark.parametrize("state", NUMBERS)
def test_no_page_of_a_notice_is_left_in_english_but_the_notice_itself(state: str, app: App) -> None:
    page = app.get(f"/case-notice/TB-2222-{NUMBERS[state]}", **ENGLISH_LAST)
    assert (page.status, plain(page.text)) == (200, [])


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/case/read", {"ref": "AB/1"}),
        ("/case/examine", {"ref": "AB/3"}),
        ("/case/examine", {"ref": "AB/4"}),
        (
            "/case/found",
            {"text": "https://www.instagram.com/p/Cq9/ https://user@clips.example/ https://clips.example:81/"},
        ),
        ("/case/found", {"text": "//x\nhttps://\nhttps://a b.example/\nhttps://bit.ly/3xYz"}),
        ("/case/package", {"passphrase": "1"}),
        ("/case/package", {"how": "plain", "folder": "1"}),
        ("/case/package", {"how": "key", "key": "1"}),
        ("/case/stamp", {"folder": "/1", "stamp": "https://clips.example/"}),
        ("/case/receipt", {"notice": "TB-2222-2222", "at": "1"}),
        ("/case/ready", {"letter": "1"}),
        ("/case/erase", {"case": "1"}),
    ],
)
def test_no_answer_to_a_form_is_left_in_english(path: str, form: dict[str, str], app: App) -> None:
    assert plain(app.post(path, form, **ENGLISH_LAST, Accept="text/html").text) == []


def test_what_others_read_stays_in_english_whatever_the_person_reads(app: App) -> None:
    at = case_pages.now()
    with words.speaking(pseudo.catalogue()):
        about = tracking.one(kept(app), f"TB-2222-{NUMBERS['overdue']}", at, spans.zone(spans.HOME))
        parts = {part.path: b"".join(part.chunks) for part in sending.overdue_package(kept(app), about, at)}
        papers = [
            telling.document(kept(app), letter, form, at)
            for letter, form in (("police-account", "txt"), ("diary", "txt"))
        ]
    parts |= {one.name: one.content for one in papers}
    read = {name: printed(text) for name, text in parts.items() if not name.endswith(".eml")}
    assert {"data/index.html", "data/summary.pdf", "data/VERIFY.txt", "account.txt", "diary.txt"} < set(read)
    assert [name for name, text in read.items() if set(text) & set(pseudo.MARKED)] == []


def test_no_printed_plan_and_no_note_beside_it_is_left_in_english() -> None:
    situation = Situation({**STORIES[0]["given"], "danger_now": "yes"})
    with words.speaking(pseudo.catalogue()):
        known = packs.load()
        paper = papers.plan(triage.triage(situation, known, ON), known, situation)
        made = documents.render(paper.letter, paper.data, datetime(2026, 11, 24, tzinfo=UTC))
        text = re.sub(r"(https://\S+)\n(\S+)", r"\1\2", printed(made))
        text += re.sub(r"(?m)^[a-z-]+…? +", "", start.read_me())  # a line begins with the name of a file
    assert pseudo.accented("What to do, in this order").rstrip("·") in text
    cites = "".join(CITATIONS)
    said = [one for one in text.splitlines() if one not in cites]
    assert [one for one in said if pseudo.ENGLISH_WORD.search(STAYS.sub("", one))] == []


SUBCOMMANDS = {"demo", "plan", "start", "hash", "examine", "verify", "stamp", "notice", "capture", "case", "watch", "who",
               "where", "due", "overdue", "bank", "packs", "words", "site", "list", "account", "diary", "note", "export",
               "import", "erase"}  # fmt: skip
TYPED_THERE = re.compile(
    r"\S+\.(?:txt|jsonl|json|po)|data/\S*|^│ \S+$|47 U.S.C..*|qps|takeback(?: plan)?|Cq\d|^  \w*: $|JPEG|PNG|AUTOMATIC1111 or a relative|\b\d+ of them, \d+ bytes|pdq|sha256|md5|[0-9a-f]{32,}|\b[0-9]\.(?:png|jpg|toml|txt)"
)
COMMANDS = ("", "demo", "plan", "start", "hash", "examine", "verify", "stamp", "notice", "capture", "case", "case note",
            "case export", "watch", "who", "where", "due", "overdue", "site")  # fmt: skip
OPTION = re.compile(
    r"--?[a-z][a-z-]*|\b[A-Z-]{2,}(?:=[A-Z]+)?\b|`[^`]*`|\.\w{2,4}\b|[{].*?[}]|[a-z]+(?:-[a-z]+)+|^ *[a-z]+(?=  )",
    re.MULTILINE,
)
"""What stands for itself in a help text: options, what they take, commands, endings."""


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_of_a_command_for_a_person_is_left_in_english(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with words.speaking(pseudo.catalogue()), pytest.raises(SystemExit):
        cli.parser().parse_args([*command.split(), "--help"])
    usage, _, said = capsys.readouterr().out.partition("\n\n")
    assert pseudo.accented("usage") in usage
    left = [line for line in OPTION.sub("", STAYS.sub("", said)).splitlines() if pseudo.ENGLISH_WORD.search(line)]
    assert [line for line in left if not {line.split()[0]} & SUBCOMMANDS] == []


def test_no_answer_of_a_command_is_left_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "qps.po").write_text(pseudo.text())
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    monkeypatch.setenv(catalogues.SETTING, "qps")
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name, data in (("1.png", LABELLED["a1111.png"][0]), ("2.jpg", PLAIN["plain.jpg"]), ("3.txt", b"x")):
        Path(name).write_bytes(data)
    Path("4.toml").write_text('role = "depicted"\nintimate = "yes"\n')
    for command in (
        "examine 1.png --all", "examine 2.jpg", "hash 3.txt", "hash 1.png 2.jpg --compare",
        "hash 1.png 1.png --compare", "hash 1.png", "verify .", "plan 4.toml", "plan 5.toml", "plan 3.txt", "case list",
        "due", "where https://www.instagram.com/p/Cq1/", "where //1", "notice 4.toml --law us-take-it-down",
        "plan", "plan 4.toml --on 1", "start 4.toml --out 6",
    ):  # fmt: skip
        with contextlib.suppress(SystemExit):
            cli.main(command.split())
        got = capsys.readouterr()
        said = [line for line in f"{got.out}\n{got.err}".splitlines() if line.strip() not in CITATIONS]
        left = [TYPED_THERE.sub("", OPTION.sub("", STAYS.sub("", TYPED_THERE.sub("", line)))) for line in said]
        assert (command, [line for line in left if pseudo.ENGLISH_WORD.search(line)]) == (command, [])


def printed(made: bytes) -> str:
    """The words of a file."""
    if made.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    return made.decode("utf-8", "replace")


def test_the_app_speaks_the_browser_s_language_and_the_setting_comes_first(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pseudo.accented("What fits best?")
    assert first in app.get("/", **{"Accept-Language": "fr, qps;q=0.5, en;q=0.1"}).text
    assert first not in app.get("/", **{"Accept-Language": "en, qps;q=0.5"}).text
    assert pseudo.accented("There is no such page").rstrip("·") in app.get("/none.html", **ENGLISH_LAST).text
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


def heard_of(words_: bytes = b"", **more: Any) -> Heard:
    return Heard(words=words_, seconds=len(words_) / 4 * sound.STEP, **more)


def compared() -> Iterator[str]:
    """All that is said of two videos, of two recordings, and of two pictures; the name of an edit stays as it is."""
    frames = [Signal("pdq", hashlib.sha256(bytes([one])).hexdigest(), 100, "none") for one in range(60)]
    for one, other in (((0, 20), (0, 20)), ((0, 5), (0, 60)), ((0, 60), (50, 60)), ((0, 20), (15, 40)),
                       ((0, 20), (19, 40)), ((0, 20), (20, 40)), ((0, 0), (0, 9))):  # fmt: skip
        yield clips.compare(frames[slice(*one)], frames[slice(*other)]).says
    yield clips.compare(frames, frames, exact=True).says
    whole, noise = random.Random(1).randbytes(4 * 1000), random.Random(2).randbytes(4 * 1000)
    for mine, theirs in (
        (whole, whole), (whole[:2000], whole), (whole, whole[:2000]), (whole[:2000] + noise, noise[:800] + whole),
        (whole, noise), (whole, whole[:16]),
    ):  # fmt: skip
        yield recordings.compare(heard_of(mine), heard_of(theirs)).says
    yield recordings.compare(heard_of(whole, notes=("still",)), heard_of(noise)).says
    yield from (recordings.compare(heard_of(whole), heard_of(why=why)).says for why in heard.WHY)
    yield from heard.NOTES.values()
    picture, other = frames[0], Signal("pdq", frames[1].value, 100, "1:1")
    for these, those in (([picture], [picture]), ([picture, other], [frames[1]]), ([frames[1]], [picture, other]),
                         ([picture], [frames[1]]), ([], [picture]), ([replace(picture, quality=9)], [frames[1]])):  # fmt: skip
        yield likeness.compare(these, those).says


def test_what_is_said_of_two_files_is_said_in_the_language() -> None:
    with words.speaking(pseudo.catalogue()):
        said = {one: words.again(one) for one in compared()}
    left = {one: TYPED_THERE.sub("", STAYS.sub("", there)) for one, there in said.items()}
    assert {one: there for one, there in left.items() if pseudo.ENGLISH_WORD.search(there)} == {}


def test_what_was_seen_is_kept_in_english_and_shown_in_the_language(app: App) -> None:
    case_open = app.desk.open_case
    assert case_open is not None
    case_open.point(Address("a1", url=PLACE), case_pages.now())
    for one in looked():
        case_open.add("look", one.data(case_pages.now().isoformat()), case_pages.now())
    assert plain(app.get("/case-watch.html", **ENGLISH_LAST).text) == []
    kept = [str(event.data.get("reason")) for event in case_open.state(case_pages.now()).of("look")]
    assert "The site does not answer." in kept


def test_a_place_that_is_not_looked_at_says_why_in_the_language(app: App) -> None:
    case_open = app.desk.open_case
    assert case_open is not None
    for number, url in enumerate(("https://www.instagram.com/someone/", "https://clips.example/watch/1", TYPED)):
        case_open.point(Address(f"a{number}", url=url), case_pages.now())
    assert plain(app.get("/case-watch.html", **ENGLISH_LAST).text) == []
