"""What a person tells in their own words: the first account as a .docx, and the diary, in every form and every way in."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pypdf
import pytest
from running import ABOUT_ADULTS, ADULT, App

from takeback import documents, errors, keeping, packs, papers, telling, vault
from takeback.terms import Account, Given, Incident, Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
PASSPHRASE = "a blue kettle sings"
STORY = Account(words="It was on Friday.\n\nI saw it.", me="Sam Example", contact="sam@example.org", accused="Alex")
ENTRIES = (
    Incident("a", "2026-05-03", "in the evening", "He wrote again.", "I could not sleep.", "My sister"),
    Incident("b", about="every night in June", what="=HYPERLINK(1)\nand more"),
)


def opened(app: App) -> keeping.OpenCase:
    assert app.desk.open_case is not None
    return app.desk.open_case


def paragraphs(content: bytes) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in docx.Document(io.BytesIO(content)).paragraphs]


# ---------------------------------------------------------------- a .docx


def account(answers: dict = ADULT, story: Account = STORY) -> bytes:
    paper = papers.police_account(Given(Situation(answers), story), packs.load(), (), (), ENTRIES)
    return documents.editable(paper.letter, paper.data, AT)


def test_an_account_to_edit_holds_the_same_words_in_numbered_paragraphs() -> None:
    found = paragraphs(account())
    assert found[0] == ("Title", "A first account for the police")
    numbered = [text for style, text in found if style == "List Number"]
    assert numbered == [
        "It was on Friday.",
        "I saw it.",
        "3 May 2026, in the evening:\nHe wrote again.\nWhat it did to me: I could not sleep.\nWho else saw it: My sister",
        "every night in June:\n=HYPERLINK(1)\nand more",
        "Alex",
    ]
    assert ("Heading 1", "Declaration") in found


def test_the_contact_details_stand_after_a_new_page() -> None:
    made = docx.Document(io.BytesIO(account()))
    broken = [at for at, one in enumerate(made.paragraphs) if 'w:type="page"' in one._p.xml]
    assert len(broken) == 1
    after = [one.text for one in made.paragraphs[broken[0] :]]
    assert "Sam Example" in after
    assert not any("Sam" in one.text or "example.org" in one.text for one in made.paragraphs[: broken[0]])


def test_every_page_of_it_says_that_versions_may_be_disclosed() -> None:
    assert docx.Document(io.BytesIO(account())).sections[0].footer.paragraphs[0].text == papers.DRAFT


def test_it_names_no_author_no_program_and_no_other_time() -> None:
    made = docx.Document(io.BytesIO(account())).core_properties
    assert (made.author, made.last_modified_by, made.comments) == ("", "", "")
    assert (made.title, made.language) == ("A first account for the police", "en-GB")
    assert made.created == made.modified == AT
    assert account() == account()
    assert {one.date_time for one in zipfile.ZipFile(io.BytesIO(account())).infolist()} == {(2026, 11, 24, 7, 31, 0)}


@pytest.mark.parametrize("words", ["\x00\x1b\ud800", "<w:p/>&amp;", "\u202egnp.exe", "\ufffe\uffff", "x" * 100_000])
def test_any_words_make_a_file_that_opens(words: str) -> None:
    found = paragraphs(account(story=replace(STORY, words=f"a{words}z")))
    assert any(text.startswith("a") and text.endswith("z") for _, text in found)


def test_under_18_it_is_only_a_contact_sheet() -> None:
    whole = "\n".join(text for _, text in paragraphs(account({**ADULT, "under18_real": "yes"})))
    assert "Sam Example" in whole
    for left in ("Friday", "Alex", "wrote again", "Declaration", "sleep"):
        assert left not in whole


# ---------------------------------------------------------------- the diary


def test_a_diary_says_that_versions_may_be_disclosed_in_every_form() -> None:
    paper = papers.diary(ENTRIES, changed=1)
    pdf = pypdf.PdfReader(io.BytesIO(documents.render(paper.letter, paper.data, AT)))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    for said in (text, documents.text(paper.letter, paper.data), papers.diary_table(ENTRIES)):
        assert "Versions may have to be disclosed." in said
    assert "Entries that were changed later: 1." in text
    assert "3 May 2026, in the evening: He wrote again." in text


def test_a_diary_as_a_table_is_whole_and_runs_no_formula() -> None:
    _, head, first, second = csv.reader(io.StringIO(papers.diary_table(ENTRIES)))
    assert head[0] == "number"
    assert first == ["1", "2026-05-03", "in the evening", "He wrote again.", "I could not sleep.", "My sister"]
    assert second == ["2", "", "every night in June", "'=HYPERLINK(1)\nand more", "", ""]
    for start in "=+-@":
        cell = list(csv.reader(io.StringIO(papers.diary_table([Incident("a", what=f"{start}1")]))))[2][3]
        assert cell == f"'{start}1"


def test_entries_stand_by_day_and_a_change_is_a_new_version(app: App) -> None:
    app.open()
    for day, what in (("2026-05-03", "later"), ("2026-04-01", "earlier")):
        assert app.post("/case/incident", {"day": day, "what": what}).status == 302
    assert app.post("/case/incident", {"about": "some time", "what": "no day"}).status == 302
    case = opened(app)
    assert [one.what for one in case.state(AT.replace(year=2100)).diary] == ["earlier", "later", "no day"]
    which = case.state(AT.replace(year=2100)).diary[0].id
    assert app.post("/case/incident", {"id": which, "day": "2026-04-01", "what": "corrected"}).status == 302
    page = app.get("/case-diary.html").text
    assert "Earlier versions (1)" in page
    assert "corrected" in page
    assert "earlier" in page
    assert len(case.state(AT.replace(year=2100)).diary) == 3


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"day": "2026-05-03", "what": " "}, "Write what happened first"),
        ({"what": "it"}, "Say when it happened"),
        ({"day": "3 May", "what": "it"}, "This is not a day"),
        ({"day": "2999-01-01", "what": "it"}, "has not come yet"),
        ({"day": "2026-05-03", "what": "x" * 200_000}, "too long for one entry"),
    ],
    ids=["no words", "no time", "no day", "tomorrow", "too long"],
)
def test_an_entry_that_says_nothing_is_refused_in_a_sentence(app: App, entry: dict, why: str) -> None:
    app.open()
    refused = app.post("/case/incident", entry)
    assert refused.status == 400
    assert why in refused.text
    assert opened(app).state(AT.replace(year=2100)).incidents == ()


def test_every_form_is_handed_over_from_the_page_and_remembered(app: App) -> None:
    app.open()
    app.post("/case/words", {"words": "It was on Friday."})
    app.post("/case/incident", {"day": "2026-05-03", "what": "He wrote again."})
    for letter in ("police-account", "diary"):
        for form in telling.forms(letter):
            answer = app.post("/case/document", {"letter": letter, "as": form})
            assert answer.status == 200
            assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
            if form in ("txt", "csv"):
                assert "He wrote again." in answer.text
    assert "He wrote again." in str(paragraphs(app.post("/case/document", {"letter": "diary", "as": "docx"}).body))
    assert app.post("/case/document", {"letter": "diary", "as": "eml"}).status == 400
    assert app.get("/case-log.html").text.count("diary.docx") == 2


def test_an_empty_diary_is_one_sentence(app: App) -> None:
    app.open()
    answer = app.post("/case/document", {"letter": "diary", "as": "pdf"})
    assert (answer.status, "The diary is empty" in answer.text) == (400, True)


def test_a_diary_can_be_kept_where_someone_is_under_18_and_stays_out_of_the_police_sheet(app: App) -> None:
    app.open({**ADULT, "under18_real": "yes"})
    assert app.put_file(b"x", ABOUT_ADULTS).status == 403
    assert app.post("/case/incident", {"day": "2026-05-03", "what": "He wrote again."}).status == 302
    assert "wrote again" not in app.post("/case/document", {"letter": "police-account", "as": "txt"}).text
    assert "they will listen to you first" in app.get("/case-diary.html").text


def test_a_form_with_a_field_that_is_called_id_is_sent_by_the_pages_own_script(app: App, browser: Browser) -> None:
    app.open()
    app.post("/case/incident", {"about": "yesterday", "what": "He wrote again."})
    context = browser.new_context()
    name, value = app.cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{app.origin}/case-diary.html")
    page.get_by_text("Change it").click()
    page.locator("article.kept textarea[name=what]").fill("He wrote twice.")
    page.get_by_role("button", name="Keep this version").click()
    page.get_by_text("Earlier versions (1)").wait_for()
    assert wrong == []
    context.close()


# ---------------------------------------------------------------- the command line

TAKEBACK = Path(sys.executable).with_name("takeback")


def takeback(
    data: Path, *arguments: object, passphrase: str = PASSPHRASE, said: str = ""
) -> subprocess.CompletedProcess:
    """A command, with the passphrase on a file descriptor of its own."""
    read, write = os.pipe()
    os.write(write, f"{passphrase}\n".encode())
    os.close(write)
    command = [str(TAKEBACK), *map(str, arguments), "--passphrase-fd", str(read)]
    environment = {**os.environ, "TAKEBACK_DATA": str(data)}
    try:
        return subprocess.run(
            command, pass_fds=[read], env=environment, input=said, capture_output=True, text=True, check=False
        )
    finally:
        os.close(read)


def test_a_diary_is_written_and_read_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("TAKEBACK_DATA", str(data))
    kept, key = keeping.store(), vault.new_key()
    kept.create_case("case1", {"passphrase": vault.wrap_with_passphrase(key, PASSPHRASE)})
    keeping.OpenCase(kept, "case1", key).answer(Situation({"role": "depicted"}), AT)
    done = takeback(data, "case", "note", "case1", "--day", "2026-05-03", said="He wrote again.\n")
    assert (done.returncode, done.stdout) == (0, "")
    out = tmp_path / "diary.docx"
    assert takeback(data, "case", "diary", "case1", "--out", out).returncode == 0
    assert "3 May 2026:\nHe wrote again." in str(paragraphs(out.read_bytes())).replace("\\n", "\n")
    assert out.stat().st_mode & 0o777 == 0o600
    wrong = takeback(data, "case", "account", "case1", "--out", tmp_path / "a.pdf", passphrase="not this one")
    assert (wrong.returncode, (tmp_path / "a.pdf").exists()) == (2, False)
    assert "that passphrase doesn't open this" in wrong.stderr.lower()
    assert "not this one" not in wrong.stderr
    other = takeback(data, "case", "account", "case1", "--out", tmp_path / "a.exe")
    assert (other.returncode, ".docx" in other.stderr) == (2, True)


def test_a_day_that_has_not_come_is_refused_wherever_on_earth_the_person_is() -> None:
    keeping._check_day("2026-11-25", AT)
    with pytest.raises(errors.BadInput):
        keeping._check_day("2026-11-26", AT)
