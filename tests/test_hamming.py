"""Matching is exact: the hits of an index are those of looking at every row, on every path, whatever is in the bank."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_vectors import ROOT, VECTORS

from takeback import _kernel

EDGES = [0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1024, 1025]


def index(rows: bytes) -> bytes:
    made = bytearray(_kernel.index_bytes(len(rows) // 32))
    for band, length in enumerate([len(made) // 16] * 16):
        _kernel.index_band(rows, band, memoryview(made)[band * length : (band + 1) * length])
    return bytes(made)


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def brute(hashes: list[bytes], query: bytes, distance: int) -> list[tuple[int, int]]:
    """What the words say, with none of the kernel in it."""
    return [(i, apart(each, query)) for i, each in enumerate(hashes) if apart(each, query) <= distance]


def flipped(value: bytes, bits: set[int]) -> bytes:
    return (int.from_bytes(value) ^ sum(1 << bit for bit in bits)).to_bytes(32)


HASHES = st.binary(min_size=32, max_size=32)
BITS = st.sets(st.integers(0, 255), max_size=40)


@st.composite
def banks(draw):
    """A bank and a query: noise, near one another, or the same again and again; the query near one of them or not."""
    centres = draw(st.lists(HASHES, min_size=1, max_size=3))
    near = st.builds(flipped, st.sampled_from(centres), BITS)
    hashes = draw(st.lists(st.one_of(HASHES, near, st.sampled_from(centres)), max_size=60))
    query = draw(st.one_of(HASHES, near, st.builds(flipped, st.sampled_from(hashes or centres), BITS)))
    return hashes, query


def check(hashes: list[bytes], query: bytes, distance: int) -> None:
    rows = _kernel.spread(b"".join(hashes))
    expected = brute(hashes, query, distance)
    made = index(rows)
    for path in _kernel.match_paths():
        for how in (made, None):
            (hits,) = _kernel.match(rows, how, query, distance, path)
            assert sorted(hits) == expected, (path, how is None)


@given(banks(), st.integers(0, 63))
@example(([bytes(32)], bytes(32)), 0)
@example(([], bytes(32)), 31)
@settings(max_examples=100, deadline=None)
def test_it_finds_what_looking_at_every_hash_finds(bank, distance):
    check(*bank, distance)


@pytest.mark.parametrize("size", EDGES)
def test_it_is_exact_at_every_size_near_a_block(size):
    centre = bytes(range(32))
    all_near = [flipped(centre, {(7 * i + j) % 256 for j in range(i % 16)}) for i in range(size)]
    for hashes in ([centre] * size, all_near):
        check(hashes, flipped(centre, set(range(0, 256, 17))), 31)


@pytest.mark.parametrize("distance", [0, 15, 16, 30, 31])
def test_bits_that_differ_may_lie_anywhere(distance):
    # As many bits as count, once spread over all bands and once crowded into one place: the pigeonholes' two extremes.
    value = bytes(range(100, 132))
    hashes = [
        flipped(value, {(k * step + start) % 256 for k in range(distance)})
        for step in (1, 3, 16, 17, 51, 53)
        for start in range(0, 256, 5)
    ]
    check(hashes, value, distance)


def test_a_bank_of_one_hash_matches():
    # ThreatExchange issue 1318: there a bank of exactly one hash matches nothing.
    value = bytes(range(32))
    rows = _kernel.spread(value)
    assert _kernel.match(rows, index(rows), value + flipped(value, set(range(31))), 31) == [[(0, 0)], [(0, 31)]]


def test_many_hits_of_many_queries_all_come_back():
    value = bytes(32)
    rows = _kernel.spread(value * 3000)
    for how in (index(rows), None):
        hits = _kernel.match(rows, how, value * 7, 31)
        assert [sorted(each) for each in hits] == [[(i, 0) for i in range(3000)]] * 7


@given(HASHES, HASHES)
def test_the_order_of_bits_keeps_distances_and_goes_back(one, other):
    spread = _kernel.spread(one + other)
    assert apart(spread[:32], spread[32:]) == apart(one, other)
    assert _kernel.gather(spread) == one + other


def test_neighbours_among_frequencies_never_share_a_band():
    at = {
        bit: int.from_bytes(_kernel.spread(flipped(bytes(32), {bit})), "little").bit_length() - 1 for bit in range(256)
    }
    assert sorted(at.values()) == list(range(256))
    for band in range(16):
        frequencies = [divmod(bit, 16) for bit in range(256) if at[bit] // 16 == band]
        assert sorted(row for row, _ in frequencies) == sorted(column for _, column in frequencies) == list(range(16))


def test_every_path_is_exact_and_no_index_leads_outside_with_the_sanitizers_on(tmp_path):
    flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'kernel'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [VECTORS / "banks.c", *(ROOT / "kernel").glob("hamming*.c"), *(ROOT / "kernel").glob("pdq*.c")]
    subprocess.run(["gcc", *flags, *sanitizers, "-o", tmp_path / "run", *sources], check=True)
    done = subprocess.run([tmp_path / "run", "2026", "60"], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, f"60 banks on {len(_kernel.match_paths())} paths\n"), done.stderr


def test_each_path_can_be_switched_off():
    ask = "from takeback import _kernel; print(*_kernel.match_paths())"
    for path in _kernel.match_paths()[1:]:
        environment = os.environ | {f"TAKEBACK_NO_{path.upper()}": "1"}
        said = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.split() == [other for other in _kernel.match_paths() if other != path]


REFUSED = {
    "half a hash": (bytes(16), None, bytes(32), 31, "32 bytes each"),
    "half a query": (bytes(32), None, bytes(33), 31, "32 bytes each"),
    "another bank's index": (bytes(64), bytes(100), bytes(32), 31, "not one over so many"),
    "no index at all": (bytes(64), b"", bytes(32), 31, "not one over so many"),
    "too far": (bytes(32), None, bytes(32), 64, "between 0 and 63"),
    "less than nothing": (bytes(32), None, bytes(32), -1, "between 0 and 63"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_refuses_what_is_no_bank_with_a_sentence(what):
    rows, how, queries, distance, says = REFUSED[what]
    with pytest.raises(ValueError, match=says):
        _kernel.match(rows, how, queries, distance)


def test_an_index_of_noise_is_damaged():
    rows = _kernel.spread(bytes(3200))
    with pytest.raises(ValueError, match="damaged"):
        _kernel.match(rows, b"\xff" * _kernel.index_bytes(100), bytes(32), 31)


def test_there_is_no_path_of_another_name():
    with pytest.raises(ValueError, match="no such path"):
        _kernel.match(bytes(32), None, bytes(32), 31, "quick")
