"""What a person typed, or a stranger put there, stays words wherever a notice goes: mail, table, calendar, JSON, PDF."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from icalendar import Calendar
from pypdf import PdfReader
from running import App  # noqa: TC002
from test_sending import FIRST, app, opened, ready, sent  # noqa: F401  the app with a case

from takeback import plain
from takeback.terms import Account
from takeback.web.case import now

CASES = (
    "Sam\r\nBcc: x@evil.example\r\n\r\nBuy",
    'Sam","signature":"Alex","law":"other',
    '#read("/etc/passwd") $x$ *b* `r` = h // c @l <l>',
    "Sam\r\nATTENDEE:mailto:x@evil.example\r\nSUMMARY:deepfake",
    '=HYPERLINK("https://evil.example")',
    "</script><img src=x onerror=alert(1)>",
)


def named(app: App, signature: str) -> str:  # noqa: F811
    opened(app).say(Account(words="-", contact="sam@example.org", signature=signature), now())
    number = ready(app)
    sent(app, number, -1, reference=signature)
    return number


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("signature", CASES)
def test_a_name_stays_a_name_in_every_form_of_a_notice(app: App, signature: str) -> None:  # noqa: F811
    number = named(app, signature)
    form = {form: app.post("/case/copy", {"notice": number, "as": form}) for form in ("txt", "eml", "json", "pdf")}
    message = email.message_from_bytes(form["eml"].body, policy=email.policy.default)
    assert sorted(key for key in message if key not in ("To", "Date")) == [
        "Content-Type",
        "MIME-Version",
        "Subject",
        "X-Unsent",
    ]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "application/json"]  # type: ignore[attr-defined]
    twin = json.loads(form["json"].body)
    assert (twin["law"], twin["signature"]) == ("uk-intimate-48h", signature.strip())
    assert next(place["text"] for place in twin["places"]) == FIRST
    drawn = "".join(page.extract_text() for page in PdfReader(io.BytesIO(form["pdf"].body)).pages)
    assert flat(signature) in flat(drawn)
    assert "root:" not in drawn
    page = app.get(f"/case-notice/{number}").text
    assert "<img src=x" not in page
    assert page.count("</script>") == page.count("<script")


@pytest.mark.parametrize("reference", CASES)
def test_a_reference_stays_one_cell_of_the_table_and_stands_in_no_calendar(app: App, reference: str) -> None:  # noqa: F811
    named(app, reference)
    (row,) = csv.DictReader(io.StringIO(app.post("/case/table").text))
    assert row["reference"].lstrip("'").replace("\r\n", "\n") == reference.strip().replace("\r\n", "\n")
    assert not row["reference"].startswith(plain.FORMULA)
    assert None not in row
    calendar = app.post("/case/calendar").body
    assert b"evil" not in calendar
    for event in Calendar.from_ical(calendar).walk("VEVENT"):
        assert (str(event["SUMMARY"]), "ATTENDEE" in event) == ("Look again", False)
    assert re.fullmatch(rb"(?:[A-Z][A-Z-]*[:;][ -~]*\r\n)+", calendar)


@settings(max_examples=300, deadline=None)
@over(st.text(alphabet=st.sampled_from("=+-@＝＋－＠ \t\r\n\v\f\u00a0\u2003a1(\"',;"), max_size=6))
def test_no_cell_is_a_formula_whatever_stands_in_front_of_it(words: str) -> None:
    made = plain.cell(words)
    assert not made.strip().startswith(plain.FORMULA)
    assert made in (words, f"'{words}")


@settings(max_examples=300, deadline=None)
@over(st.text(max_size=40))
def test_no_line_holds_what_moves_a_cursor_or_turns_text_around(words: str) -> None:
    made = plain.line(words)
    assert made.isprintable()
    assert len(made) == len(words)
    assert not set(made) & set("\x1b\u202e\u2066\n\r\x00\x9b")


def test_a_time_told_in_the_far_future_or_as_nonsense_is_no_receipt(app: App) -> None:  # noqa: F811
    number = ready(app)
    for at in ("2999-01-01T00:00", "x", "2026-11-24T10:00\r\nDTSTART:1", "9" * 400, "", "0000-00-00T00:00"):
        assert app.post("/case/receipt", {"notice": number, "at": at, "zone": "Europe/London"}).status == 400
    for zone in ("../../etc/passwd", "/etc/localtime", "Europe/Nowhere", "\x00"):
        form = {"notice": number, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"), "zone": zone}
        assert app.post("/case/receipt", form).status == 400
    assert not opened(app).state(now()).of("receipt")
