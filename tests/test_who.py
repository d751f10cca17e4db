"""Who keeps a site: registers that answer as registers do, and ones that don't, over the real wire and real TLS."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import platforms
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platforms import Page, Platforms, to

from takeback import cli, cli_watch, packs, registers
from takeback.errors import BadInput
from takeback.registers import Holder, Hosting
from takeback.wire import rdap

if TYPE_CHECKING:
    from takeback.wire.fetch import Wire

CONTACTS = packs.load().contacts
NAMES = (
    "data.iana.org", "rdap.nic.example", "rdap.numbers.example", "rdap.other.example", "clips.example", "www.clips.example"
)  # fmt: skip
DNS = {
    "services": [
        [["net", "com"], ["https://rdap.other.example/"]],
        [["example"], ["http://no.example/", "https://rdap.nic.example/v1"]],
    ]
}
IPV4 = {
    "services": [
        [["151.0.0.0/8"], ["https://rdap.other.example/"]],
        [["151.101.0.0/16"], ["https://rdap.numbers.example/"]],
    ]
}


def card(name: str, mail: str = "", phone: str = "") -> list[object]:
    rows: list[object] = [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]
    rows += [["tel", {"type": ["voice"]}, "uri", f"tel:{phone}"]] if phone else []
    return ["vcard", [*rows, ["email", {}, "text", mail]] if mail else rows]


DOMAIN = {
    "objectClassName": "domain",
    "ldhName": "clips.example",
    "entities": [
        {
            "objectClassName": "entity", "roles": ["registrar"], "vcardArray": card("Names Ltd."),
            "entities": [{"roles": ["abuse"], "vcardArray": card("Abuse desk", "abuse@names.example", "+44.2070000000")}],
        },
        {"roles": ["registrant"], "vcardArray": card("REDACTED FOR PRIVACY")},
    ],
}  # fmt: skip
NETWORK = {
    "objectClassName": "ip network", "name": "HOSTNET-1", "country": "nl",
    "entities": [
        {
            "roles": ["registrant"], "vcardArray": card("Big Hosting B.V."),
            "entities": [{"roles": ["abuse"], "vcardArray": card("Abuse", "abuse@hosting.example")}],
        }
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for every name of these tests."""
    out = tmp_path_factory.mktemp("tls") / "both.pem"
    listed = ",".join(f"DNS:{name}" for name in NAMES)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=registers", "-addext", f"subjectAltName={listed}", "-keyout", out, "-out", f"{out}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    out.write_bytes(out.read_bytes() + Path(f"{out}.crt").read_bytes())
    return out


@pytest.fixture
def net(certificate: Path) -> Iterator[Platforms]:
    with Platforms() as running:
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        theirs.load_cert_chain(certificate)
        running.server.socket = theirs.wrap_socket(
            running.server.socket, server_side=True, do_handshake_on_connect=False
        )
        says(running, "data.iana.org", "/rdap/dns.json", DNS)
        says(running, "data.iana.org", "/rdap/ipv4.json", IPV4)
        says(running, "rdap.nic.example", "/v1/domain/clips.example", DOMAIN)
        says(running, "rdap.numbers.example", f"/ip/{platforms.PUBLIC}", NETWORK)
        running.put("www.clips.example", "/", Page(403, heads={"Server": "nginx"}))
        yield running


def says(net: Platforms, host: str, path: str, answer: object) -> None:
    net.put(host, path, Page(200, json.dumps(answer).encode(), "application/rdap+json"))


@pytest.fixture
def wire(net: Platforms, certificate: Path) -> Wire:
    made = net.wire()
    made.__dict__["tls"] = ssl.create_default_context(cafile=str(certificate))
    return made


def test_a_site_nobody_knows_gets_its_registrar_its_host_and_their_mailboxes(net: Platforms, wire: Wire) -> None:
    found = rdap.ask(wire, "https://www.clips.example/watch/1?who=me", CONTACTS)
    assert found == Hosting(
        host="www.clips.example",
        registrar=Holder("clips.example", "Names Ltd.", ("abuse@names.example",), ("+44.2070000000",)),
        networks=(Holder(platforms.PUBLIC, "Big Hosting B.V.", ("abuse@hosting.example",), (), "NL"),),
    )
    assert not any("watch" in asked.path or "who" in asked.path for asked in net.asked)  # only the site's name goes out
    assert [asked.host for asked in net.asked] == [
        "data.iana.org", "rdap.nic.example", "rdap.nic.example", "data.iana.org", "rdap.numbers.example", "www.clips.example"
    ]  # fmt: skip
    assert net.asked[-1].method == "HEAD"


def test_what_stands_in_front_of_it_is_told_by_its_head_and_is_a_contact(net: Platforms, wire: Wire) -> None:
    net.put("www.clips.example", "/", Page(403, heads={"Server": "cloudflare", "CF-RAY": "8a-LHR"}))
    found = rdap.ask(wire, "https://www.clips.example/", CONTACTS)
    assert found.front == "cloudflare"
    lines = "\n".join(cli_watch.who_lines(found, CONTACTS))
    assert "Cloudflare stands in front of it" in lines
    assert "https://abuse.cloudflare.com" in lines
    assert (
        lines.index("abuse.cloudflare.com") < lines.index("abuse@hosting.example") < lines.index("abuse@names.example")
    )


