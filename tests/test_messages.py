"""What a chat or an e-mail says, as who, when and what: read from any bytes, shown as data, the file kept as it is."""

from __future__ import annotations

import hashlib
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import ABOUT_ADULTS, ADULT, App

from takeback import handover, messages, permit
from takeback.messages import Said
from takeback.web import case_view
from takeback.web.case import now

ANDROID = """03/05/2026, 21:14 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.
03/05/2026, 21:14 - Alex Q: I have a picture of you
03/05/2026, 21:15 - Alex Q: Pay 200
or I send it: to everyone
03/05/2026, 21:16 - Sam: please stop
"""
IPHONE = (
    "\u200e[03/05/2026, 21:14:05] Alex Q: \u200eimage omitted\r\n"
    "[5/3/26, 9:15:07\u202fPM] Sam: stop\r\n[2026-05-03, 21:16:00] ~\u202fNew number: x\r\n"
)


def letter() -> bytes:
    made = EmailMessage()
    made["From"] = "=?utf-8?q?Al=C3=A9x?= <alex@example.org>"
    made["To"] = "sam@example.org"
    made["Date"] = "Sun, 3 May 2026 21:14:00 +0100"
    made["Subject"] = "pay"
    made["Message-ID"] = "<1@example.org>"
    made["Received"] = "from a.example (198.51.100.7) by b.example; Sun, 3 May 2026 21:14:01 +0100"
    made.set_content("Pay 200.\n")
    made.add_alternative("<p>Pay <b>200</b>.</p>", subtype="html")
    made.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="../../evil.exe")
    return made.as_bytes()


# ---------------------------------------------------------------- a chat


def test_a_chat_from_either_kind_of_phone_is_who_when_and_what() -> None:
    assert messages.chat(ANDROID.encode())[1:] == (
        Said("03/05/2026, 21:14", "Alex Q", "I have a picture of you"),
        Said("03/05/2026, 21:15", "Alex Q", "Pay 200\nor I send it: to everyone"),
        Said("03/05/2026, 21:16", "Sam", "please stop"),
    )
    assert messages.chat(ANDROID.encode())[0].who == ""
    assert messages.chat(IPHONE.encode()) == (
        Said("03/05/2026, 21:14:05", "Alex Q", "image omitted"),
        Said("5/3/26, 9:15:07\u202fPM", "Sam", "stop"),
        Said("2026-05-03, 21:16:00", "~\u202fNew number", "x"),
    )


def test_times_are_never_worked_out_since_nobody_knows_which_number_is_the_month() -> None:
    assert messages.chat(b"03/05/2026, 21:14 - A: x")[0].at == "03/05/2026, 21:14"


def test_a_chat_in_another_encoding_is_read() -> None:
    assert messages.chat(ANDROID.encode("utf-16"))[3].what == "please stop"


def test_a_file_that_is_no_chat_has_no_messages() -> None:
    for data in (b"", b"\x89PNG\r\n", b"only words\nand more", b"12:30 lunch"):
        assert messages.chat(data) == ()


def test_a_chat_made_to_be_read_for_ever_is_read_at_once() -> None:
    before = time.monotonic()
    for data in (
        b"03/05/2026, 21:14 - A: x\n" + b"\n" * messages.MOST,
        b"03/05/2026, 21:14 - " * 100_000,
        b"[" * messages.MOST,
        b"03/05/2026, 21:14 - A: x\n" * 100_000,
    ):
        assert len(messages.chat(data)) <= messages.MOST_MESSAGES
    assert time.monotonic() - before < 20


# ---------------------------------------------------------------- an e-mail


def test_a_mail_is_who_when_what_and_on_which_way() -> None:
    read = messages.mail(letter())
    heads = dict(read.heads)
    assert heads["From"] == "Aléx <alex@example.org>"
    assert (heads["Date"], heads["Message-ID"]) == ("Sun, 03 May 2026 21:14:00 +0100", "<1@example.org>")
    assert "198.51.100.7" in dict(read.way)["Received"]
    assert read.text == "Pay 200."
    assert read.attached == ("../../evil.exe",)


def test_a_mail_that_is_only_a_page_is_read_as_words_and_runs_nothing() -> None:
    made = EmailMessage()
    made.set_content("<p>Pay</p><script>alert(1)</script><img src='https://track.example/1'>", subtype="html")
    assert "alert" not in messages.mail(made.as_bytes()).text
    assert "Pay" in messages.mail(made.as_bytes()).text


