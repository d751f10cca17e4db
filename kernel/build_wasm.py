"""The kernel as WebAssembly: built by the zig compiler of the PyPI package `ziglang`, the same bytes every time.

`python kernel/build_wasm.py` writes both modules to takeback/web/static; with `--check` it writes nothing and fails
unless those files are what the source builds. kernel.wasm is plain WebAssembly 1.0: any phone's browser since 2017 runs
it. kernel-simd.wasm gives the same bits five times as fast; kernel.js says which of the two a browser can take.
"""

# ruff: noqa: INP001, T201

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from pathlib import Path

KERNEL = Path(__file__).parent
STATIC = KERNEL.parent / "takeback" / "web" / "static"
MODULES = {"kernel.wasm": "-mcpu=mvp", "kernel-simd.wasm": "-mcpu=mvp+simd128+bulk_memory"}
SOURCES = ("pdq.c", "pdq_four.c", "wasm.c")
FLAGS = (
    *("-target", "wasm32-freestanding"),
    *("-std=c11", "-O2", "-ffp-contract=off", "-fno-fast-math", "-Wall", "-Wextra", "-Werror"),
    *("-nostdlib", "-s", "-Wl,--no-entry", "-Wl,-z,stack-size=65536"),
)
LARGEST = 8192
"""Bytes over the wire, gzipped: what a person on a phone waits for."""


def build(cpu: str) -> bytes:
    """A module, from the source beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "kernel.wasm")
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, cpu, "-o", str(out), *SOURCES]
        subprocess.run(command, cwd=KERNEL, check=True)
        return out.read_bytes()


def main() -> int:
    """Build, and write or compare."""
    for name, cpu in MODULES.items():
        module, built = build(cpu), STATIC / name
        size = f"{name}: {len(module)} bytes, {len(gzip.compress(module, 9))} gzipped"
        if len(gzip.compress(module, 9)) > LARGEST:
            sys.exit(f"{size}: that is too large")
        if "--check" not in sys.argv[1:]:
            built.write_bytes(module)
        elif not built.is_file() or built.read_bytes() != module:
            sys.exit(f"{built} is not what the source builds: run `python kernel/build_wasm.py` and commit it")
        print(size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
