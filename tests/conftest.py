"""What the tests of the pages share: a real browser, the real site served over loopback, and node."""

from __future__ import annotations

import functools
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright
    from running import App

ON = date(2026, 11, 24)
CHROMIUM = "/usr/bin/chromium"

# Playwright keeps an event loop running in the tests' own thread; Django, which is used beside it and not by it, would
# take that for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


class Quiet(SimpleHTTPRequestHandler):
    """A plain static host, without a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, written as `takeback site` writes it."""
    from takeback import packs, site

    out = tmp_path_factory.mktemp("site") / "out"
    site.write(out, packs.load(), ON)
    return out


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The address of the site on a plain static host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself: one a process, or it complains of its own loop."""
    assert Path(CHROMIUM).exists(), "the tests need Debian's chromium: `make test` installs it"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )
    yield chromium
    chromium.close()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The local app behind the door, with a data folder of its own."""
    from running import App

    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    running.enter()
    yield running
    running.desk.leave()
    running.close()


@pytest.fixture(scope="session")
def node() -> Callable[[str], str]:
    """Run a piece of JavaScript as a module, beside the pages' own; what it prints comes back."""
    from node import NODE

    static = Path(__file__).parent.parent / "takeback" / "web" / "static"

    def run(code: str) -> str:
        command = [NODE, "--no-warnings", "--input-type=module", "-"]
        done = subprocess.run(command, input=code, cwd=static, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
