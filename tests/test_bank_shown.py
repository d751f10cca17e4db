"""What is added or withdrawn counts at once, however long the disk takes; what the disk refuses is taken back."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading

import pytest

from takeback import Bank, bank_pen
from takeback.errors import Unwritable
from takeback.terms import Entry, Match

VALUE = bytes(range(32))
OTHER = bytes(range(100, 132))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bank"


@pytest.fixture
def slow(monkeypatch):
    """A disk that is told when it may be done."""
    reached, may_go_on = threading.Event(), threading.Event()

    def sync(file):
        reached.set()
        assert may_go_on.wait(60)

    monkeypatch.setattr(bank_pen, "sync", sync)
    return reached, may_go_on


@pytest.fixture
def broken(monkeypatch):
    """A disk that refuses, after the others have looked."""
    looks = []

    def sync(file):
        for look in looks:
            look()
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(bank_pen, "sync", sync)
    return looks


def test_it_matches_in_every_open_bank_while_the_disk_is_still_busy(path, slow):
    reached, may_go_on = slow
    writer, reader = Bank.build(VALUE, path), Bank.open(path)
    said = []
    adding = threading.Thread(target=lambda: said.append(writer.add([Entry(OTHER, "late")])))
    adding.start()
    assert reached.wait(60)
    code = "import sys; from takeback import Bank; print(Bank.open(sys.argv[1]).match(sys.argv[2])[0].entry)"
    there = subprocess.run([sys.executable, "-c", code, path, OTHER.hex()], capture_output=True, text=True, check=True)
    seen = (reader.match(OTHER), writer.match(OTHER), there.stdout, list(said))
    may_go_on.set()
    adding.join()
    assert seen == ([Match("late", 0)], [Match("late", 0)], "late\n", []), "add said so before the disk had it"
    assert said == [["late"]]


def test_what_is_withdrawn_matches_no_more_while_the_disk_is_still_busy(path, slow):
    reached, may_go_on = slow
    writer, reader = Bank.build(VALUE, path), Bank.open(path)
    withdrawing = threading.Thread(target=lambda: writer.withdraw(["0"]))
    withdrawing.start()
    assert reached.wait(60)
    seen = reader.match(VALUE)
    may_go_on.set()
    withdrawing.join()
    assert seen == []


def test_what_the_disk_refuses_is_taken_back_in_every_open_bank(path, broken, monkeypatch):
    writer, reader = Bank.build(VALUE, path), Bank.open(path)
    broken.append(lambda: found.append(reader.match(OTHER)))
    found = []
    with pytest.raises(Unwritable, match="can't be written"):
        writer.add([Entry(OTHER, "lost")])
    assert found == [[Match("lost", 0)]], "the reader did not look in between, so this proves nothing"
    assert reader.match(OTHER) == writer.match(OTHER) == Bank.open(path).match(OTHER) == []
    monkeypatch.undo()
    assert writer.add([Entry(OTHER, "kept")]) == ["kept"]  # as long as the one that was lost, and in its place
    assert reader.match(OTHER) == writer.match(OTHER) == Bank.open(path).match(OTHER) == [Match("kept", 0)]


def test_a_reader_that_did_not_look_in_between_sees_nothing_of_what_was_refused(path, broken, monkeypatch):
    writer, reader = Bank.build(VALUE, path), Bank.open(path)
    with pytest.raises(Unwritable):
        writer.add([Entry(OTHER)])
    monkeypatch.undo()
    assert reader.match(OTHER) == []
    assert writer.add([Entry(OTHER)]) == ["1"]
    assert reader.match(OTHER) == [Match("1", 0)]


def test_what_a_killed_machine_had_shown_and_not_yet_synced_is_no_damage(path):
    # The first page may reach the disk before the frame does: what it shows is a hint, what it confirms is a promise.
    Bank.build(VALUE, path)
    with path.open("r+b") as file:
        file.seek(8 * bank_pen.form.SHOWN)
        file.write((1 << 40).to_bytes(8, "little"))
    bank = Bank.open(path)
    assert bank.match(VALUE) == [Match("0", 0)]
    bank.add([Entry(OTHER)])
    assert Bank.open(path).match(OTHER) == bank.match(OTHER) == [Match("1", 0)]


def test_a_bank_reads_itself_into_memory_unless_there_is_too_little_of_it(path, monkeypatch):
    bank = Bank.build(VALUE, path)
    assert bank.warm() == (sys.platform == "linux")
    monkeypatch.setattr(os, "sysconf", lambda name: 4096 if name == "SC_PAGE_SIZE" else 1)
    assert not bank.warm()
    assert bank.match(VALUE) == [Match("0", 0)]
