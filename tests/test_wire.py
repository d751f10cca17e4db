"""The wire asks for what a person asked for, says nothing of them, and is led nowhere else. Over real sockets."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import httpcore
import platforms
import pytest
from platforms import Page, Platforms, to

from takeback.errors import UNREACHED, Unreached
from takeback.wire import line, numbers
from takeback.wire.fetch import HEADS, Limits, Wire


@pytest.fixture
def net() -> Iterator[Platforms]:
    with Platforms() as running:
        yield running


def why(wire: Wire, url: str) -> str:
    with pytest.raises(Unreached) as told:
        wire.get(url)
    assert told.value.say() == UNREACHED[told.value.why]
    return told.value.why


# ---------------------------------------------------------------- what comes back


def test_a_page_comes_back_with_its_status_its_hash_and_where_it_was(net: Platforms) -> None:
    url = net.put("clips.example", "/watch/1?a=b", Page(200, b"hello"))
    got = net.wire().get(url + "#part")
    assert (got.status, got.body, got.kind, got.cut) == (200, b"hello", "text/html", False)
    assert got.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert got.at == url + "#part"
    assert net.dial.asked == [(platforms.PUBLIC, 80)]


def test_a_page_that_says_no_is_an_answer_too(net: Platforms) -> None:
    got = net.wire().get(net.put("clips.example", "/x", platforms.rate_limited(90)))
    assert (got.status, got.heads["retry-after"]) == (429, "90")


def test_what_is_packed_is_unpacked(net: Platforms) -> None:
    url = net.put("clips.example", "/", platforms.gzipped(Page(200, b"hello " * 1000)))
    assert net.wire().get(url).body == b"hello " * 1000


def test_head_brings_not_one_byte_of_the_page(net: Platforms) -> None:
    got = net.wire().head(net.put("clips.example", "/", Page(200, b"hello")))
    assert (got.status, got.body) == (200, b"")
    assert net.asked[-1].method == "HEAD"


def test_a_redirect_is_followed_and_its_end_is_said(net: Platforms) -> None:
    net.put("clips.example", "/end", Page(200, b"here"))
    start = net.put("short.example", "/a", to("http://clips.example/start"))
    net.put("clips.example", "/start", to("/end", 301))
    got = net.wire().get(start)
    assert (got.url, got.at, got.body) == (start, "http://clips.example/end", b"here")


# ---------------------------------------------------------------- what is said of the person


def test_nothing_is_sent_that_tells_who_asks(net: Platforms) -> None:
    net.put("clips.example", "/end", Page(200, b"here"))
    net.wire().get(net.put("clips.example", "/a", to("/end", **{"Set-Cookie": "who=you; Path=/"})))
    first, second = net.asked
    allowed = {*(name.lower() for name in HEADS), "host"}
    for asked in (first, second):
        assert {name.lower() for name in asked.heads} == allowed
        assert "takeback" not in str(asked.heads).lower()
    assert not {"cookie", "referer"} & {name.lower() for name in second.heads}


def test_a_proxy_that_a_person_set_is_never_spoken_past(net: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    url = net.put("clips.example", "/", Page())
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9050")
    assert why(net.wire(), url) == "proxy"
    assert (net.looked_up, net.dial.asked) == ([], [])


def test_what_is_posted_is_not_carried_on_to_where_a_redirect_leads(net: Platforms) -> None:
    url = net.put("stamp.example", "/", to("http://other.example/", 307))
    got = net.wire().post(url, b"question", {"Content-Type": "application/timestamp-query"})
    assert got.status == 307
    assert [asked.host for asked in net.asked] == ["stamp.example"]


# ---------------------------------------------------------------- where it goes

INWARD = [
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.0.8", "192.0.2.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.88.99.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2001::1", "2001:db8::1", "100::1", "fec0::1", "3fff::1", "5f00::1", "nonsense", "", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("number", INWARD)
def test_a_name_that_leads_inward_is_not_connected_to(net: Platforms, number: str) -> None:
    url = net.put("clips.example", "/", Page(200, b"secret"))
    net.names["clips.example"] = (number,)
    assert why(net.wire(), url) == "inward"
    assert net.dial.asked == []


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "151.101.1.140", "99.255.255.255", "172.32.0.1", "2606:4700::1", "2a00:1450::5"]
)
def test_a_public_number_is(net: Platforms, number: str) -> None:
    assert numbers.public(number)
    net.names["clips.example"] = (number,)
    assert net.wire().get(net.put("clips.example", "/", Page())).status == 200
    assert net.dial.asked == [(number, 80)]


def test_one_number_that_leads_inward_spoils_all_of_them(net: Platforms) -> None:
    url = net.put("clips.example", "/", Page())
    net.names["clips.example"] = ("8.8.8.8", "127.0.0.1")
    assert why(net.wire(), url) == "inward"
    assert net.dial.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
        "http://localhost/", "http://printer.local/", "http://169.254.169.254/latest/meta-data/", "http://router/",
        "http://127.0.0.1.nip.io/", "http://①②⑦.0.0.1/", "http://0/",
    ],
)  # fmt: skip
def test_an_address_that_spells_an_inward_number_in_any_way_is_not_asked_for(net: Platforms, url: str) -> None:
    assert why(net.wire(), url) == "inward"
    assert net.dial.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://clips.example/", "file:///etc/passwd", "gopher://clips.example/", "http://user@clips.example/",
        "http://user:pass@clips.example/", "http://clips.example\\@127.0.0.1/", "http://clips.example/a b", "words only",
        "http:///", "javascript:alert(1)", "http://clips.example/\u202e",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_not_asked_for(net: Platforms, url: str) -> None:
    assert why(net.wire(), url) == "odd"
    assert net.dial.asked == []


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_only_the_two_doors_of_the_web_are_knocked_at(net: Platforms, port: int) -> None:
    assert why(net.wire(), f"http://clips.example:{port}/") == "door"
    assert net.dial.asked == []
    with pytest.raises(Unreached, match="unusual door"):  # the line itself refuses too, whoever asks it
        line.Checked(net.dial, net.resolve, line.Deadline(1)).connect_tcp("clips.example", port)


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("http://127.0.0.1/admin", "inward"), ("http://[::ffff:10.0.0.1]/", "inward"), ("http://2130706433/", "inward"),
        ("//localhost/", "inward"), ("http://inside.example/", "inward"), ("http://clips.example:6379/", "door"),
        ("file:///etc/passwd", "odd"), ("http://you@clips.example/", "odd"), ("http://[broken", "odd"),
        ("data:text/html,hi", "odd"),
    ],
)  # fmt: skip
def test_every_redirect_is_checked_anew(net: Platforms, where: str, reason: str) -> None:
    net.names["inside.example"] = ("192.168.0.1",)
    net.put("inside.example", "/", Page(200, b"secret"))
    assert why(net.wire(), net.put("clips.example", "/", to(where))) == reason
    assert net.dial.asked == [(platforms.PUBLIC, 80)]


def test_a_name_that_changes_its_mind_gets_no_second_look_up(net: Platforms) -> None:
    """DNS rebinding: public when it is checked, inward when it is connected to."""
    answers = [("8.8.8.8",), ("127.0.0.1",)]
    wire = Wire(Limits(seconds=5), net.dial, lambda name, seconds: answers.pop(0))
    assert wire.get(net.put("clips.example", "/", Page(200, b"public"))).body == b"public"
    assert net.dial.asked == [("8.8.8.8", 80)]
    assert why(wire, "http://clips.example/") == "inward"


def test_an_honest_name_is_asked_for_at_its_own_host_whatever_number_it_has(net: Platforms) -> None:
    net.wire().get(net.put("clips.example", "/", Page()))
    assert net.asked[-1].heads["Host"] == "clips.example"
    assert net.looked_up == ["clips.example"]


def test_the_next_number_is_tried_where_one_does_not_answer(net: Platforms) -> None:
    class Dial(platforms.Dial):
        def connect_tcp(
            self, host: str, port: int, timeout: float | None = None, **more: object
        ) -> httpcore.NetworkStream:
            if host == "8.8.8.8":
                raise httpcore.ConnectError
            return super().connect_tcp(host, port, timeout)

    wire = Wire(Limits(seconds=5), Dial(net.dial.port), lambda *_: ("8.8.8.8", "9.9.9.9"))
    assert wire.get(net.put("clips.example", "/", Page())).status == 200
    none = Wire(Limits(seconds=5), Dial(net.dial.port), lambda *_: ("8.8.8.8",))
    assert why(none, "http://clips.example/") == "silent"


def test_a_name_that_leads_nowhere_is_said_to(net: Platforms) -> None:
    net.names["clips.example"] = ()
    assert why(net.wire(), "http://clips.example/") == "name"


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(30) and [])
    since = time.monotonic()
    assert line.resolve("clips.example", 0.2) == ()
    assert time.monotonic() - since < 2
    over.set()


def test_this_computers_own_resolver_is_asked() -> None:
    assert set(line.resolve("localhost", 5)) & {"127.0.0.1", "::1"}


# ---------------------------------------------------------------- too much, too slow, too odd


@pytest.mark.parametrize("behaviour", [platforms.hangs, platforms.drips, platforms.drips_head])
def test_nothing_is_waited_for_beyond_the_deadline(net: Platforms, behaviour: platforms.Behaviour) -> None:
    url = net.put("clips.example", "/", behaviour)
    since = time.monotonic()
    assert why(net.wire(seconds=0.5), url) == "slow"
    assert platforms.waited(since) < 3


def test_the_deadline_is_for_all_redirects_together(net: Platforms) -> None:
    def slowly(asking: platforms.Asking) -> None:
        net.over.wait(0.2)
        asking.say(to(f"/{len(net.asked)}"))

    for path in ("/", *(f"/{n}" for n in range(1, 20))):
        net.put("clips.example", path, slowly)
    assert why(net.wire(seconds=0.7, hops=100), "http://clips.example/") == "slow"
    assert len(net.asked) <= 5


def test_a_page_without_end_is_cut(net: Platforms) -> None:
    got = net.wire(size=100_000).get(net.put("clips.example", "/", platforms.floods))
    assert (len(got.body), got.cut) == (100_000, True)


def test_a_bomb_goes_off_at_no_cost(net: Platforms) -> None:
    wire, url = net.wire(size=100_000), net.put("clips.example", "/", platforms.bomb(60))
    wire.get(net.put("clips.example", "/warm", Page()))
    tracemalloc.start()
    got = wire.get(url)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(got.body), got.cut) == (100_000, True)
    assert most < 4 << 20


def test_redirects_without_end_are_left(net: Platforms) -> None:
    net.put("clips.example", "/b", to("/a"))
    assert why(net.wire(hops=5), net.put("clips.example", "/a", to("/b"))) == "loops"
    assert len(net.asked) == 6


@pytest.mark.parametrize(
    "answer",
    [
        platforms.nonsense,
        platforms.hangs_up,
        Page(200, b"not gzip", heads={"Content-Encoding": "gzip"}),
        Page(200, b"x", heads={"Content-Encoding": "br"}),
        Page(200, b"x", heads={"X-Large": "a" * 300_000}),
    ],
)
def test_what_makes_no_sense_is_said_to(net: Platforms, answer: Page | platforms.Behaviour) -> None:
    assert why(net.wire(), net.put("clips.example", "/", answer)) == "odd"


def test_a_head_is_kept_only_so_far(net: Platforms) -> None:
    got = net.wire().get(net.put("clips.example", "/", Page(heads={"X-Long": "a" * 9000})))
    assert len(got.heads["x-long"]) == 2048


# ---------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for clips.example that vouches for itself."""
    out = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=clips.example", "-addext", "subjectAltName=DNS:clips.example", "-keyout", out, "-out", f"{out}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    out.write_bytes(out.read_bytes() + Path(f"{out}.crt").read_bytes())
    return out


