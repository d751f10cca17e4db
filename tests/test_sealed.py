"""A sealed package, checked through its seal: with a key all of it, without one only that it can be one."""

import contextlib
import os
import random
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from evidence_case import KEY, files

from takeback import bag, checking, errors, handover, vault
from takeback.sealed import WRONG
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
    assert "sealed with age to one key" in found["notes"][0]
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
    assert "changed or cut off" in checking.verify(tmp_path / "files.zip")["problems"][0]["what"]


# ---------------------------------------------------------------- made to harm whoever checks it


def head(name, size=0, kind=tarfile.REGTYPE):
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.linkname = (
        size,
        kind,
        "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else "",
    )
    return entry.tobuf(tarfile.GNU_FORMAT)


def sparse(size):
    """A head that says: as many zeros as you like, and none of them is here."""
    made = bytearray(head("package/data/x", 0, tarfile.GNUTYPE_SPARSE))
    made[386:410], made[483:495] = b"00000000000\0" * 2, b"%011o\0" % size
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


SENTENCE = ("", WRONG)
NOT_PLAIN = "is not a plain file; it was not followed"
HOSTILE = {
    "an absolute name": (head("/etc/evil"), ("/etc/evil", NOT_PLAIN)),
    "a name that leads up": (head("../evil"), ("../evil", NOT_PLAIN)),
    "a link": (head("package/data/l", 0, tarfile.SYMTYPE), ("data/l", NOT_PLAIN)),
    "a hard link": (head("package/data/l", 0, tarfile.LNKTYPE), ("data/l", NOT_PLAIN)),
    "a device": (head("package/data/l", 0, tarfile.CHRTYPE), ("data/l", NOT_PLAIN)),
    "eight gigabytes of nothing": (sparse(1 << 33), ("data/x", NOT_PLAIN)),
    "the same file twice": (
        head("package/bagit.txt", 55) + WHOLE["bagit.txt"].ljust(512, b"\0"),
        ("bagit.txt", "is in it a second time"),
    ),
    "a file that is cut off": (head("package/data/x", 1 << 40), SENTENCE),
    "a name of gigabytes": (head("././@LongLink", 1 << 31, tarfile.GNUTYPE_LONGNAME), SENTENCE),
    "a record of gigabytes": (head("pax", 1 << 31, tarfile.XHDTYPE), SENTENCE),
    "names of names of names": (head("././@LongLink", 0, tarfile.GNUTYPE_LONGNAME) * 20_000, SENTENCE),
    "a record that lies": (head("pax", 512, tarfile.XHDTYPE) + b"99999999999999 path=x\n".ljust(512, b"\0"), SENTENCE),
    "damage in the middle": (b"\xff" * 512, SENTENCE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sealed_tar_that_was_made_to_harm_is_a_verdict_in_seconds(tmp_path, name):
    more, (file, what) = HOSTILE[name]
    body = tar().rstrip(b"\0")
    path = sealed(tmp_path, body + bytes(-len(body) % 512) + more + bytes(1024))
    start = time.monotonic()
    found = verify(path)
    assert time.monotonic() - start < 20
    assert not found["ok"]
    assert any(one["file"] == (file or path.name) and one["what"] == what for one in found["problems"])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["files.tar.age", "key.txt"]


def zipped(path, tar_in_it, key_in_it, how=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", how) as made:
        made.writestr("key.age", key_in_it)
        made.writestr("package.tar.age", tar_in_it)
    return path


def secret():
    return "several plain words"


def test_a_zip_that_unpacks_to_more_than_it_is_or_wants_a_password_is_refused_unread(tmp_path):
    bomb = zipped(tmp_path / "bomb.zip", bytes(50 << 20), b"x", zipfile.ZIP_DEFLATED)
    plain = zipped(tmp_path / "plain.zip", b"x", b"x").read_bytes()
    (tmp_path / "locked.zip").write_bytes(plain.replace(b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"))
    (tmp_path / "odd.zip").write_bytes(plain.replace(b"PK\1\2\x14\3\x14\0\0\0\0", b"PK\1\2\x14\3\x14\0\0\0\x4d"))
    for path in (bomb, tmp_path / "locked.zip", tmp_path / "odd.zip"):
        assert path.read_bytes() != plain
        for ask in (None, secret):
            (problem,) = checking.verify(path, ask=ask)["problems"]
            assert "changed or cut off" in problem["what"]


def test_any_bytes_of_a_zip_end_in_a_sentence(tmp_path):
    whole, rng = zipped(tmp_path / "whole.zip", tar(), b"x").read_bytes(), random.Random(3)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(3):
            data[-rng.randrange(1, 200)] = rng.randrange(256)
        (tmp_path / "any.zip").write_bytes(data)
        for ask in (None, secret):
            with contextlib.suppress(errors.TakebackError):
                assert not checking.verify(tmp_path / "any.zip", ask=ask)["ok"]


def test_a_key_that_asks_for_gigabytes_of_memory_is_not_tried():
    wrapped = b"age-encryption.org/v1\n-> scrypt rF0/NwblUHHTpgQgRpe5CQ 22\n"
    with pytest.raises(errors.BadFile, match="more memory"):
        vault.open_with_passphrase(wrapped, secret())


def test_a_head_that_never_ends_is_not_given_to_age(tmp_path):
    sealed(tmp_path, b"")
    (tmp_path / "long.age").write_bytes(b"age-encryption.org/v1\n" + b"-> X25519 aaaa\nAAAA\n" * 100_000)
    start = time.monotonic()
    assert not verify(tmp_path / "long.age")["ok"]
    assert time.monotonic() - start < 5
