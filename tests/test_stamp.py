"""Stamps: asked of a real authority on loopback, checked offline, and never trusted further than their root."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore
import pytest
from evidence_case import KEY, Memory, files, resaved
from timestamper import Authority, serving

from takeback import bag, checking, errors, evidence, vault
from takeback.evidence import form, stamp
from takeback.store.folder import FolderReader, write_folder
from takeback.terms import Part
from takeback.wire import stamp as wire

BIN = Path(sys.executable).parent


def now():
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tsa") / "two", "Nobody")


def with_stamp(authority, **changes):
    """A stamped package in memory."""

    def asked(tag_manifest):
        question = evidence.request(tag_manifest)
        answer = authority.answer(question.der)
        return evidence.stamped(tag_manifest, answer, question, authority.root, now())[1]

    return files(**{"stamp": asked, "made_at": now(), **changes})


@pytest.fixture(scope="module")
def whole(authority):
    return with_stamp(authority)


def problems(package, trusted):
    with pytest.raises(errors.PackageBroken) as broken:
        evidence.verify(Memory(package), trusted)
    return [(one.file, one.what) for one in broken.value.details]


def stamped_again(package):
    """A package whose stamp folder's own sums were written anew, as anyone can."""
    listed = {path: evidence.check.summed(path, [package[path]])[0] for path in form.STAMP_FILES if path != form.SUMS}
    return {**package, form.SUMS: stamp.sums(listed)}


# ---------------------------------------------------------------- one that holds


def test_a_stamped_package_says_when_and_by_whom(whole, authority):
    found = evidence.verify(Memory(whole), authority.root)
    assert abs(found.stamped_at - now()) < timedelta(minutes=1)
    assert (found.stamped_by, found.notes) == (authority.by, ())


def test_the_question_holds_a_hash_and_nothing_of_the_package(whole, authority):
    import hashlib

    question = authority.asked[0]
    assert hashlib.sha256(whole[form.STAMPED]).digest() in question
    assert len(question) < 80
    assert b"case1" not in question


def test_the_words_beside_a_stamp_are_what_it_says(whole, authority):
    assert f"by {authority.by}".encode() in whole[form.SAYS]
    wrong = stamped_again({**whole, form.SAYS: whole[form.SAYS].replace(b"STAMPED 2", b"STAMPED 1")})
    assert problems(wrong, authority.root) == [(form.SAYS, "does not say what the stamp says")]


# ---------------------------------------------------------------- one that does not


def test_an_authority_that_nobody_trusts_is_named_and_its_time_does_not_count(whole, authority, other):
    for trusted in (other.root, b""):
        found = evidence.verify(Memory(whole), trusted)
        assert (found.stamped_at, found.stamped_by) == (None, None)
        assert authority.by in found.notes[0]
        assert "does not count" in found.notes[0]


def test_bringing_ones_own_root_makes_nobody_trust_it(whole, other):
    assert whole[form.AUTHORITY] != other.root
    assert evidence.verify(Memory(with_stamp(other)), whole[form.AUTHORITY]).stamped_at is None


def test_a_stamp_of_another_package_is_not_taken(whole, authority):
    moved = with_stamp(authority, software="Takeback 0.0.0")
    mixed = {**moved, **{path: whole[path] for path in form.STAMP_FILES}}
    assert problems(mixed, authority.root) == [(form.TOKEN, stamp.OTHER)]


def test_a_package_edited_and_saved_anew_loses_its_stamp(whole, authority):
    edited = {**whole, form.EXHIBITS: whole[form.EXHIBITS].replace(b"sent to me", b"sent by me")}
    assert problems(resaved(edited), authority.root) == [(form.TOKEN, stamp.OTHER)]
    log = {**whole, form.CUSTODY: whole[form.CUSTODY].replace(b'"actor": "person"', b'"actor": "police"')}
    assert problems(resaved(log), authority.root) == [(form.TOKEN, stamp.OTHER)]


def test_half_a_stamp_is_a_fault(whole, authority):
    for path in form.STAMP_FILES:
        assert problems({name: data for name, data in whole.items() if name != path}, authority.root)
    assert problems({**whole, "stamp/more.txt": b""}, authority.root) == [
        ("stamp/more.txt", "was added: no manifest lists it")
    ]


def test_a_package_cannot_be_made_after_its_stamp(authority):
    at = now() + timedelta(minutes=6)
    with pytest.raises(errors.BadInput, match="clock is ahead"):
        evidence.stamped(b"x", authority.answer((asked := evidence.request(b"x")).der), asked, authority.root, at)

    def without_looking(tag_manifest):
        asked = evidence.request(tag_manifest)
        return evidence.stamped(tag_manifest, authority.answer(asked.der), asked, authority.root, now())[1]

    late = files(made_at=at, stamp=without_looking)
    assert ("bag-info.txt", "gives a time after the stamp: a package can't be stamped before it is made") in problems(
        late, authority.root
    )


