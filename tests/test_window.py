"""A window that the person controls: a real Chromium on a screen of its own (Xvfb), typed into as a person types."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import ADULT, App
from test_capture import PASSWORD, SECRET, Dial, members, resolve, site

from takeback import keeping, vault
from takeback.store import memory
from takeback.store.cases import Store
from takeback.terms import Situation
from takeback.web import case_capture
from takeback.wire.capture import Browser

__all__ = ["site"]

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool: sh tools/need xvfb xdotool"
)
KEY = vault.new_key()
RUN = """
import sys
sys.path.insert(0, {tests!r})
import test_capture
from takeback import cli, cli_case, cli_capture, keeping, vault
from takeback.errors import TakebackError
from takeback.store.cases import Store
from takeback.wire import capture
from pathlib import Path
case = keeping.OpenCase(Store(Path({data!r})), "case1", vault.key({key!r}))
cli_case.unlocked = lambda _: case
Made = capture.Browser
capture.Browser = lambda **wishes: Made(
    **wishes, dial=test_capture.Dial({port}), resolve=test_capture.resolve,
    arguments=("--ignore-certificate-errors-spki-list={spki}",))
sys.exit(cli.main(["capture", "https://clips.example/members", "--case", "case1", "--window"]))
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen that nobody looks at."""
    ours, theirs = os.pipe()
    line = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    running = subprocess.Popen(line, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as told:
        yield f":{told.readline().strip()}"
    running.terminate()
    running.wait()


def until(true: Callable[[], object], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(true())


def person(screen: str, *does: str) -> str:
    done = subprocess.run(
        ["xdotool", *does], env={**os.environ, "DISPLAY": screen}, capture_output=True, text=True, check=False
    )
    return done.stdout


def looks_at(screen: str, title: str) -> None:
    assert until(lambda: person(screen, "search", "--name", title)), title
    person(screen, "search", "--name", title, "windowfocus", "--sync")


def logs_in(screen: str) -> None:
    """As a person does: the name, tab, the password, enter."""
    looks_at(screen, "Log in")
    for _ in range(20):  # a window that was only just drawn misses a key
        person(screen, "key", "ctrl+a")
        person(screen, "type", "--delay", "30", "sam")
        if until(lambda: person(screen, "search", "--name", "^Hello sam"), 2):
            break
        person(screen, "search", "--onlyvisible", "--name", "Log in|Hello", "windowfocus")
    for does in (("key", "Tab"), ("type", "--delay", "30", PASSWORD), ("key", "Return")):
        person(screen, *does)
    assert until(lambda: person(screen, "search", "--name", "Only for members"))


@pytest.fixture
def case(tmp_path: Path) -> keeping.OpenCase:
    store = Store(tmp_path / "data")
    store.create_case("case1", {"passphrase": vault.wrap_to(KEY, KEY.recipient)})
    made = keeping.OpenCase(store, "case1", KEY)
    made.answer(Situation(ADULT), datetime.now(UTC))
    return made


@contextlib.contextmanager
def command(case: keeping.OpenCase, screen: str, site: tuple[Dial, str], home: Path) -> Iterator[subprocess.Popen]:
    """`takeback capture --window`, run as a person runs it. All that it writes would be in one folder."""
    code = RUN.format(
        tests=str(Path(__file__).parent), data=str(case.store.folder), key=KEY.secret, port=site[0].port, spki=site[1]
    )
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    with (home.parent / "said").open("w") as said:
        running = subprocess.Popen(
            [sys.executable, "-c", code], env={**os.environ, **places, "DISPLAY": screen, "TAKEBACK_MARK": str(home)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True,
        )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write("no\nyes\n")
    running.stdin.flush()
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        for pipe in (running.stdin, running.stdout):
            assert pipe is not None
            pipe.close()


def browsers(home: Path) -> list[Path]:
    """The processes that were started with this home in their environment: the command's and its browser's."""
    mark, found = f"TAKEBACK_MARK={home}".encode(), []
    for one in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (one / "environ").read_bytes():
                found.append(one)
    return found


def on_the_disk(processes: list[Path]) -> set[str]:
    """Every file that one of these processes has open to write, and that is not in memory."""
    written = set()
    for process in processes:
        for handle in (process / "fd").glob("*"):
            with contextlib.suppress(OSError):
                where, about = str(handle.readlink()), (process / "fdinfo" / handle.name).read_text()
                flags = int(about.split("flags:")[1].split()[0], 8)
                if (
                    where.startswith("/")
                    and flags & (os.O_WRONLY | os.O_RDWR)
                    and not where.startswith(("/dev/", "/memfd:"))
                ):
                    written.add(where)
    return written


def test_a_person_logs_in_and_says_take_it_now_and_the_page_is_kept(
    case: keeping.OpenCase, screen: str, site: tuple[Dial, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with command(case, screen, site, home) as running:
        logs_in(screen)
        ours = {str(case.store.folder), str(tmp_path / "said")}
        assert not [path for path in on_the_disk(browsers(home)) if not path.startswith(tuple(ours))]
        assert running.stdin is not None
        told, _ = running.communicate("\n", timeout=120)
    said = (tmp_path / "said").read_text()
    assert running.returncode == 0, said
    assert "press enter here" in said
    assert list(home.iterdir()) == []
    page, picture = case.state(datetime.now(UTC)).exhibits
    assert (page.origin, page.sort, picture.sort) == ("https://clips.example/members", "page", "screenshot")
    assert page.sha256 in told
    saved = b"".join(case.store.open_blob("case1", page.blob, KEY))
    assert hashlib.sha256(saved).hexdigest() == page.sha256
    held = members(saved)
    assert b"They posted this for members" in held["capture/text.txt"]
    for name, data in held.items():
        for secret in (SECRET, PASSWORD):
            assert secret.encode() not in data, name
    told = {(one["where"], one["name"]) for one in json.loads(held["capture/capture.json"])["stripped"]}
    assert {("request", "cookie"), ("answer", "set-cookie")} <= told
    assert b"type=password" not in gzip.decompress(held["archive/data.warc.gz"])  # what came before is left out


def test_killed_or_closed_it_keeps_nothing_and_leaves_nothing(
    case: keeping.OpenCase, screen: str, site: tuple[Dial, str], tmp_path: Path
) -> None:
    home = tmp_path / "killed"
    with command(case, screen, site, home) as running:
        looks_at(screen, "Log in")
        running.send_signal(signal.SIGKILL)
        assert until(lambda: not browsers(home)), "a browser is still there"
    assert list(home.iterdir()) == []
    with memory.room() as room:
        assert room is not None
        left = [one for one in room.parent.parent.glob("takeback.unfinished-*") if one != room.parent]
        assert left == []
    home = tmp_path / "closed"
    with command(case, screen, site, home) as running:
        looks_at(screen, "Log in")
        person(screen, "key", "ctrl+w")
        assert running.wait(60) == 2
    assert "The window was closed, so nothing was kept" in (tmp_path / "said").read_text()
    assert case.state(datetime.now(UTC)).exhibits == ()


# ---------------------------------------------------------------- the app


def test_the_app_opens_a_window_asks_which_page_and_closes_it_with_the_case(
    screen: str, site: tuple[Dial, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DISPLAY", screen)
    spki = f"--ignore-certificate-errors-spki-list={site[1]}"
    monkeypatch.setattr(
        case_capture, "browser",
        lambda memory, *, blurred=True: Browser(blurred, memory, site[0], resolve, (spki,)),
    )  # fmt: skip
    app = App()
    app.enter()
    try:
        app.open()
        wanted = {"url": "https://clips.example/members", "how": "window", "age": "no", "bare": "yes"}
        assert app.post("/case/capture", {**wanted, "age": "unknown"}).status == 403
        assert app.post("/case/capture", wanted).status == 302
        page = app.get("/case-window.html").text
        assert "Log in" in page
        logs_in(screen)
        person(screen, "key", "ctrl+t")
        assert until(
            lambda: (
                "about:blank" in app.get("/case-window.html").text or "chrome://" in app.get("/case-window.html").text
            )
        )
        asked = app.post("/case/window", {"how": "take"})
        assert (asked.status, "Choose which one" in asked.text, "Only for members" in asked.text) == (400, True, True)
        assert app.post("/case/window", {"how": "take", "tab": "0"}).status == 302
        assert app.desk.open_case is not None
        exhibits = app.desk.open_case.state(datetime.now(UTC)).exhibits
        assert [(one.sort, one.origin) for one in exhibits] == [
            ("page", "https://clips.example/members"), ("screenshot", "https://clips.example/members"),
        ]  # fmt: skip
        assert "No window is open" in app.get("/case-window.html").text

        assert app.post("/case/capture", wanted).status == 302
        window = app.desk.window
        assert window is not None
        app.desk.lock()
        assert until(lambda: window.ended)
        assert app.desk.window is None
        assert until(lambda: not person(screen, "search", "--name", "Log in"))
    finally:
        app.desk.leave()
        app.close()


def test_without_a_screen_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    app = App()
    app.enter()
    try:
        app.open()
        assert "There is no screen here" in app.get("/case-capture.html").text
        asked = {"url": "https://clips.example/", "how": "window", **dict.fromkeys(("age", "bare"), "no")}
        refused = app.post("/case/capture", asked)
        assert (refused.status, "There is no screen here" in refused.text) == (400, True)
    finally:
        app.desk.leave()
        app.close()
