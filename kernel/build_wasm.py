"""The kernel as WebAssembly: built by the zig compiler of the PyPI package `ziglang`, the same bytes every time.

`python kernel/build_wasm.py` writes takeback/web/static/kernel.wasm; with `--check` it writes nothing and fails
unless that file is what the source builds. Plain WebAssembly 1.0, no SIMD: any phone's browser since 2017 runs it.
"""

# ruff: noqa: INP001, T201

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

KERNEL = Path(__file__).parent
BUILT = KERNEL.parent / "takeback" / "web" / "static" / "kernel.wasm"
SOURCES = ("pdq.c", "wasm.c")
FLAGS = (
    *("-target", "wasm32-freestanding", "-mcpu=mvp"),
    *("-std=c11", "-O2", "-ffp-contract=off", "-fno-fast-math", "-Wall", "-Wextra", "-Werror"),
    *("-nostdlib", "-s", "-Wl,--no-entry", "-Wl,-z,stack-size=65536"),
)
LARGEST = 8192
"""Bytes over the wire, gzipped: what a person on a phone waits for."""


def build() -> bytes:
    """The module, from the source beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "kernel.wasm")
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, "-o", str(out), *SOURCES]
        subprocess.run(command, cwd=KERNEL, check=True)
        return out.read_bytes()


def main() -> int:
    """Build, and write or compare."""
    module = build()
    size = f"{len(module)} bytes, {len(gzip.compress(module, 9))} gzipped"
    if len(gzip.compress(module, 9)) > LARGEST:
        sys.exit(f"kernel.wasm is too large: {size}")
    if "--check" not in sys.argv[1:]:
        BUILT.write_bytes(module)
    elif not BUILT.is_file() or BUILT.read_bytes() != module:
        sys.exit(f"{BUILT} is not what the source builds: run `python kernel/build_wasm.py` and commit it")
    print(f"kernel.wasm: {size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