def test_a_certificate_for_websites_stamps_nothing(tmp_path):
    web = Authority(tmp_path / "web", purpose="web")
    with pytest.raises(AssertionError, match="error"):
        web.answer(evidence.request(b"x").der)


def test_an_answer_to_another_question_is_not_taken(authority):
    one, two = evidence.request(b"x"), evidence.request(b"x")
    with pytest.raises(stamp.Unfit, match="answers another question"):
        evidence.stamped(b"x", authority.answer(one.der), two, authority.root, now())
    with pytest.raises(stamp.Unfit, match="not over this package"):
        evidence.stamped(b"y", authority.answer(one.der), one, authority.root, now())


@pytest.mark.parametrize("answer", [b"", b"x", b"0" * (65 << 10), b"\x30\x05\x30\x03\x02\x01\x02"])
def test_an_answer_that_is_no_stamp_is_one_sentence(answer, authority):
    with pytest.raises(stamp.Unfit):
        evidence.stamped(b"x", answer, evidence.request(b"x"), authority.root, now())


def test_a_stamp_by_someone_else_is_not_taken_while_stamping(authority, other):
    asked = evidence.request(b"x")
    with pytest.raises(errors.BadInput, match="Nobody whom this computer trusts"):
        evidence.stamped(b"x", authority.answer(asked.der), asked, other.root, now())


def test_no_flipped_bit_of_a_stamp_changes_a_time_or_an_authority(whole, authority):
    """Every bit of the token, with the sums beside it written anew: it fails, or says the very same."""
    token, over = whole[form.TOKEN], whole[form.STAMPED]
    trusted = stamp.roots(authority.root)
    true = stamp.check(token, over, trusted)
    held = 0
    for bit in range(len(token) * 8):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = stamp.check(bytes(flipped), over, trusted)
        except stamp.Unfit:
            continue
        held += found is not None
        assert found in (None, true), bit
    assert held < 200