def test_a_register_that_sends_on_to_another_is_followed_and_one_that_leads_inward_is_not(
    net: Platforms, wire: Wire
) -> None:
    says(net, "rdap.other.example", "/net", NETWORK)
    net.put("rdap.numbers.example", f"/ip/{platforms.PUBLIC}", to("https://rdap.other.example/net"))
    net.put("rdap.nic.example", "/v1/domain/clips.example", to("http://127.0.0.1:8080/secret"))
    found = rdap.ask(wire, "https://www.clips.example/", CONTACTS)
    assert found.networks[0].name == "Big Hosting B.V."
    assert found.registrar is None
    assert (
        "A register (rdap.nic.example): It leads into a private network, so Takeback did not go there." in found.notes
    )


@pytest.mark.parametrize(
    "answer",
    [
        Page(404), Page(429), Page(200, b"not json"), Page(200, b"[1]"), Page(200, b"[" * 100_000), to("/v1/domain/clips.example"),
        Page(200, b'{"objectClassName": "domain", "entities": {"roles": 1}}'), platforms.nonsense,
        Page(200, b'{"objectClassName": "entity"}'), Page(200, b'{"pad": "' + b"a" * (3 << 20) + b'"}'),
    ],
)  # fmt: skip
def test_whatever_a_register_answers_the_rest_still_counts(
    net: Platforms, wire: Wire, answer: Page | platforms.Behaviour
) -> None:
    net.put("rdap.nic.example", "/v1/domain/clips.example", answer)
    found = rdap.ask(wire, "https://www.clips.example/", CONTACTS)
    assert found.registrar is None
    assert found.networks[0].mails == ("abuse@hosting.example",)


def test_where_nothing_answers_that_is_said(net: Platforms, wire: Wire) -> None:
    net.pages.clear()
    found = rdap.ask(wire, "https://www.clips.example/", CONTACTS)
    assert (found.registrar, found.networks, found.front) == (None, (), "")
    assert "No register is listed for names that end like this one." in found.notes
    assert "No register said who answers for it." in found.notes


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "http://printer.local/", "in the app", "https://you@clips.example/", "ftp://a.example/"],
)
def test_nobody_is_asked_about_what_is_no_address(net: Platforms, wire: Wire, url: str) -> None:
    with pytest.raises(BadInput):
        rdap.ask(wire, url, CONTACTS)
    assert net.asked == []


def test_a_number_has_no_registrar_and_still_a_host(net: Platforms, wire: Wire) -> None:
    found = rdap.ask(wire, f"http://{platforms.PUBLIC}/x", CONTACTS)
    assert found.registrar is None
    assert found.networks[0].name == "Big Hosting B.V."


# ---------------------------------------------------------------- the word of strangers

HOSTILE = card("\x1b[31mNames\n\u202eLtd" + "x" * 500, "not a mailbox", "javascript:alert(1)")


def test_names_are_cleaned_and_what_is_no_mailbox_is_left_out() -> None:
    answer = {"objectClassName": "domain", "entities": [{"roles": ["registrar", "abuse"], "vcardArray": HOSTILE}]}
    found = registers.registrar(answer, "clips.example")
    assert found is not None
    assert found.name.isprintable()
    assert len(found.name) <= 120
    assert (found.mails, found.phones) == ((), ())


def test_entities_within_entities_without_end_are_left() -> None:
    inner: dict[str, object] = {"roles": ["abuse"], "vcardArray": card("deep", "abuse@deep.example")}
    for _ in range(300):
        inner = {"roles": ["technical"], "entities": [inner]}
    assert registers.registrar({"objectClassName": "domain", "entities": [inner]}, "a.example") is None


@settings(max_examples=40)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["entities", "roles", "vcardArray", "name", "country", "services", "objectClassName"]), inner, max_size=4), max_leaves=20))  # fmt: skip
def test_any_answer_at_all_is_read(answer: object) -> None:
    for kind in ("domain", "ip network"):
        said = (
            {**answer, "objectClassName": kind}
            if isinstance(answer, dict)
            else registers.read(json.dumps(answer).encode())
        )
        registers.registrar(said, "a.example")
        registers.network(said, "8.8.8.8")
        registers.for_name(said, "a.example")
        registers.for_number(said, "8.8.8.8")


def test_a_register_that_is_not_encrypted_is_not_asked() -> None:
    assert registers.for_name({"services": [[["example"], ["http://rdap.nic.example/"]]]}, "clips.example") == ""
    assert registers.for_name(DNS, "clips.example") == "https://rdap.nic.example/v1/"


def test_of_the_ranges_that_hold_a_number_the_smallest_decides() -> None:
    assert registers.for_number(IPV4, platforms.PUBLIC) == "https://rdap.numbers.example/"
    assert registers.for_number(IPV4, "151.1.1.1") == "https://rdap.other.example/"
    assert registers.for_number(IPV4, "8.8.8.8") == ""
    assert (
        registers.for_number({"services": [[["nonsense", "2a00::/12"], ["https://six.example/"]]]}, "2a00:1450::1")
        == "https://six.example/"
    )


def test_a_host_is_asked_about_whole_first_and_never_as_an_ending_alone() -> None:
    assert registers.names("www.clips.co.example") == ("www.clips.co.example", "clips.co.example", "co.example")
    assert len(registers.names("a.b.c.d.e.f.g.h.example")) == 5


# ---------------------------------------------------------------- on the command line


def test_the_command_says_first_whom_it_asks(net: Platforms, wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = cli.parser().parse_args(["who", "https://www.clips.example/", "--json"])
    assert cli_watch.who(arguments, wire) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["registrar"]["mails"] == ["abuse@names.example"]
    assert "may see the address of this connection" in " ".join(err.split())
