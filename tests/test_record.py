"""The overdue record: what was sent, when they had it, what they said, what was still there; or nothing at all."""

from __future__ import annotations

import io
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import bagit
import pytest
from pypdf import PdfReader
from running import PASSPHRASE, App
from test_sending import ADULT, FIRST, LONDON, SECOND, UK, app, opened, ready, sent, tracked, wall  # noqa: F401

from takeback import checking, cli, given, keeping, packs, sending, tracking
from takeback.errors import BadInput
from takeback.store import folder
from takeback.terms import Account, Address
from takeback.web.case import now


def late(app: App) -> str:  # noqa: F811
    """A notice that is overdue: answered, refused to be seen, and looked at after its time."""
    number = ready(app)
    sent(app, number, -60)
    reply = {
        "notice": number,
        "at": wall(-20),
        "zone": "Europe/London",
        "says": "refused",
        "words": "It breaks no rule.",
    }
    assert app.post("/case/reply", reply).status == 302
    case, about = opened(app), tracked(app, number)
    sending.looked(case, about, FIRST, "same", now())
    case.add(
        "look", {"url": SECOND, "at": now().isoformat(), "seen": "same", "sha256": "ab" * 32, "distance": 3}, now()
    )
    sending.looked(case, about, FIRST, "gone", now())
    sending.undo(case, case.events()[-1].sequence, "I looked at another page", now())
    return number


def test_the_record_says_all_of_it_and_calls_nobody_guilty(app: App) -> None:  # noqa: F811
    number = late(app)
    opened(app).add("package", {"how": "plain", "stamped": "2026-11-24T10:00:00+00:00"}, now())
    opened(app).add("package", {"how": "plain", "stamped": ""}, now())
    about = tracked(app, number)
    made = sending.overdue(opened(app), about, now())
    text = made[f"record-{number.lower()}.txt"].decode()
    for said in (
        number, FIRST, SECOND, "IG-77", "in their form", "48 hours from a complete report", "It breaks no rule.",
        "they said no", "hour 61", "still there; the person looked", "Takeback looked", "ab" * 32, "in 3 of 256 bits", "was taken back: I looked at another page",
        "Online Safety Act 2023 s.10(3A)", "Sam Example",
    ):  # fmt: skip
        assert said in text, said
    assert not [word for word in ("unlawful", "illegal", "guilty", "breach", "offence") if word in text.lower()]
    assert text.count("was stamped.") == 1
    assert "24 November 2026, 10:00 GMT: a package of this log, as far as entry" in text
    head = opened(app).store.head(opened(app).id)
    assert f"{head.sequence} {head.hash}" in text


def test_the_pdf_is_tagged_and_says_the_same(app: App) -> None:  # noqa: F811
    number = late(app)
    read = PdfReader(io.BytesIO(app.post("/case/overdue", {"notice": number, "as": "pdf"}).body))
    assert "/MarkInfo" in read.trailer["/Root"]
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert "It breaks no rule." in words
    assert "What was still there after that" in words


def test_the_json_holds_every_event_of_this_notice_and_no_other(app: App) -> None:  # noqa: F811
    number, other = late(app), ready(app, site="clips.example")
    made = json.loads(sending.overdue(opened(app), tracked(app, number), now())[f"record-{number.lower()}.json"])
    assert [event["what"] for event in made["events"]] == [
        "notice",
        "receipt",
        "reply",
        "look",
        "look",
        "look",
        "correction",
    ]
    assert other not in json.dumps(made)
    assert made["notice"]["duty"]["within"] == "PT48H"


@pytest.mark.parametrize("hours", [None, -1, -47.9])
def test_before_its_time_there_is_no_record(app: App, hours: float | None) -> None:  # noqa: F811
    number = ready(app)
    if hours is not None:
        sent(app, number, hours)
        sending.looked(opened(app), tracked(app, number), FIRST, "same", now())
    with pytest.raises(BadInput):
        sending.overdue(opened(app), tracked(app, number), now())
    assert app.post("/case/overdue", {"notice": number, "as": "pdf"}).status == 400


def test_without_a_look_after_it_there_is_no_record(app: App) -> None:  # noqa: F811
    number = ready(app)
    sent(app, number, -60)
    for seen in ("gone", None):
        if seen:
            sending.looked(opened(app), tracked(app, number), FIRST, seen, now())
        with pytest.raises(BadInput, match="Nobody has seen it there"):
            sending.overdue(opened(app), tracked(app, number), now())


