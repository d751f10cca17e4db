"""A person presses send: through the app's own addresses, from a notice made ready to what can follow it."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from jsonschema import Draft202012Validator
from platforms import Page, Platforms, nonsense
from pypdf import PdfReader
from running import App

from takeback import clock, due, given, handover, keeping, notice_twin, packs, sending, sites, spans, tracking
from takeback.errors import BadInput, NoticeIncomplete
from takeback.terms import Account, Address, Given
from takeback.web.case import now
from takeback.wire import mail_key

LONDON = spans.zone(spans.HOME)
UK = "uk-intimate-48h"
FIRST, SECOND, ELSEWHERE = (
    "https://www.instagram.com/p/Cq1abc/",
    "https://www.instagram.com/p/Cq2abc/",
    "https://clips.example/9",
)
ADULT = {
    "role": "depicted", "intimate": "yes", "under18_real": "no", "under18_look": "no", "media": ["image"],
    "consent_share": "no", "shared": "yes", "online": "yes", "victim_nation": "england-wales", "lives_in": "uk",
    "victim_age_band": "18plus",
}  # fmt: skip
TELLING = ("takeback", "notice", "report", "instagram", "intimate", "image", "deepfake", "tb-", "clips")
ROOT = Path(__file__).parent.parent


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    running = App()
    running.enter()
    running.open(ADULT)
    case = running.desk.open_case
    assert case is not None
    case.say(
        Account(words="They sent it round.", contact="sam@example.org", signature="Sam Example", accused="Alex"), now()
    )
    for number, url in enumerate((FIRST, SECOND, ELSEWHERE)):
        case.point(Address(f"a{number}", url=url), now())
    yield running
    running.desk.leave()
    running.close()


def opened(app: App) -> keeping.OpenCase:
    assert app.desk.open_case is not None
    return app.desk.open_case


def ready(app: App, letter: str = UK, site: str = "instagram") -> str:
    answer = app.post("/case/ready", {"letter": letter, "site": site})
    assert answer.status == 302, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def wall(hours: float) -> str:
    """A time so many hours from now, as London's clocks show it."""
    return (now() + timedelta(hours=hours)).astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:%S")


def sent(app: App, number: str, hours: float, **more: str) -> None:
    form = {"notice": number, "at": wall(hours), "zone": "Europe/London", "reference": "IG-77", "how": "form", **more}
    answer = app.post("/case/receipt", form)
    assert answer.status == 302, answer.text


def tracked(app: App, number: str) -> clock.Tracked:
    return tracking.one(opened(app), number, now(), LONDON)


# ---------------------------------------------------------------- ready


def test_several_places_on_one_site_are_one_notice(app: App) -> None:
    number = ready(app)
    assert tracked(app, number).urls == (FIRST, SECOND)
    assert tracked(app, ready(app, site="clips.example")).urls == (ELSEWHERE,)
    assert tracked(app, number).site == "Instagram"
    assert notice_twin.NUMBER.fullmatch(number)


def test_only_a_complete_notice_gets_a_number(app: App) -> None:
    case = opened(app)
    case.say(Account(contact="sam@example.org"), now())
    with pytest.raises(NoticeIncomplete) as refused:
        sending.ready(case, UK, "instagram", "TB-2222-2222", now())
    assert {one.element for one in refused.value.missing} == {"declaration"}
    assert app.post("/case/ready", {"letter": UK, "site": "instagram"}).status == 400
    assert tracking.tracked(case, now(), LONDON) == ()


@pytest.mark.parametrize(
    "form",
    [
        {"letter": "uk-magic", "site": "instagram"},
        {"letter": UK, "site": "facebook"},
        {"letter": "ofcom", "site": "instagram"},
        {},
    ],
)
def test_what_cannot_be_made_ready_is_one_sentence(app: App, form: dict) -> None:
    assert app.post("/case/ready", form).status == 400


def test_what_was_made_ready_stays_as_it_was_whatever_is_answered_later(app: App) -> None:
    number = ready(app)
    before = app.post("/case/copy", {"notice": number, "as": "txt"}).body
    opened(app).say(Account(contact="other@example.org", signature="Another Name"), now())
    assert app.post("/case/copy", {"notice": number, "as": "txt"}).body == before
    assert "Sam Example" in before.decode()


