"""Looking again from the app: the page says first who may see it, asks, and shows what was seen; over a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import hostile
import platforms
import pytest
from platforms import Page, Platforms
from running import ABOUT_ADULTS, ADULT, App

from takeback import cage, watching
from takeback.web import looking
from takeback.web.desk import now

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE = hostile.saved(hostile.photo(300, 400), "PNG")
SITE, POST = "www.reddit.com", "/r/pics/comments/abc123/a_title/"


@pytest.fixture
def net() -> Iterator[Platforms]:
    with Platforms() as running:
        running.now = now()
        yield running


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, net: Platforms) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(watching, "PAUSE", 0)
    running = App()
    running.desk.wire = net.wire
    running.enter()
    running.open()
    yield running
    running.desk.leave()
    running.close()


def keep(app: App, *urls: str) -> None:
    for url in urls:
        assert app.post("/case/address", {"url": url}).status == 302
    if urls:
        cage.warm()


def over(app: App) -> None:
    """Wait until the round has ended."""
    until = time.monotonic() + 20
    while app.desk.looking is None or not app.desk.looking.ended:
        assert time.monotonic() < until
        time.sleep(0.01)


def seen(app: App) -> list[str]:
    assert app.desk.open_case is not None
    return [str(event.data["seen"]) for event in app.desk.open_case.state(now()).of("look")]


def test_nothing_is_asked_of_any_site_until_the_person_presses(app: App, net: Platforms) -> None:
    keep(app, net.put(SITE, POST, Page()))
    page = app.get("/case-watch.html").text
    assert "may see the address of this connection" in page
    assert page.index("Before you press") < page.index('id="look"')
    for path in ("/case.html", "/case-where.html", "/looking"):
        app.get(path)
    looking.tick(app.desk, now)
    assert (net.asked, net.looked_up, app.desk.looking) == ([], [], None)


def test_the_page_says_what_was_seen_and_keeps_what_was_seen_before(app: App, net: Platforms) -> None:
    app.put_file(PICTURE, ABOUT_ADULTS)
    clip = net.shows(SITE, POST, PICTURE)
    keep(app, clip.url, "https://www.instagram.com/some.one/")
    assert app.post("/case/look").headers["Location"] == "/case-watch.html"
    over(app)
    page = app.get("/case-watch.html").text
    assert "<b>Still there.</b> The picture was found (exactly the same)." in page
    assert "Takeback looked" in page
    assert "never at profiles" in page
    net.put(SITE, POST, platforms.not_found())
    app.post("/case/look")
    over(app)
    page = app.get("/case-watch.html").text
    assert "<b>Gone.</b>" in page
    assert "Earlier (1)" in page
    assert seen(app) == ["same", "gone"]
    assert "looked at one place" in app.get("/case.html").text


def test_a_site_that_we_do_not_know_is_named_and_looked_at_only_if_ticked(app: App, net: Platforms) -> None:
    keep(app, net.put("clips.example", "/1", platforms.not_found()), net.put(SITE, POST, platforms.not_found()))
    assert "clips.example" in app.get("/case-watch.html").text.split("</form>")[0]
    app.post("/case/look")
    over(app)
    assert {asked.host for asked in net.asked} == {SITE}
    app.post("/case/look", {"unknown": "yes"})
    over(app)
    assert {asked.host for asked in net.asked} == {SITE, "clips.example"}


def test_while_it_looks_the_page_shows_how_far_it_is_and_can_stop_it(app: App, net: Platforms) -> None:
    keep(
        app,
        net.put(SITE, POST, platforms.not_found()),
        *(net.put(SITE, f"/r/a/comments/x{n}/", platforms.hangs) for n in range(2)),
    )
    app.post("/case/look")
    until = time.monotonic() + 10
    while len(net.asked) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    page = app.get("/case-watch.html").text
    assert "Looking: 1 of 3" in page
    assert app.get("/looking").text == '{"done": 1, "total": 3, "ended": false}'
    app.post("/case/look")  # a second press starts no second round
    app.post("/case/stop")
    net.over.set()
    over(app)
    assert seen(app) == ["gone"]
    assert len(net.asked) == 2


def test_what_is_locked_while_it_looks_is_written_down_no_more(app: App, net: Platforms) -> None:
    keep(app, net.put(SITE, POST, platforms.hangs))
    app.post("/case/look")
    case, going = app.desk.open_case, app.desk.looking
    assert case is not None
    assert going is not None
    app.post("/case/lock")
    assert app.desk.looking is None
    assert app.get("/looking").text == '{"done": 0, "total": 0, "ended": true}'
    net.over.set()
    until = time.monotonic() + 10
    while not going.ended and time.monotonic() < until:
        time.sleep(0.01)
    assert not case.state(now()).of("look")


def test_a_case_with_someone_under_18_asks_only_for_the_status(app: App, net: Platforms) -> None:
    keep(app, net.shows(SITE, POST, PICTURE).url)
    app.send("/case/answers", {"given": {**ADULT, "under18_real": "yes"}})
    assert "It opens no page and no picture" in app.get("/case-watch.html").text
    app.post("/case/look")
    over(app)
    assert {asked.method for asked in net.asked} == {"HEAD"}


def test_a_fault_of_ours_is_said_on_the_page(app: App, net: Platforms) -> None:
    def broken() -> None:
        raise RuntimeError("Xq7secret")

    keep(app, net.put(SITE, POST, Page()))
    app.desk.wire = broken  # type: ignore[assignment]
    app.post("/case/look")
    over(app)
    page = app.get("/case-watch.html").text
    assert "Something went wrong inside Takeback, so it stopped looking." in page
    assert "Xq7secret" not in page


# ---------------------------------------------------------------- by itself


def noticed(app: App, url: str) -> None:
    assert app.desk.open_case is not None
    notice = {"id": "N-1", "letter": "uk-intimate-48h", "site": "reddit", "urls": [url]}
    app.desk.open_case.add("notice", notice, now())


def test_by_itself_only_where_allowed_only_with_a_notice_and_not_again_for_six_hours(app: App, net: Platforms) -> None:
    url, other = net.put(SITE, POST, platforms.not_found()), net.put(SITE, "/r/a/comments/b/", platforms.not_found())
    keep(app, url, other)
    noticed(app, url)
    looking.tick(app.desk, now)
    assert net.asked == []
    app.post("/case/watch", {"on": "yes"})
    assert "(on)" in app.get("/case-watch.html").text
    looking.tick(app.desk, now)
    over(app)
    assert [asked.path for asked in net.asked] == [POST]
    assert app.desk.look_at is not None
    wait = app.desk.look_at - app.desk.clock()
    assert timedelta(hours=5, minutes=59).total_seconds() < wait <= timedelta(hours=6).total_seconds()
    looking.tick(app.desk, now)
    assert len(net.asked) == 1
    app.post("/case/watch", {"on": "no"})
    assert app.desk.look_at is None


def test_what_was_allowed_begins_with_the_open_page_and_ends_with_the_lock(app: App, net: Platforms) -> None:
    url = net.put(SITE, POST, platforms.not_found())
    keep(app, url)
    noticed(app, url)
    app.post("/case/watch", {"on": "yes"})
    import socket

    listening = socket.create_connection(("127.0.0.1", app.desk.port))
    listening.sendall(
        f"GET /presence HTTP/1.1\r\nHost: 127.0.0.1:{app.desk.port}\r\nCookie: {app.cookie}\r\n\r\n".encode()
    )
    over(app)
    assert seen(app) == ["gone"]
    app.post("/case/lock")
    assert app.desk.look_at is None
    assert not app.desk.takes_turn_to_look()
    listening.close()


# ---------------------------------------------------------------- who keeps a site


def test_who_hosts_a_site_is_asked_only_after_the_page_said_whom_and_the_answer_is_kept(
    app: App, net: Platforms
) -> None:
    keep(app, "https://clips.example/watch/1")
    assert app.desk.open_case is not None
    page = app.get("/case-watch.html").text
    assert page.index("may see the address of this connection and the name of the site") < page.index("Ask now")
    assert net.asked == []
    place = app.desk.open_case.state(now()).where[0].id
    assert app.post("/case/who", {"id": place}).headers["Location"] == "/case-watch.html#sites"
    [event] = app.desk.open_case.state(now()).of("hosting")
    assert event.data["host"] == "clips.example"
    assert event.data["notes"]  # nothing here speaks TLS, so everybody's silence is noted
    page = app.get("/case-watch.html").text
    assert "No register said who answers for it." in page
    assert "Ask again" in page
    answered = app.post("/case/who", {"id": "nonsense"})
    assert (answered.status, "no such place" in answered.text) == (400, True)


def test_what_registers_said_is_shown_as_their_word(app: App) -> None:
    keep(app, "https://clips.example/watch/1")
    assert app.desk.open_case is not None
    holder = {
        "what": "151.101.1.140",
        "name": "<b>Big</b> Hosting",
        "mails": ["abuse@hosting.example"],
        "phones": [],
        "country": "NL",
    }
    said = {"host": "clips.example", "registrar": None, "networks": [holder], "front": "cloudflare", "notes": []}
    app.desk.open_case.add("hosting", said, now())
    page = app.get("/case-watch.html").text
    assert "&lt;b&gt;Big&lt;/b&gt; Hosting" in page
    assert "abuse@hosting.example" in page
    assert "Cloudflare stands in front of a site" in page
    assert 'href="https://abuse.cloudflare.com"' in page
    assert "Takeback has not checked it" in page


# ---------------------------------------------------------------- in a browser


def test_in_a_browser_the_grid_fills_and_the_page_comes_anew(app: App, net: Platforms, browser: Browser) -> None:
    gone = net.put(SITE, POST, platforms.not_found())
    keep(app, gone, net.put(SITE, "/r/a/comments/b/", platforms.hangs))
    name, value = app.cookie.split("=", 1)
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": name, "value": value, "url": app.origin}])
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda one: None if one.url.startswith(app.origin) else elsewhere.append(one.url))
    page.goto(f"{app.origin}/case-watch.html")
    page.get_by_role("button", name="Look now").click()
    page.wait_for_selector("svg[aria-label='How far it is']")
    page.wait_for_selector("text=Looking: 1 of 2")
    net.over.set()
    page.wait_for_selector("text=What came back can't be read as a page.")
    assert page.get_by_role("button", name="Look now").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert elsewhere == []
    context.close()
