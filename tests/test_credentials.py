"""Content Credentials: "valid" is not "trusted". A famous name in a home-made certificate is never believed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from authority import CAMERA, MADE_BY_AI, MIXED, created, impostor, openai, pem, root, signed
from origins import PLAIN, recompressed
from test_cli import takeback

from takeback import provenance
from takeback.cage import examine
from takeback.credentials import List
from takeback.store import trust

if TYPE_CHECKING:
    from takeback.provenance import Report

ON = date(2026, 11, 24)
MIMES = {"plain.jpg": "image/jpeg", "plain.png": "image/png", "plain.webp": "image/webp", "plain.mp4": "video/mp4",
         "plain.wav": "audio/wav"}  # fmt: skip


def lists(*, older: bool = False) -> tuple[List, ...]:
    return (List("older" if older else "official", "2026-01-01" if older else "2026-08-21", older, pem(root()[1])),)


def report(data: bytes, trusted: tuple[List, ...] = ()) -> Report:
    looked = examine.examine(data, trusted)
    return provenance.report(looked.seen, looked.sums, ON, "test", [f"{one.name} {one.day}" for one in trusted])


def ids(made: Report) -> set[str]:
    return {one.id for one in made.findings if one.method == "c2pa" or one.id.startswith("c2pa")}


def everything(made: Report) -> str:
    return json.dumps(made.data())


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return signed(PLAIN["plain.jpg"], "image/jpeg", openai(False), root(), created(MADE_BY_AI))


@pytest.fixture(scope="module")
def forged() -> bytes:
    return signed(PLAIN["plain.jpg"], "image/jpeg", openai(True), impostor(), created(MADE_BY_AI))


def test_a_home_made_certificate_with_a_famous_name_is_never_called_by_that_name(forged: bytes) -> None:
    for trusted in ((), lists(), lists(older=True)):
        made = report(forged, trusted)
        assert ids(made) == {"c2pa-unknown-signer", "labelled-ai"}
        assert "OpenAI" not in everything(made)
        assert not any(one.weight == "signed" for one in made.findings)


def test_a_signer_that_leads_to_a_list_is_trusted_and_the_list_and_its_day_are_named(genuine: bytes) -> None:
    made = report(genuine, lists())
    (found,) = (one for one in made.findings if one.method == "c2pa")
    assert (found.id, found.weight) == ("c2pa-trusted", "signed")
    assert "OpenAI OpCo, LLC" in found.says
    assert "official 2026-08-21" in found.says
    assert "created with AI" in found.says
    assert dict(made.settings)["lists of trusted signers"] == "official 2026-08-21"
    assert dict(made.settings)["c2pa-python"]


def test_the_older_list_is_named_as_the_older_one(genuine: bytes) -> None:
    (found,) = (one for one in report(genuine, lists(older=True)).findings if one.method == "c2pa")
    assert found.id == "c2pa-trusted-older"
    assert "frozen" in found.limits


def test_without_a_list_nobody_is_trusted_and_the_report_says_so(genuine: bytes) -> None:
    made = report(genuine)
    assert "c2pa-unknown-signer" in ids(made)
    assert "OpenAI" not in everything(made)
    assert dict(made.settings)["lists of trusted signers"] == "none"
    assert any("No list of trusted signers is set up" in one.says for one in made.findings)


@pytest.mark.parametrize("change", ["a bit", "more"])
def test_a_file_that_changed_after_it_was_signed_is_broken(genuine: bytes, change: str) -> None:
    at = len(genuine) - 200
    data = genuine + b"\0more" if change == "more" else genuine[:at] + bytes([genuine[at] ^ 1]) + genuine[at + 1 :]
    made = report(data, lists())
    assert ids(made) == {"c2pa-broken"}
    assert "OpenAI" not in everything(made)


def test_a_record_of_which_a_part_was_lost_is_no_crash_and_no_trust(genuine: bytes) -> None:
    start, end = genuine.index(b"jumb"), genuine.index(b"\xff\xdb")
    for cut in range(start, end, max(1, (end - start) // 12)):
        made = report(genuine[:cut] + genuine[cut + 9 :], lists())
        assert not any(one.weight == "signed" for one in made.findings)


def test_a_copy_that_was_saved_again_has_no_record_any_more(genuine: bytes) -> None:
    made = report(recompressed(genuine), lists())
    assert ids(made) == set()
    assert made.nothing


@pytest.mark.parametrize(
    ("kind", "words"),
    [(MADE_BY_AI, "created with AI"), (MIXED, "edited or put together with AI"), (CAMERA, "captured by a camera")],
)
def test_what_was_signed_is_said_in_words(kind: str, words: str) -> None:
    data = signed(PLAIN["plain.jpg"], "image/jpeg", openai(False), root(), created(kind))
    (found,) = (one for one in report(data, lists()).findings if one.weight == "signed")
    assert words in found.says


def test_what_it_was_made_from_is_said_apart(genuine: bytes) -> None:
    data = signed(genuine, "image/jpeg", openai(False), root(), {"action": "c2pa.edited"}, edits=True)
    (found,) = (one for one in report(data, lists()).findings if one.weight == "signed")
    assert "It was signed as: opened, edited" in found.says
    assert "Of what it was made from: created with AI" in found.says


def test_a_part_signed_by_an_impostor_lends_nothing(forged: bytes) -> None:
    data = signed(forged, "image/jpeg", openai(False), root(), {"action": "c2pa.edited"}, edits=True)
    says = " ".join(one.says for one in report(data, lists()).findings if one.weight == "signed")
    assert "made from" not in says


@pytest.mark.parametrize("name", MIMES)
def test_a_record_is_found_in_each_kind_of_file_that_the_reader_knows(name: str) -> None:
    data = signed(PLAIN[name], MIMES[name], openai(False), root(), created(MADE_BY_AI))
    assert ids(report(data, lists())) == {"c2pa-trusted"}


def test_a_record_kept_at_an_address_is_not_fetched() -> None:
    from origins import jpeg_xmp

    packet = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
     ><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/"
     dcterms:provenance="https://records.example/1.c2pa"/></rdf:RDF></x:xmpmeta>"""
    made = report(jpeg_xmp(packet), lists())
    (found,) = (one for one in made.findings if one.id == "c2pa-elsewhere")
    assert found.quotes[0].text.startswith("https://records.example/1.c2pa")


def test_a_folder_of_lists_is_read_by_name_and_day(tmp_path: Path, genuine: bytes) -> None:
    for name in ("official-2026-08-21", "older-2026-01-01", "no-day"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "anchors.pem").write_text(pem(root()[1]))
    (tmp_path / "official-2026-08-21" / "tsa.pem").write_text("clocks")
    read = trust.lists({trust.VARIABLE: str(tmp_path)})
    assert [(one.name, one.day, one.older) for one in read] == [
        ("official", "2026-08-21", False),
        ("older", "2026-01-01", True),
    ]
    assert "clocks" not in read[0].anchors
    (tmp_path / "a.jpg").write_bytes(genuine)
    done = takeback("examine", tmp_path / "a.jpg", TAKEBACK_TRUST=str(tmp_path))
    assert "official 2026-08-21" in " ".join(done.stdout.split())
    assert trust.lists({trust.VARIABLE: str(tmp_path / "nowhere")}) == ()
