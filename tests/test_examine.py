"""What a file says of its own origin: each label found where it can stand, worded as a label, and never more."""

from __future__ import annotations

import json
import time
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hostile import photo, saved
from origins import LABELLED, PLAIN, RECIPE, forged, jpeg_xmp, mp4, recompressed, xmp
from PIL import Image

from takeback import pixels, provenance
from takeback.cage import examine
from takeback.marks import recipes
from takeback.provenance import METHODS, Report
from takeback.seen import Seen
from takeback.terms import Sums

ON = date(2026, 11, 24)
VERDICTS = ("made by", "is fake", "is real", "genuine file", "%", "proves that", "unlawful", "!")
PICTURES = [name for name in LABELLED if name.rpartition(".")[2] in ("jpg", "png", "webp", "gif")]


def report(data: bytes) -> Report:
    looked = examine.examine(data)
    return provenance.report(looked.seen, looked.sums, ON)


def loud(made: Report) -> set[str]:
    return {one.id for one in made.findings if one.loud}


@pytest.mark.parametrize("name", LABELLED)
def test_what_a_file_says_is_found(name: str) -> None:
    data, ids = LABELLED[name]
    made = report(data)
    assert loud(made) == ids
    assert not made.nothing


@pytest.mark.parametrize("name", PLAIN)
def test_a_file_that_says_nothing_gives_the_fixed_sentence_and_no_finding(name: str) -> None:
    made = report(PLAIN[name])
    assert loud(made) == set()
    assert made.data()["nothing"] == provenance.NOTHING


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "wrong-sum.png"])
def test_a_copy_that_went_through_a_messenger_says_nothing_any_more(name: str) -> None:
    assert loud(report(recompressed(LABELLED[name][0]))) == set()


@pytest.mark.parametrize("name", [name for name, (data, _) in LABELLED.items() if forged(name, data)])
def test_a_label_that_somebody_wrote_into_a_cameras_file_is_a_label_and_no_more(name: str) -> None:
    data, ids = LABELLED[name]
    made = report(forged(name, data) or b"")
    assert ids <= loud(made)
    for one in made.findings:
        if one.weight == "declared" and one.loud:
            assert "label" in one.says or "recipe" in one.says
            assert "nybody can" in one.limits


@pytest.mark.parametrize("name", LABELLED)
def test_every_method_ran_or_says_why_it_did_not(name: str) -> None:
    made = report(LABELLED[name][0])
    skipped = [one.method for one in made.not_run]
    assert sorted([*made.ran, *skipped]) == sorted(METHODS)
    assert all(one.because for one in made.not_run)
    assert {one.method for one in made.findings} <= set(made.ran)


@pytest.mark.parametrize("name", [*LABELLED, *PLAIN])
def test_no_sentence_of_ours_is_a_verdict_or_a_number_of_certainty(name: str) -> None:
    made = report((LABELLED.get(name) or (PLAIN.get(name) or b"", set()))[0])
    for one in made.findings:
        assert one.limits
        for words in VERDICTS:
            assert words not in one.says
            assert words not in one.limits


def test_words_that_may_hurt_are_marked_and_the_words_of_a_stranger_stay_quotes() -> None:
    made = report(LABELLED["a1111.png"][0])
    (recipe,) = (one for one in made.findings if one.id == "recipe")
    assert recipe.care
    assert any("Example Person" in quote.text for quote in recipe.quotes)
    assert "Example Person" not in recipe.says


def test_findings_come_in_the_order_of_what_they_are_worth() -> None:
    made = report(LABELLED["camera-and-tool.jpg"][0])
    weights = [provenance.ORDER.index(one.weight) for one in made.findings if one.loud]
    assert weights == sorted(weights)


def test_a_label_of_another_vocabulary_is_not_taken_for_one() -> None:
    assert loud(report(jpeg_xmp(xmp('e:DigitalSourceType="https://evil.example/trainedAlgorithmicMedia"')))) == set()


def test_an_entity_in_a_label_is_not_opened(tmp_path: object) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "trained"><!ENTITY b SYSTEM "file:///etc/passwd">]>' + xmp(
        'e:AISystemUsed="&a;&b;"'
    )
    assert loud(report(jpeg_xmp(bomb))) <= {"labelled-ai-fields"}
    inside = xmp(inside="").replace(b"<rdf:Description", b'<!DOCTYPE x [<!ENTITY a "trained">]><rdf:Description')
    assert loud(report(jpeg_xmp(inside))) == set()


