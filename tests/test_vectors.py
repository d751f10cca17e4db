"""One set of vectors, three runners: Python, C with the sanitizers on, and node through the wasm."""

from __future__ import annotations

import subprocess

import pytest
from node import node
from pixels import VECTORS, Vector, all_vectors, read_vector

from takeback import _kernel

ROOT = VECTORS.parent.parent
FILES = sorted(VECTORS.glob("*.vector"))
WASM = ROOT / "takeback/web/static"

SAYS = {
    "too-small": "at least 5 pixels",
    "too-large": "more than 100 megapixels",
    "wrong-length": "do not make up",
    "wrong-channels": "1 channel",
}

BROKEN = {
    "unknown_key": ("quality:", "qualities:"),
    "unknown_expect": ("expect: hash", "expect: a-hash"),
    "unknown_kind": ("kind: pdq", "kind: phash"),
    "another_expect": ("expect: hash", "expect: low-quality"),
    "another_hash": ("hash: 55", "hash: 65"),
    "another_quality": ("quality: 100", "quality: 99"),
    "another_picture": ("noise 2", "noise 3"),
}
"""What a runner must trip over: noise-as-is.vector with one thing wrong."""


def built(program, folder):
    """A C program of tests/vectors with the kernel in it, and the sanitizers."""
    flags = ["-std=c11", "-O1", "-g", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'kernel'}"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = [VECTORS / program, *(ROOT / "kernel").glob("pdq*.c")]
    subprocess.run(["gcc", *flags, *sanitizers, "-o", folder / "run", *sources], check=True)

    def run(arguments):
        return subprocess.run([folder / "run", *arguments], capture_output=True, text=True, check=False, timeout=120)

    return run


@pytest.fixture(scope="session")
def run_c(tmp_path_factory):
    return built("run.c", tmp_path_factory.mktemp("c"))


def run_node(paths, module="kernel.wasm"):
    return node(VECTORS / "run.mjs", WASM / module, *paths)


@pytest.fixture(params=BROKEN)
def broken(request, tmp_path):
    old, new = BROKEN[request.param]
    text = (VECTORS / "noise-as-is.vector").read_text()
    assert old in text
    path = tmp_path / "broken.vector"
    path.write_text(text.replace(old, new))
    return path


def check(vector: Vector) -> None:
    """What Python's runner does with a vector."""
    arguments = (vector.data, vector.rows, vector.cols, vector.channels)
    if vector.expect in SAYS:
        with pytest.raises(ValueError, match=SAYS[vector.expect]):
            _kernel.pdq_bytes(*arguments)
        return
    value, quality = _kernel.pdq_bytes(*arguments)
    assert (value.hex(), quality) == (vector.hash, vector.quality)
    assert ("hash" if quality >= 50 else "low-quality") == vector.expect


@pytest.mark.parametrize("vector", all_vectors(), ids=lambda vector: vector.name)
def test_python_answers_every_vector(vector):
    check(vector)


def test_c_answers_every_vector_with_the_sanitizers_on(run_c):
    done = run_c(FILES)
    assert (done.returncode, done.stdout) == (0, f"{len(FILES)} vectors on {len(_kernel.paths())} paths\n"), done.stderr


def test_every_path_gives_the_portable_bits_on_random_pictures(tmp_path):
    done = built("paths.c", tmp_path)(["2026", "150"])
    assert (done.returncode, done.stdout) == (0, f"150 pictures on {len(_kernel.paths())} paths\n"), done.stderr


@pytest.mark.parametrize("module", ["kernel.wasm", "kernel-simd.wasm"])
def test_node_answers_every_vector_that_a_canvas_can_hold(module):
    done = run_node(FILES, module)
    others = sum(vector.expect == "wrong-channels" for vector in all_vectors())
    assert done.stdout.decode() == f"{len(FILES) - others} vectors\n", done.stderr.decode()


def test_at_least_half_of_the_vectors_say_no():
    assert sum(vector.expect != "hash" for vector in all_vectors()) * 2 >= len(FILES) >= 30


def test_a_runner_that_meets_a_wrong_vector_fails(broken, run_c):
    with pytest.raises((ValueError, AssertionError)):
        check(read_vector(broken))
    assert run_c([broken]).returncode != 0
    assert run_node([broken]).returncode != 0
