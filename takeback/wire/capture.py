"""Capture: a page in a real Chromium, saved as it was received, with what it looked like. An extra: takeback[capture].

The browser's profile lives in memory and ends with it. Every connection goes through the gate, so that nothing inside
this computer or the network around it is reached. With a window the person goes where they want, and logs in; pictures
are blurred there until they choose otherwise. The child rule is asked before this room is entered.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore

from takeback.errors import BadInput, Unreached
from takeback.wacz import Captured, Exchange, Heads
from takeback.wire import fetch, line
from takeback.wire.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VIEWPORT = (1280, 900)
SECONDS, SETTLE = 1800.0, 1500
"""Of a whole capture, logging in included; and milliseconds that a page gets to come to rest."""

MOST = 64 << 20
"""Bytes of bodies that are kept; what is beyond is listed."""

ARGUMENTS = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disk-cache-dir=/dev/null",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-crash-reporter",
    "--disable-breakpad",
    "--dns-prefetch-disable",
)

BLUR = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("img, video, canvas, picture, svg image { filter: blur(24px) !important }");
  const on = () => { document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; };
  Object.defineProperty(window, "takebackSharp", { value: () => sheet.replaceSync("") });
  on();
  document.addEventListener("DOMContentLoaded", () => { if (!document.adoptedStyleSheets.includes(sheet)) on(); });
})();"""
SHARP = "window.takebackSharp && window.takebackSharp()"


@dataclass(frozen=True)
class Browser:
    """How a page is captured. `dial`, `resolve` and `arguments` are for tests that put a site behind a name."""

    window: bool = False
    blurred: bool = True
    dial: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    resolve: line.Resolve = line.resolve
    arguments: tuple[str, ...] = ()

    def capture(self, url: str, ready: Callable[[], object] = lambda: None) -> Captured:
        """The page at an address; with a window, the one that is open when `ready` returns. Raises `Unreached`."""
        first = fetch.checked(url)
        playwright = _playwright()
        with Gate(self.dial, self.resolve, SECONDS) as gate, playwright() as running:
            browser = running.chromium.launch(
                executable_path=program(),
                headless=not self.window,
                args=[*ARGUMENTS, *self.arguments, *(["--no-sandbox"] if _is_root() else [])],
                proxy={
                    "server": gate.address,
                    "username": gate.name,
                    "password": gate.password,
                    "bypass": "<-loopback>",
                },
            )
            try:
                taken = self._captured(browser, first, ready)
            finally:
                browser.close()
            return replace(taken, server=gate.reached.get(urlsplit(taken.url).hostname or "", ""))

    def _captured(self, browser: Any, url: str, ready: Callable[[], object]) -> Captured:
        from playwright.sync_api import Error  # noqa: PLC0415

        context = browser.new_context(
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]}, accept_downloads=False, service_workers="block"
        )
        if self.blurred:
            context.add_init_script(BLUR)
        got: list[tuple[Any, datetime]] = []
        context.on("response", lambda answer: got.append((answer, datetime.now(UTC))))
        page = context.new_page()
        try:
            page.goto(url, wait_until="load", timeout=60_000)
        except Error as fault:
            if not got:
                raise Unreached("inward" if "403" in str(fault) or "TUNNEL" in str(fault) else "silent") from None
        ready()
        page = context.pages[-1]
        page.wait_for_timeout(SETTLE)
        return _taken(page, got, browser.version)


def _taken(page: Any, got: list[tuple[Any, datetime]], version: str) -> Captured:
    """What the page is now, and all that came for it."""
    from playwright.sync_api import Error  # noqa: PLC0415

    fetch.checked(page.url)
    exchanges, left, size = [], [], 0
    for answer, at in got:
        try:
            body = b"" if answer.status in fetch.REDIRECTS else answer.body()
            if size + len(body) > MOST:
                left.append(answer.url)
                continue
            size += len(body)
            exchanges.append(_exchange(answer, at, body))
        except Error:
            left.append(answer.url)
    with suppress(Error):
        page.evaluate(SHARP)
    return Captured(
        url=page.url,
        title=page.title(),
        text=page.evaluate("document.body ? document.body.innerText : ''"),
        at=datetime.now(UTC).replace(microsecond=0),
        screenshot=page.screenshot(full_page=True),
        exchanges=tuple(exchanges),
        browser=f"Chromium {version}",
        viewport=VIEWPORT,
        certificate=_certificate(got, page.url),
        left_out=tuple(left),
    )


def _exchange(answer: Any, at: datetime, body: bytes) -> Exchange:
    asked = answer.request
    return Exchange(
        answer.url, asked.method, at, _heads(asked.headers_array()), answer.status, answer.status_text,
        _heads(answer.headers_array()), body,
    )  # fmt: skip


def _heads(array: list[dict[str, str]]) -> Heads:
    return tuple((one["name"], one["value"].replace("\n", " ")) for one in array if not one["name"].startswith(":"))


def _certificate(got: list[tuple[Any, datetime]], url: str) -> tuple[tuple[str, str], ...]:
    """What the browser says of the site's certificate: for whom, by whom, from when to when, over which protocol."""
    for answer, _ in reversed(got):
        if answer.url == url and (told := answer.security_details()):
            days = {name: _day(told.get(name)) for name in ("validFrom", "validTo")}
            words = {name: str(told.get(name, "")) for name in ("subjectName", "issuer", "protocol")}
            return tuple(sorted({**words, **days}.items()))
    return ()


def _day(seconds: object) -> str:
    return f"{datetime.fromtimestamp(float(str(seconds)), UTC):%Y-%m-%d}" if seconds else ""


def program() -> str:
    """The Chromium of this computer."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise BadInput("No Chromium was found on this computer", "install Chromium or Chrome, then try again")
    return found


def lacking() -> BadInput | None:
    """What this computer lacks for it, as a sentence; None where it can be done."""
    try:
        _playwright()
        program()
    except BadInput as missing:
        return missing
    return None


def _is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0


def _playwright() -> Callable[[], Any]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError as missing:
        raise BadInput("Saving a page needs an extra", "pip install 'takeback[capture]'") from missing
    return sync_playwright
