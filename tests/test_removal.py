"""Removal services: whom each is for, what leaves the device, and the hashes beside those that take them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from answers import situations
from hypothesis import given as over
from hypothesis import settings
from PIL import Image
from running import ABOUT_ADULTS, ADULT, App

from takeback import cage, cli, packs, removal, rules
from takeback.terms import Situation

if TYPE_CHECKING:
    import pytest

ON = date(2026, 11, 24)
PACKS = packs.load()
WHO = {"role": "depicted", "intimate": "yes", "shared": "yes", "victim_nation": "england-wales"}
OF_AGE = {**WHO, "victim_age_band": "18plus", "under18_real": "no", "under18_look": "no"}
OF_A_CHILD = {**WHO, "victim_age_band": "13-15", "under18_real": "yes", "under18_look": "yes"}


def fitting(answers: dict) -> dict[str, removal.Service]:
    return {one.contact.id: one for one in removal.services(Situation(answers), ON) if one.fits}


def drawn() -> bytes:
    """A picture with enough in it, made by rule."""
    made = Image.frombytes("RGB", (256, 256), hashlib.shake_256(b"a picture").digest(256 * 256 * 3)).resize((64, 64))
    out = BytesIO()
    made.resize((256, 256)).save(out, "PNG")
    return out.getvalue()


# ---------------------------------------------------------------- whom each is for


def test_each_service_says_what_it_takes_what_leaves_and_who_sees_it() -> None:
    told = {one.id: one.service for one in PACKS.contacts.values() if one.service}
    assert set(told) == {"stopncii", "take-it-down-ncmec", "report-remove"}
    assert all(one.takes and one.leaves and one.seen_by for one in told.values())
    assert told["stopncii"].hashes == ("pdq", "md5")
    assert "picture itself" in told["report-remove"].leaves
    assert told["report-remove"].hashes == told["take-it-down-ncmec"].hashes == ()


def test_an_adult_is_led_to_stopncii_and_a_child_never_is() -> None:
    assert list(fitting(OF_AGE)) == ["stopncii"]
    young = fitting(OF_A_CHILD)
    assert {"report-remove", "take-it-down-ncmec"} == set(young)
    other = next(one for one in removal.services(Situation(OF_A_CHILD), ON) if one.contact.id == "stopncii")
    assert (other.fits, other.hashes, other.what) == (False, (), "")
    assert "grown-ups" in other.because


@settings(max_examples=60, deadline=None)
@over(situations(PACKS.facts.values()))
def test_nobody_under_18_is_ever_led_to_stopncii_or_given_a_hash_for_it(situation: Situation) -> None:
    settled = rules.settle(situation, PACKS.settles)
    young = settled.get("victim_age_band") in ("under13", "13-15", "16-17")
    young = young or "yes" in (settled.get("under18_real"), settled.get("under18_look"))
    found = {one.contact.id: one for one in removal.services(situation, ON)}
    if young and "stopncii" in found:
        assert (found["stopncii"].fits, found["stopncii"].hashes) == (False, ())


def test_of_nothing_private_no_service_is_said_to_fit() -> None:
    assert fitting({**OF_AGE, "intimate": "no"}) == {}


# ---------------------------------------------------------------- in a case


def test_the_hashes_are_made_by_a_press_stand_beside_the_service_and_are_kept_nowhere(app: App) -> None:
    app.open({**ADULT, **OF_AGE})
    picture = drawn()
    assert app.put_file(picture, ABOUT_ADULTS).status == 200
    own = next(one for one in cage.look(picture).signals if one.type == "pdq")
    before = app.get("/case-services.html").text
    assert own.value not in before
    assert "StopNCII.org" in before
    case = app.desk.open_case
    assert case is not None
    events = len(case.events())
    page = app.post("/case/hashes").text
    assert f'id="hash-1">{own.value}</code>' in page
    assert "on no list and blocks nothing" in page
    assert "Report Remove gets the picture itself" in page
    assert len(case.events()) == events
    assert own.value not in app.get("/case-services.html").text


def test_a_screenshot_of_a_chat_has_no_hash_here_and_a_file_that_is_held_back_has_none_either(app: App) -> None:
    app.open({**ADULT, **OF_AGE})
    said = {"Origin": app.origin, "Takeback-Answers": json.dumps(ABOUT_ADULTS), "Takeback-Name": "a.png"}
    assert app.ask("PUT", "/case/file", drawn(), headers={**said, "Takeback-Sort": "screenshot"}).status == 200
    assert "No file is kept here" in app.post("/case/hashes").text
    assert app.put_file(drawn(), ABOUT_ADULTS).status == 200
    assert 'id="hash-1"' in app.post("/case/hashes").text
    app.send("/case/answers", {"given": {**ADULT, **OF_AGE, "under18_look": "yes"}})
    page = app.post("/case/hashes").text
    assert 'class="hex"' not in page
    assert "stopncii.org" not in page.replace("StopNCII.org", "")


def test_a_child_reads_that_they_are_not_for_grown_ups_alone_and_no_hash_is_made(app: App) -> None:
    app.open(OF_A_CHILD)
    page = app.post("/case/hashes").text
    assert "Take It Down" in page
    assert "takeitdown.ncmec.org" in page
    assert "https://stopncii.org" not in page
    assert 'class="hex"' not in page


# ---------------------------------------------------------------- on the command line


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["services", *arguments])
    return code, capsys.readouterr().out


def test_the_command_line_says_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, picture = tmp_path / "given.json", tmp_path / "a.png"
    given.write_text(json.dumps(OF_AGE))
    picture.write_bytes(drawn())
    code, text = asked(capsys, str(given), str(picture))
    own = next(one for one in cage.look(drawn()).signals if one.type == "pdq")
    assert (code, own.value in text, "What leaves your device" in text) == (0, True, True)
    assert "on no list and blocks nothing" in " ".join(text.split())
    code, text = asked(capsys, str(given), str(picture), "--json")
    first = json.loads(text)[0]
    assert (first["id"], first["fits"], first["hashes"][0]["value"]) == ("stopncii", True, own.value)


def test_the_command_line_makes_no_hash_for_a_child(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, picture = tmp_path / "given.json", tmp_path / "a.png"
    given.write_text(json.dumps(OF_A_CHILD))
    picture.write_bytes(drawn())
    assert asked(capsys, str(given), str(picture))[0] == 3
    code, text = asked(capsys, str(given), "--json")
    assert code == 0
    assert {one["id"]: one["fits"] for one in json.loads(text)} == {
        "report-remove": True, "take-it-down-ncmec": True, "stopncii": False,
    }  # fmt: skip
