"""`takeback examine`: one JSON document, the child rule first, hurtful words kept back, and a stranger's words quoted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import photo, saved
from origins import LABELLED, PLAIN, jpeg_exif
from origins import exif as block
from PIL import Image
from test_cli import ADULT, CHILD, COMMAND, takeback


@pytest.fixture
def file(tmp_path: Path) -> Path:
    kept = tmp_path / "a.png"
    kept.write_bytes(LABELLED["a1111.png"][0])
    return kept


def test_the_json_is_the_document_of_the_interfaces_page(file: Path) -> None:
    done = takeback("examine", file, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said["file"] == "a.png"
    assert said["findings"][0].keys() >= {"method", "says", "weight", "limits"}
    assert "under 18" in done.stderr


def test_a_prompt_is_kept_back_until_it_is_asked_for(file: Path) -> None:
    assert "Example Person" not in takeback("examine", file).stdout
    assert "Example Person" in takeback("examine", file, "--prompts").stdout


def test_a_child_may_be_in_it_so_it_is_not_opened(file: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text(json.dumps(CHILD))
    done = takeback("examine", file, "--given", given)
    assert (done.returncode, done.stdout) == (3, "")
    given.write_text(json.dumps(ADULT))
    assert takeback("examine", file, "--given", given).returncode == 0


def test_where_nothing_is_found_the_fixed_sentence_stands(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(PLAIN["plain.jpg"])
    done = takeback("examine", tmp_path / "a.jpg", "--all")
    assert "does not mean the file is genuine" in " ".join(done.stdout.split())
    assert "not expert opinion" in done.stdout


def test_a_strangers_words_cannot_move_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(
        jpeg_exif(block({0x010F: "Canon\x1b[2J\x1b]0;x\x07", 0x0131: "Midjourney\x1b[31m"}))
    )
    assert "\x1b" not in takeback("examine", tmp_path / "a.jpg", "--all").stdout


@pytest.mark.parametrize("data", [b"", b"words and nothing else"])
def test_what_is_no_media_file_gets_one_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    done = takeback("examine", tmp_path / "a.jpg")
    assert (done.returncode, done.stdout) == (2, "")
    assert "hint:" in done.stderr


def test_with_the_network_off_it_says_the_same(tmp_path: Path) -> None:
    kept = tmp_path / "a.jpg"
    kept.write_bytes(LABELLED["xmp.jpg"][0])
    off = (
        "import sys; from takeback.cage import guards; assert guards.no_network(); "
        f"from takeback.cli import main; sys.exit(main(['examine', {str(kept)!r}, '--json']))"
    )
    done = subprocess.run([sys.executable, "-c", off], capture_output=True, text=True, check=False, timeout=60)
    said, usual = json.loads(done.stdout), json.loads(takeback("examine", kept, "--json").stdout)
    assert done.returncode == 0
    assert said | {"warnings": []} == usual | {"warnings": []}


def test_a_picture_of_your_own_is_found_again_after_an_edit_and_another_is_not(tmp_path: Path) -> None:
    mine, other = photo(480, 640, 3), photo(480, 640, 4)
    (tmp_path / "mine.jpg").write_bytes(saved(mine, "JPEG", quality=90))
    (tmp_path / "other.jpg").write_bytes(saved(other, "JPEG", quality=90))
    (tmp_path / "theirs.jpg").write_bytes(saved(mine.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "JPEG", quality=70))
    done = takeback(
        "examine",
        tmp_path / "theirs.jpg",
        "--original",
        tmp_path / "mine.jpg",
        "--original",
        tmp_path / "other.jpg",
        "--json",
    )
    said = json.loads(done.stdout)
    found = {one["id"]: one for one in said["findings"] if one["method"] == "originals"}
    assert found.keys() == {"same-source", "other-source"}
    assert "mirrored" in found["same-source"]["says"]
    assert found["same-source"]["loud"]
    assert not found["other-source"]["loud"]
    assert "originals" in said["ran"]


ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    ("command", "locale", "more"),
    [
        ("examine", {}, ["--json"]),
        ("examine", ASCII_ONLY, ["--json"]),
        ("examine", ASCII_ONLY, []),
        ("hash", {}, ["--json"]),
    ],
)
def test_a_name_that_is_no_utf_8_gives_one_json_document(
    command: str, locale: dict[str, str], more: list[str], tmp_path: Path
) -> None:
    named = os.fsencode(tmp_path) + b"/a\xff\xfe\xc3\xa9.jpg"
    Path(os.fsdecode(named)).write_bytes(PLAIN["plain.jpg"])
    run = [os.fsencode(COMMAND), command.encode(), named, *map(str.encode, more)]
    done = subprocess.run(run, capture_output=True, env={**os.environ, **locale}, check=False, timeout=60)
    assert done.returncode == 0
    if more:
        said = json.loads(done.stdout.decode("utf-8"))
        assert "/a\ufffd\ufffd" in f"/{(said if command == 'examine' else said[0])['file']}"
    assert done.stdout.decode("ascii" if locale else "utf-8")
