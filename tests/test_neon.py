"""The twins for ARM's NEON: built by the cross compiler that builds the wasm, and run where there is one to run them in.

`apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static` makes it run on any machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from test_vectors import FILES, ROOT, VECTORS

FLAGS = ["-std=c11", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'kernel'}"]
SOURCES = [*sorted((ROOT / "kernel").glob("pdq*.c")), *sorted((ROOT / "kernel").glob("hamming*.c"))]
GCC = shutil.which("aarch64-linux-gnu-gcc")
QEMU = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")

SOME = FILES[::3]

PROGRAMS = {
    "banks": (["2026", "20"], "20 banks on 2 paths\n"),
    "paths": (["2026", "20"], "20 pictures on 2 paths\n"),
    "run": ([str(file) for file in SOME], f"{len(SOME)} vectors on 2 paths\n"),
}


def test_both_twins_are_in_a_build_for_arm(tmp_path):
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-musl", *FLAGS, "-c"]

    def build(source):
        subprocess.run([*zig, "-o", tmp_path / f"{source.stem}.o", source], check=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, SOURCES))
    assert b"tb_band_four" in (tmp_path / "pdq_four.o").read_bytes()
    assert b"tb_ask_neon" in (tmp_path / "hamming_neon.o").read_bytes()
    assert b"tb_ask_neon" in (tmp_path / "hamming.o").read_bytes(), "the twin is there and nobody calls it"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """The kernel's objects."""
    folder = tmp_path_factory.mktemp("arm")
    subprocess.run([GCC, *FLAGS, "-c", *SOURCES], cwd=folder, check=True)
    return sorted(folder.glob("*.o"))


@pytest.mark.skipif(not (GCC and QEMU), reason="there is no compiler for ARM here, or nothing that runs what it makes")
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_twins_give_the_portable_answers(program, kernel, tmp_path):
    arguments, says = PROGRAMS[program]
    made = tmp_path / program
    subprocess.run([GCC, *FLAGS, "-static", "-o", made, VECTORS / f"{program}.c", *kernel], check=True)
    done = subprocess.run([QEMU, made, *arguments], capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout) == (0, says), done.stderr