def test_the_page_of_a_notice_opens_the_form_and_says_nothing_to_it(app: App) -> None:
    chat = "https://discord.com/channels/1/2/3"
    opened(app).point(Address("chat", url=chat), now())
    page = app.get(f"/case-notice/{ready(app, 'us-take-it-down', 'discord')}").text
    assert "Alex" not in page  # whom they suspect goes to the police alone
    links = re.findall(r'<a class="tap" href="(https://[^"]+)"([^>]*)>', page)
    assert links
    assert all('rel="noreferrer noopener"' in more and 'target="_blank"' in more for _, more in links)
    assert chat in page


def test_a_notice_of_another_case_is_nothing_here(app: App) -> None:
    number = ready(app)
    app.open(ADULT, "case2")
    assert app.get(f"/case-notice/{number}").status == 400
    assert app.post("/case/receipt", {"notice": number, "at": wall(-1)}).status == 400


# ---------------------------------------------------------------- the number and the twin


def test_a_notice_leaves_the_page_of_reports_only_with_a_number(app: App) -> None:
    page = app.get("/case-reports.html").text
    quick = re.findall(r'action="/case/document".*?value="([^"]+)"', page)
    assert quick == ["police-account", "plan"]
    for form in ("txt", "pdf", "eml", "json"):
        assert app.post("/case/document", {"letter": UK, "as": form}).status == 400
    assert not any(event.what == "exported" for event in opened(app).events())


TOLD_ELSEWHERE = {**ADULT, "reported_on": "2026-11-01", "site_answer": "refused", "sent_what": ["own-form"]}


def test_what_follows_a_report_that_went_out_without_takeback_is_numbered_too(app: App) -> None:
    opened(app).answer(given.read(json.dumps(TOLD_ELSEWHERE), "json", packs.load()).situation, now())
    page = app.get("/case-reports.html").text
    assert "Get it ready to send to <bdi>Ofcom" in page
    assert "About <bdi>Instagram</bdi>" in page
    number = ready(app, "ofcom")
    about = tracked(app, number)
    assert (about.site.startswith("Ofcom"), about.urls) == (True, (FIRST, SECOND))
    assert json.loads(app.post("/case/copy", {"notice": number, "as": "json"}).body)["id"] == number


def test_what_follows_a_notice_of_the_case_is_made_from_that_notice_alone(app: App) -> None:
    opened(app).answer(given.read(json.dumps(TOLD_ELSEWHERE), "json", packs.load()).situation, now())
    first = ready(app)
    sent(app, first, -50)
    answer = app.post("/case/ready", {"letter": "ofcom", "site": "instagram"})
    assert (answer.status, "pen that report" in answer.text) == (400, True)
    offer = app.get("/case-reports.html").text.split("Tell Ofcom about the site")[1].split("</section>")[0]
    assert f'href="/case-notice/{first}">Go on from what you sent' in offer
    assert "About <bdi>Instagram</bdi>" not in offer
    assert "About <bdi>clips.example</bdi>" in offer


def test_a_search_engine_is_asked_about_every_place_wherever_it_is(app: App) -> None:
    opened(app).answer(
        given.read(json.dumps({**ADULT, "public_audience": "yes", "paid": "no"}), "json", packs.load()).situation, now()
    )
    assert "instagram" not in {one.key for one in engines(app)}
    number = ready(app, "search-delisting", "google-search")
    about = tracked(app, number)
    assert (about.site, about.urls) == ("Google Search", (FIRST, SECOND, ELSEWHERE))
    assert about.to.startswith("https://support.google.com/")
    assert "instagram.com/report" not in app.get(f"/case-notice/{number}").text


def engines(app: App) -> tuple[sites.Site, ...]:
    return sending.destinations("search-delisting", handover.of_case(opened(app), now()))