def test_a_record_is_never_made_where_someone_may_be_under_18(app: App) -> None:  # noqa: F811
    number = late(app)
    answers = given.read(json.dumps({**ADULT, "under18_look": "yes"}), "json", packs.load()).situation
    opened(app).answer(answers, now())
    with pytest.raises(BadInput, match="No time limit"):
        sending.overdue(opened(app), tracked(app, number), now())


def test_the_package_is_whole_and_judged_by_others(app: App, tmp_path: Path) -> None:  # noqa: F811
    number = late(app)
    out = tmp_path / "record"
    folder.write_folder(out, sending.overdue_package(opened(app), tracked(app, number), now()))
    bagit.Bag(str(out)).validate()
    assert checking.verify(out)["ok"]
    papers = {path.name for path in (out / "data" / "papers").iterdir()}
    assert {f"record-{number.lower()}.pdf", f"notice-{number.lower()}.txt", "notices.json"} <= papers
    record = next((out / "data" / "papers").glob("record-*.txt"))
    record.write_text(record.read_text().replace("hour 61", "hour 41"))
    assert not checking.verify(out)["ok"]


def test_every_package_holds_the_notices_and_what_came_of_them(app: App, tmp_path: Path) -> None:  # noqa: F811
    from takeback import handover

    number = late(app)
    out = tmp_path / "package"
    folder.write_folder(out, handover.package(handover.of_case(opened(app), now()), now()))
    listed = json.loads((out / "data" / "papers" / "notices.json").read_text())
    assert [(one["id"], one["state"]) for one in listed] == [(number, "refused")]
    assert listed[0]["replies"][0]["words"] == "It breaks no rule."
    assert len(listed[0]["looks"]) == 2  # the one that was taken back does not count


# ---------------------------------------------------------------- on the command line


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> keeping.OpenCase:
    monkeypatch.setenv("TAKEBACK_DATA", str(tmp_path / "data"))
    told = given.read(json.dumps(ADULT), "json", packs.load())
    case = keeping.new(keeping.store(), "case1", PASSPHRASE, told, now() - timedelta(hours=70))
    case.say(Account(contact="sam@example.org", signature="Sam Example"), now())
    case.point(Address("a", url=FIRST), now())
    sending.ready(case, UK, "instagram", "TB-2222-2222", now())
    return case


def run(*arguments: str, said: str = PASSPHRASE) -> int:
    reading, writing = os.pipe()
    os.write(writing, said.encode())
    os.close(writing)
    return cli.main([*arguments, "--passphrase-fd", str(reading)])


def told(at: datetime) -> dict[str, str]:
    return {"at": at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:%S"), "zone": "Europe/London", "reference": "IG-77"}


def test_the_commands_say_what_is_due_and_write_the_record(
    kept: keeping.OpenCase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = tracking.one(kept, "TB-2222-2222", now(), LONDON)
    sending.sent(kept, about, told(now() - timedelta(hours=60)), now())
    out = tmp_path / "out"
    assert run("overdue", "case1", "--notice", "TB-2222-2222", "--out", str(out)) == 2
    assert "look at the place once more" in capsys.readouterr().err
    assert not out.exists()
    sending.looked(kept, tracking.one(kept, "TB-2222-2222", now(), LONDON), FIRST, "same", now())
    assert run("due", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["case"], one["id"], one["state"], one["reference"]) for one in found] == [
        ("case1", "TB-2222-2222", "overdue", "IG-77")
    ]
    assert run("due", str(tmp_path / "data")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Their time ended on" in lines[0]
    assert all(len(line) <= 80 for line in lines)
    assert run("overdue", "case1", "--notice", "TB-2222-2222", "--out", str(out), "--json") == 0
    papers = json.loads(capsys.readouterr().out)["papers"]
    assert all((out / one).is_file() for one in papers)


def test_due_without_the_right_passphrase_names_what_stayed_closed(
    kept: keeping.OpenCase, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del kept
    assert run("due", "--json", said="another one") == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == []
    assert "case1 stayed closed" in said.err
    assert run("due", str(tmp_path)) == 2
    assert "there are no cases in" in capsys.readouterr().err


def test_due_writes_a_table_and_reminders(kept: keeping.OpenCase, tmp_path: Path) -> None:
    about = tracking.one(kept, "TB-2222-2222", now(), LONDON)
    sending.sent(kept, about, told(now() - timedelta(hours=1)), now())
    table, calendar = tmp_path / "list.csv", tmp_path / "cal.ics"
    assert run("due", "--csv", str(table)) == 0
    assert "TB-2222-2222" in table.read_text()
    assert run("due", "--reminders", str(calendar)) == 0
    assert calendar.read_text().count("BEGIN:VEVENT") == 2
    assert run("due", "--csv", str(table)) == 2  # nothing is written over
