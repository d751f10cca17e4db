"""What the app holds in memory: locked when quiet, forgotten on leaving, gone when the last page has closed."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from running import ADULT, PASSPHRASE, App

from takeback import errors, keeping
from takeback.store.cases import Store
from takeback.terms import Given, Situation
from takeback.web import desk as desks
from takeback.web import server, shelf
from takeback.web.case import now
from takeback.web.desk import Desk

CASE = object()
START = ["env", "--default-signal=INT", Path(sys.executable).with_name("takeback")]
"""`takeback` as in a terminal; a shell that runs the tests in the background has told its children to ignore Ctrl-C."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    desk = Desk(clock=clock)
    desk.enter(desk.token or "")
    desk.opens(CASE, desk.turn)  # type: ignore[arg-type]
    return desk


# ---------------------------------------------------------------- the open case


def test_it_locks_after_fifteen_quiet_minutes_and_not_before(desk: Desk, clock: Clock) -> None:
    clock.at += desks.IDLE
    desk.lock_if_idle()
    assert desk.open_case is CASE
    clock.at += 1
    desk.lock_if_idle()
    assert desk.open_case is None


def test_an_act_starts_the_quiet_time_again(desk: Desk, clock: Clock) -> None:
    for _ in range(5):
        clock.at += desks.IDLE - 1
        desk.act()
        desk.lock_if_idle()
    assert desk.open_case is CASE


def test_the_clock_goes_on_while_a_laptop_sleeps_and_cannot_be_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "clock_gettime", {time.CLOCK_BOOTTIME: 7.0}.__getitem__)
    assert desks.steady() == 7.0
    assert Desk().clock is desks.steady


def test_a_key_that_was_being_unwrapped_while_the_person_left_is_dropped(desk: Desk) -> None:
    for act in (desk.lock, desk.leave):
        turn = desk.turn
        act()
        with pytest.raises(errors.Locked):
            desk.opens(CASE, turn)  # type: ignore[arg-type]
        assert desk.open_case is None


def test_nothing_secret_shows_where_a_desk_is_printed(desk: Desk) -> None:
    assert desk.cookie not in repr(desk)
    assert str(Desk().token) not in repr(Desk())


def test_leaving_forgets_the_key_the_cookie_and_the_token(desk: Desk) -> None:
    cookie = desk.cookie or ""
    desk.leave()
    assert (desk.open_case, desk.cookie, desk.token) == (None, None, None)
    assert not desk.knows(cookie)
    assert not desk.knows("")
    assert desk.enter("") is None


# ---------------------------------------------------------------- presence


def test_it_is_deserted_a_little_after_the_last_page_closed(desk: Desk, clock: Clock) -> None:
    clock.at += 10_000
    assert not desk.deserted()  # no page has come yet
    desk.page_opens()
    desk.page_opens()
    desk.page_closes()
    clock.at += 10_000
    assert not desk.deserted()
    desk.page_closes()
    clock.at += desks.GONE
    assert not desk.deserted()
    clock.at += 1
    assert desk.deserted()


def test_another_page_in_time_keeps_it_there(desk: Desk, clock: Clock) -> None:
    desk.page_opens()
    desk.page_closes()
    clock.at += desks.GONE - 1
    desk.page_opens()
    clock.at += 10_000
    assert not desk.deserted()


def test_after_exit_it_stops_even_with_a_page_open(desk: Desk, clock: Clock) -> None:
    desk.page_opens()
    desk.leave()
    clock.at += desks.LEFT + 1
    assert desk.deserted()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(shelf, "BEAT", 0.05)
    running = App()
    running.enter()
    yield running
    running.desk.leave()
    running.close()


def until(true: object, seconds: float = 10) -> None:
    began = time.monotonic()
    while not true():  # type: ignore[operator]
        assert time.monotonic() - began < seconds
        time.sleep(0.02)


def listen(app: App) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", app.desk.port, timeout=10)
    connection.request("GET", "/presence", headers={"Cookie": app.cookie})
    return connection.getresponse()


def heard(stream: http.client.HTTPResponse) -> str:
    """The next thing that is said of the case."""
    while not (line := stream.readline()).startswith(b"data: "):
        assert line
    return line.removeprefix(b"data: ").decode().strip()


