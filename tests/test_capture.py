"""A page saved as evidence: a real Chromium, a real https server; judged by the tools that others use."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import http.server
import io
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore
import pytest
from PIL import Image
from running import ABOUT_ADULTS, ADULT, App
from warcio.archiveiterator import ArchiveIterator

from takeback import capturing, cli, cli_capture, cli_case, keeping, vault, wacz
from takeback.errors import Refused, Unreached
from takeback.store.cases import Store
from takeback.terms import Situation
from takeback.wacz import Captured, Exchange
from takeback.web import case_capture
from takeback.wire.capture import BLUR, SHARP, Browser
from takeback.wire.gate import Gate

if TYPE_CHECKING:
    from playwright.sync_api import Browser as PlaywrightBrowser

AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
PUBLIC = "151.101.1.140"
SECRET = "s3cr3t-value"
PAGE = """<!doctype html><title>Post 1</title><link rel=stylesheet href="/style.css?access_token={s}">
<h1>They posted this</h1><p style="height:3000px">Visible words</p><img src="http://10.0.0.1/inside.png">
<img src="https://inside.example/x.png"><img src="/picture.png" width=200 height=200>
<script>fetch("/endless"); fetch("/api", {{headers: {{"Authorization": "Bearer {s}", "X-CSRF-Token": "{s}"}}}})</script>"""


LOGIN = """<!doctype html><title>Log in</title><form method=post action="/login">
<input name=user autofocus oninput="document.title = 'Hello ' + value"><input name=password type=password>
<button>Go</button></form>"""
INSIDE = """<!doctype html><title>Only for members</title><h1>They posted this for members</h1>
<img src="/picture.png" width=300 height=300>"""
PASSWORD = "my-own-passw0rd"


class Site(http.server.BaseHTTPRequestHandler):
    """A site where somebody is logged in, and one part of it that asks them to."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(303)
        if told == f"user=sam&password={PASSWORD}":
            self.send_header("Set-Cookie", f"login={SECRET}; Path=/; HttpOnly")
        self.send_header("Location", "/members")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        body, kind = PAGE.format(s=SECRET).encode(), "text/html"
        if self.path == "/members":
            inside = f"login={SECRET}" in (self.headers["Cookie"] or "")
            body = (INSIDE if inside else LOGIN).encode()
        elif self.path == "/stuck":
            body = b"<!doctype html><title>Stuck</title><script>onload = () => setTimeout(() => { for (;;); }, 50)</script>"
        else:
            body, kind = self.plain(body)
        if self.path == "/endless":
            self.never_ends()
        else:
            self.answered(body, kind)

    def plain(self, body: bytes) -> tuple[bytes, str]:
        kind = "text/html"
        if self.path == "/picture.png":
            out = io.BytesIO()
            Image.effect_noise((200, 200), 90).save(out, "PNG")
            body, kind = out.getvalue(), "image/png"
        elif self.path != "/post/1":
            body, kind = b"p { color: #123 }", "text/css"
        return body, kind

    def never_ends(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(600):
                self.wfile.write(b"still going")
                time.sleep(0.1)

    def answered(self, body: bytes, kind: str) -> None:
        packed = kind == "text/html"
        body = gzip.compress(body) if packed else body
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", f"sid={SECRET}; Path=/")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Dial(httpcore.SyncBackend):
    """Public numbers lead to the site of the test; which ones were asked for is noted."""

    def __init__(self, port: int) -> None:
        self.port, self.asked = port, set[tuple[str, int]]()

    def connect_tcp(self, host: str, port: int, *_: object, **__: object) -> httpcore.NetworkStream:  # type: ignore[override]
        self.asked.add((host, port))
        return super().connect_tcp("127.0.0.1", self.port, 5)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dial, str]]:
    """The site, the hash of its key by which the browser believes it."""
    key, certificate = (tmp_path_factory.mktemp("tls") / name for name in ("key.pem", "crt.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=clips.example", "-addext", "subjectAltName=DNS:clips.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    public = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True, capture_output=True
    )
    spki = hashlib.sha256(
        ssl.PEM_cert_to_DER_cert(public.stdout.decode().replace("PUBLIC KEY", "CERTIFICATE"))
    ).digest()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate, key)
    server.socket = theirs.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield Dial(server.server_port), base64.b64encode(spki).decode()
    server.shutdown()
    server.server_close()


def resolve(name: str, seconds: float) -> tuple[str, ...]:
    return {"clips.example": (PUBLIC,), "inside.example": ("192.168.1.1",)}.get(name, ())


