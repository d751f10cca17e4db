"""Hashing puts no byte of a file into any request, also when the network or the browser misbehaves.

Seen from the server's side: every byte that reaches it is kept, whatever the page does. Each trouble ends in one clear
sentence, or in the hashes all the same.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterator
from hashlib import md5, sha256
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import Quiet
from test_film import clip
from test_hash_page import ADULTS, drawing, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OLD = "This browser can't make a hash"
NAME = "my-own-holiday-picture"


class Host(ThreadingHTTPServer):
    """A host that keeps all that it hears, and can be made to misbehave."""

    daemon_threads = True

    def __init__(self, site: Path) -> None:
        self.heard, self.lock = bytearray(), threading.Lock()
        self.trouble: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), functools.partial(Keeping, directory=str(site)))


class Heard:
    """A connection's reading end: what is read is kept."""

    def __init__(self, file: Any, host: Host) -> None:
        self._file, self._host = file, host

    def readline(self, *size: int) -> bytes:
        return self._kept(self._file.readline(*size))

    def read(self, *size: int) -> bytes:
        return self._kept(self._file.read(*size))

    def _kept(self, data: bytes) -> bytes:
        with self._host.lock:
            self._host.heard += data
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Keeping(Quiet):
    server: Host

    def setup(self) -> None:
        super().setup()
        self.rfile = Heard(self.rfile, self.server)  # type: ignore[assignment]

    def do_GET(self) -> None:  # noqa: N802
        how = next((how for name, how in self.server.trouble.items() if name in self.path), "")
        if how == "500":
            self.send_error(500)
        elif how == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "900000")
            self.end_headers()
            self.wfile.write(b"half of it")
            self.close_connection = True
        elif how == "dead":
            self.connection.close()
        else:
            time.sleep(1.5 if how == "slow" else 0)
            super().do_GET()

    def do_POST(self) -> None:  # noqa: N802
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_error(405)

    do_PUT = do_POST  # noqa: N815


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {f"{NAME}.png": drawing(), f"{NAME}.webm": clip("libvpx", "webm", seconds=1)}


@pytest.fixture
def host(site: Path) -> Iterator[Host]:
    server = Host(site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def opened(page: Page, host: Host) -> None:
    page.goto(f"http://127.0.0.1:{host.server_port}/hash.html")


def chosen(page: Page, files: dict[str, bytes]) -> None:
    say(page, ADULTS, "Yes")
    given = [{"name": name, "mimeType": "", "buffer": data} for name, data in files.items()]
    page.locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]


def hashed(page: Page) -> None:
    page.get_by_text("That is all there is to a hash.").wait_for()
    page.get_by_text("for this video.").wait_for()


def nothing_left(host: Host, page: Page, files: dict[str, bytes]) -> None:
    """No method but GET, no name, no hash and no part of a file, in what the host has heard of all connections."""
    heard = bytes(host.heard)
    assert heard
    lines = [line for line in heard.split(b"\r\n") if line.endswith(b"HTTP/1.1")]
    assert all(line.startswith(b"GET /") for line in lines)
    assert b"content-length" not in heard.lower()
    shown = {text.strip().lower().encode() for text in page.locator(".hex").all_inner_texts()}
    for data in files.values():
        shown |= {one(data).hexdigest().encode() for one in (sha256, md5)}
    assert not [text for text in shown if text in heard.lower()]
    assert NAME.encode() not in heard
    for data in files.values():
        parts = {data[at : at + 12] for at in range(0, len(data) - 12, 7)}
        assert not [part for part in parts if part in heard]


@pytest.mark.parametrize("how", ["slow", "offline", "dies", "500", "cut"])
def test_once_the_page_is_open_the_network_no_longer_counts(
    host: Host, page: Page, files: dict[str, bytes], how: str
) -> None:
    if how == "slow":
        host.trouble = {".wasm": "slow", "edits.js": "slow", "worker.js": "slow"}
    with page.expect_response("**/kernel*.wasm"):
        opened(page, host)
    before = bytes(host.heard)
    if how == "offline":
        page.context.set_offline(True)
    host.trouble = {"": {"dies": "dead"}.get(how, how)} if how != "slow" else host.trouble
    chosen(page, files)
    hashed(page)
    assert bytes(host.heard) == before
    nothing_left(host, page, files)


@pytest.mark.parametrize(
    ("what", "how"),
    [("worker.js", "500"), ("worker.js", "dead"), ("kernel.js", "500"), (".wasm", "500"), (".wasm", "cut")],
)
def test_where_a_part_of_the_page_does_not_come_one_sentence_says_so(
    host: Host, page: Page, files: dict[str, bytes], what: str, how: str
) -> None:
    host.trouble = {what: how}
    opened(page, host)
    chosen(page, files)
    page.locator(".picture .error").nth(1).wait_for()
    said = page.locator(".picture .error").all_inner_texts()
    assert all(one.startswith(OLD) and "nothing has left this device" in one for one in said)
    nothing_left(host, page, files)


def test_a_page_that_did_send_would_be_seen(host: Host, page: Page, files: dict[str, bytes]) -> None:
    opened(page, host)
    nothing_left(host, page, files)
    for leak in (f"fetch('/?{NAME}')", "fetch('/x', { method: 'POST', body: 'x' })"):
        page.evaluate(f"{leak}.catch(() => 0)")
        with pytest.raises(AssertionError):
            nothing_left(host, page, files)


def test_where_the_page_itself_does_not_come_it_says_who_else_can_help(host: Host, page: Page) -> None:
    host.trouble = {"hash.js": "500"}
    opened(page, host)
    assert page.get_by_text("Making a hash needs JavaScript").is_visible()
    assert page.locator("input").count() == 0


def test_a_worker_that_dies_in_the_middle_is_said_of_every_file(
    host: Host, page: Page, files: dict[str, bytes]
) -> None:
    page.add_init_script(
        "const real = Worker; globalThis.Worker = class extends real {"
        " postMessage(word, given) { if (word.sums) { this.terminate(); this.dispatchEvent(new Event('error')) }"
        " else super.postMessage(word, given) } }"
    )
    opened(page, host)
    chosen(page, dict(reversed(files.items())))
    page.locator(".picture .error").nth(1).wait_for()
    assert all(one.startswith(OLD) for one in page.locator(".picture .error").all_inner_texts())
    nothing_left(host, page, files)
