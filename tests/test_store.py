"""The store of cases: sealed, chained, private, and forgetful when asked."""

import os
import sqlite3
import stat
import threading

import pytest

from takeback import casework, custody, errors, permit, vault
from takeback.store import data
from takeback.store.cases import Store
from takeback.terms import Situation

KEY = vault.new_key()
WRAPPED = {"passphrase": b"a wrapped key"}
ADULTS = permit.ask(Situation({"intimate": "yes", "under18_real": "no", "under18_look": "no"}))
SENTINELS = ("Xq7wordsofmine", "https://example.org/Xq7address", "Xq7name.jpg", "Xq7pixels")


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.create_case("case1", WRAPPED)
    yield store
    store.close()


def add(store, body=b"body", case="case1"):
    head = store.head(case)
    sealed = vault.seal(vault.Context(case, "event", head.sequence + 1), body, [KEY.recipient])
    return store.append(case, sealed, head.hash)


def put(store, chunks=(b"pix", b"els"), blob="blob1", case="case1"):
    return store.put_blob(case, blob, ADULTS, chunks, [KEY.recipient])


def raw(store):
    return sqlite3.connect(store.folder / "cases.sqlite3", isolation_level=None)


def everything_on_disk(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return files, b"".join(bytes(str(path), "utf-8") + path.read_bytes() for path in files)


# ---------------------------------------------------------------- the log


def test_what_was_added_comes_back_in_order_and_whole(store):
    added = [add(store, f"event {number}".encode()) for number in range(5)]
    links = store.links("case1")
    assert list(links) == added
    casework.check(links, store.head("case1"))
    assert [vault.unseal(one.sealed, vault.Context("case1", "event", one.sequence), KEY) for one in links] == [
        f"event {number}".encode() for number in range(5)
    ]


def test_another_process_sees_the_same(store, tmp_path):
    add(store)
    store.close()
    again = Store(tmp_path / "data")
    assert again.cases() == ("case1",)
    assert again.keys("case1") == WRAPPED
    assert len(again.links("case1")) == 1


def test_two_windows_never_write_over_each_other(store):
    head = store.head("case1")
    add(store)
    with pytest.raises(errors.Moved):
        store.append("case1", b"sealed", head.hash)
    assert len(store.links("case1")) == 1


def test_many_threads_at_once_make_one_chain(store):
    def work():
        for _ in range(5):
            while True:
                try:
                    add(store)
                    break
                except errors.Moved:
                    continue
        store.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    links = store.links("case1")
    assert len(links) == 20
    casework.check(links)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET sealed = x'00' WHERE sequence = 2",
        "UPDATE events SET previous = 'x'",
        "DELETE FROM events WHERE sequence = 3",
        "DELETE FROM events",
        "INSERT INTO events (case_id, sequence, sealed, previous) VALUES ('case1', 9, x'00', 'x')",
        "INSERT INTO events (case_id, sequence, sealed, previous) VALUES ('case1', 2, x'00', 'x')",
        "INSERT OR REPLACE INTO events (case_id, sequence, sealed, previous) VALUES ('case1', 2, x'00', 'x')",
    ],
)
def test_the_database_itself_only_adds_events(store, statement):
    for _ in range(3):
        add(store)
    before = store.links("case1")
    with raw(store) as database, pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)
    database.close()
    assert store.links("case1") == before


def test_a_case_that_is_not_there_is_one_sentence(store):
    for act in (store.links, store.head, store.keys, store.erase):
        with pytest.raises(errors.BadInput, match="no such case"):
            act("case2")
    with pytest.raises(errors.BadInput):
        store.create_case("case1", WRAPPED)


@pytest.mark.parametrize("name", ["", "../x", "Case", "a/b", "a" * 65])
def test_ids_are_letters_and_digits(store, name):
    with pytest.raises(errors.BadInput):
        store.create_case(name, WRAPPED)
    with pytest.raises(errors.BadInput):
        put(store, blob=name)


def test_a_key_is_wrapped_anew_without_touching_the_log(store):
    add(store)
    before = store.links("case1")
    store.set_key("case1", "passphrase", b"another")
    store.set_key("case1", "recovery", b"paper")
    assert store.keys("case1") == {"passphrase": b"another", "recovery": b"paper"}
    assert store.links("case1") == before


def test_an_erased_case_leaves_nothing(store):
    store.create_case("case2", {"passphrase": b"Xq7wrappedkey"})
    add(store, case="case2")
    put(store, case="case2")
    add(store)
    store.erase("case2")
    assert store.cases() == ("case1",)
    assert len(store.links("case1")) == 1
    files, contents = everything_on_disk(store.folder)
    assert b"Xq7wrappedkey" not in contents
    assert not [path for path in files if "case2" in str(path)]


