"""Sealed files: the child rule in the database, whole or not there, and a full disk."""

import hashlib
import os
import resource
import signal
import sqlite3
import subprocess
import time

import pytest

from takeback import errors, permit, vault
from takeback.store.cases import Store
from takeback.terms import Situation

KEY = vault.new_key()
ADULTS = permit.ask(Situation({"intimate": "yes", "under18_real": "no", "under18_look": "no"}))


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.create_case("case1", {"passphrase": b"wrapped"})
    yield store
    store.close()


def put(store, chunks, blob="blob1", given=ADULTS):
    return store.put_blob("case1", blob, given, chunks, [KEY.recipient])


def opened(store, blob="blob1", key=KEY):
    return b"".join(store.open_blob("case1", blob, key))


def files(store):
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file() and path.parent.name == "case1")


@pytest.mark.parametrize(
    "chunks", [[], [b""], [b"one"], [b"a" * 65_536, b"b"], [bytes([n]) * 9_999 for n in range(99)]]
)
def test_a_file_comes_back_byte_for_byte_with_its_hashes(store, chunks):
    whole = b"".join(chunks)
    kept = put(store, chunks)
    assert kept == (hashlib.sha256(whole).hexdigest(), hashlib.sha512(whole).hexdigest(), len(whole))
    assert opened(store) == whole
    assert files(store) == ["blob1"]


@pytest.mark.parametrize("not_a_permit", [None, "adults-only", Situation()])
def test_without_a_permit_there_is_no_way_in(store, not_a_permit):
    with pytest.raises((AttributeError, errors.Refused)):
        put(store, [b"pixels"], given=not_a_permit)
    assert files(store) == []


@pytest.mark.parametrize("ground", ["child", "", "unknown", "ADULTS-ONLY", "not-intimate ", "yes"])
def test_the_database_refuses_any_other_ground(store, ground):
    with sqlite3.connect(store.folder / "cases.sqlite3") as database, pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO blobs (case_id, blob, ground, size) VALUES ('case1', 'b', ?, 1)", (ground,))
    database.close()


def test_the_database_refuses_to_move_a_file_to_another_ground(store):
    put(store, [b"pixels"])
    with sqlite3.connect(store.folder / "cases.sqlite3") as database, pytest.raises(sqlite3.IntegrityError):
        database.execute("UPDATE blobs SET ground = 'under-18'")
    database.close()


def test_a_file_with_an_id_that_is_taken_is_refused_and_the_first_stays(store):
    put(store, [b"first"])
    with pytest.raises(errors.BadInput):
        put(store, [b"second"])
    assert opened(store) == b"first"


def test_a_sender_who_fails_half_way_leaves_nothing(store):
    def failing():
        yield b"x" * 500_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        put(store, failing())
    assert files(store) == []
    put(store, [b"again"])
    assert opened(store) == b"again"


def test_a_swapped_file_is_refused(store):
    put(store, [b"one"], "blob1")
    put(store, [b"two"], "blob2")
    folder = store.folder / "blobs" / "case1"
    (folder / "blob1").replace(folder / "blob2")
    with pytest.raises(errors.BadFile):
        opened(store, "blob2")


def test_a_changed_or_cut_file_is_refused(store):
    put(store, [b"x" * 200_000])
    path = store.folder / "blobs" / "case1" / "blob1"
    sealed = path.read_bytes()
    for changed in (sealed[:-1], sealed[:100_000], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        path.write_bytes(changed)
        with pytest.raises(errors.BadFile):
            opened(store)


def test_another_key_opens_nothing(store):
    put(store, [b"x"])
    with pytest.raises(errors.BadFile):
        opened(store, key=vault.new_key())


def test_a_file_that_is_not_kept_is_one_sentence(store):
    with pytest.raises(errors.BadInput):
        opened(store, "blob9")
    with pytest.raises(errors.BadInput):
        opened(store, "../../cases.sqlite3")


def test_what_a_killed_process_left_behind_is_swept_away_later_and_nothing_else(store, tmp_path):
    put(store, [b"kept"])
    folder = store.folder / "blobs" / "case1"
    long_ago = time.time() - 7200
    for name, age in (("old.part", long_ago), ("old", long_ago), ("new.part", time.time())):
        (folder / name).write_bytes(b"ciphertext")
        os.utime(folder / name, (age, age))
    os.utime(folder / "blob1", (long_ago, long_ago))
    Store(tmp_path / "data")
    assert files(store) == ["blob1", "new.part"]
    assert opened(store) == b"kept"


def in_a_child(act):
    """Run in a forked child; what it returns is its exit code."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        code = act()
    finally:
        os._exit(code)


def test_a_disk_quota_that_runs_out_is_one_sentence_and_loses_nothing(store):
    put(store, [b"kept"])
    store.close()

    def fill():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        try:
            put(store, [b"x" * 65_536] * 20, "blob2")
        except errors.Unwritable as refused:
            return 0 if "no room" in refused.say() else 1
        return 2

    assert in_a_child(fill) == 0
    assert files(store) == ["blob1"]
    assert opened(store) == b"kept"


@pytest.fixture
def tiny_disk(tmp_path):
    place = tmp_path / "tiny"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system gives no tmpfs to mount")
    yield place
    subprocess.run(["umount", place], check=True)


def fill_with_events(store):
    for written in range(500):
        try:
            store.append("case1", b"s" * 8_000, store.head("case1").hash)
        except errors.Unwritable:
            return written
    return 500


def test_a_full_disk_is_one_sentence_and_loses_nothing(tiny_disk):
    store = Store(tiny_disk / "data")
    store.create_case("case1", {"passphrase": b"wrapped"})
    put(store, [b"kept"])
    with pytest.raises(errors.Unwritable, match="no room"):
        put(store, [b"x" * 65_536] * 40, "blob2")
    assert files(store) == ["blob1"]
    written = fill_with_events(store)
    assert 5 < written < 500
    assert len(store.links("case1")) == written
    assert opened(store) == b"kept"
    store.close()
