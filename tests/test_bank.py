"""A bank matches exactly, adds at once, and really withdraws: in every open bank, and from the file."""

from __future__ import annotations

import array
import os
import subprocess
import sys
import threading
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hamming import HASHES, apart, banks, flipped

from takeback import Bank, bank_columns, signals
from takeback.errors import BadFile, BadInput, Unwritable
from takeback.terms import Entry, Match

VALUE = bytes(range(32))
OTHER = bytes(range(100, 132))


def distinct(count):
    """Hashes that are far from one another."""
    return b"".join(
        (i * 0x9E3779B97F4A7C15F39CC0605CEDC8341082276BF3A27251F86C6A11D0C18E95 % 2**256).to_bytes(32)
        for i in range(1, count + 1)
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bank"


@pytest.fixture
def small_index(monkeypatch):
    """An index from the first entry on, so that small banks are matched as large ones are."""
    monkeypatch.setattr(bank_columns, "INDEXED_FROM", 0)


# ---------------------------------------------------------------- exact


@given(banks(), st.integers(0, 63), st.integers(0, 70))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_what_looking_at_every_hash_gives(tmp_path_factory, small_index, bank, distance, early):
    hashes, query = bank
    path = tmp_path_factory.mktemp("bank") / "bank"
    bank = Bank.build(b"".join(hashes[:early]), path)
    bank.add([Entry(value) for value in hashes[early:]])
    expected = sorted((apart(value, query), i) for i, value in enumerate(hashes) if apart(value, query) <= distance)
    assert bank.match(query, distance) == [Match(str(i), d) for d, i in expected]
    assert Bank.open(path).match(query, distance) == bank.match(query, distance)


def test_a_large_bank_has_an_index_and_gives_the_same(path):
    hashes = distinct(20_000)
    bank = Bank.build(hashes, path)
    assert bank.info()["indexed"]
    assert bank.info()["bytes_per_entry"] <= 520
    queries = b"".join(flipped(hashes[32 * i : 32 * i + 32], set(range(i % 40))) for i in range(0, 20_000, 999))
    found = bank.match_many(queries, threads=2)
    assert found == [[Match(str(i), i % 40)] if i % 40 <= 31 else [] for i in range(0, 20_000, 999)]
    assert found == [bank.match(queries[at : at + 32]) for at in range(0, len(queries), 32)]


def test_a_bank_of_exactly_one_hash_matches_again_when_it_is_opened(path, small_index):
    # ThreatExchange issue 1318: there it matches nothing once it was stored.
    Bank.build(VALUE, path)
    assert Bank.open(path).match(flipped(VALUE, set(range(31)))) == [Match("0", 31)]


def test_an_empty_bank_matches_nothing_and_can_be_added_to(path):
    bank = Bank.build(b"", path)
    assert bank.match(VALUE) == []
    assert bank.add([Entry(VALUE)]) == ["0"]
    assert bank.match(VALUE) == Bank.open(path).match(VALUE) == [Match("0", 0)]


def test_the_nearest_comes_first(path):
    bank = Bank.build([flipped(VALUE, set(range(n))) for n in (5, 0, 31, 32, 5)], path, ids=["e", "a", "g", "far", "f"])
    assert bank.match(VALUE) == [Match("a", 0), Match("e", 5), Match("f", 5), Match("g", 31)]


# ---------------------------------------------------------------- what goes in


def test_anything_with_a_buffer_goes_in(path):
    for i, given_ in enumerate(
        (
            VALUE + OTHER,
            bytearray(VALUE + OTHER),
            array.array("B", VALUE + OTHER),
            memoryview(VALUE + OTHER).cast("B", (2, 32)),
            [VALUE, OTHER.hex()],
            [Entry(VALUE), Entry(OTHER)],
        )
    ):
        bank = Bank.build(given_, f"{path}{i}")
        queries = [VALUE, OTHER] if isinstance(given_, list) else given_
        assert bank.match_many(queries) == [[Match("0", 0)], [Match("1", 0)]]
    assert bank.match(VALUE.hex()) == bank.match(VALUE.hex().upper()) == [Match("0", 0)]


REFUSED = {
    "half a hash": bytes(16),
    "a wide array": memoryview(bytes(128)).cast("B", (2, 64)),
    "wide numbers": memoryview(bytes(64)).cast("I"),
    "half a hash in a list": [bytes(16)],
    "letters": ["x" * 64],
    "too few digits": ["00" * 31],
    "a number": 7,
    "a number in a list": [7],
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_hash_is_refused_and_nothing_is_written(what, path):
    with pytest.raises(BadInput):
        Bank.build(REFUSED[what], path)
    assert list(path.parent.iterdir()) == []
    bank = Bank.build(VALUE, path)
    with pytest.raises(BadInput):
        bank.match_many(REFUSED[what])


@pytest.mark.parametrize(
    "entry",
    [
        Entry(bytes(31)),
        Entry(VALUE, ""),
        Entry(VALUE, "two\nlines"),
        Entry(VALUE, "x" * 201),
        Entry(VALUE, "\ud800"),
        Entry(VALUE, consent="a\tb"),
        Entry(VALUE, origin="\0"),
        Entry(VALUE, edit="\x1b[2J"),
        Entry(VALUE, status="withdrawn"),
    ],
)
def test_a_wrong_entry_is_refused_and_none_beside_it_is_added(entry, path):
    bank = Bank.build(b"", path)
    with pytest.raises(BadInput):
        bank.add([Entry(OTHER), entry])
    assert len(bank) == 0
    with pytest.raises(BadInput):
        Bank.build([Entry(OTHER), entry], f"{path}2")


def test_a_distance_is_between_0_and_63(path):
    bank = Bank.build(VALUE, path)
    for distance in (-1, 64):
        with pytest.raises(BadInput, match="between 0 and 63"):
            bank.match(VALUE, distance)


def test_an_existing_file_is_never_built_over(path):
    path.write_text("precious")
    with pytest.raises(BadInput, match="already something"):
        Bank.build(VALUE, path)
    assert path.read_text() == "precious"
    assert list(path.parent.iterdir()) == [path]


def test_there_are_as_many_ids_as_hashes(path):
    for ids in ([], ["a"], ["a", "b", "c"]):
        with pytest.raises(BadInput, match="There are 2 hashes and"):
            Bank.build(VALUE + OTHER, path, ids=ids)


# ---------------------------------------------------------------- what it keeps of an entry

KNOWN = Entry(VALUE, "p-1", None, "mirror", "consent-17", "helpline.example", date(2027, 1, 1), "active")


@pytest.mark.parametrize("how", ["built", "added", "compacted"])
def test_an_entry_keeps_all_that_is_known_of_it(how, path):
    filler = [Entry(OTHER, f"x{i}") for i in range(200)]
    bank = Bank.build([*filler, KNOWN] if how == "built" else filler, path)
    if how != "built":
        bank.add([KNOWN])
    if how == "compacted":
        bank.compact()
    assert Bank.open(path).entries(["p-1"]) == [KNOWN]


def test_the_edits_of_one_picture_share_an_id_and_are_withdrawn_together(path):
    bank = Bank.build([Entry(VALUE, "p", edit="none"), Entry(OTHER, "p", edit="mirror"), Entry(VALUE, "q")], path)
    assert bank.withdraw(["p"]) == 2
    assert bank.match_many([VALUE, OTHER]) == [[Match("q", 0)], []]


def test_a_hash_of_low_quality_waits_until_a_person_has_looked(path):
    bank = Bank.build([Entry(VALUE, "weak", quality=signals.BANKABLE - 1), Entry(OTHER, "good", quality=50)], path)
    bank.add([Entry(VALUE, "weak too", quality=0)])
    assert bank.match(VALUE) == []
    assert bank.match(OTHER) == [Match("good", 0)]
    assert bank.activate(["weak", "weak too"]) == 2
    bank.compact()
    assert bank.match(VALUE) == [Match("weak", 0), Match("weak too", 0)]


def test_a_hash_near_a_benign_picture_waits(tmp_path):
    benign = Bank.build(VALUE, tmp_path / "benign")
    bank = Bank.build(b"", tmp_path / "bank")
    bank.add([Entry(flipped(VALUE, set(range(31))), "logo"), Entry(OTHER, "a")], benign=benign)
    assert bank.match_many([VALUE, OTHER]) == [[], [Match("a", 0)]]
    assert bank.info()["received"] == 1


def test_an_expired_consent_matches_no_more_and_is_gone_after_compact(path):
    bank = Bank.build([KNOWN], path)
    bank.add([Entry(VALUE, "p-2", expires=date(2027, 1, 1))])
    before, after = (Bank.open(path, clock=lambda day=day: day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert [match.entry for match in before.match(VALUE)] == ["p-1", "p-2"]
    assert after.match(VALUE) == []
    after.compact()
    assert b"consent-17" not in path.read_bytes()
    assert before.match(VALUE) == []


def test_no_number_is_given_twice(path):
    bank = Bank.build(VALUE, path)
    assert bank.add([Entry(VALUE), Entry(VALUE, "7"), Entry(VALUE)]) == ["1", "7", "8"]
    bank.withdraw(["8"])
    bank.compact()
    assert bank.add([Entry(VALUE)]) == ["9"]


# ---------------------------------------------------------------- withdrawn


def test_an_open_bank_sees_what_is_added_and_withdrawn_at_once(path):
    writer, reader = Bank.build(VALUE, path), Bank.open(path)
    writer.add([Entry(OTHER, "late")])
    assert reader.match(OTHER) == [Match("late", 0)]
    writer.withdraw(["late", "0"])
    assert reader.match_many([VALUE, OTHER]) == [[], []]
    writer.compact()
    writer.add([Entry(VALUE, "anew")])
    assert reader.match(VALUE) == [Match("anew", 0)]
    writer.withdraw(["anew"])
    assert reader.match(VALUE) == []


def test_what_was_withdrawn_is_gone_from_the_file_after_compact(path, small_index):
    kept = distinct(30)
    bank = Bank.build(kept + VALUE, path, ids=[*map(str, range(30)), "person-4711"])
    bank.add([Entry(OTHER, "person-4712", consent="consent-4712", origin="helpline-4712")])
    spread = [bank_columns._kernel.spread(value) for value in (VALUE, OTHER)]
    assert all(row in path.read_bytes() for row in spread)
    bank.withdraw(["person-4711", "person-4712"])
    bank.compact()
    data = path.read_bytes()
    for trace in (*spread, VALUE, OTHER, b"4711", b"4712", *(row[at : at + 12] for row in spread for at in range(20))):
        assert trace not in data
    assert bank.match_many(kept) == [[Match(str(i), 0)] for i in range(30)]
    assert [file.name for file in path.parent.iterdir()] == ["bank"]
    bank.check()


def test_withdrawn_is_for_good(path):
    bank = Bank.build(VALUE, path)
    bank.withdraw(["0"])
    assert bank.activate(["0"]) == bank.withdraw(["0"]) == 0
    assert bank.match(VALUE) == []


def test_an_unknown_id_withdraws_nothing(path):
    bank = Bank.build(VALUE + OTHER, path)
    with pytest.raises(BadInput, match="no entry called 00, 7"):
        bank.withdraw(["0", "7", "00"])
    assert bank.match(VALUE) == [Match("0", 0)]


def test_an_id_is_found_among_thousands(path):
    bank = Bank.build(distinct(20_000), path, ids=[f"id-{i}" for i in range(20_000)])
    assert bank.withdraw(["id-19999"]) == 1
    assert bank.withdraw([f"id-{i}" for i in range(0, 1000, 3)]) == 334
    assert bank.info()["withdrawn"] == 335


def test_threads_may_share_a_bank_while_it_changes(path):
    bank, wrong = Bank.build(VALUE * 3, path), []

    def look():
        for _ in range(300):
            found = bank.match(VALUE)
            if len(found) < 3 or len({match.entry for match in found}) != len(found):
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(30):
        bank.add([Entry(VALUE, f"late-{i}")])
        bank.withdraw([f"late-{i}"])
        if i % 10 == 0:
            bank.compact()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_another_writer_waits_and_loses_nothing(path):
    Bank.build(b"", path)
    code = (
        "import sys; from takeback import Bank; from takeback.terms import Entry\n"
        "bank = Bank.open(sys.argv[1])\n"
        "for i in range(20): bank.add([Entry(bytes(32), f'{sys.argv[2]}-{i}')]); i % 7 or bank.compact()"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, path, str(n)]) for n in range(3)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    assert {match.entry for match in Bank.open(path).match(bytes(32))} == {
        f"{n}-{i}" for n in range(3) for i in range(20)
    }


def test_only_its_owner_can_read_it(path):
    Bank.build(VALUE, path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_one_sentence_and_leaves_what_was_there(path, monkeypatch):
    bank = Bank.build(VALUE, path)
    before = path.read_bytes()
    with pytest.raises(Unwritable, match="can't be written"):
        Bank.build(VALUE, "/proc/bank")
    code = (
        "import resource, signal, sys; from takeback import Bank; from takeback.terms import Entry\n"
        "from takeback.errors import Unwritable\n"
        "bank = Bank.open(sys.argv[1]); size = int(sys.argv[2])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 2000, size + 2000))\n"
        "for work in (lambda: bank.add([Entry(bytes(32))] * 1000), lambda: Bank.build(bytes(320000), sys.argv[1] + '2')):\n"
        "    try: work()\n"
        "    except Unwritable as error: print(error.say())\n"
        "print(bank.match(bytes(32)), bank.add([Entry(bytes(32))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path, str(len(before))], capture_output=True, text=True, check=False
    )
    assert done.stdout == "The bank can't be written: file too large\n" * 2 + "[] ['1']\n", done.stderr
    assert bank.match(VALUE) == [Match("0", 0)]
    assert [file.name for file in path.parent.iterdir()] == ["bank"]


def test_a_bank_that_is_not_there_is_one_sentence(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for missing in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        with pytest.raises(BadFile):
            Bank.open(missing)
    with pytest.raises(BadInput, match="folder"):
        Bank.build(VALUE, tmp_path / "none" / "bank")


@given(HASHES)
def test_a_hash_comes_in_as_bytes_or_as_text(value):
    from takeback.bank import as_hash

    assert as_hash(value) == as_hash(value.hex()) == value
