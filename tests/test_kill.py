"""Real processes, killed at random moments: nothing that was confirmed is lost, nothing half-written is shown.

`TAKEBACK_KILLS=500` and `TAKEBACK_STARTS=500` kill more; `TAKEBACK_SEED` repeats a run.
"""

import contextlib
import os
import random
import select
import signal
import sqlite3
import time
from datetime import UTC, datetime

import pytest

from takeback import casework, errors, keeping, permit, vault
from takeback.store.cases import Store
from takeback.terms import Situation

KILLS = int(os.environ.get("TAKEBACK_KILLS", "60"))
KEY = vault.new_key()
NOW = datetime(2026, 11, 24, tzinfo=UTC)
PERMIT = permit.ask(Situation({"intimate": "no"}))


def add(store, body):
    head = store.head("case1")
    sealed = vault.seal(vault.Context("case1", "event", head.sequence + 1), body, [KEY.recipient])
    return store.append("case1", sealed, head.hash).sequence


def content(blob):
    return blob.encode() * 30_000


def write_until_killed(folder, pipe, round_):
    """Add events, every third with a file, and confirm each on a pipe only once the store has returned."""
    store = Store(folder)
    for number in range(100_000):
        blob = f"r{round_}n{number}"
        if number % 3 == 0:
            store.put_blob("case1", blob, PERMIT, [content(blob)], [KEY.recipient])
            os.write(pipe, f"file {blob}\n".encode())
        os.write(pipe, f"event {add(store, blob.encode())}\n".encode())


def killed_after(delay, folder, round_):
    """What a child had confirmed by the moment it was killed: in every other round that is while it was at work."""
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        try:
            os.close(ours)
            write_until_killed(folder, theirs, round_)
        finally:
            os._exit(1)
    os.close(theirs)
    if round_ % 2:
        select.select([ours], [], [], 60)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with os.fdopen(ours) as pipe:
        return [line.split() for line in pipe.read().splitlines()]


def test_a_process_killed_at_any_instant_loses_nothing_it_confirmed(tmp_path):
    seed = int(os.environ.get("TAKEBACK_SEED", str(random.randrange(2**32))))
    print("seed", seed)
    moments = random.Random(seed)
    folder = tmp_path / "data"
    store = Store(folder)
    store.create_case("case1", {"passphrase": b"wrapped"})
    files, last, mid_work = set(), 0, 0
    for round_ in range(KILLS):
        store.close()
        told = killed_after(moments.uniform(0.001, 0.06), folder, round_)
        files |= {what for kind, what in told if kind == "file"}
        last = max([last, *(int(what) for kind, what in told if kind == "event")])
        mid_work += bool(told)

        links = store.links("case1")
        casework.check(links)
        assert last <= len(links) <= last + 1
        last = len(links)
        assert files <= store.blob_ids("case1")
    assert mid_work >= KILLS // 2

    for link in store.links("case1"):
        vault.unseal(link.sealed, vault.Context("case1", "event", link.sequence), KEY)
    for blob in store.blob_ids("case1"):
        assert b"".join(store.open_blob("case1", blob, KEY)) == content(blob)
    store.close()
    with sqlite3.connect(folder / "cases.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


# ---------------------------------------------------------------- two at once


def keep_on(folder, pipe, who):
    """What a person does in one window, each act confirmed on a pipe; one that came too late is done once more."""
    case = keeping.OpenCase(Store(folder), "case1", KEY)
    for number in range(25):
        name = f"{who}{number}"
        while True:
            try:
                if number % 5:
                    case.add("words", {"words": name}, NOW)
                else:
                    case.keep(PERMIT, [name.encode()], blob=name, name=name, kind="text", origin="", at=NOW)
                break
            except errors.Moved:
                os.write(pipe, b"moved x\n")
        os.write(pipe, f"kept {name}\n".encode())


def test_two_windows_that_write_at_once_lose_nothing_and_keep_one_order(tmp_path):
    folder = tmp_path / "data"
    store = Store(folder)
    store.create_case("case1", {"passphrase": b"wrapped"})
    store.close()
    ours, theirs = os.pipe()
    children = []
    for who in ("a", "b"):
        if not (child := os.fork()):
            try:
                keep_on(folder, theirs, who)
            finally:
                os._exit(0)
        children.append(child)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        told = [line.split() for line in pipe.read().splitlines()]
    for child in children:
        os.waitpid(child, 0)
    case = keeping.OpenCase(store, "case1", KEY)
    events = case.events()  # which checks the chain
    assert [one.sequence for one in events] == list(range(1, 51))
    confirmed = [name for kind, name in told if kind == "kept"]
    kept = [one.data["words"] if one.what == "words" else one.data["original_name"] for one in events]
    assert sorted(kept) == sorted(confirmed) == sorted(f"{who}{number}" for who in "ab" for number in range(25))
    for who in "ab":
        mine = [name for name in kept if name.startswith(who)]
        assert mine == [f"{who}{number}" for number in range(25)]
    assert kept != sorted(kept), "they wrote one after the other"
    exhibits = case.state(NOW).exhibits
    assert sorted(one.ref for one in exhibits) == sorted(f"AB/{number}" for number in range(1, 11))
    assert store.blob_ids("case1") == {one.blob for one in exhibits}
    for one in exhibits:
        assert b"".join(store.open_blob("case1", one.blob, KEY)) == one.original_name.encode()


def test_the_second_window_is_told_when_it_has_to_wait(tmp_path):
    from django.db import connections

    store = Store(tmp_path / "data")
    store.create_case("case1", {"passphrase": b"wrapped"})
    connections.databases[store.alias]["OPTIONS"]["timeout"] = 0.1
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "data/cases.sqlite3")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.Moved, match="Another window is busy") as busy:
            add(store, b"x")
        assert busy.value.hint == "try again in a moment"
        other.rollback()
    assert add(store, b"x") == 1