@given(st.binary(max_size=600))
def test_any_bytes_at_all_end_in_something(data: bytes) -> None:
    assert isinstance(messages.chat(data), tuple)
    assert isinstance(messages.mail(b"From: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n" + data).text, str)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/plain; charset=nonsense", b"Content-Transfer-Encoding: base64", b"From: =?utf-8?b?///=?=",
        b"Content-Type: text/plain; name*=x''%ff", b"Content-Type: text/plain; charset=\xff", b"Subject: =?x?q?=FF?=",
        b"Content-Disposition: attachment; filename*0*=utf-8''a; filename*9=b",
        b"Content-Type: multipart/mixed; boundary=" + b"a" * 5000,
    ],
)  # fmt: skip
def test_a_mail_made_to_break_a_reader_breaks_nothing(head: bytes) -> None:
    read = messages.mail(head + b"\nTo: sam\n\n" + b"!!! not base64 !!!\n--a\n")
    assert ("To", "sam") in read.heads


def test_a_mail_of_a_thousand_boxes_in_boxes_is_left_alone() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    assert messages.mail(nested).attached == ()


# ---------------------------------------------------------------- in a case


def put(app: App, data: bytes, sort: str, **heads: str) -> int:
    import json

    said = {"Takeback-Answers": json.dumps(ABOUT_ADULTS), "Takeback-Name": "x", "Takeback-Sort": sort, **heads}
    return app.ask("PUT", "/case/file", data, headers={"Origin": app.origin, **said}).status


def test_the_page_and_the_store_know_the_same_sorts() -> None:
    assert tuple(case_view.SORTS) == permit.SORTS


def test_a_kept_chat_and_mail_are_shown_and_the_files_stay_as_they_are(app: App) -> None:
    app.open()
    heads = {"Takeback-By": "my%20sister", "Takeback-Dated": "3%20May"}
    assert put(app, ANDROID.replace("Alex Q", "<b>Alex</b>").encode(), "chat", **heads) == 200
    mail = letter()
    assert put(app, mail, "mail") == 200
    assert put(app, b"\x89PNG", "nonsense") == 200
    page = app.get("/case-file.html").text
    assert "A chat, exported as text" in page
    assert "handed in by <bdi>my sister</bdi>" in page
    assert page.count('action="/case/read"') == 2
    chat = app.post("/case/read", {"ref": "AB/1"}).text
    assert "&lt;b&gt;Alex&lt;/b&gt;" in chat
    assert "or I send it: to everyone" in chat
    assert "alex@example.org" in app.post("/case/read", {"ref": "AB/2"}).text
    assert app.post("/case/read", {"ref": "AB/3"}).status == 400
    assert app.desk.open_case is not None
    first, second, third = app.desk.open_case.state(now()).exhibits
    assert second.sha256 == hashlib.sha256(mail).hexdigest()
    assert (first.sort, first.handed_in_by, first.dated, third.sort) == ("chat", "my sister", "3 May", "")
    assert permit.exhibit(first.data()) == first
    matter = handover.of_case(app.desk.open_case, now())
    listed = {part.path: b"".join(part.chunks) for part in handover.package(matter, now())}
    assert b'"handed_in_by": "my sister"' in listed["data/exhibits.json"]
    assert "handed in by my sister" in app.post("/case/document", {"letter": "police-account", "as": "txt"}).text


def test_an_exhibit_of_an_earlier_takeback_is_still_read() -> None:
    old = {"ref": "AB/1", "blob": "b", "sha256": "a" * 64, "sha512": "b" * 128, "size": 1, "origin": "", "kind": "png",
           "received_at": "2026-05-03T00:00:00+00:00", "original_name": "a", "permit": ABOUT_ADULTS}  # fmt: skip
    assert permit.exhibit(old).sort == ""


def test_nothing_is_read_in_a_case_that_takes_no_file_any_more(app: App) -> None:
    app.open()
    assert put(app, ANDROID.encode(), "chat") == 200
    assert app.send("/case/answers", {"given": {**ADULT, "under18_real": "yes"}}).status == 200
    assert app.post("/case/read", {"ref": "AB/1"}).status == 400
    assert 'action="/case/read"' not in app.get("/case-file.html").text


def test_an_accounts_number_is_kept_beside_its_name(app: App) -> None:
    app.open()
    assert app.post("/case/address", {"account": "@someone", "account_id": "17841400000000000"}).status == 302
    said = app.post("/case/document", {"letter": "police-account", "as": "txt"}).text
    assert "account @someone, id 17841400000000000" in said
