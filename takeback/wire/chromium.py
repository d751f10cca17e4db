"""A Chromium for one capture: which one, whether it can start here, and how it is started so that it leaves nothing.

It starts with no profile, in its own sandbox, and with a folder in memory as its home and for its temporary files
where this system has one. What it is sent to is capture.py's business.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from pathlib import Path

    from takeback.wire.gate import Gate

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    "--ozone-platform-hint=auto",
)
CLOSING = 5.0
"""Seconds that a browser has to close by itself."""

NO_WINDOW = BadInput(
    "There is no screen here that a window could open on", "run this on a computer with a desktop, not over a terminal"
)


def program() -> str:
    """The Chromium of this computer."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise BadInput("No Chromium was found on this computer", "install Chromium or Chrome, then try again")
    return found


def lacking(environment: Mapping[str, str] = os.environ, *, window: bool = False) -> BadInput | None:
    """What this computer lacks for a capture, as a sentence; None where it can be done."""
    try:
        _playwright()
        program()
    except BadInput as missing:
        return missing
    screen = not sys.platform.startswith("linux") or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return None if screen or not window else NO_WINDOW


@asynccontextmanager
async def started(gate: Gate, memory: Path | None, more: tuple[str, ...], *, window: bool) -> AsyncIterator[Any]:
    """A running browser, whose every connection goes through the gate; gone at the end, whatever happens."""
    playwright = _playwright()()
    running = await _in_memory(playwright.start, memory)
    try:
        browser = await _launched(running, gate, memory, more, window=window)
        try:
            yield browser
        finally:
            await _ended(browser.close())
    finally:
        await _ended(running.stop())  # what it started and what would not end is killed with it


async def _ended(closing: Awaitable[object]) -> None:
    """Wait for an end, and not for ever: a page that hangs holds its browser up."""
    with suppress(TimeoutError):
        await asyncio.wait_for(closing, CLOSING)


async def _launched(running: Any, gate: Gate, memory: Path | None, more: tuple[str, ...], *, window: bool) -> Any:
    from playwright.async_api import Error  # noqa: PLC0415

    try:
        return await running.chromium.launch(
            executable_path=program(),
            headless=not window,
            chromium_sandbox=not _is_root(),
            args=[*ARGUMENTS, *more],
            ignore_default_args=["--enable-automation"],
            env=_at_home(memory, os.environ),
            proxy={
                "server": gate.address,
                "username": gate.name,
                "password": gate.password,
                "bypass": "<-loopback>",
            },
        )
    except Error as fault:
        if "sandbox" in str(fault).lower() and "no usable" in str(fault).lower():
            raise BadInput(
                "This computer does not let Chromium lock itself in, so Takeback did not open the page with it",
                "install the Chromium of your system, or keep a screenshot as a file instead",
            ) from fault
        raise BadInput(
            "Chromium did not start, so the page was not opened",
            "start it yourself once to see why, or keep a screenshot as a file instead",
        ) from fault


def _at_home(memory: Path | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the browser, whose home is in memory, so that its habits write nothing to the disk."""
    if memory is None:
        return dict(environment)
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")
    cookie = environment.get("XAUTHORITY") or os.path.join(environment.get("HOME", ""), ".Xauthority")  # noqa: PTH118
    return {**environment, **dict.fromkeys(homes, str(memory)), "XAUTHORITY": cookie}


async def _in_memory(start: Callable[[], Any], memory: Path | None) -> Any:
    """Start the driver, which makes the browser's folders where TMPDIR points to: that is read once, as it starts."""
    before = os.environ.get("TMPDIR")
    if memory is not None:
        os.environ["TMPDIR"] = str(memory)
    try:
        return await start()
    finally:
        if memory is not None and before is None:
            del os.environ["TMPDIR"]
        elif before is not None:
            os.environ["TMPDIR"] = before


def _is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0


def _playwright() -> Callable[[], Any]:
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415
    except ImportError as missing:
        raise BadInput("Saving a page needs an extra", "pip install 'takeback[capture]'") from missing
    return async_playwright