# ---------------------------------------------------------------- nothing readable


def test_nothing_readable_is_anywhere_in_the_data_folder(store):
    words, address, name, pixels = SENTINELS
    event = casework.encode(
        casework.decode(
            b'{"at": "2026-05-01T00:00:00+00:00", "actor": "person", "what": "words", "data": {"words": "%s %s %s"}}'
            % (words.encode(), address.encode(), name.encode()),
            1,
        )
    )
    add(store, event)
    kept = put(store, [pixels.encode()] * 50_000)
    for moment in ("before the checkpoint", "after it"):
        files, contents = everything_on_disk(store.folder)
        assert any(path.name == "cases.sqlite3" for path in files), moment
        assert any("blob1" in path.name for path in files), moment
        for secret in (*SENTINELS, kept.sha256, kept.sha512, KEY.secret, KEY.recipient):
            assert secret.encode() not in contents, (moment, secret)
            assert secret.encode("utf-16-le") not in contents, (moment, secret)
        store._forget_pages()


def test_nothing_readable_is_on_the_disk_while_a_file_is_arriving(store):
    seen = []

    def arriving():
        for _ in range(40):
            yield b"Xq7pixels" * 10_000
            seen.append(everything_on_disk(store.folder)[1])

    put(store, arriving())
    assert max(len(contents) for contents in seen) > 1_000_000
    assert not any(b"Xq7pixels" in contents for contents in seen)


def test_everything_is_private_to_its_owner(store):
    put(store)
    add(store)
    for path in (store.folder, *store.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_database_waits_for_the_disk(store):
    from django.db import connections

    with connections[store.alias].cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    assert found == {"journal_mode": "wal", "synchronous": 2}


def test_the_migrations_say_what_the_models_say(store):
    from django.core.management import call_command

    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0)


def test_cases_of_a_newer_takeback_are_left_alone(store, tmp_path):
    with raw(store) as database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('store', '0099_later', 0)")
    database.close()
    with pytest.raises(errors.BadInput, match="newer Takeback"):
        Store(tmp_path / "data")


def test_a_damaged_database_is_one_sentence(tmp_path):
    folder = data.ready(tmp_path / "data")
    (folder / "cases.sqlite3").write_bytes(b"not a database" * 1000)
    with pytest.raises(errors.BadFile, match="damaged"):
        Store(folder)


# ---------------------------------------------------------------- the data folder


def test_a_folder_that_others_can_read_is_refused(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    with pytest.raises(errors.Unwritable) as refused:
        Store(tmp_path / "data")
    assert "chmod 700" in refused.value.hint


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "data").symlink_to(tmp_path / "real")
    with pytest.raises(errors.Unwritable, match="link"):
        data.ready(tmp_path / "data")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    with pytest.raises(errors.Unwritable, match="link"):
        data.ready(tmp_path / "nowhere")


def test_a_file_where_the_folder_should_be_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(errors.Unwritable):
        data.ready(tmp_path / "data")


def test_a_linked_database_is_refused(tmp_path):
    folder = data.ready(tmp_path / "data")
    (folder / "cases.sqlite3").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(errors.Unwritable):
        Store(folder)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_someone_else_is_refused(tmp_path):
    folder = data.ready(tmp_path / "data")
    os.chown(folder, 12345, -1)
    with pytest.raises(errors.Unwritable, match="someone else"):
        data.ready(folder)


def test_a_new_folder_is_private_whatever_the_umask(tmp_path):
    old = os.umask(0)
    try:
        assert stat.S_IMODE(data.ready(tmp_path / "a" / "data").stat().st_mode) == 0o700
    finally:
        os.umask(old)


@pytest.mark.parametrize(
    ("environment", "platform", "end"),
    [
        ({"TAKEBACK_DATA": "/somewhere/else"}, "linux", "/somewhere/else"),
        ({"XDG_DATA_HOME": "/x"}, "linux", "/x/takeback"),
        ({}, "linux", ".local/share/takeback"),
        ({}, "darwin", "Library/Application Support/takeback"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/takeback"),
    ],
)
def test_each_system_has_its_place(environment, platform, end):
    assert str(data.place(environment, platform)).endswith(end)


def test_the_chain_starts_at_genesis(store):
    assert store.head("case1") == custody.Head()
    assert add(store).previous == custody.GENESIS