CAPTURE = """
import pickle, sys
sys.path.insert(0, {tests!r})
import test_capture
from takeback.errors import Unreached
from takeback.wire import capture
dial = test_capture.Dial({port})
browser = capture.Browser(dial=dial, resolve=test_capture.resolve, arguments=("--ignore-certificate-errors-spki-list={spki}",))
capture.TALLEST = 3200
taken, hangs = browser.capture("https://clips.example/post/1"), ""
capture.PATIENCE = 1.5
try:
    browser.capture("https://clips.example/stuck")
except Unreached as why:
    hangs = why.why
sys.stdout.buffer.write(pickle.dumps((taken, dial.asked, hangs)))
"""


@pytest.fixture(scope="module")
def done(site: tuple[Dial, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Captured, set, Path]:
    """One capture, in a process of its own: Playwright runs only once in each. All it writes would be in one folder."""
    import os
    import pickle

    folder = tmp_path_factory.mktemp("tmp")
    code = CAPTURE.format(tests=str(Path(__file__).parent), port=site[0].port, spki=site[1])
    environment = {**os.environ, "TMPDIR": str(folder), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False, timeout=180)
    assert ran.returncode == 0, ran.stderr.decode()
    captured, asked, hangs = pickle.loads(ran.stdout)
    assert hangs == "slow"  # a page that never rests is not waited for
    return captured, asked, folder


@pytest.fixture(scope="module")
def saved(done: tuple[Captured, set, Path]) -> bytes:
    return wacz.build(done[0])


def members(saved: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(saved)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


# ---------------------------------------------------------------- what is captured


def test_a_page_is_saved_as_it_was_shown(done: tuple[Captured, set, Path]) -> None:
    captured = done[0]
    assert (captured.url, captured.title) == ("https://clips.example/post/1", "Post 1")
    assert "Visible words" in captured.text
    assert Image.open(io.BytesIO(captured.screenshot)).height > 3000
    told = dict(captured.certificate)
    assert (told["subjectName"], told["issuer"]) == ("clips.example", "clips.example")
    assert told["validFrom"] <= f"{datetime.now(UTC):%Y-%m-%d}" <= told["validTo"]
    assert captured.browser.startswith("Chromium ")
    assert next(one for one in captured.exchanges if one.url.endswith("/post/1")).body == PAGE.format(s=SECRET).encode()


def test_nothing_inside_is_reached_by_whatever_a_page_says(done: tuple[Captured, set, Path]) -> None:
    assert done[1] == {(PUBLIC, 443)}


def test_a_private_address_is_refused_before_any_browser_starts() -> None:
    for url in ("https://127.0.0.1/", "http://localhost/", "http://192.168.1.1/", "http://2130706433/"):
        with pytest.raises(Unreached, match="private network"):
            Browser(arguments=("--no-such-browser",)).capture(url)


def test_the_profile_is_in_memory_and_nothing_of_the_page_is_left_on_the_disk(done: tuple[Captured, set, Path]) -> None:
    for path in done[2].rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            assert SECRET.encode() not in data, path
            assert b"Visible words" not in data, path
            assert b"clips.example" not in data, path


def test_what_never_ends_is_not_waited_for_and_is_named(done: tuple[Captured, set, Path]) -> None:
    assert "https://clips.example/endless" in done[0].left_out
    assert Image.open(io.BytesIO(done[0].screenshot)).size == (1280, 3200)
    assert done[0].left_out[-1].startswith("the picture ends at 3200 pixels of 3")


# ---------------------------------------------------------------- what is kept


def test_no_cookie_authorisation_or_token_is_kept_and_the_log_says_which_were(saved: bytes) -> None:
    held = members(saved)
    for name, data in held.items():
        assert SECRET.encode() not in data, name
    records = list(ArchiveIterator(io.BytesIO(held["archive/data.warc.gz"])))
    heads = " ".join(str(one.http_headers) + str(one.rec_headers) for one in records).lower()
    for gone in ("set-cookie", SECRET, "bearer", "x-csrf-token:"):
        assert gone not in heads
    told = json.loads(held["capture/capture.json"])["stripped"]
    assert {(one["where"], one["name"]) for one in told} >= {
        ("answer", "set-cookie"), ("request", "cookie"), ("request", "authorization"), ("request", "x-csrf-token"),
        ("address", "access_token"),
    }  # fmt: skip


def test_warcio_reads_every_record_and_finds_it_whole(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "data.warc.gz").write_bytes(members(saved)["archive/data.warc.gz"])
    checked = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", "-v", tmp_path / "data.warc.gz"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
    assert "digest pass" in checked.stdout
    assert (
        "sha1" not in gzip.decompress(members(saved)["archive/data.warc.gz"][:100_000]).decode("latin-1").lower()[:5000]
    )


def test_the_wacz_tool_validates_it(saved: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.wacz").write_bytes(saved)
    checked = subprocess.run(
        [Path(sys.executable).with_name("wacz"), "validate", "-f", tmp_path / "page.wacz"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "valid" in (checked.stdout + checked.stderr).lower()


def test_the_wacz_tool_finds_a_changed_byte(saved: bytes, tmp_path: Path) -> None:
    held = members(saved)
    held["capture/text.txt"] += b"."
    (tmp_path / "page.wacz").write_bytes(wacz._zipped(held, datetime(2026, 11, 24, tzinfo=UTC)))
    checked = subprocess.run(
        [Path(sys.executable).with_name("wacz"), "validate", "-f", tmp_path / "page.wacz"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "invalid" in (checked.stdout + checked.stderr).lower() or checked.returncode != 0


def test_the_index_leads_to_each_answer(saved: bytes) -> None:
    held = members(saved)
    lines = held["indexes/index.cdx"].decode().splitlines()
    assert lines == sorted(lines)
    for line in lines:
        says = json.loads(line.split(" ", 2)[2])
        record = held["archive/data.warc.gz"][says["offset"] : says["offset"] + says["length"]]
        (one,) = list(ArchiveIterator(io.BytesIO(record)))[:1] or [None]
        assert one is not None
        assert one.rec_headers.get_header("WARC-Target-URI") == says["url"]


def test_the_same_capture_gives_the_same_main_facts() -> None:
    at = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
    heads = (("Content-Type", "text/html"), ("Location", f"/next?token={SECRET}"), ("X-Session-Id", SECRET))
    one = Exchange(f"https://a.example/?sid={SECRET}&q=1", "GET", at, (("Cookie", SECRET),), 302, "Found", heads, b"")
    made = wacz.build(Captured(one.url, "t", "words", at, b"png", (one,), "Chromium", (1, 1)))
    assert SECRET.encode() not in made
    assert SECRET.encode() not in gzip.decompress(members(made)["archive/data.warc.gz"][:5000])
    assert b"q=1" in members(made)["indexes/index.cdx"]


# ---------------------------------------------------------------- the gate


def test_the_gate_serves_only_the_browser_that_knows_its_password(site: tuple[Dial, str]) -> None:
    with Gate(site[0], resolve, 30) as gate:
        port = int(gate.address.rpartition(":")[2])
        known = base64.b64encode(f"{gate.name}:{gate.password}".encode())
        for head, answer in ((b"", b"407"), (b"Proxy-Authorization: Basic eDp5\r\n", b"407"),
                             (b"Proxy-Authorization: Basic " + known + b"\r\n", b"200")):  # fmt: skip
            with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
                sock.sendall(b"CONNECT clips.example:443 HTTP/1.1\r\n" + head + b"\r\n")
                assert sock.recv(100).split()[1] == answer


@pytest.mark.parametrize(
    "where", ["inside.example:443", "127.0.0.1:443", "[::1]:443", "clips.example:22", "nowhere.example:443", ":443"]
)
def test_the_gate_leads_nowhere_inside(site: tuple[Dial, str], where: str) -> None:
    asked = set(site[0].asked)
    with Gate(site[0], resolve, 30) as gate:
        known = base64.b64encode(f"{gate.name}:{gate.password}".encode())
        with socket.create_connection(("127.0.0.1", int(gate.address.rpartition(":")[2])), timeout=5) as sock:
            sock.sendall(
                b"CONNECT " + where.encode() + b" HTTP/1.1\r\nProxy-Authorization: Basic " + known + b"\r\n\r\n"
            )
            assert sock.recv(100).split()[1] == b"403"
    assert site[0].asked == asked


# ---------------------------------------------------------------- into a case


@pytest.fixture
def case(tmp_path: Path) -> keeping.OpenCase:
    store, key = Store(tmp_path / "data"), vault.new_key()
    store.create_case("case1", {"passphrase": vault.wrap_to(key, key.recipient)})
    made = keeping.OpenCase(store, "case1", key)
    made.answer(Situation(ADULT), AT)
    return made


def test_a_captured_page_is_kept_as_two_sealed_files_under_one_permit(
    case: keeping.OpenCase, done: tuple[Captured, set, Path]
) -> None:
    ids = iter(("b1", "b2"))
    page, picture = capturing.capture(
        case,
        "https://clips.example/post/1",
        Situation(ABOUT_ADULTS),
        AT,
        look=lambda _: done[0],
        new_id=lambda: next(ids),
    )
    assert (page.sort, picture.sort) == ("page", "screenshot")
    assert page.origin == "https://clips.example/post/1"
    stored = b"".join(case.store.open_blob("case1", "b1", case.key))
    assert hashlib.sha256(stored).hexdigest() == page.sha256
    assert members(stored)["capture/screenshot.png"] == done[0].screenshot
    assert b"".join(case.store.open_blob("case1", "b2", case.key)) == done[0].screenshot
    assert page.permit == picture.permit


@pytest.mark.parametrize(
    ("answers", "about"),
    [
        ({**ADULT, "under18_real": "yes"}, ABOUT_ADULTS),
        (ADULT, {**ABOUT_ADULTS, "under18_look": "yes"}),
        (ADULT, {"intimate": "yes"}),
        (ADULT, {}),
        ({**ADULT, "role": "witness"}, ABOUT_ADULTS),
    ],
    ids=["the case", "the page", "an age that nobody knows", "nothing said", "no agreement"],
)
def test_no_browser_is_started_where_the_child_rule_keeps_a_page_out(
    case: keeping.OpenCase, answers: dict, about: dict
) -> None:
    case.answer(Situation(answers), AT)
    looked: list[str] = []
    with pytest.raises(Refused):
        capturing.capture(
            case,
            "https://clips.example/",
            Situation(about),
            AT,
            look=looked.append,
            new_id=lambda: "b1",
        )
    assert looked == []
    assert case.store.blob_ids("case1") == frozenset()


def test_the_command_asks_before_it_opens_anything(
    case: keeping.OpenCase,
    done: tuple[Captured, set, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    class Shown:
        def capture(self, url: str, hand: object) -> Captured:
            return done[0]

    monkeypatch.setattr(cli_case, "unlocked", lambda _: case)
    wanted = cli.parser().parse_args(["capture", "https://clips.example/post/1", "--case", "case1"])
    for said, kept in (("yes\nno\n", 0), ("not sure\nyes\n", 0), ("no\nyes\n", 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        if kept:
            assert cli_capture.capture(wanted, Shown()) == 0
        else:
            with pytest.raises(Refused) as why:
                cli_capture.capture(wanted, Shown())
            assert why.value.exit_code == 3
        assert len(case.state(datetime.now(UTC)).exhibits) == kept
    told = capsys.readouterr()
    assert "AB/1  page.wacz" in told.out
    assert "the site will see this connection's address" in told.err


def test_pictures_in_the_window_are_blurred_until_the_person_chooses(browser: PlaywrightBrowser) -> None:
    context = browser.new_context()
    context.add_init_script(BLUR)
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(
        body="<img src=x>", content_type="text/html", headers={"Content-Security-Policy": "style-src 'none'"}
    ))  # fmt: skip
    page.goto("https://clips.example/")
    assert "blur(24px)" in page.evaluate("getComputedStyle(document.querySelector('img')).filter")
    page.evaluate(SHARP)
    assert page.evaluate("getComputedStyle(document.querySelector('img')).filter") == "none"
    context.close()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: tuple[Dial, str]) -> Iterator[App]:
    """The app, whose browser finds the site of the test."""
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    spki = f"--ignore-certificate-errors-spki-list={site[1]}"
    monkeypatch.setattr(
        case_capture,
        "browser",
        lambda memory, **_: Browser(memory=memory, dial=site[0], resolve=resolve, arguments=(spki,)),
    )
    running = App()
    running.enter()
    yield running
    running.desk.leave()
    running.close()


NO = {"url": "https://clips.example/post/1", "age": "no", "bare": "yes"}


def test_a_page_is_saved_by_a_press_in_the_app(app: App) -> None:
    app.open()
    app.post("/case/address", {"url": NO["url"]})
    assert "https://clips.example/post/1" in app.get("/case-capture.html").text
    assert app.post("/case/capture", NO).status == 302
    assert app.desk.open_case is not None
    assert [one.sort for one in app.desk.open_case.state(datetime.now(UTC)).exhibits] == ["page", "screenshot"]
    refused = app.post("/case/capture", {**NO, "url": "https://inside.example/"})
    assert (refused.status, "private network" in refused.text) == (400, True)


def test_the_app_saves_no_page_that_the_child_rule_keeps_out(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_capture, "browser", lambda *_, **__: pytest.fail("a browser was started"))
    app.open()
    for said in ({}, {"age": "yes"}, {"age": "unknown", "bare": "yes"}):
        answer = app.post("/case/capture", {"url": NO["url"], **said})
        assert answer.status == 403, said
    app.send("/case/answers", {"given": {**ADULT, "under18_real": "yes"}})
    page = app.get("/case-capture.html").text
    assert 'id="capture"' not in page
    assert "What to write down" in page
    assert app.post("/case/capture", NO).status == 403


def test_without_the_extra_the_page_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    app.open()
    page = app.get("/case-capture.html").text
    assert "Saving a page needs an extra" in page
    assert 'id="capture"' not in page


def test_a_case_that_was_locked_while_a_page_was_opened_keeps_nothing(
    app: App, done: tuple[Captured, set, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def capture(self, url: str, hand: object) -> Captured:
            app.desk.lock()
            return done[0]

    monkeypatch.setattr(case_capture, "browser", lambda *_, **__: Slow())
    app.open()
    case = app.desk.open_case
    assert app.post("/case/capture", NO).status == 400
    assert case is not None
    assert case.state(datetime.now(UTC)).exhibits == ()