def test_every_flipped_bit_beside_the_package_is_caught(whole, authority):
    """The four files of the stamp; test_evidence_verify.py has all the others."""
    read, odd = evidence.check.read(Memory(whole))
    for path in form.STAMP_FILES:
        for bit in range(len(whole[path]) * 8):
            flipped = bytearray(whole[path])
            flipped[bit // 8] ^= 1 << bit % 8
            found = evidence.check._stamped(
                {**read, path: evidence.check.summed(path, [bytes(flipped)])}, authority.root
            )
            assert found.problems, (path, bit)
            assert found.stamp is None
    assert evidence.check.judge(read, odd, authority.root).stamped_at


# ---------------------------------------------------------------- on the disk, over the wire


@pytest.fixture
def folder(tmp_path, authority):
    write_folder(tmp_path / "package", (Part.of(path, data) for path, data in files(made_at=now()).items()))
    (tmp_path / "root.pem").write_bytes(authority.root)
    return tmp_path / "package"


def takeback(*line, **environment):
    return subprocess.run(
        [BIN / "takeback", *line], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def test_a_package_without_a_stamp_is_stamped_later(folder, authority):
    assert "no stamp that counts" in takeback("verify", folder).stdout
    with serving(authority.answer) as (url, seen):
        done = takeback("stamp", folder, "--authority", url, "--ca", folder.parent / "root.pem")
    assert (done.returncode, done.stderr) == (0, "")
    assert authority.by in done.stdout
    ((path, headers, body),) = seen
    assert path == "/tsr"
    assert headers["Content-Type"] == "application/timestamp-query"
    assert set(headers) == {"Host", "Content-Length", "Content-Type", "Accept"}
    assert body in authority.asked
    found = checking.verify(folder, folder.parent / "root.pem")
    assert (found["ok"], found["stamped_by"], found["notes"]) == (True, authority.by, [])
    assert found["stamped_at"]
    again = takeback("stamp", folder, "--authority", "http://127.0.0.1:1/", "--ca", folder.parent / "root.pem")
    assert (again.returncode, "has a stamp already" in again.stderr) == (2, True)


@pytest.fixture(scope="module")
def stamped_seal(tmp_path_factory, authority):
    """A sealed package with a stamp beside it, which was had later and without its key."""
    place = tmp_path_factory.mktemp("sealed")
    (place / "root.pem").write_bytes(authority.root)
    (place / "key.txt").write_text(f"{KEY.secret}\n")
    parts = (Part.of(path, data) for path, data in files(made_at=now()).items())
    (place / "files.tar.age").write_bytes(vault.seal_bytes(b"".join(bag.tar(parts)), [KEY.recipient]))
    with serving(authority.answer) as (url, _):
        done = takeback("stamp", place / "files.tar.age", "--authority", url, "--ca", place / "root.pem")
    assert (done.returncode, done.stderr) == (0, "")
    return place


def test_a_sealed_package_is_stamped_later_without_its_key(stamped_seal, authority):
    inside = checking.verify(stamped_seal / "files.tar.age", stamped_seal / "root.pem", stamped_seal / "key.txt")
    assert (inside["ok"], inside["stamped_by"]) == (True, authority.by)
    outside = checking.verify(stamped_seal / "files.tar.age", stamped_seal / "root.pem")
    assert (outside["ok"], outside["problems"], outside["stamped_at"]) == (False, [], None)
    assert f"stamped at {inside['stamped_at']} by {authority.by}" in outside["notes"][-1]
    strangers = checking.verify(stamped_seal / "files.tar.age", identity=stamped_seal / "key.txt")
    assert (strangers["ok"], strangers["stamped_at"]) == (True, None)
    assert "does not count" in strangers["notes"][-1]
    with pytest.raises(errors.BadInput, match="has a stamp already"):
        checking.stamp(stamped_seal / "files.tar.age", "http://127.0.0.1:1/", authority.root)


def test_the_stamp_of_a_sealed_package_is_checked_by_hand_as_it_says(stamped_seal):
    told = (stamped_seal / "files.tar.age.stamp/HOW-TO-CHECK.txt").read_text()
    lines = [line.strip() for line in told.splitlines() if line.startswith("    ")]
    assert len(lines) == 5
    done = subprocess.run(
        ["sh", "-ec", "\n".join(lines)], cwd=stamped_seal, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "files.tar.age: OK" in done.stdout
    assert "Verification: OK" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (lambda at: (at / "files.tar.age").write_bytes((at / "files.tar.age").read_bytes()[:-1]), "sealed-sha256.txt"),
        (lambda at: (at / "files.tar.age.stamp/stamp.tsr").unlink(), "stamp.tsr"),
        (lambda at: (at / "files.tar.age.stamp/more").write_text("x"), "more"),
        (lambda at: (at / "files.tar.age.stamp/HOW-TO-CHECK.txt").write_text("trust me"), "HOW-TO-CHECK.txt"),
        (lambda at: (at / "files.tar.age.stamp/link").symlink_to("/etc/passwd"), "link"),
        (lambda at: (at / "files.tar.age.stamp/READ-ME.txt").write_text("STAMPED 1999"), "READ-ME.txt"),
    ],
)
def test_a_changed_stamp_or_sealed_file_is_named(stamped_seal, tmp_path, change, file):
    place = shutil.copytree(stamped_seal, tmp_path / "copy")
    change(place)
    found = checking.verify(place / "files.tar.age", place / "root.pem", place / "key.txt")
    assert not found["ok"]
    assert f"files.tar.age.stamp/{file}" in {one["file"] for one in found["problems"]}
    assert found["stamped_at"] is None


def test_what_is_no_sealed_package_is_not_stamped(tmp_path, authority):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(errors.BadFile, match="neither"):
        checking.stamp(tmp_path / "notes.txt", "http://127.0.0.1:1/", authority.root)


def test_settings_name_the_authority_and_its_root(folder, authority):
    with serving(authority.answer) as (url, _):
        settings = {"TAKEBACK_STAMP": url, "TAKEBACK_STAMP_CA": str(folder.parent / "root.pem")}
        assert takeback("stamp", folder, **settings).returncode == 0
    assert authority.by in takeback("verify", folder, **settings).stdout
    unknown = takeback("verify", folder)
    assert unknown.returncode == 0
    assert "does not count" in " ".join(unknown.stdout.split())


def test_without_an_address_nobody_is_asked(folder):
    done = takeback("stamp", folder)
    assert done.returncode == 2
    assert "which time-stamping authority" in done.stderr
    assert "only a hash goes to" in done.stderr


def test_a_package_that_is_not_whole_is_not_stamped(folder, authority):
    (folder / "data/VERIFY.txt").write_bytes(b"other")
    with serving(authority.answer) as (url, seen):
        assert takeback("stamp", folder, "--authority", url, "--ca", folder.parent / "root.pem").returncode == 1
    assert seen == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": 500}, "no time-stamping authority"),
        ({"kind": "text/html"}, "no time-stamping authority"),
        ({"status": 302, "headers": (("Location", "http://127.0.0.1:1/"),)}, "no time-stamping authority"),
        ({"answer": lambda _: bytes(70 << 10)}, "took too long"),
        ({"answer": lambda _: b"nonsense"}, "not a whole time-stamp"),
    ],
)
def test_an_authority_that_answers_oddly_leaves_the_package_as_it_was(folder, authority, change, said):
    before = evidence.verify(FolderReader(folder))
    with serving(**{"answer": authority.answer, **change}) as (url, _), pytest.raises(errors.TakebackError, match=said):
        checking.stamp(folder, url, authority.root)
    assert evidence.verify(FolderReader(folder)) == before


