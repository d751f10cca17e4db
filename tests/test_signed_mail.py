"""An e-mail's signature: it holds, it is broken, or nobody looked its key up; and nothing is looked up by itself."""

from __future__ import annotations

import base64
import json
import socket
from datetime import datetime, timedelta

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback import signed_mail
from takeback.errors import BadInput
from takeback.wire import mail_key

NAME = "mail._domainkey.clips.example"
PLAIN = (
    b"From: Reports <reports@help.clips.example>\r\nTo: sam@example.org\r\nSubject: Your report D-4711\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@clips.example>\r\n\r\nIt breaks no rule of ours.\r\n"
)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def record(key: rsa.RSAPrivateKey) -> str:
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


@pytest.fixture(scope="module")
def signed(key: rsa.RSAPrivateKey) -> bytes:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return dkim.sign(PLAIN, b"mail", b"clips.example", pem) + PLAIN


def only(message: bytes, records: dict[str, str]) -> signed_mail.Signature:
    (one,) = signed_mail.check(message, records)
    return one


def test_a_signature_holds_under_its_key(signed: bytes, record: str) -> None:
    one = only(signed, {NAME: record})
    assert (one.domain, one.record, one.own, one.verdict) == ("clips.example", NAME, True, "holds")
    assert "holds" in signed_mail.says((one,))


def test_a_record_pasted_in_pieces_is_the_same_key(signed: bytes, record: str) -> None:
    pasted = f'"{record[:100]}" "{record[100:200]}"\n"{record[200:]}"'
    assert only(signed, {NAME: pasted}).verdict == "holds"


@pytest.mark.parametrize("change", [(b"no rule", b"a rule"), (b"D-4711", b"D-4712"), (b"reports@", b"other@")])
def test_a_changed_word_or_header_breaks_it(signed: bytes, record: str, change: tuple[bytes, bytes]) -> None:
    changed = signed.replace(*change)
    assert changed != signed
    assert only(changed, {NAME: record}).verdict == "broken"


def test_another_key_does_not_fit(signed: bytes) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    public = other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert only(signed, {NAME: "v=DKIM1; p=" + base64.b64encode(public).decode()}).verdict == "broken"


def test_without_a_key_it_is_not_checked_and_nothing_is_looked_up(
    signed: bytes, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, never)
    one = only(signed, {})
    assert one.verdict == "not checked"
    assert NAME in one.because
    assert only(signed, {NAME: record}).verdict == "holds"


def test_a_signature_of_another_domain_is_told_from_the_senders_own(signed: bytes, record: str) -> None:
    forged = signed.replace(b"reports@help.clips.example", b"reports@notclips.example")
    assert not only(forged, {NAME: record}).own
    assert "another domain than the sender" in signed_mail.says(signed_mail.check(forged, {}))


def test_an_unsigned_mail_says_so() -> None:
    assert signed_mail.check(PLAIN, {}) == ()
    assert "no signature" in signed_mail.says(())


@pytest.mark.parametrize(
    "bad",
    [b"DKIM-Signature: nonsense\r\n", b"DKIM-Signature: v=1; d=clips.example; s=mail; a=rsa-sha256; b=AAAA; bh=x; h=from\r\n", b"DKIM-Signature: d=;s=\r\n"],
)  # fmt: skip
def test_a_broken_signature_is_a_finding_and_no_crash(bad: bytes, record: str) -> None:
    assert only(bad + PLAIN, {NAME: record}).verdict == "broken"


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_any_bytes_at_all_are_read_without_a_crash(message: bytes) -> None:
    signed_mail.check(b"DKIM-Signature: d=a.example; s=b; " + message, {"b._domainkey.a.example": "p=AAAA"})


def test_a_huge_mail_is_left_alone() -> None:
    started = datetime.now()  # noqa: DTZ005
    assert signed_mail.check(b"x" * (signed_mail.MOST + 1), {}) == ()
    assert datetime.now() - started < timedelta(seconds=5)  # noqa: DTZ005


# ---------------------------------------------------------------- a name server's answer


def said(*rows: object, **more: object) -> bytes:
    return json.dumps({"Status": 0, "Answer": rows, **more}).encode()


def row(data: str, kind: int = 16) -> dict[str, object]:
    return {"name": NAME, "type": kind, "TTL": 300, "data": data}


def test_a_key_comes_out_of_a_name_servers_answer_whole_or_in_pieces() -> None:
    for data in ("v=DKIM1; p=AAAA", '"v=DKIM1; p=AAAA"', '"v=DKIM1\\; p=" "AAAA"'):
        found = signed_mail.key(NAME, said(row("other.example.", 5), row(data), AD=True), "dns.example", "00")
        assert (found.record, found.by, found.sure) == ("v=DKIM1; p=AAAA", "dns.example", True)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"[]", b"null", b"[" * 9000, said(), said(row("v=spf1 -all")), said(row("p=A"), row("p=B")),
        said(row("v=DKIM1; p=\r\nX: y")), said(row("p=" + "A" * 5000)), said({"type": 16}), said(7),
        json.dumps({"Answer": {"type": 16}}).encode(), said(row("p=Ä")),
    ],
)  # fmt: skip
def test_an_answer_that_holds_no_one_key_is_one_sentence(body: bytes) -> None:
    with pytest.raises(BadInput):
        signed_mail.key(NAME, body, "dns.example", "00")


@pytest.mark.parametrize(
    "name",
    ["clips.example", "mail._domainkey.localhost", "a&type=1._domainkey.clips.example", "x/../y._domainkey.a.example",
     "a._domainkey.clips.example\n", "é._domainkey.clips.example", "._domainkey.clips.example"],
)  # fmt: skip
def test_only_the_name_of_a_key_is_asked_for(name: str) -> None:
    class NoWay:
        def get(self, *_: object) -> None:
            pytest.fail("somebody was asked")

    with pytest.raises(BadInput):
        mail_key.ask(NoWay(), name)  # type: ignore[arg-type]
