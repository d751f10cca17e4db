"""A bank file that was cut, changed, or made to deceive ends in one sentence; never in a crash, never in a lie."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest
from test_bank import OTHER, VALUE, distinct

from takeback import Bank, bank_columns, bank_file
from takeback.bank_file import PAGE
from takeback.errors import BadFile, BadInput
from takeback.terms import Entry, Match

FILLED = [
    Entry(distinct(40)[32 * i : 32 * i + 32], f"id-{i}", consent=f"consent-{i // 3}", edit=f"edit-{i % 4}")
    for i in range(40)
]


def made(path):
    """A bank with something in each section, and a log of three frames."""
    bank = Bank.build(FILLED, path)
    bank.add([Entry(VALUE, "late-1"), Entry(OTHER, "late-2")])
    bank.withdraw(["late-2", "id-7"])
    bank.add([Entry(OTHER, "late-3")])
    return path


@pytest.fixture
def path(tmp_path):
    return made(tmp_path / "bank")


@pytest.fixture
def indexed(tmp_path, monkeypatch):
    """The same with an index, which otherwise only large banks have."""
    monkeypatch.setattr(bank_columns, "INDEXED_FROM", 0)
    return made(tmp_path / "bank")


def header(path):
    return bank_file.read_header(path.read_bytes()[:PAGE], path.stat().st_size)


def use(path):
    """All that can be done with a bank that one only reads."""
    bank = Bank.open(path)
    values = [entry.value for entry in FILLED] + [VALUE, OTHER]
    found = [[match.entry for match in each] for each in bank.match_many(values)]
    bank.match(VALUE, 63)
    bank.info()
    bank.entries([f"id-{i}" for i in range(40)])
    bank.check()
    return found


def patched(path, at, data):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def resealed(path):
    """A first page whose checksum fits again: what somebody does who means it."""
    page = path.read_bytes()[:PAGE]
    patched(path, bank_file.SUM_AT, blake2b(page[bank_file.FIXED_AT :], digest_size=32).digest())


EXPECTED = [[entry.id] if entry.id != "id-7" else [] for entry in FILLED] + [["late-1"], ["late-3"]]


def test_it_is_whole_to_begin_with(path):
    assert use(path) == EXPECTED


def test_it_is_whole_with_an_index_too(indexed):
    assert use(indexed) == EXPECTED


def test_a_changed_index_is_found_by_a_check(indexed):
    whole, place = indexed.read_bytes(), header(indexed).places["index"]
    for at in (place.start, place.start + 12345, place.start + place.length - 1):
        patched(indexed, at, bytes([whole[at] ^ 1]))
        with pytest.raises(BadFile, match="index has changed"):
            use(indexed)
        patched(indexed, at, whole[at : at + 1])


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_is_one_sentence(path, share):
    os.truncate(path, int(share * path.stat().st_size))
    with pytest.raises(BadFile):
        use(path)


def test_a_log_that_was_cut_is_one_sentence_at_every_byte(path):
    whole, log_at = path.read_bytes(), header(path).log_at
    for size in range(log_at, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises(BadFile, match=r"ends too early|has changed"):
            Bank.open(path)


def test_a_changed_byte_is_never_a_wrong_answer(path):
    chance = random.Random(7)
    whole, log_at = path.read_bytes(), header(path).log_at
    places = [(p.start, p.start + p.length) for p in header(path).places.values() if p.length]
    for start, end in [(0, 16), (bank_file.SUM_AT, 600), (log_at, len(whole)), *places] * 12:
        at = chance.randrange(start, end)
        patched(path, at, bytes([whole[at] ^ 1 << chance.randrange(8)]))
        with pytest.raises(BadFile):
            use(path)
        patched(path, at, whole[at : at + 1])


FOREIGN = {
    "nothing": b"",
    "text": b"pdq hashes\n",
    "zeros": bytes(3 * PAGE),
    "another version": b"takeback bank 2\n" + bytes(3 * PAGE),
    "only a name": bank_file.MAGIC,
    "noise": random.Random(1).randbytes(3 * PAGE),
    "named noise": bank_file.MAGIC + random.Random(1).randbytes(3 * PAGE),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_one_sentence_and_stays_as_it_is(what, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(FOREIGN[what])
    with pytest.raises(BadFile, match=r"not a bank|damaged"):
        Bank.open(path)
    assert path.read_bytes() == FOREIGN[what]


@pytest.mark.parametrize("number", [1, 0x7FFFFFFF, 1 << 40, (1 << 64) - 1])
def test_numbers_that_lie_are_one_sentence(path, number):
    page, start = path.read_bytes()[:PAGE], bank_file.FIXED_AT + 16
    places = range(start + 24, start + 24 + 32 * len(bank_file.SECTIONS), 32)
    for at in (start, start + 16, *places, *(place + 8 for place in places)):
        patched(path, 0, page)
        patched(path, at, struct.pack("<Q", number))
        resealed(path)
        with pytest.raises(BadFile):
            use(path)


def test_a_confirmed_place_beyond_the_end_is_one_sentence(path):
    patched(path, 16, struct.pack("<Q", 1 << 50))
    with pytest.raises(BadFile, match="ends too early"):
        Bank.open(path)


def test_a_file_that_says_it_moved_goes_on_being_read(path):
    # A writer was killed between saying so and its new file's taking the name.
    patched(path, 8 * bank_file.MOVED, struct.pack("<Q", 1))
    assert use(path) == EXPECTED
    Bank.open(path).add([Entry(VALUE, "late-4")])
    assert struct.unpack_from("<Q", path.read_bytes(), 8 * bank_file.MOVED) == (0,)


def test_sections_of_noise_are_a_sentence_or_an_answer(path):
    noise(path, ["status", "edit", "consent", "ids", "ids_at", "consents", "consents_at", "edits"])


def test_an_index_of_noise_is_a_sentence_or_an_answer(indexed):
    noise(indexed, ["index"])


def noise(path, sections):
    """In a process of its own: reading outside the file would end it."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); import pathlib, random, test_bank_file as t\n"
        "from takeback.errors import TakebackError\n"
        "path, places = pathlib.Path(sys.argv[1]), t.header(pathlib.Path(sys.argv[1])).places\n"
        "for name in sys.argv[3:]:\n"
        "    whole = path.read_bytes()[places[name].start :][: places[name].length]\n"
        "    for seed in range(5):\n"
        "        bits = random.Random(seed).randbytes(len(whole))\n"
        "        t.patched(path, places[name].start, bits if seed % 2 else bits[:40] + whole[40:])\n"
        "        try: t.use(path)\n"
        "        except TakebackError as error: print(error.say())\n"
        "    t.patched(path, places[name].start, whole)"
    )
    command = [sys.executable, "-c", code, path, Path(__file__).parent, *sections]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(line.startswith("This bank is damaged") for line in done.stdout.splitlines())