def test_nobody_there_is_one_sentence(folder):
    with pytest.raises(errors.Unreached) as silent:
        checking.stamp(folder, "http://127.0.0.1:1/", (folder.parent / "root.pem").read_bytes())
    assert "stamped later" in silent.value.hint


class Dial(httpcore.SyncBackend):
    """Every connection leads to one port of this computer; where it was meant to go is noted."""

    def __init__(self, url):
        self.port, self.asked = int(url.split(":")[2].split("/")[0]), []

    def connect_tcp(self, host, port, *_, **__):
        self.asked.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, 5)


INSIDE = {
    "tsa.example": ("192.168.1.5",),
    "both.example": ("151.101.1.140", "127.0.0.1"),
    "wide.example": ("151.101.1.140",),
}


@pytest.mark.parametrize(
    ("url", "known", "asked"),
    [
        ("http://tsa.example/", False, "inward"),
        ("http://both.example/", False, "inward"),
        ("http://169.254.169.254/latest", False, "inward"),
        ("http://169.254.169.254/latest", True, "inward"),
        ("http://0.0.0.0:3161/", False, "inward"),
        ("http://2130706433/", False, "inward"),
        ("http://wide.example:25/", False, "door"),
        ("http://nobody.example/", False, "name"),
        ("http://tsa.example:318/", True, ("192.168.1.5", 318)),
        ("http://10.0.0.7:25000/", False, ("10.0.0.7", 25000)),
        ("http://wide.example:8318/tsa", False, ("151.101.1.140", 8318)),
        ("http://wide.example/tsr", False, ("151.101.1.140", 80)),
    ],
)
def test_an_authority_leads_inward_only_where_it_was_set_up_there(authority, url, known, asked):
    question = evidence.request(b"x")
    with serving(authority.answer) as (real, seen):
        dial = Dial(real)
        look = {"known": known, "dial": dial, "resolve": lambda name, _: INSIDE.get(name, ())}
        if isinstance(asked, str):
            with pytest.raises(errors.Unreached) as why:
                wire.ask(url, question.der, **look)
            assert (why.value.why, dial.asked, seen) == (asked, [], [])
        else:
            assert wire.ask(url, question.der, **look)
            assert dial.asked == [asked]


def slow_answers(server, how):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
    connection = server.accept()[0]
    with connection, contextlib.suppress(OSError):
        connection.recv(4096)
        if how == "heads":
            for number in range(100_000):
                connection.sendall(b"%sX-%d: y\r\n" % (b"" if number else head, number))
        elif how == "body":
            connection.sendall(head + b"\r\n")
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.05)
        elif how == "huge":
            connection.sendall(head + b"Content-Length: 99999999999\r\n\r\n" + bytes(1 << 20))
        while connection.recv(4096):
            pass


@pytest.mark.parametrize(("how", "why"), [("heads", "silent"), ("body", "slow"), ("huge", "slow"), ("nothing", "slow")])
def test_an_authority_without_an_end_is_not_waited_for(how, why):
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=slow_answers, args=(server, how))
        answering.start()
        before = time.monotonic()
        with pytest.raises(errors.Unreached) as stopped:
            wire.ask(f"http://127.0.0.1:{server.getsockname()[1]}/", b"x", 0.6)
        assert time.monotonic() - before < 3
        answering.join()
    assert stopped.value.why == why


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://x", "http://", "http://me@x/", "http://x y/", "http://é/"]
)
def test_an_address_that_is_none_is_refused(folder, url):
    with pytest.raises(errors.BadInput, match="address can't be used"):
        checking.stamp(folder, url, (folder.parent / "root.pem").read_bytes())


def test_a_root_that_is_none_is_one_sentence(folder):
    (folder.parent / "root.pem").write_text("hello")
    done = takeback("stamp", folder, "--authority", "http://127.0.0.1:1/", "--ca", folder.parent / "root.pem")
    assert done.returncode == 2
    assert "certificate can't be read" in done.stderr
    assert takeback("verify", folder, "--ca", folder.parent / "nothing.pem").returncode == 2