def schema() -> dict:
    page = (ROOT / "docs" / "platform.md").read_text("utf-8")
    found = re.search(r"```json schema\n(.*?)```", page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_every_form_of_a_notice_carries_its_number(app: App) -> None:
    number = ready(app)
    forms = {form: app.post("/case/copy", {"notice": number, "as": form}) for form in ("txt", "pdf", "eml", "json")}
    assert forms["txt"].text.rstrip().endswith(f"Notice {number}")
    assert f"Notice {number}" in PdfReader(io.BytesIO(forms["pdf"].body)).pages[0].extract_text()
    message = email.message_from_bytes(forms["eml"].body, policy=email.policy.default)
    body, twin = message.iter_parts()  # type: ignore[attr-defined]
    assert number in body.get_content()
    assert json.loads(twin.get_content())["id"] == number
    assert forms["json"].headers["Content-Disposition"] == f'attachment; filename="notice-{number.lower()}.json"'


def test_the_twin_says_what_the_letter_says_and_the_schema_holds(app: App) -> None:
    number = ready(app)
    twin = json.loads(app.post("/case/copy", {"notice": number, "as": "json"}).body)
    validator = Draft202012Validator(schema())
    validator.check_schema(schema())
    assert list(validator.iter_errors(twin)) == []
    text = app.post("/case/copy", {"notice": number, "as": "txt"}).text
    assert all(line in text for said in twin["says"] for item in said["text"] for line in item.split("\n"))
    assert [place["parts"] for place in twin["places"]] == [{"code": "Cq1abc"}, {"code": "Cq2abc"}]
    for changed in ({**twin, "id": "1"}, {**twin, "suspect": "Alex"}, {**twin, "format": "x"}):
        assert list(validator.iter_errors(changed))


def test_a_number_is_read_out_without_a_doubt() -> None:
    assert notice_twin.number(bytes(range(8))) == "TB-2345-6789"
    assert not set(notice_twin.LETTERS) & set("01OIL")


# ---------------------------------------------------------------- the receipt and the time


def test_the_receipt_starts_the_time_and_it_runs_out(app: App) -> None:
    number = ready(app)
    sent(app, number, -47)
    assert tracked(app, number).state == "due"
    other = ready(app, site="clips.example")
    sent(app, other, -49)
    assert tracked(app, other).state == "overdue"
    page = app.get("/case-due.html").text
    assert page.index("clips.example</bdi>: The time has passed") < page.index("Instagram</bdi>: Their time is running")
    assert "unlawful" not in page


@pytest.mark.parametrize(
    "form",
    [
        {"at": ""},
        {"at": "2026-11-24"},
        {"at": "2099-01-01T10:00"},
        {"at": "2026-11-20T10:00", "zone": "Mars/Base"},
        {"at": "2026-11-20T10:00", "how": "pigeon"},
    ],
)
def test_a_receipt_that_cannot_be_is_asked_about(app: App, form: dict) -> None:
    number = ready(app)
    assert app.post("/case/receipt", {"notice": number, "zone": "Europe/London", **form}).status == 400
    assert tracked(app, number).state == "drafted"


def test_an_answer_comes_after_a_receipt_and_names_a_file_that_is_there(app: App) -> None:
    number = ready(app)
    reply = {"notice": number, "at": wall(-1), "zone": "Europe/London", "says": "refused", "words": "It stays."}
    assert app.post("/case/reply", reply).status == 400
    sent(app, number, -2)
    assert app.post("/case/reply", {**reply, "ref": "AB/9"}).status == 400
    assert app.post("/case/reply", {**reply, "says": "maybe"}).status == 400
    assert app.post("/case/reply", {**reply, "words": "x" * 20_001}).status == 400
    assert app.post("/case/reply", reply).status == 302
    assert tracked(app, number).state == "refused"
    assert "It stays." in app.get(f"/case-notice/{number}").text


def test_what_a_person_marks_is_gone_and_what_they_take_back_stays_in_the_log(app: App) -> None:
    number = ready(app)
    sent(app, number, -49)
    for url in (FIRST, SECOND):
        assert app.post("/case/seen", {"notice": number, "url": url, "seen": "gone"}).status == 302
    assert tracked(app, number).state == "removed"
    last = tracked(app, number).spots[1].looks[-1].sequence
    assert app.post("/case/undo", {"notice": number, "of": str(last), "because": "wrong page"}).status == 302
    assert tracked(app, number).state == "overdue"
    assert [event.what for event in opened(app).events()][-2:] == ["look", "correction"]
    assert app.post("/case/undo", {"notice": number, "of": str(last)}).status == 400  # once is enough
    for wrong in ("1", "x", "", "99"):
        assert app.post("/case/undo", {"notice": number, "of": wrong}).status == 400
    assert app.post("/case/seen", {"notice": number, "url": ELSEWHERE, "seen": "gone"}).status == 400
    assert app.post("/case/seen", {"notice": number, "url": FIRST, "seen": "maybe"}).status == 400


# ---------------------------------------------------------------- what follows


def test_an_escalation_quotes_what_was_sent_and_when(app: App) -> None:
    number = ready(app)
    sent(app, number, -24 * 8)
    assert app.post("/case/follow", {"notice": number, "letter": "ofcom"}).status == 302
    fitting = [one.letter for one in sending.after(opened(app), tracked(app, number), now())]
    assert {"ofcom", "report-harmful-content", "platform-appeal"} <= set(fitting)
    last = tracking.tracked(opened(app), now(), LONDON)[-1]
    assert (last.letter, last.site, last.about) == ("ofcom", "Ofcom (complain about a site or app)", number)
    for said in (
        "IG-77",
        f"Notice {number}",
        "I sent a report under section 20A",
        "I have had no answer",
        FIRST,
        "48 hours have gone by",
    ):
        assert said in last.text
    assert due.moment(tracked(app, number).receipts[0].at, tracked(app, number)) in last.text


def test_nothing_follows_before_its_time(app: App) -> None:
    number = ready(app)
    assert sending.after(opened(app), tracked(app, number), now()) == ()
    sent(app, number, -1)
    assert sending.after(opened(app), tracked(app, number), now()) == ()
    assert app.post("/case/follow", {"notice": number, "letter": "report-harmful-content"}).status == 400


def test_what_comes_back_can_be_reported_again(app: App) -> None:
    number = ready(app)
    sent(app, number, -60)
    case, about = opened(app), tracked(app, number)
    for seen in ("gone", "same"):
        sending.looked(case, about, FIRST, seen, now())
    again = sending.after(case, tracked(app, number), now() + timedelta(seconds=1))
    assert again[0].letter == UK
    assert app.post("/case/follow", {"notice": number, "letter": UK}).status == 302
    assert [one.letter for one in tracking.tracked(case, now(), LONDON)] == [UK, UK]


# ---------------------------------------------------------------- to a bank


def test_a_claim_to_the_bank_has_its_own_clock_of_working_days(app: App) -> None:
    case = opened(app)
    case.answer(_given({"money_sent": "yes", "dishonest_gain": "yes", "role": "deceived"}).situation, now())
    assert app.post("/case/ready", {"letter": "bank-claim", "site": "addressee"}).status == 400  # what was paid?
    case.add("notice", {"letter": "bank-claim", "fields": {"payments": "3 November: £900 to A. Nother"}}, now())
    number = ready(app, "bank-claim", "addressee")
    assert FIRST not in app.get(f"/case-notice/{number}").text
    sent(app, number, -24 * 3)
    about = tracked(app, number)
    assert (about.site, about.state, about.urls) == ("Your bank", "due", ())
    assert about.due == spans.ends(about.receipts[0].at, "P5B", LONDON)
    assert sending.after(case, about, now()) == ()
    page = app.get(f"/case-notice/{number}").text
    assert "Is it still there?" not in page
    assert "5 working days" in page


def claimed(app: App, days: float) -> str:
    """A claim to the bank, sent so many days ago."""
    case = opened(app)
    case.answer(_given({"money_sent": "yes", "dishonest_gain": "yes", "role": "deceived"}).situation, now())
    case.add("notice", {"letter": "bank-claim", "fields": {"payments": "3 November: £900 to A. Nother"}}, now())
    number = ready(app, "bank-claim", "addressee")
    sent(app, number, -24 * days)
    return number


@pytest.mark.parametrize(("days", "letters"), [(20, []), (55, []), (56, ["financial-ombudsman"])])
def test_after_eight_weeks_without_an_answer_the_ombudsman_can_be_asked(
    app: App, days: int, letters: list[str]
) -> None:
    about = tracked(app, claimed(app, days))
    assert [one.letter for one in sending.after(opened(app), about, now())] == letters


def test_after_a_no_the_ombudsman_is_asked_at_once_and_only_after_a_complaint(app: App) -> None:
    number, case = claimed(app, 3), opened(app)
    form = {"notice": number, "at": wall(-1), "zone": "Europe/London", "says": "refused", "words": "We do not pay."}
    assert app.post("/case/reply", form).status == 302
    assert [one.letter for one in sending.after(case, tracked(app, number), now())] == ["financial-ombudsman"]
    with pytest.raises(NoticeIncomplete) as refused:
        sending.ready_after(case, "financial-ombudsman", tracked(app, number), "TB-2222-2222", now())
    assert {one.element for one in refused.value.missing} == {"bank", "complaint", "payments"}
    fields = {"bank": "Example Bank", "complained_on": "10 November 2026", "payments": "3 November: £900"}
    page = app.get(f"/case-notice/{number}").text
    assert all(f'name="{name}"' in page for name in fields)
    assert 'name="signature" autocomplete' not in page  # what is known is not asked for again
    assert app.post("/case/follow", {"notice": number, "letter": "financial-ombudsman", **fields}).status == 302
    made = tracking.tracked(case, now(), LONDON)[-1]
    assert (made.letter, made.site, made.urls) == ("financial-ombudsman", "Financial Ombudsman Service", ())
    assert "We do not pay." in made.text


# ---------------------------------------------------------------- out


def test_reminders_say_nothing_and_a_calendar_takes_them(app: App) -> None:
    number = ready(app)
    sent(app, number, -1)
    answer = app.post("/case/calendar")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    events = Calendar.from_ical(answer.body).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Look again", "Look again"]
    waited = [one["DTSTART"].dt - tracked(app, number).receipts[0].at for one in events]
    assert waited == [timedelta(hours=48, minutes=1), timedelta(days=7)]
    assert len({str(one["UID"]) for one in events}) == 2
    text = answer.text.lower()
    assert not [word for word in (*TELLING, opened(app).id) if word in text]
    assert all(len(line) <= 75 for line in answer.body.split(b"\r\n"))


def test_what_is_over_needs_no_reminder(app: App) -> None:
    number = ready(app)
    sent(app, number, -24 * 9)
    assert Calendar.from_ical(app.post("/case/calendar").body).walk("VEVENT") == []


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula(app: App) -> None:
    number = ready(app)
    sent(app, number, -1, reference='=HYPERLINK("https://evil.example")')
    rows = list(csv.DictReader(io.StringIO(app.post("/case/table").text)))
    assert [row["notice"] for row in rows] == [number]
    assert rows[0]["reference"].startswith("'=")
    assert rows[0]["places"] == f"{FIRST} {SECOND}"
    assert rows[0]["source"] == "Online Safety Act 2023 s.10(3A)"


def test_the_picture_has_words_and_escapes_what_was_typed(app: App) -> None:
    opened(app).point(Address("x", url="https://clips.example/<b>"), now())
    sent(app, ready(app, site="clips.example"), -50)
    page = app.get("/case-due.html").text
    assert 'role="img" aria-labelledby="time-title time-about"' in page
    assert '<th scope="col">When</th>' in page
    assert '<b>"' not in page
    assert page.count('class="overdue"') == 1


def test_cases_of_one_passphrase_stand_on_one_page_and_close_with_it(app: App) -> None:
    sent(app, ready(app), -49)
    first = opened(app)
    other = keeping.new(keeping.store(), "other9", "meadow thimble heron", _given(), now())
    other.point(Address("a", url=ELSEWHERE), now())
    sending.ready(other, "platform-report", "clips.example", "TB-3333-3333", now())
    shown = app.post("/case/everyone", {"passphrase": "meadow thimble heron"})
    assert shown.status == 200
    assert "case othe" in shown.text
    assert app.desk.open_case is first
    wrong = app.post("/case/everyone", {"passphrase": "not this one at all"})
    assert "1 stayed closed" in wrong.text
    assert "case othe" not in wrong.text


def _given(more: dict[str, str] | None = None) -> Given:
    return given.read(json.dumps({**ADULT, **(more or {})}), "json", packs.load())


def test_without_a_case_there_is_nothing_to_see(app: App) -> None:
    number = ready(app)
    app.post("/case/lock")
    assert "passphrase" in app.get(f"/case-notice/{number}").text
    for path in ("ready", "receipt", "reply", "seen", "undo", "copy", "calendar", "table", "everyone", "follow"):
        assert app.post(f"/case/{path}", {"notice": number}).status == 400


def test_a_moment_is_left_in_words() -> None:
    said = [due.left(timedelta(minutes=m)) for m in (-5, 0, 1, 59, 60, 61, 47 * 60, 48 * 60, 72 * 60)]
    assert said == [
        "0 minutes",
        "0 minutes",
        "1 minute",
        "59 minutes",
        "1 hour",
        "1 hour",
        "47 hours",
        "2 days",
        "3 days",
    ]


def test_a_time_still_to_come_is_no_receipt(app: App) -> None:
    number = ready(app)
    with pytest.raises(BadInput, match="still to come"):
        sending.sent(opened(app), tracked(app, number), {"at": "2030-01-01T10:00"}, datetime(2029, 1, 1, tzinfo=UTC))


# ---------------------------------------------------------------- the signature of an answer


def test_the_key_of_an_answer_is_asked_for_by_a_press_alone_and_kept_with_the_day(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    import base64

    import dkim
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    plain = b"From: a@clips.example\r\nSubject: D-4711\r\n\r\nIt breaks no rule.\r\n"
    message = dkim.sign(plain, b"mail", b"clips.example", pem, include_headers=[b"from", b"subject"]) + plain
    adults = {"intimate": "no", "under18_real": "no", "under18_look": "no"}
    assert app.put_file(message, adults, "answer.eml", "message/rfc822").status == 200
    number = ready(app)
    sent(app, number, -60)
    reply = {"notice": number, "at": wall(-1), "zone": "Europe/London", "says": "refused", "ref": "AB/1"}
    assert app.post("/case/reply", {**reply, "key": "v=DKIM1", "ref": ""}).status == 400
    assert app.post("/case/reply", reply).status == 302
    page = app.get(f"/case-notice/{number}").text
    assert "Not checked: nobody has looked up its key, the text record of mail._domainkey.clips.example" in page
    sending.looked(opened(app), tracked(app, number), FIRST, "same", now())
    with Platforms() as net:
        monkeypatch.setattr(mail_key, "SERVERS", (net.put("down.example", "/", nonsense), "http://dns.example/resolve"))
        app.desk.wire = net.wire
        assert "It sees the address of this connection and the sender’s domain" in " ".join(page.split())
        assert net.asked == []
        asked = "/resolve?name=mail._domainkey.clips.example&type=TXT"
        net.put("dns.example", asked, Page(200, json.dumps({"Status": 3}).encode(), "application/dns-json"))
        answer = app.post("/case/key", {"notice": number, "ref": "AB/1"})
        assert (answer.status, "no key stands under that name today" in answer.text) == (400, True)
        record = "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()
        pieces = f'"{record[:200]}" "{record[200:]}"'
        said = {
            "Status": 0,
            "AD": True,
            "Answer": [{"name": "a", "type": 5, "data": "b."}, {"type": 16, "data": pieces}],
        }
        net.put("dns.example", asked, Page(200, json.dumps(said).encode(), "application/dns-json"))
        assert app.post("/case/key", {"notice": number, "ref": "AB/1"}).status == 302
        assert {one.host for one in net.asked} == {"down.example", "dns.example"}
        assert all("AB" not in one.path and "Cookie" not in one.heads for one in net.asked)
        assert app.post("/case/key", {"notice": number, "ref": "AB/1"}).status == 400  # nothing is left to ask for
    page = app.get(f"/case-notice/{number}").text
    assert "the signature holds" in page
    assert "Its key was asked for on" in page
    [event] = opened(app).state(now()).of("mail-key")
    assert (event.data["record"], event.data["by"], event.data["sure"]) == (record, "dns.example", True)
    handed = {**reply, "key": "v=DKIM1; p=AAAA"}
    assert app.post("/case/reply", handed).status == 302
    assert "the signature holds" not in app.get(f"/case-notice/{number}").text
    app.post("/case/undo", {"notice": number, "of": str(tracked(app, number).replies[-1].sequence)})
    text = sending.overdue(opened(app), tracked(app, number), now())[f"record-{number.lower()}.txt"].decode()
    assert "The message itself is exhibit AB/1. Signed by clips.example" in text
    assert "Its key was asked for on" in " ".join(text.split())
