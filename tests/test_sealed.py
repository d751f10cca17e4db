"""A sealed package, checked through its seal: with a key all of it, without one only that it can be one."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from evidence_case import KEY, files

from takeback import bag, checking, errors, handover, vault
from takeback.terms import Part

BIN = Path(sys.executable).parent
WHOLE = files()


def tar(package=WHOLE, under="package"):
    return b"".join(bag.tar((Part.of(path, data) for path, data in package.items()), under))


def sealed(tmp_path, plain, name="files.tar.age"):
    (tmp_path / name).write_bytes(vault.seal_bytes(plain, [KEY.recipient]))
    (tmp_path / "key.txt").write_text(f"# a key\n{KEY.secret}\n")
    return tmp_path / name


def verify(path, key="key.txt"):
    return checking.verify(path, identity=path.parent / key)


def test_a_sealed_package_is_checked_without_being_written_out(tmp_path):
    path = sealed(tmp_path, tar())
    found = verify(path)
    assert (found["ok"], found["problems"]) == (True, [])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["files.tar.age", "key.txt"]


def test_what_start_seals_is_found_among_the_papers_beside_it(tmp_path):
    package = {"READ-ME-FIRST.txt": b"x", **{f"package/{path}": data for path, data in WHOLE.items()}}
    assert verify(sealed(tmp_path, tar(package, "files")))["ok"]


def test_a_fault_inside_is_named(tmp_path):
    found = verify(sealed(tmp_path, tar({**WHOLE, "data/VERIFY.txt": b"other"})))
    assert {"file": "data/VERIFY.txt", "what": "has changed"} in found["problems"]


def test_every_flip_and_every_cut_of_the_seal_is_caught(tmp_path):
    path = sealed(tmp_path, tar())
    data = path.read_bytes()
    for place in random.Random(1).sample(range(len(data)), 60):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
        assert verify(path)["problems"], place
    for cut in (0, 10, 200, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:cut])
        assert not verify(path)["ok"], cut
        assert not checking.verify(path)["ok"], cut


def test_another_key_is_said_and_not_taken_for_damage_alone(tmp_path):
    path = sealed(tmp_path, tar())
    (tmp_path / "other.txt").write_text(vault.new_key().secret)
    assert "another one's" in verify(path, "other.txt")["problems"][0]["what"]
    (tmp_path / "none.txt").write_text("hello\nworld\n")
    with pytest.raises(errors.BadInput, match="not an age identity"):
        verify(path, "none.txt")


def test_without_a_key_it_says_what_can_be_told_and_is_not_called_whole(tmp_path):
    path = sealed(tmp_path, tar())
    found = checking.verify(path)
    assert (found["ok"], found["stamped_at"], found["problems"]) == (False, None, [])
    assert "sealed with age to 1 key" in found["notes"][0]
    done = subprocess.run([BIN / "takeback", "verify", path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("sealed: ")


@pytest.mark.parametrize("plain", [b"", b"hello", tar()[:700], b"".join(bag.tar([Part.of("../x", b"y")]))])
def test_what_is_sealed_and_no_package_is_a_verdict(tmp_path, plain):
    assert verify(sealed(tmp_path, plain))["problems"]


def test_something_else_is_one_sentence(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"x" * 500)
    assert "neither a package" in checking.verify(tmp_path / "holiday.jpg")["problems"][0]["what"]
    with pytest.raises(errors.BadInput):
        checking.verify(tmp_path / "nothing")


def test_the_zip_of_the_page_opens_with_its_passphrase(tmp_path):
    with (tmp_path / "files.zip").open("wb") as out:
        handover.seal_parts((Part.of(path, data) for path, data in WHOLE.items()), "correct horse battery", out.write)
    ours, theirs = os.pipe()
    os.write(theirs, b"correct horse battery\n")
    os.close(theirs)
    line = [BIN / "takeback", "verify", tmp_path / "files.zip", "--passphrase-fd", str(ours)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, pass_fds=[ours])
    os.close(ours)
    assert (done.returncode, done.stdout[:6]) == (0, "whole:"), done.stderr
    assert "without its passphrase" in checking.verify(tmp_path / "files.zip")["notes"][1]
    data = bytearray((tmp_path / "files.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "files.zip").write_bytes(data)
    assert not checking.verify(tmp_path / "files.zip", ask=lambda: "correct horse battery")["ok"]
    assert "damaged" in checking.verify(tmp_path / "files.zip")["problems"][0]["what"]
