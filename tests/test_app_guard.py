"""The guard of the local app, against whoever else can reach it: other sites in the same browser, other programs, other
people on the same computer. The real server, over real sockets."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from running import ADULT, App

from takeback.web import app as addresses
from takeback.web import guard, pages, peer, server

SENTINEL = "Xq7sentinel"
ACTS = sorted(str(one.pattern) for one in addresses.urlpatterns if str(one.pattern).startswith("case/"))
READS = ["/", "/index.html", "/packs.json", "/static/takeback.css", "/static/worker.js", "/presence", "/case.html",
         "/case-file.html", "/case-answers.html", "/nothing", "/hash.html"]  # fmt: skip


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    yield running
    running.desk.leave()
    running.close()


@pytest.fixture
def inside(app: App) -> App:
    """An app that the person has entered."""
    app.enter()
    return app


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app with an open case, shared by tests that leave it open."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAKEBACK_DATA", str(folder))
        running = App()
        running.enter()
        running.open()
        yield running
        assert running.desk.open_case is not None
        running.desk.leave()
        running.close()


def refused(answer: object, why: str) -> bool:
    return (answer.status, answer.text) == (403, why)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- another site in the same browser


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example"])
def test_another_host_is_refused_so_that_a_name_cannot_be_rebound(kept: App, host: str) -> None:
    assert refused(kept.ask("GET", "/case.html", host=host), guard.OTHER_HOST)


def test_two_hosts_are_none(kept: App) -> None:
    here = f"127.0.0.1:{kept.desk.port}"
    assert refused(kept.ask("GET", "/", headers={"Host": here}), guard.OTHER_HOST)


def test_an_act_without_an_origin_is_refused(kept: App) -> None:
    assert refused(kept.ask("POST", "/case/lock", b""), guard.ELSEWHERE)
    assert kept.desk.open_case is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Referer": "http://127.0.0.1/case.html"},
    ],
)
def test_an_act_from_another_page_is_refused(kept: App, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/case/lock"), ("PUT", "/case/file"), ("POST", "/exit"), ("POST", "/case/erase")):
        assert refused(kept.ask(method, path, b"x", headers=headers), guard.ELSEWHERE)
    assert kept.desk.open_case is not None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_a_browser_that_says_it_comes_from_elsewhere_is_refused(kept: App, site: str) -> None:
    for path in READS:
        assert refused(kept.get(path, **{"Sec-Fetch-Site": site}), guard.ELSEWHERE)
    answer = kept.post("/case/lock", **{"Sec-Fetch-Site": site})
    assert refused(answer, guard.ELSEWHERE)


def test_our_own_form_passes_though_it_sends_no_referrer(inside: App) -> None:
    inside.open()
    ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert inside.ask("POST", "/case/lock", b"", headers=ours).status == 302
    assert inside.desk.open_case is None


def test_no_page_can_be_put_in_a_frame_or_reach_another_host(kept: App) -> None:
    policy = kept.get("/case.html").headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert set(re.findall(r"[^ ;]*[:.*][^ ;]*", policy)) == {"blob:"}


def test_only_the_worker_may_run_webassembly(kept: App) -> None:
    for name in pages.assets():
        policy = kept.get(f"/static/{name}").headers["Content-Security-Policy"]
        assert ("wasm-unsafe-eval" in policy) == (name == "worker.js"), name
    for path in ("/worker.js", "/x/worker.js", "/case/worker.js", "/static/worker.js/"):
        assert "unsafe" not in kept.get(path).headers["Content-Security-Policy"]


def test_every_answer_is_uncached_unframed_and_sends_no_referrer(app: App) -> None:
    answers = [app.ask("GET", "/"), app.ask("GET", "/", host="evil.example"), app.enter()]
    answers += [app.get(path) for path in READS if path != "/presence"]
    answers += [app.post(f"/{path}") for path in ACTS] + [app.post("/still"), app.ask("TRACE", "/")]
    wanted = {
        "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    for answer in answers:
        assert {name: answer.headers[name] for name in wanted} == wanted
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Server"] is None


# ---------------------------------------------------------------- who may speak


@pytest.mark.parametrize("cookie", [None, "takeback=", "takeback=guess", "takeback=\xff\xfe", "other=1"])
def test_nothing_at_all_is_answered_without_the_cookie(app: App, cookie: str | None) -> None:
    app.enter()
    for path in READS:
        assert refused(app.ask("GET", path, cookie=cookie), guard.NO_KEY)
    for path in ("exit", "still", *ACTS):
        answer = app.ask("POST", f"/{path}", b"", cookie=cookie, headers={"Origin": app.origin})
        assert refused(answer, guard.NO_KEY)


def test_before_anybody_entered_no_cookie_is_right(app: App) -> None:
    assert refused(app.ask("GET", "/", cookie="takeback="), guard.NO_KEY)
    assert refused(app.ask("GET", "/", cookie="takeback=None"), guard.NO_KEY)


def test_the_cookie_is_for_this_browser_alone(app: App) -> None:
    cookie = app.enter().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age" not in cookie
    assert "expires" not in cookie


def test_the_token_works_once(app: App) -> None:
    token = app.desk.token
    assert app.ask("GET", "/enter/wrong").status == 403
    assert app.enter().status == 302
    assert app.get(f"/enter/{token}").status == 302  # the person again, who is in already
    assert app.get("/").status == 200


def test_a_token_that_a_stranger_read_lets_nobody_stay(app: App) -> None:
    token = app.desk.token
    app.enter()
    app.open()
    assert app.ask("GET", f"/enter/{token}", cookie=None).status == 403
    assert app.desk.open_case is None
    assert refused(app.get("/"), guard.NO_KEY)


def test_a_wrong_token_locks_nobody_out(kept: App) -> None:
    for token in ("", "wrong", "None", "x" * 60_000):
        assert kept.ask("GET", f"/enter/{token}", cookie=None).status in (403, 404)
    assert kept.desk.open_case is not None


def test_looking_ahead_does_not_use_up_the_token(app: App) -> None:
    token = app.desk.token
    for method in ("HEAD", "OPTIONS", "POST"):
        app.ask(method, f"/enter/{token}", headers={"Origin": app.origin})
    assert app.desk.token == token
    assert app.enter().status == 302


def test_the_token_is_in_no_answer_and_no_referrer(app: App) -> None:
    token = str(app.desk.token)
    answer = app.enter()
    assert answer.headers["Location"] == "/"
    assert token not in str(answer.headers) + answer.text
    assert token not in app.ask("GET", f"/enter/{token}", cookie=None, headers={"Accept": "text/html"}).text


def test_somebody_else_on_this_computer_is_hung_up_on(inside: App) -> None:
    assert inside.get("/").status == 200
    inside.server.owner = 54321  # as if somebody else had started it
    if peer.me() == 0:  # root may: it can read everything anyway, and so we ask as somebody else
        assert hung_up_on_another_user(inside)
        return
    with pytest.raises(OSError):
        inside.get("/")


def hung_up_on_another_user(app: App) -> bool:
    """Whether a process of user 65534 that has the cookie gets no byte."""
    import subprocess
    import sys

    request = f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{app.desk.port}\r\nCookie: {app.cookie}\r\n\r\n"
    code = (
        "import os, socket, encodings.idna\n"
        "os.setgid(65534); os.setuid(65534)\n"
        f"with socket.create_connection(('127.0.0.1', {app.desk.port})) as sock:\n"
        "    try:\n"
        f"        sock.sendall({request!r}.encode())\n"
        "        print(len(sock.recv(100)))\n"
        "    except OSError:\n"
        "        print(0)\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "0"


def test_the_kernels_table_names_the_owner_of_a_connection() -> None:
    line = (
        "   1: 0100007F:{} 0100007F:{} 01 00000000:00000000 00:00000000 00000000  {}        0 42834 1 0 20 4 30 10 -1\n"
    )
    closed = line.format("1F93", "0050", 0).replace(" 01 ", " 05 ").replace("42834", "0")
    wide = line.replace("0100007F", "0000000000000000FFFF00000100007F")
    table = ["  sl  local_address rem_address   st\n", line.format("1F90", "0050", 7), line.format("0050", "1F90", 0),
             wide.format("1F91", "0050", 8), closed, "\n", "rubbish : : : : : : x"]  # fmt: skip
    assert list(peer.parsed(table, 0x50, 0x1F90)) == [7]
    assert list(peer.parsed(table, 0x50, 0x1F91)) == [8]
    assert list(peer.parsed(table, 0x50, 0x1F92)) == []
    assert list(peer.parsed(table, 0x50, 0x1F93)) == [peer.NOBODY]


@pytest.mark.skipif(not peer.TABLES[0].exists(), reason="only Linux says whose a connection is")
@pytest.mark.parametrize("linger", [None, struct.pack("ii", 1, 0)], ids=["closed", "reset"])
def test_a_request_of_somebody_who_hung_up_at_once_is_not_read(app: App, linger: bytes | None) -> None:
    request = f"GET /enter/{app.desk.token} HTTP/1.0\r\nHost: 127.0.0.1:{app.desk.port}\r\n\r\n".encode()
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", app.desk.port)) as sock:
            sock.sendall(request)
            if linger:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    time.sleep(0.2)
    assert app.enter().status == 302


def test_our_own_connection_is_ours_by_the_kernels_word() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", ours)) as theirs:
            assert peer.owners(ours, theirs.getsockname()[1]) == (peer.me(),)
        with socket.socket(socket.AF_INET6) as mapped:
            mapped.connect(("::ffff:127.0.0.1", ours))
            assert peer.owners(ours, mapped.getsockname()[1]) == (peer.me(),)


# ---------------------------------------------------------------- methods, paths, and what is repeated


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW"])
def test_a_method_that_no_page_uses_is_refused(kept: App, method: str) -> None:
    answer = kept.ask(method, "/case.html", headers={"Origin": kept.origin})
    assert answer.status == 403


def test_reading_does_nothing_and_acting_is_never_a_get(kept: App) -> None:
    for path in ("exit", "still", *ACTS):
        assert kept.get(f"/{path}").status == 405
    for path in ("/", "/case.html", "/case-log.html", "/static/exit.js", "/packs.json", "/presence"):
        assert kept.post(path).status == 405
    assert kept.desk.open_case is not None


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py", "/static/%2e%2e/guard.py", "/static/..%2fguard.py", "/static/guard.py",
        "/static/takeback.css%00", "/static/takeback.css%0a", "/static/./takeback.css", "/static//takeback.css",
        "/static/", "/static", "/static/takeback", "/static/TAKEBACK.CSS", "/etc/passwd",
        "/base.html", "/case-base.html", "/parts.html", "/sorry.html", "/case-locked.html", "/face.html", "/../x",
        "/case/", "/case", "/enter", "/enter/", "/%ff%fe", "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_a_path_leads_nowhere_but_to_a_page(kept: App, path: str) -> None:
    assert kept.get(path).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/{SENTINEL}"), ("GET", f"/enter/{SENTINEL}"), ("GET", f"/static/{SENTINEL}.js"),
        ("GET", f"/case.html/<script>{SENTINEL}</script>"), ("GET", f"/?{SENTINEL}"), ("POST", f"/case/{SENTINEL}"),
        ("POST", "/case/open"), ("POST", "/case/keep"), ("POST", "/case/may"), ("PUT", "/case/file"),
        ("POST", "/case/document"), ("POST", "/case/notice"), ("POST", "/case/withdraw"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_no_answer_repeats_the_request(kept: App, method: str, path: str, accept: str) -> None:
    headers = {"Origin": kept.origin, "Accept": accept, "Content-Type": "application/x-www-form-urlencoded",
               "X-Other": SENTINEL}  # fmt: skip
    body = f"letter={SENTINEL}&case={SENTINEL}&ref={SENTINEL}".encode()
    answer = kept.ask(method, path, body if method != "GET" else None, headers=headers)
    assert SENTINEL not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "text",
    [
        f"{SENTINEL}\r\n\r\n", f"GET /{SENTINEL} HTTP/9.9\r\n\r\n", f"GET /{SENTINEL} {SENTINEL}\r\n\r\n",
        f"GET /{SENTINEL} HTTP/1.1 {SENTINEL}\r\n\r\n", f"GET / HTTP/1.1\r\n{SENTINEL}\r\n\r\n",
        f"GET /{SENTINEL * 9000} HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nX: {SENTINEL * 9000}\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "".join(f"X{n}: {SENTINEL}\r\n" for n in range(300)) + "\r\n",
        "\x16\x03\x01\x02\x00\x01" + SENTINEL, "\r\n", "",
    ],
)  # fmt: skip
def test_a_request_that_is_none_is_not_repeated_either(kept: App, text: str) -> None:
    with socket.create_connection(("127.0.0.1", kept.desk.port), timeout=15) as sock:
        sock.sendall(text.encode("latin-1"))
        time.sleep(0.05)  # who hangs up before they are looked at is not read at all
        try:
            sock.shutdown(socket.SHUT_WR)
            got = b"".join(iter(lambda: sock.recv(65536), b""))
        except OSError:
            got = b""
    assert SENTINEL.encode() not in got
    assert b"Python" not in got
    assert not got or all(f"{name}: ".encode() in got for name, _ in server.BARE)
    assert kept.get("/").status == 200


def test_nothing_is_ever_printed(inside: App, capfd: pytest.CaptureFixture[str]) -> None:
    inside.keep({**ADULT, "words": SENTINEL})
    for path in (f"/{SENTINEL}", "/case.html", f"/enter/{SENTINEL}"):
        inside.get(path)
    inside.post("/case/open", {"case": SENTINEL, "passphrase": SENTINEL})
    inside.post("/case/document", {"letter": SENTINEL})
    inside.ask("POST", "/case/keep", b"{", headers={"Origin": inside.origin})
    inside.raw(f"GET {SENTINEL}\r\n\r\n".encode())
    with socket.create_connection(("127.0.0.1", inside.desk.port)) as sock:  # one that goes away in the middle
        head = f"PUT /case/file HTTP/1.1\r\nHost: 127.0.0.1:{inside.desk.port}\r\nCookie: {inside.cookie}\r\n"
        about = '{"intimate": "no"}'
        sock.sendall(
            f"{head}Origin: {inside.origin}\r\nTakeback-Answers: {about}\r\nContent-Length: 99\r\n\r\nx".encode()
        )
    time.sleep(0.3)
    assert capfd.readouterr() == ("", "")


def test_a_fault_of_ours_says_one_sentence_and_no_more(
    inside: App, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError(SENTINEL)

    monkeypatch.setattr(inside.desk, "act", fault)
    answer = inside.post("/case/lock")
    assert (answer.status, answer.text) == (500, "Something went wrong inside Takeback. What was kept before is safe.")
    monkeypatch.setattr(inside.desk, "knows", fault)  # in the guard itself
    answer = inside.get("/", Accept="*/*")
    assert answer.status == 500
    assert SENTINEL not in answer.text
    assert capfd.readouterr() == ("", "")


def test_a_fault_in_the_middle_of_an_answer_is_not_printed(
    inside: App, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError(SENTINEL)

    monkeypatch.setattr(inside.desk, "lock_if_idle", fault)
    for path in ("/presence", "/"):
        assert SENTINEL not in inside.get(path).text
    from django.core.handlers.wsgi import WSGIHandler

    monkeypatch.setattr(WSGIHandler, "get_response", fault)  # outside of the guard
    answer = inside.get("/")
    assert (answer.status, SENTINEL in answer.text) == (500, False)
    assert dict(server.BARE).items() <= dict(answer.headers).items()
    assert capfd.readouterr() == ("", "")


# ---------------------------------------------------------------- too much, too slow, and things that split


def test_a_form_that_is_too_large_is_refused_in_a_sentence(kept: App) -> None:
    answer = kept.post("/case/words", {"words": "x" * (2 << 20)})
    assert answer.status == 400
    assert "too long" in answer.text
    assert kept.send("/case/keep", {"given": {"words": "x" * (2 << 20)}}).status == 400
    many = "&".join(f"a{n}=1" for n in range(5000)).encode()
    headers = {"Origin": kept.origin, "Content-Type": "application/x-www-form-urlencoded"}
    assert kept.ask("POST", "/case/words", many, headers=headers).status == 400


def test_a_file_in_a_form_goes_nowhere(kept: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = f'--b\r\nContent-Disposition: form-data; name="words"; filename="x"\r\n\r\n{SENTINEL * 400_000}\r\n--b--\r\n'
    headers = {"Origin": kept.origin, "Content-Type": "multipart/form-data; boundary=b"}
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))  # a temporary file would be an error
    assert kept.ask("POST", "/case/words", part.encode(), headers=headers).status == 302
    folder = kept.desk.open_case.store.folder
    assert not [path for path in folder.rglob("*") if path.is_file() and SENTINEL.encode() in path.read_bytes()]


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "99999999999999999999999", ""])
def test_a_length_that_is_none_keeps_nothing(kept: App, length: str) -> None:
    head = f"PUT /case/file HTTP/1.1\r\nHost: 127.0.0.1:{kept.desk.port}\r\nCookie: {kept.cookie}\r\n"
    about = 'Takeback-Answers: {"intimate": "no"}'
    got = kept.raw(f"{head}Origin: {kept.origin}\r\n{about}\r\nContent-Length: {length}\r\n\r\n".encode())
    assert b" 400 " in got.split(b"\r\n")[0]


def test_a_head_that_never_ends_is_hung_up_on(inside: App, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.Handler.timeout <= 10
    monkeypatch.setattr(server.Handler, "timeout", 0.3)
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", inside.desk.port), timeout=10) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert sock.recv(10) == b""
    assert time.monotonic() - began < 5


def test_more_connections_than_any_browser_opens_are_hung_up_on(inside: App) -> None:
    held = [socket.create_connection(("127.0.0.1", inside.desk.port), timeout=5) for _ in range(server.MOST_AT_ONCE)]
    time.sleep(0.3)
    with socket.create_connection(("127.0.0.1", inside.desk.port), timeout=5) as one_more:
        assert one_more.recv(1) == b""
    for sock in held:
        sock.close()
    time.sleep(0.5)
    assert inside.get("/").status == 200


@pytest.mark.parametrize("name", ["letter", "as"])
def test_a_line_break_splits_no_answer(kept: App, name: str) -> None:
    answer = kept.post("/case/document", {"letter": "plan", "as": "pdf", name: "plan\r\nSet-Cookie: a=b"})
    assert answer.status == 400
    assert answer.headers["Set-Cookie"] is None


def test_what_is_saved_has_a_neutral_name(kept: App) -> None:
    saved = [kept.post("/case/document", {"letter": "police-account", "as": form}) for form in ("pdf", "txt")]
    saved.append(kept.post("/case/package", {"how": "sealed", "passphrase": "another long passphrase"}))
    names = [answer.headers["Content-Disposition"] for answer in saved]
    assert names == [f'attachment; filename="{name}"' for name in ("account.pdf", "account.txt", "files.zip")]


# ---------------------------------------------------------------- leaving


def test_after_exit_nothing_is_answered(inside: App) -> None:
    inside.open()
    answer = inside.post("/exit")
    assert answer.status == 204
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert 'takeback=""' in answer.headers["Set-Cookie"]
    assert inside.desk.open_case is None
    for path in READS:
        assert refused(inside.get(path), guard.NO_KEY)
    assert refused(inside.post("/case/open"), guard.NO_KEY)
    assert inside.desk.token is None
