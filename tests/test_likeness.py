"""Are two files the same picture? In words, and no more sure than the hashes are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hostile import photo
from PIL import Image
from test_edits import COPIES, SEEN, entry

from takeback import cli, likeness, signals
from takeback.terms import Signal

A, B = "0" * 64, "f" * 64


def pdq(value: str, quality: int = 100, edit: str = signals.WHOLE) -> Signal:
    return Signal("pdq", value, quality, edit)


def bits(count: int) -> str:
    return f"{(1 << count) - 1:064x}"


def test_the_same_bytes_are_the_same_file() -> None:
    found = likeness.compare([pdq(A), Signal("sha256", A)], [pdq(A), Signal("sha256", A)])
    assert (found.same, found.distance) == (True, 0)
    assert "byte for byte" in found.says


@pytest.mark.parametrize(("count", "same"), [(0, True), (31, True), (32, False), (200, False)])
def test_thirty_one_bits_is_where_the_same_ends(count: int, same: bool) -> None:
    found = likeness.compare([pdq(A)], [pdq(bits(count))])
    assert (found.same, found.distance) == (same, count)
    assert ("different pictures" in found.says) != same


def test_an_edit_of_either_counts_and_is_named() -> None:
    far, near = pdq(B), pdq(bits(9), edit="mirrored")
    found = likeness.compare([pdq(A)], [far, near])
    assert (found.same, found.distance, found.nearest, found.edit, found.edited) == (True, 256, 9, "mirrored", 1)
    assert "second" in found.says
    assert likeness.compare([far, near], [pdq(A)]).edited == 0


def test_two_edits_are_not_held_against_each_other() -> None:
    one, other = [pdq(A), pdq(bits(100), edit="mirrored")], [pdq(B), pdq(bits(101), edit="mirrored")]
    assert likeness.compare(one, other).same is False


def test_a_weak_hash_tells_nothing() -> None:
    found = likeness.compare([pdq(A, 49)], [pdq(A)])
    assert found.same is None
    assert "quality 49" in found.says


def test_without_a_picture_hash_only_exact_copies_are_told() -> None:
    found = likeness.compare([Signal("sha256", A)], [Signal("sha256", B)])
    assert found.same is None
    assert found.says == likeness.NO_HASH


def test_where_nobody_has_the_original_a_person_must_look() -> None:
    assert likeness.original([pdq(A)], None).review
    assert likeness.original([pdq(A)], [Signal("sha256", A)]).review


def test_an_entry_that_catches_the_original_must_be_looked_at_and_another_need_not() -> None:
    assert likeness.original([pdq(B), pdq(A, edit="mirrored")], [pdq(bits(31))]).review
    found = likeness.original([pdq(A)], [pdq(bits(32))])
    assert (found.review, found.distance) == (False, 32)


# ---------------------------------------------------------------- the command


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    made = {"a.png": SEEN, "cropped.jpg": COPIES["5 % off every side"], "other.png": photo(seed=99)}
    for name, image in made.items():
        image.save(tmp_path / name)
    fake = SEEN.copy()
    fake.paste(Image.new("RGB", (14, 12), "pink"), (200, 100))
    fake.save(tmp_path / "fake.png")
    return {path.name: str(path) for path in tmp_path.iterdir()}


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = cli.main(["hash", *arguments])
    return code, capsys.readouterr().out


def test_the_command_compares_two_files_in_words_with_both_grids(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = said(capsys, files["a.png"], files["cropped.jpg"], "--compare")
    assert code == 0
    assert "the same picture, changed" in " ".join(out.split())
    assert "of 256 bits differ" in out
    assert max(map(len, out.splitlines())) <= 80
    code, out = said(capsys, files["a.png"], files["other.png"], "--compare", "--json")
    found = json.loads(out)
    assert (code, found["same"]) == (1, False)
    assert [one["signals"][0]["type"] for one in found["files"]] == ["pdq", "pdq"]


def test_it_compares_two_files_and_no_other_number(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["hash", files["a.png"], "--compare"]) == 2
    assert "two files" in capsys.readouterr().err


def test_edits_are_plain_pdq_signals_and_marked_for_a_person_to_look(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = said(capsys, files["a.png"], "--edits", "--json")
    (found,) = json.loads(out)
    mine = [signal for signal in found["signals"] if signal["type"] == "pdq"]
    assert [(one["edit"], one["value"]) for one in mine] == [(one.edit, one.value) for one in entry(SEEN)]
    assert found["original"]["review"] is True
    _, out = said(capsys, files["fake.png"], "--edits", "--original", files["a.png"], "--json")
    (found,) = json.loads(out)
    assert (found["original"]["review"], found["original"]["distance"] <= 31) == (True, True)
    _, out = said(capsys, files["fake.png"], "--original", files["other.png"], "--json")
    assert json.loads(out)[0]["original"]["review"] is False


def test_the_child_rule_holds_for_comparing_too(files: dict[str, str], tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text('{"intimate": "yes", "under18_look": "yes"}')
    assert cli.main(["hash", files["a.png"], files["other.png"], "--compare", "--given", str(given)]) == 3