def test_the_place_that_a_camera_wrote_is_never_repeated() -> None:
    from origins import exif, jpeg_exif

    block = exif({0x010F: "Canon"}, {}, {0x02: b"\0\0\0\x33\0\0\0\1" * 3})
    made = report(jpeg_exif(block))
    (camera,) = (one for one in made.findings if one.id == "camera")
    assert "place" in camera.says
    assert not any("51" in quote.text for quote in camera.quotes)


def test_a_recipe_of_empty_lines_is_read_at_once() -> None:
    begun = time.process_time()
    assert recipes.read({"parameters": "Steps: " + "\n" * 200_000, "UserComment": "\n" * 200_000}) == []
    assert time.process_time() - begun < 2
    assert recipes.read({"parameters": "a cat\n\n  Steps: 20, Seed: 1"})


def test_a_file_that_stops_early_says_so() -> None:
    made = report(PLAIN["plain.png"][:-30])
    assert "cut-short" in {one.id for one in made.findings}
    assert made.nothing


def test_what_stands_after_the_end_is_told_with_its_everyday_reason() -> None:
    made = report(PLAIN["motion.jpg"])
    (after,) = (one for one in made.findings if one.id == "after-the-end")
    assert f"{len(mp4())} more bytes" in after.says
    assert "phones" in after.says


def test_every_library_that_had_a_part_in_it_is_named_with_its_version() -> None:
    settings = report(LABELLED["xmp.png"][0]).data()["settings"]
    assert settings["Pillow"] == pixels.version()
    assert {"c2pa-python", "lists of trusted signers", "looked at on"} <= settings.keys()


def test_the_report_is_one_json_document() -> None:
    said = json.loads(json.dumps(report(LABELLED["xmp.jpg"][0]).data()))
    assert {"method", "says", "weight", "limits"} <= said["findings"][0].keys()
    assert {"method", "because"} == said["not_run"][0].keys()
    assert RECIPE not in json.dumps(said)


def test_a_look_that_could_do_nothing_says_so_for_every_step() -> None:
    seen = Seen("JPEG", failed=tuple((step, "heavy") for step in examine.seen.STEPS))
    made = provenance.report(seen, Sums("0" * 64, "0" * 32, 1), ON)
    assert {"container", "declarations", "c2pa", "thumbnail"} <= {one.method for one in made.not_run}


def test_a_picture_saved_more_coarsely_before_says_so_as_history() -> None:
    image = photo(600, 800)
    once, twice = (
        saved(image, "JPEG", quality=90),
        saved(reopened(saved(image, "JPEG", quality=70)), "JPEG", quality=90),
    )
    assert "saved-twice" not in {one.id for one in report(once).findings}
    (found,) = (one for one in report(twice).findings if one.id == "saved-twice")
    assert found.weight == "history"
    assert not found.loud
    assert "does not mean" in found.limits


@pytest.mark.parametrize("quality", [50, 75, 90, 100])
def test_the_standard_tables_are_known_at_their_quality(quality: int) -> None:
    made = report(saved(photo(), "JPEG", quality=quality))
    assert any(f"at quality {quality} of 100" in one.says for one in made.findings)


def test_other_tables_are_not_called_standard() -> None:
    data = bytearray(saved(photo(), "JPEG", quality=75))
    data[data.index(b"\xff\xdb") + 9] += 1
    assert any("tables of its own" in one.says for one in report(bytes(data)).findings)


def reopened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())


@pytest.mark.parametrize("name", LABELLED)
def test_a_prompt_stands_only_in_findings_that_are_shown_with_care(name: str) -> None:
    for one in report(LABELLED[name][0]).findings:
        if any("Example Person" in quote.text for quote in one.quotes):
            assert one.care, one.id


def test_the_table_of_the_docs_is_what_is_tested() -> None:
    page = (Path(__file__).parent.parent / "docs/examine.md").read_text("utf-8")
    rows: dict[str, set[str]] = {}
    for name, (_, ids) in LABELLED.items():
        for one in ids:
            rows.setdefault(one, set()).add(name.rpartition(".")[2])
    head = next(line for line in page.splitlines() if line.startswith("| finding |"))
    kinds = [cell.strip() for cell in head.strip("|").split("|")][1:]
    for one, found in rows.items():
        cells = " | ".join("yes" if kind in found else "" for kind in kinds)
        assert f"| `{one}` | {cells} |" in page
