"""Capture: a page in a real Chromium, saved as it was received, with what it looked like. An extra: takeback[capture].

The browser's profile lives in memory and ends with it. Every connection goes through the gate, so that nothing inside
this computer or the network around it is reached. With a window the person goes where they want, logs in, and says
which page to take (hand.py); pictures are blurred there until they choose otherwise. Whatever a page does, slowly or
never, each step ends. The child rule is asked before this room is entered.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urldefrag, urlsplit

import httpcore

from takeback.errors import BadInput, Unreached
from takeback.wacz import Captured, Exchange, Heads
from takeback.wire import chromium, fetch, line
from takeback.wire.gate import Gate
from takeback.wire.hand import Tab

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

    from takeback.wire.hand import Hand

VIEWPORT = (1280, 900)
SECONDS, SETTLE, LOOK = 1800.0, 1.5, 0.25
"""Of a whole capture, logging in included; that a page gets to come to rest; between two looks at what is open."""

PATIENCE, TAKING = 20.0, 90.0
"""Seconds for one step of a page that is being taken, and for all of them: one that never rests is not waited for."""

MOST = 64 << 20
"""Bytes of bodies that are kept; what is beyond is listed."""

MOST_ANSWERS = 5000
"""Answers that are remembered, the latest ones."""

TALLEST = 16_000
"""Pixels of a page, from its top, that its picture shows."""

PICTURES = "img, video, canvas, picture, svg image"
BLUR = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("PICTURES { filter: blur(24px) !important }");
  const on = () => { document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; };
  on();
  document.addEventListener("DOMContentLoaded", () => { if (!document.adoptedStyleSheets.includes(sheet)) on(); });
})();""".replace("PICTURES", PICTURES)
SHARP = """document.adoptedStyleSheets = document.adoptedStyleSheets.filter(
  (sheet) => sheet.cssRules[0]?.selectorText !== "PICTURES")""".replace("PICTURES", PICTURES)
TEXT = "document.body ? document.body.innerText : ''"
HEIGHT = "document.documentElement ? document.documentElement.scrollHeight : 0"

STOPPED = BadInput("The window was closed, so nothing was kept", "start again whenever you like")


class Got(NamedTuple):
    """An answer that came, and when."""

    answer: Any
    at: datetime


@dataclass(frozen=True)
class Browser:
    """How a page is captured. `memory` is a folder that is in memory, for what a browser writes down of itself.

    `dial`, `resolve` and `arguments` are for tests that put a site behind a name.
    """

    blurred: bool = True
    memory: Path | None = None
    dial: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    resolve: line.Resolve = line.resolve
    arguments: tuple[str, ...] = ()

    def capture(self, url: str, hand: Hand | None = None) -> Captured:
        """The page at an address; with a hand there is a window, and it is the page that the hand takes.

        Raises `Unreached`; BadInput where there is no browser or no screen, or the person closed the window.
        """
        first = fetch.checked(url)
        if why := chromium.lacking(window=hand is not None):
            raise why
        with Gate(self.dial, self.resolve, SECONDS) as gate:
            taken = asyncio.run(self._within(gate, first, hand))
            return replace(taken, server=gate.reached.get(urlsplit(taken.url).hostname or "", ""))

    async def _within(self, gate: Gate, url: str, hand: Hand | None) -> Captured:
        try:
            async with asyncio.timeout(SECONDS), chromium.started(
                gate, self.memory, self.arguments, window=hand is not None
            ) as browser:  # fmt: skip
                return await self._captured(browser, url, hand)
        except TimeoutError as slow:
            raise Unreached("slow") from slow

    async def _captured(self, browser: Any, url: str, hand: Hand | None) -> Captured:
        from playwright.async_api import Error  # noqa: PLC0415

        context = await browser.new_context(
            viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]}, accept_downloads=False, service_workers="block"
        )
        if self.blurred:
            await context.add_init_script(BLUR)
        got, whole = list[Got](), set[Any]()
        context.on("response", lambda answer: _remember(got, answer))
        context.on("requestfinished", lambda asked: whole.add(asked))  # noqa: PLW0108  (Playwright marks it)
        page = await context.new_page()
        try:
            await page.goto(url, wait_until="load", timeout=60_000)
        except Error as fault:
            if not got:
                raise Unreached("inward" if "403" in str(fault) or "TUNNEL" in str(fault) else "silent") from None
        try:
            if hand is not None:
                page = await _chosen(context, hand)
            async with asyncio.timeout(TAKING):
                return await _taken(page, got, whole, browser.version)
        except Error as fault:
            raise STOPPED if hand is not None else Unreached("odd") from fault


def _remember(got: list[Got], answer: Any) -> None:
    got.append(Got(answer, datetime.now(UTC)))
    del got[:-MOST_ANSWERS]


async def _soon(step: Awaitable[Any], seconds: float | None = None) -> Any:
    """What a step of a page gives; Unreached where the page never gets to it."""
    try:
        return await asyncio.wait_for(step, seconds or PATIENCE)
    except TimeoutError as slow:
        raise Unreached("slow") from slow


# ---------------------------------------------------------------- which page