class Secure(Wire):
    """A wire that also believes the certificate of the test."""

    believes: Path

    @property
    def tls(self) -> ssl.SSLContext:  # type: ignore[override]
        return ssl.create_default_context(cafile=str(self.believes))


def test_the_certificate_is_asked_for_the_name_and_not_for_the_number(net: Platforms, certificate: Path) -> None:
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    net.server.socket = theirs.wrap_socket(net.server.socket, server_side=True, do_handshake_on_connect=False)
    for host in ("clips.example", "other.example"):
        net.put(host, "/", Page(200, b"secure"))
    known = Secure(Limits(seconds=5), net.dial, net.resolve)
    object.__setattr__(known, "believes", certificate)
    assert known.get("https://clips.example/").body == b"secure"
    assert net.dial.asked == [(platforms.PUBLIC, 443)]
    assert why(known, "https://other.example/") == "tls"
    assert why(net.wire(), "https://clips.example/") == "tls"


# ---------------------------------------------------------------- when it is loaded


def test_neither_takeback_nor_a_plan_loads_the_wire() -> None:
    code = (
        "import sys, datetime, takeback, takeback.cli, takeback.journey, takeback.keeping\n"
        "from takeback.terms import Situation\n"
        "takeback.journey.plan(Situation({}), datetime.date(2026, 11, 24))\n"
        "sys.exit(', '.join(sorted({'takeback.wire', 'httpx', 'httpcore', 'ssl'} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
