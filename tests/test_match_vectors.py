"""One set of vectors for matching, three runners: Python with bank files, C with the sanitizers on, and node."""

from __future__ import annotations

import os
import subprocess

import pytest
from node import node
from test_hamming import index
from test_vectors import ROOT, VECTORS

from takeback import Bank, _kernel
from takeback.errors import BadFile, BadInput

FILES = sorted((VECTORS / "match").glob("*.vector"))
YES, KERNEL_SAYS_NO = {"match"}, {"no-match", "broken-index"}
DOOR_SAYS_NO = {"wrong-length": "no PDQ hash", "wrong-distance": "between 0 and 63"}
FILE_SAYS_NO = {"foreign": "not a bank", "damaged": "damaged"}

BROKEN = {
    "unknown_key": ("distance:", "distances:"),
    "unknown_expect": ("expect: match", "expect: a-match"),
    "another_expect": ("expect: match", "expect: no-match"),
    "another_row": ("hit: 16", "hit: 15"),
    "another_distance": ("hit: 16 20", "hit: 16 21"),
    "too_near": ("distance: 31", "distance: 19"),
}
"""What a runner must trip over: last-of-seventeen.vector with one thing wrong."""


def read(path):
    """A vector; what this reader does not know is an error, never skipped."""
    vector = {"hash": [], "hit": [], "change": ""}
    for line in path.read_text().splitlines():
        key, value = line.split(":", 1)
        if key in ("hash", "hit"):
            vector[key].append(value.strip())
        elif key in ("expect", "comment", "distance", "query", "change"):
            vector[key] = value.strip()
        else:
            raise ValueError(f"unknown key {key}")
    if vector["expect"] not in YES | KERNEL_SAYS_NO | DOOR_SAYS_NO.keys() | FILE_SAYS_NO.keys():
        raise ValueError("unknown expect")
    return vector


def change(path, said):
    """Cut a file, or put bytes into it."""
    what, *numbers = said.split()
    if what == "cut":
        size = int(numbers[0])
        os.truncate(path, size if size >= 0 else path.stat().st_size + size)
        return
    with path.open("r+b") as file:
        file.seek(int(numbers[0]))
        file.write(bytes.fromhex(numbers[1]))


def on_every_path(hashes, value, distance, broken):
    """What the kernel says on each of its paths, with an index and without."""
    rows = _kernel.spread(hashes)
    how = b"\xff" * len(index(rows)) if broken else index(rows)
    for path in _kernel.match_paths():
        for each in [how] if broken else [how, None]:
            yield sorted(_kernel.match(rows, each, value, distance, path)[0])


def check(path, folder):
    """What Python's runner does with a vector."""
    vector, file = read(path), folder / "bank"
    value, distance, expect = bytes.fromhex(vector["query"]), int(vector["distance"]), vector["expect"]
    hashes = bytes.fromhex("".join(vector["hash"]))
    bank = Bank.build(hashes, file)
    if expect in FILE_SAYS_NO:
        change(file, vector["change"])
        with pytest.raises(BadFile, match=FILE_SAYS_NO[expect]):
            Bank.open(file).check()
    elif expect in DOOR_SAYS_NO:
        with pytest.raises(BadInput, match=DOOR_SAYS_NO[expect]):
            bank.match(value, distance)
    elif expect == "broken-index":
        with pytest.raises(ValueError, match="damaged"):
            list(on_every_path(hashes, value, distance, broken=True))
    else:
        hits = sorted(tuple(map(int, hit.split())) for hit in vector["hit"])
        assert (expect == "match") == bool(hits)
        assert sorted((int(one.entry), one.distance) for one in bank.match(value, distance)) == hits
        assert all(found == hits for found in on_every_path(hashes, value, distance, broken=False))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_python_answers_every_vector(path, tmp_path):
    check(path, tmp_path)


@pytest.fixture(scope="module")
def run_c(tmp_path_factory):
    program = tmp_path_factory.mktemp("c") / "match"
    flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'kernel'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [VECTORS / "match.c", *(ROOT / "kernel").glob("hamming*.c"), ROOT / "kernel/pdq_x86.c"]
    subprocess.run(["gcc", *flags, *sanitizers, "-o", program, *sources], check=True)
    return lambda paths: subprocess.run([program, *paths], capture_output=True, text=True, check=False, timeout=120)


def test_c_answers_every_vector_that_reaches_the_kernel_with_the_sanitizers_on(run_c):
    done = run_c(FILES)
    asked = sum(read(path)["expect"] in YES | KERNEL_SAYS_NO for path in FILES)
    assert (done.returncode, done.stdout) == (0, f"{asked} vectors\n"), done.stderr


def test_node_counts_the_same_bits_with_nothing_of_the_kernel_in_it():
    done = node(VECTORS / "match.mjs", *FILES)
    asked = sum(not read(path)["change"] for path in FILES)
    assert done.stdout.decode() == f"{asked} vectors\n", done.stderr.decode()


def test_at_least_half_of_the_vectors_say_no():
    assert sum(read(path)["expect"] != "match" for path in FILES) * 2 >= len(FILES) >= 30


@pytest.mark.parametrize("what", BROKEN)
def test_a_runner_that_meets_a_wrong_vector_fails(what, run_c, tmp_path):
    old, new = BROKEN[what]
    text = (VECTORS / "match/last-of-seventeen.vector").read_text()
    assert old in text
    path = tmp_path / "broken.vector"
    path.write_text(text.replace(old, new))
    with pytest.raises((ValueError, AssertionError)):
        check(path, tmp_path)
    assert run_c([path]).returncode != 0
    assert node(VECTORS / "match.mjs", path).returncode != 0