# ---------------------------------------------------------------- start


STARTS = int(os.environ.get("TAKEBACK_STARTS", "3"))
SECRET = "Xq7 the words that nobody else may read"


def start(out, *more):
    import json
    import subprocess
    import sys
    from pathlib import Path

    line = [Path(sys.executable).with_name("takeback"), "start", "-", "--out", out, *more]
    child = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    child.stdin.write(json.dumps({"role": "depicted", "intimate": "no", "words": SECRET}).encode())
    child.stdin.close()
    return child


def readable(folder):
    return [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_start_killed_at_any_instant_leaves_a_whole_folder_or_one_that_says_so_and_goes(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    moments = random.Random(int(os.environ.get("TAKEBACK_SEED", "7")))
    for number in range(STARTS):
        child = start(tmp_path / f"papers{number}")
        if number % 2:  # at work: something of it is on the disk
            until = time.monotonic() + 30
            while not list(tmp_path.glob(f"papers{number}*")) and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(moments.uniform(0, 0.02))
        else:
            time.sleep(moments.uniform(0, 1.5))
        child.kill()
        child.wait()
        for path in readable(tmp_path):
            name = path.relative_to(tmp_path).parts[0]
            assert name.startswith("papers")
            assert ".unfinished-" in name or (tmp_path / name / "package/tagmanifest-sha512.txt").exists()
    child = start(tmp_path / "last")
    assert child.wait() == 0
    assert not list(tmp_path.glob("*.unfinished-*"))


def test_start_to_a_key_writes_nothing_readable_at_any_instant(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    child = start(tmp_path / "papers", "--to", KEY.recipient)
    looks = 0
    while child.poll() is None:
        try:
            assert readable(tmp_path) == []
        except FileNotFoundError:
            continue  # it was renamed while we looked
        looks += 1
        time.sleep(0.002)
    assert child.returncode == 0
    assert looks > 20
    assert [path.name for path in (tmp_path / "papers").iterdir()] == ["files.tar.age"]
    assert readable(tmp_path) == []
