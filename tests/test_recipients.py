"""What opens a case: a sheet of words beside the passphrase; each change wraps the key anew and seals nothing twice."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from running import ABOUT_ADULTS, ADULT, App
from test_vault import age

from takeback import errors, keeping, moving, permit, recipients, recovery, vault
from takeback.terms import Given, Situation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
PASSPHRASE, OTHER = "a blue kettle sings", "seven quiet otters row"
CHANCE = bytes(range(16))
WORDS = recovery.words(CHANCE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "data"


@pytest.fixture(scope="module")
def case(folder: Path) -> keeping.OpenCase:
    """A kept case with a file in it. Making one with a passphrase is slow by design, so the tests share it."""
    from takeback.store.cases import Store

    made = keeping.new(Store(folder), "case1", PASSPHRASE, Given(Situation(ADULT)), AT)
    leave = permit.ask(Situation(ABOUT_ADULTS))
    made.keep(leave, [b"a drawn picture"], blob="blob1", name="a.png", kind="png", origin="a chat", at=AT)
    return made


def sealed(case: keeping.OpenCase) -> list[bytes]:
    """Everything that is sealed in a case: its log and its files, as they are on the disk."""
    return [one.sealed for one in case.store.links(case.id)] + [
        b"".join(case.store.sealed_blob(case.id, blob)) for blob in sorted(case.store.blob_ids(case.id))
    ]


# ---------------------------------------------------------------- the words


@given(st.binary(min_size=16, max_size=16))
def test_every_sheet_can_be_typed_back(chance: bytes) -> None:
    words = recovery.words(chance)
    assert len(words) == 12
    assert recovery.read(recovery.phrase(words)) == recovery.phrase(words)


def test_a_sheet_holds_128_bits() -> None:
    assert recovery.BYTES * 8 == 128
    assert len({recovery.words(bytes([n // 256, n % 256, *bytes(14)])) for n in range(2000)}) == 2000
    with pytest.raises(ValueError, match="16 bytes"):
        recovery.words(bytes(8))


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(WORDS).upper(),
        ", ".join(WORDS),
        "\n".join(f"{number}. {word}" for number, word in enumerate(WORDS, 1)),
        " ".join(word[:4] for word in WORDS),
        "-".join(WORDS) + "\n",
    ],
    ids=["capitals", "commas", "numbered lines", "four letters each", "dashes"],
)
def test_words_are_read_however_they_are_typed(typed: str) -> None:
    assert recovery.read(typed) == recovery.phrase(WORDS)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "has 0"),
        (" ".join(WORDS[:11]), "has 11"),
        (" ".join([*WORDS, "zoo"]), "has 13"),
        (" ".join([*WORDS[:2], "takeback", *WORDS[3:]]), "Word 3"),
        (" ".join([WORDS[1], WORDS[0], *WORDS[2:]]), "belong together"),
    ],
    ids=["nothing", "too few", "too many", "no such word", "changed places"],
)
def test_a_slip_is_named(typed: str, why: str) -> None:
    with pytest.raises(errors.BadInput) as slip:
        recovery.read(typed)
    assert why in slip.value.say()
    assert slip.value.hint
    assert WORDS[0] not in slip.value.say()


def test_the_code_is_square_and_says_the_words() -> None:
    code = recovery.code(WORDS)
    assert {len(row) for row in code} == {len(code)}


# ---------------------------------------------------------------- wrapped anew, sealed once


def test_a_sheet_brings_back_a_case_and_a_new_passphrase_and_nothing_is_sealed_twice(
    case: keeping.OpenCase, tmp_path: Path
) -> None:
    before, keys = sealed(case), case.store.keys(case.id)
    assert recipients.make_sheet(case, PASSPHRASE, CHANCE, AT) == WORDS
    head = case.store.keys(case.id)["recovery"].split(b"\n---")[0]
    assert (head.count(b"\n-> "), b"-> scrypt " in head) == (1, True)
    the_age_program_opens_it(case, tmp_path)
    with pytest.raises(errors.Locked, match="not of this case"):
        recipients.recover(case.store, case.id, recovery.phrase(recovery.words(bytes(16))), OTHER, AT)
    opened = recipients.recover(case.store, case.id, recovery.phrase(WORDS), OTHER, AT)
    assert opened.key == case.key
    after = sealed(case)
    assert after[: len(before) - 1] == before[:-1]
    assert after[-1] == before[-1]
    assert case.store.keys(case.id)["passphrase"] != keys["passphrase"]
    assert [one.data["name"] for one in case.events() if one.what == "key"] == ["new sheet", "opened with the sheet"]


def the_age_program_opens_it(case: keeping.OpenCase, folder: Path) -> None:
    """An exported case, with the words of its sheet and the commands that the export itself says."""
    moving.export(case.store, case.id, folder / "case.zip")
    with zipfile.ZipFile(folder / "case.zip") as zipped:
        zipped.extractall(folder)
    said = re.findall(r"^    age (.*)$", (folder / "HOW-TO-OPEN.txt").read_text(), re.MULTILINE)
    assert said[1:3] == ["-d keys/recovery.age > key.txt", "-d -i key.txt events/000001.age"]
    (folder / "key.txt").write_bytes(age("-d", folder / "keys/recovery.age", typed=" ".join(WORDS)))
    assert b'"what": "opened"' in age("-d", "-i", folder / "key.txt", folder / "events/000001.age")
    file = age("-d", "-i", folder / "key.txt", folder / "files/blob1.age")
    assert file.partition(b"\n")[2] == b"a drawn picture"


def test_nobody_at_an_open_case_changes_anything_without_its_passphrase(case: keeping.OpenCase) -> None:
    keys, log = case.store.keys(case.id), sealed(case)
    stranger = keeping.OpenCase(case.store, case.id, case.key)
    case.store.set_key(case.id, "passphrase", b"one that is not opened by what is typed")
    held = case.store.keys(case.id)
    for act in (
        lambda: recipients.make_sheet(stranger, OTHER, CHANCE, AT),
        lambda: recipients.change_passphrase(stranger, OTHER, "another passphrase", AT),
        lambda: recipients.drop_sheet(stranger, OTHER, AT),
    ):
        with pytest.raises(errors.Locked):
            act()
    assert (case.store.keys(case.id), sealed(case)) == (held, log)
    case.store.set_key(case.id, "passphrase", keys["passphrase"])


def test_a_short_new_passphrase_changes_nothing(case: keeping.OpenCase) -> None:
    keys = case.store.keys(case.id)
    with pytest.raises(errors.BadInput, match="at least 10"):
        recipients.change_passphrase(case, PASSPHRASE, "short", AT)
    with pytest.raises(errors.BadInput, match="at least 10"):
        recipients.recover(case.store, case.id, recovery.phrase(WORDS), "short", AT)
    assert case.store.keys(case.id) == keys


def test_the_last_key_of_a_case_stays(case: keeping.OpenCase) -> None:
    case.store.set_key(case.id, "recovery", b"wrapped")
    case.store.drop_key(case.id, "recovery")
    case.store.drop_key(case.id, "passphrase")
    assert set(case.store.keys(case.id)) == {"passphrase"}
    with pytest.raises(errors.Locked, match="No recovery sheet"):
        recipients.recover(case.store, case.id, recovery.phrase(WORDS), OTHER, AT)


@pytest.mark.parametrize("replace", [True, False], ids=["replaced", "taken away"])
def test_a_wrapped_key_that_no_longer_counts_is_nowhere_in_the_data_folder(
    case: keeping.OpenCase, folder: Path, replace: bool
) -> None:
    old, new = os.urandom(300), os.urandom(300)
    case.store.set_key(case.id, "recovery", old)
    if replace:
        case.store.set_key(case.id, "recovery", new)
    else:
        case.store.drop_key(case.id, "recovery")
    case.store.close()
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert (old[40:80] in everything, new[40:80] in everything) == (False, replace)


# ---------------------------------------------------------------- in the app


def test_a_sheet_is_made_read_off_the_screen_and_brings_the_person_back(app: App, browser: Browser) -> None:
    import zxingcpp

    app.open()
    assert app.desk.open_case is not None
    wrapped = vault.wrap_with_passphrase(app.desk.open_case.key, PASSPHRASE)
    app.desk.open_case.store.set_key("case1", "passphrase", wrapped)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(120_000)  # a passphrase is slow by design, and slower on a busy machine
    name, value = app.cookie.split("=", 1)
    page.context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    page.goto(f"{app.origin}/case-keys.html")
    page.get_by_label("Your passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Make a recovery sheet").click()
    page.wait_for_selector(".code")
    words = page.locator(".words li").all_inner_texts()
    page.get_by_role("button", name="Print this page").wait_for()
    page.emulate_media(media="print")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".code").screenshot())).convert("L"))
    assert found.text == " ".join(words)
    page.emulate_media(media="screen")
    page.goto(f"{app.origin}/case-log.html")
    assert "new sheet" in page.inner_text("main")
    assert words[0] not in page.inner_text("main").split()

    app.post("/case/lock")
    page.goto(f"{app.origin}/case.html")
    page.get_by_role("link", name="I forgot the passphrase").click()
    page.wait_for_load_state("load")  # its script keeps what was typed where something is wrong
    page.get_by_label("The twelve words").fill(found.text.upper().replace(" ", ", "))
    page.get_by_label("A new passphrase").fill(OTHER)
    page.get_by_label("The same again").fill("something else entirely")
    page.get_by_role("button", name="Open it with the sheet").click()
    page.get_by_text("The two new passphrases are not the same").wait_for()
    page.get_by_label("The same again").fill(OTHER)
    page.get_by_role("button", name="Open it with the sheet").click()
    page.get_by_role("heading", name="Your case").wait_for()
    page.context.close()


def test_where_no_sheet_was_made_the_page_says_what_can_be_done_and_what_cannot(app: App) -> None:
    app.open()
    app.desk.lock()
    page = app.get("/case-forgot.html").text
    assert "What you can do" in page
    assert "What can’t be done" in page
    assert "don’t pay anyone" in page
    assert 'action="case/recover"' not in page
    refused = app.post("/case/recover", {"case": "case1", "words": " ".join(WORDS), "new": OTHER, "again": OTHER})
    assert (refused.status, "No recovery sheet was made" in refused.text) == (400, True)
    assert app.desk.open_case is None


def test_a_locked_case_makes_no_sheet(app: App) -> None:
    app.open()
    app.desk.lock()
    for act in ("/case/sheet", "/case/passphrase", "/case/no-sheet"):
        assert app.post(act, {"passphrase": PASSPHRASE, "old": PASSPHRASE}).status == 400