def test_a_page_hears_that_its_case_is_open_about_to_lock_and_locked(app: App) -> None:
    clock = Clock()
    app.desk.clock = clock
    app.desk.opens(CASE, app.desk.turn)  # type: ignore[arg-type]
    stream = listen(app)
    assert heard(stream) == "open"
    clock.at += desks.IDLE - desks.WARN + 1
    assert heard(stream) == "locking"
    app.post("/still")
    assert heard(stream) == "open"
    clock.at += desks.IDLE + 1
    assert heard(stream) == "closed"
    assert app.desk.open_case is None


def test_a_page_that_closes_is_noticed_and_exit_ends_every_stream(app: App) -> None:
    first, second = listen(app), listen(app)
    until(lambda: app.desk._pages == 2)
    first.close()
    until(lambda: app.desk._pages == 1)
    app.desk.leave()
    until(lambda: second.readline() == b"")
    until(lambda: app.desk._pages == 0)


def test_a_request_after_fifteen_quiet_minutes_meets_a_locked_case(app: App) -> None:
    app.open()
    app.desk.clock = lambda: desks.steady() + desks.IDLE + 1
    assert "Open your case" in app.get("/case.html").text
    assert app.desk.open_case is None


# ---------------------------------------------------------------- many at once


def test_many_requests_at_once_lose_nothing_that_was_confirmed(app: App) -> None:
    app.open()
    confirmed: list[int] = []

    def add(number: int) -> None:
        urls = [f"https://example.org/{number}/{turn}" for turn in range(4)]
        confirmed.extend(app.post("/case/address", {"url": url}).status for url in urls)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(confirmed) <= {302, 400}  # 400: another window was quicker five times
    case = app.desk.open_case
    assert case is not None
    assert len(case.state(now()).where) == confirmed.count(302) >= 20


def test_locking_in_the_middle_of_opening_leaves_it_locked(app: App, tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    keeping.new(store, "case1", PASSPHRASE, Given(Situation()), now())
    opening = threading.Thread(target=app.post, args=("/case/open", {"case": "case1", "passphrase": PASSPHRASE}))
    turn = app.desk.turn
    opening.start()
    time.sleep(0.2)  # scrypt takes longer
    app.post("/case/lock")
    opening.join()
    assert app.desk.turn == turn + 1
    assert app.desk.open_case is None


# ---------------------------------------------------------------- the process


@pytest.fixture
def started(tmp_path: Path) -> subprocess.Popen[str]:
    """`takeback` itself, where no browser can be opened."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["TAKEBACK_DATA"] = str(tmp_path / "data")
    with subprocess.Popen(START, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def port_and_token(process: subprocess.Popen[str]) -> tuple[int, str]:
    assert process.stdout is not None
    while "/enter/" not in (line := process.stdout.readline()):
        assert process.poll() is None
    address, _, token = line.strip().rpartition("/enter/")
    return int(address.rpartition(":")[2]), token


def test_the_process_leaves_no_core_dump(started: subprocess.Popen[str]) -> None:
    port_and_token(started)
    limits = Path(f"/proc/{started.pid}/limits").read_text()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def test_no_debugger_and_no_other_program_may_look_into_the_process() -> None:
    code = (
        "import ctypes, resource\n"
        "from takeback.web import server\n"
        "server.close_to_others()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 (0, 0)\n"


def test_it_listens_on_loopback_alone_and_on_another_port_each_time(app: App) -> None:
    assert app.server.server_address[0] == "127.0.0.1"
    other = server.listen(Desk())
    assert other.server_port != app.server.server_port
    other.server_close()


def test_ctrl_c_ends_it_quietly(started: subprocess.Popen[str]) -> None:
    port_and_token(started)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert (started.returncode, said) == (0, "")


def test_it_ends_after_exit_and_has_printed_nothing(started: subprocess.Popen[str]) -> None:
    port, token = port_and_token(started)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", f"/enter/{token}")
    cookie = (connection.getresponse().headers["Set-Cookie"] or "").split(";")[0]
    for path in ("/nothing", "/case/open", "/case.html?x", "/enter/x"):  # none of it is worth a line
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path, headers={"Cookie": cookie})
        assert connection.getresponse().status in (200, 403, 404, 405)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/exit", headers={"Cookie": cookie, "Origin": f"http://127.0.0.1:{port}"})
    assert connection.getresponse().status == 204
    _, said = started.communicate(timeout=30)
    assert (started.returncode, said) == (0, "")


def test_keeping_an_adults_case_needs_nothing_but_answers_and_a_passphrase(app: App) -> None:
    assert app.send("/case/keep", {"passphrase": "short", "given": ADULT}).status == 400
    assert app.desk.open_case is None
    assert app.keep().status == 200
