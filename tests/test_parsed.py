"""TOML is parsed once; a file that changed is parsed again, and a broken memory is as good as none."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from takeback.parsed import Parsed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    path = tmp_path / "packs" / "one.toml"
    path.write_text('day = 2026-11-24\n[[table]]\nword = "a"\n')
    return path


def kept(root: Path) -> Path:
    return root / "packs" / "__pycache__" / "parsed.json"


def read(root: Path, file: Path) -> dict[str, object]:
    parsed = Parsed(root)
    tables = parsed.tables(file)
    parsed.keep()
    return tables


def test_what_is_remembered_is_what_was_parsed(tmp_path: Path, file: Path) -> None:
    first = read(tmp_path, file)
    assert kept(tmp_path).exists()
    assert read(tmp_path, file) == first == {"day": date(2026, 11, 24), "table": [{"word": "a"}]}


def test_a_file_that_changed_is_parsed_again(tmp_path: Path, file: Path) -> None:
    read(tmp_path, file)
    file.write_text('day = 2026-11-25\n[[table]]\nword = "a"\n')
    os.utime(file, ns=(1, 1))
    assert read(tmp_path, file)["day"] == date(2026, 11, 25)


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"form": 9, "files": {}}', b'{"form": 1}', b"\xff"])
def test_a_broken_memory_is_as_good_as_none(tmp_path: Path, file: Path, broken: bytes) -> None:
    first = read(tmp_path, file)
    kept(tmp_path).write_bytes(broken)
    assert read(tmp_path, file) == first


def test_a_folder_that_cannot_be_written_to_has_no_memory_and_no_error(tmp_path: Path, file: Path) -> None:
    (tmp_path / "packs" / "__pycache__").write_text("in the way")
    assert read(tmp_path, file)["day"] == date(2026, 11, 24)


def test_a_file_that_is_not_toml_is_not_remembered(tmp_path: Path, file: Path) -> None:
    file.write_text("= =")
    with pytest.raises(ValueError, match="Invalid"):
        read(tmp_path, file)
    assert not kept(tmp_path).exists()