async def _chosen(context: Any, hand: Hand) -> Any:
    """The page that the person takes; until then, what is open is written down for them."""
    known: list[Any] = []
    while hand.said is None:
        known += [page for page in context.pages if page not in known]
        if not context.pages:
            raise STOPPED
        hand.tabs = tuple([await _tab(page, number) for number, page in enumerate(known) if not page.is_closed()])
        hand.opened.set()
        await asyncio.sleep(LOOK)
    if hand.said == "stop" or known[hand.said].is_closed():
        raise STOPPED
    return known[hand.said]


async def _tab(page: Any, number: int) -> Tab:
    from playwright.async_api import Error  # noqa: PLC0415

    title = ""
    with suppress(Error, Unreached):
        title = await _soon(page.title(), 1)
    return Tab(number, title, page.url)


def _of(page: Any, got: list[Got]) -> list[Got]:
    """What came for this page: from the document that it shows on, not what its window showed before it."""
    mine = [one for one in got if _frame(one.answer) is not None and _frame(one.answer).page == page]
    documents = [
        one.answer for one in mine
        if one.answer.request.is_navigation_request() and _frame(one.answer) == page.main_frame
        and one.answer.status not in fetch.REDIRECTS
    ]  # fmt: skip
    shown = [one for one in documents if one.url == urldefrag(page.url)[0]] or documents
    if not shown:
        return mine
    chain, asked = list[Any](), shown[-1].request
    while asked is not None:
        chain.append(asked)
        asked = asked.redirected_from
    first = next(number for number, one in enumerate(mine) if one.answer.request in chain)
    return mine[first:]


def _frame(answer: Any) -> Any:
    from playwright.async_api import Error  # noqa: PLC0415

    try:
        return answer.frame
    except Error:  # of no page
        return None


# ---------------------------------------------------------------- what is taken of it


async def _taken(page: Any, all_got: list[Got], whole: set[Any], version: str) -> Captured:
    """What the page is now, and all that came for it."""
    await asyncio.sleep(SETTLE)
    got = _of(page, all_got)
    url = fetch.checked(page.url) and page.url
    title, text = await _soon(page.title()), await _soon(page.evaluate(TEXT))
    exchanges, left = await _exchanges(got, whole)
    tall = await _soon(page.evaluate(HEIGHT))
    return Captured(
        url=url,
        title=title,
        text=text,
        at=datetime.now(UTC).replace(microsecond=0),
        screenshot=await _picture(page, tall),
        exchanges=tuple(exchanges),
        browser=f"Chromium {version}",
        viewport=VIEWPORT,
        certificate=await _certificate(got, page.url),
        left_out=(*left, *((f"the picture ends at {TALLEST} pixels of {tall}",) if tall > TALLEST else ())),
    )


async def _exchanges(got: list[Got], whole: set[Any]) -> tuple[list[Exchange], list[str]]:
    """Each answer with its body, and the addresses of those whose body was not there, not yet whole, or too much."""
    from playwright.async_api import Error  # noqa: PLC0415

    exchanges, left, size = list[Exchange](), list[str](), 0
    for answer, at in got:
        try:
            if answer.request not in whole or size + await _announced(answer) > MOST:
                left.append(answer.url)
                continue
            body = b"" if answer.status in fetch.REDIRECTS else await _soon(answer.body())
            size += len(body)
            exchanges.append(await _exchange(answer, at, body))
        except (Error, Unreached):
            left.append(answer.url)
    return exchanges, left


async def _announced(answer: Any) -> int:
    """How large a body says it is; nothing where it does not say."""
    said = await _soon(answer.header_value("content-length"))
    return int(said) if said and said.isascii() and said.isdigit() else 0


async def _picture(page: Any, tall: int) -> bytes:
    """The page as it looks, clear, from its top as far down as TALLEST. It is clear in the window from here on."""
    from playwright.async_api import Error  # noqa: PLC0415

    for frame in page.frames:
        with suppress(Error, Unreached):
            await _soon(frame.evaluate(SHARP), 2)
    cut = {"clip": {"x": 0, "y": 0, "width": VIEWPORT[0], "height": TALLEST}} if tall > TALLEST else {}
    picture: bytes = await _soon(page.screenshot(full_page=True, timeout=PATIENCE * 1000, **cut), PATIENCE + 1)
    return picture


async def _exchange(answer: Any, at: datetime, body: bytes) -> Exchange:
    asked = answer.request
    return Exchange(
        answer.url, asked.method, at, _heads(await _soon(asked.headers_array())), answer.status, answer.status_text,
        _heads(await _soon(answer.headers_array())), body,
    )  # fmt: skip


def _heads(array: list[dict[str, str]]) -> Heads:
    return tuple((one["name"], one["value"].replace("\n", " ")) for one in array if not one["name"].startswith(":"))


async def _certificate(got: list[Got], url: str) -> tuple[tuple[str, str], ...]:
    """What the browser says of the site's certificate: for whom, by whom, from when to when, over which protocol."""
    for answer, _ in reversed(got):
        if answer.url == urldefrag(url)[0] and (told := await _soon(answer.security_details())):
            days = {name: _day(told.get(name)) for name in ("validFrom", "validTo")}
            words = {name: str(told.get(name, "")) for name in ("subjectName", "issuer", "protocol")}
            return tuple(sorted({**words, **days}.items()))
    return ()


def _day(seconds: object) -> str:
    return f"{datetime.fromtimestamp(float(str(seconds)), UTC):%Y-%m-%d}" if seconds else ""