CONTENTS = {
    "nothing": b"",
    "no list": b"7",
    "one thing": b'["withdrawn"]',
    "another status": b'["burnt", [0]]',
    "a number of nobody": b'["withdrawn", [4000000000]]',
    "less than nothing": b'["withdrawn", [-1]]',
    "a text for a number": b'["withdrawn", ["x"]]',
    "endless": b'["withdrawn", [' + b"[" * 100_000,
    "infinite": b'["withdrawn", [1e999]]',
    "not text": b"\xff\xfe",
}


@pytest.mark.parametrize("kind", [1, 2, 3])
@pytest.mark.parametrize("what", CONTENTS)
def test_a_frame_that_makes_no_sense_is_one_sentence(path, kind, what):
    content = CONTENTS[what] if kind == 2 else struct.pack("<I", 1) + VALUE + CONTENTS[what]
    append(path, kind, content)
    with pytest.raises(BadFile, match=r"makes no sense|does not know"):
        Bank.open(path)


@pytest.mark.parametrize(
    "fact",
    [
        [],
        [1, 2, 3, 4, 5, 6],
        ["i", "e", "c", "o", "never", "active"],
        ["i", "e", "c", "o", None, "x"],
        ["i", "e", "c", "o", 5, "active"],
        "active",
    ],
)
def test_an_entry_that_makes_no_sense_is_one_sentence(path, fact):
    append(path, 1, struct.pack("<I", 1) + VALUE + json.dumps([fact]).encode())
    with pytest.raises(BadFile, match="makes no sense"):
        Bank.open(path)


@pytest.mark.parametrize("count", [0, 2, 1 << 31])
def test_a_frame_of_another_count_is_one_sentence(path, count):
    append(path, 1, struct.pack("<I", count) + VALUE + json.dumps([["i", "e", "c", "o", None, "active"]]).encode())
    with pytest.raises(BadFile, match="makes no sense"):
        Bank.open(path)


def append(path, kind, content):
    """A frame, well formed, behind the last one."""
    with path.open("ab") as file:
        file.write(bank_file.pack_frame(kind, content, path.stat().st_size, header(path).uid))


def test_a_frame_of_another_place_does_not_count(path):
    data, log_at = path.read_bytes(), header(path).log_at
    path.write_bytes(data + data[log_at:])
    assert use(path) == EXPECTED


@pytest.mark.parametrize("size", [1, 23, 24, 25, 400])
def test_a_torn_frame_at_the_end_is_as_if_it_had_never_been(path, size):
    whole = bank_file.pack_frame(*bank_file.marked("withdrawn", [0]), path.stat().st_size, header(path).uid)
    with path.open("ab") as file:
        file.write(
            (whole[:-1] + random.Random(size).randbytes(400))[:size] if size < len(whole) else whole[:-1] + b"\0" * 300
        )
    assert use(path) == EXPECTED
    Bank.open(path).add([Entry(VALUE, "late-4")])
    assert Bank.open(path).match(VALUE) == [Match("late-1", 0), Match("late-4", 0)]
    assert Bank.open(path).match(FILLED[0].value) == [Match("id-0", 0)]


def test_a_whole_frame_that_was_not_confirmed_yet_counts(path):
    # The writer was killed between having it on the disk and saying so: whoever opens the bank next sees it.
    append(path, *bank_file.marked("withdrawn", [0]))
    bank = Bank.open(path)
    assert bank.match(FILLED[0].value) == []
    bank.add([Entry(VALUE, "late-4")])
    assert Bank.open(path).match(FILLED[0].value) == []


def test_a_long_id_is_refused_before_it_is_written(path):
    with pytest.raises(BadInput):
        Bank.open(path).add([Entry(VALUE, "x" * 1000)])
    assert use(path) == EXPECTED
