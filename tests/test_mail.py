"""Mail: a notice as a draft for the person's own mail program; nothing breaks out of a header, nobody is copied in."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import text

from takeback import handover, mail, notices, packs
from takeback.errors import BadInput
from takeback.handover import Matter
from takeback.pack_terms import Report
from takeback.terms import Account, Address, Given, Situation

PACKS = packs.load()
AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
TELLING = ("naked", "intimate", "deepfake", "sexual", "abuse", "removal", "takeback", "victim")


def read(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


def test_it_is_a_draft_with_a_plain_subject_and_no_sender() -> None:
    message = read(mail.draft("It shows me.\n", "report@clips.example", AT))
    assert message["To"] == "report@clips.example"
    assert (message["From"], message["Bcc"], message["Cc"], message["Reply-To"]) == (None, None, None, None)
    assert message["X-Unsent"] == "1"
    assert not any(word in message["Subject"].lower() for word in TELLING)


def test_without_a_checked_mailbox_nobody_stands_in_it() -> None:
    assert read(mail.draft("x", None, AT))["To"] is None


@given(text())
def test_any_words_arrive_as_they_were_written(words: str) -> None:
    written = "\n".join(words.encode("utf-8", "ignore").decode().split()) + "\n"
    content = mail.draft(written, None, AT)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert "".join(read(content).get_content().split()) == "".join(written.split())


@pytest.mark.parametrize(
    "to", ["a@b.example\r\nBcc: c@d.example", "a@b.example\nX: y", "a@b.example\r", "a@b.example\0", "ä@b.example"]
)
def test_a_mailbox_cannot_break_out_of_its_header(to: str) -> None:
    with pytest.raises(BadInput):
        mail.draft("x", to, AT)


def test_headers_in_the_words_stay_words() -> None:
    message = read(mail.draft("Bcc: c@d.example\n\nSubject: x\n.\n", None, AT))
    assert message["Bcc"] is None
    assert "Bcc: c@d.example" in message.get_content()


# ---------------------------------------------------------------- to whom

ANSWERS = {
    "role": "depicted", "media": ("image",), "intimate": "yes", "consent_share": "no", "under18_real": "no",
    "under18_look": "no", "victim_nation": "england-wales",
}  # fmt: skip
ACCOUNT = Account(signature="Sam Ünïcode", contact="sam@example.org")


def with_mailbox(to: str, grade: str, law: str | None = None) -> packs.Packs:
    row = Report(("intimate",), to, "", "no", "PT48H" if law else None, law, grade)
    telegram = replace(PACKS.contacts["telegram"], reports=(row,))
    return replace(PACKS, contacts={**PACKS.contacts, "telegram": telegram})


def written_to(known: packs.Packs, law: str, url: str = "https://t.me/somechannel/42") -> str | None:
    return notices.draft(law, Given(Situation(ANSWERS), ACCOUNT), known, date(2026, 11, 24), {}, [url]).mail


def test_it_goes_to_a_mailbox_that_somebody_saw_on_an_official_page() -> None:
    known = with_mailbox("abuse@clips.example", "own-page")
    assert written_to(known, "platform-report") == "abuse@clips.example"
    assert written_to(known, "platform-report", "https://example.com/p/1") is None
    assert written_to(with_mailbox("legal@clips.example", "own-page", "us-take-it-down"), "us-take-it-down") == (
        "legal@clips.example"
    )
    assert written_to(with_mailbox("legal@clips.example", "own-page", "us-take-it-down"), "uk-intimate-48h") is None


@pytest.mark.parametrize("grade", ["secondary", "memory", "conflict"])
def test_a_mailbox_that_nobody_checked_is_left_out(grade: str) -> None:
    assert written_to(with_mailbox("abuse@clips.example", grade), "platform-report") is None


@pytest.mark.parametrize("to", ["abuse@clips.example\nBcc: x@y.example", "a@b", "in the app", "a b@c.example", "@x"])
def test_what_is_no_mailbox_is_none(to: str) -> None:
    assert written_to(with_mailbox(to, "own-page"), "platform-report") is None


# ---------------------------------------------------------------- as a document


def matter() -> Matter:
    place = Address("1", "https://t.me/somechannel/42")
    return Matter("case", date(2026, 11, 24), Given(Situation(ANSWERS), ACCOUNT), (place,), (), ())


def test_a_notice_is_saved_as_text_as_pdf_and_as_mail_with_the_same_words() -> None:
    files = {file.name: file for file in handover.notice_files(matter(), "uk-intimate-48h", AT, "TB-2222-3333")}
    assert list(files) == [f"notice-uk-intimate-48h.{form}" for form in ("txt", "pdf", "eml", "json")]
    made = files["notice-uk-intimate-48h.eml"]
    assert made.kind == "message/rfc822"
    body = next(read(made.content).iter_parts()).get_content()
    assert body.replace("\r\n", "\n") == files["notice-uk-intimate-48h.txt"].content.decode()
    assert "Sam Ünïcode" in body


def test_what_goes_to_the_police_and_the_plan_are_no_mail() -> None:
    for letter in (handover.POLICE, handover.PLAN, "uk-intimate-48h"):
        with pytest.raises(BadInput):
            handover.document(matter(), letter, "eml", AT)
