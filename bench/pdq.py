"""How long does a PDQ hash take, beside the reference's? Both in one process, turn by turn, on the same pixels.

`python bench/pdq.py` prints medians of the process's own time, one thread; `--tiny` does the same in a second, so that
the tests keep this file working. Ratios mean something, times only on this machine.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdqhash

from takeback import _kernel

SIZES = {"0.25 MP": (500, 500, 41), "1 MP": (1000, 1000, 21), "12 MP": (3000, 4000, 7)}
TINY = {"tiny": (100, 140, 3)}


def machine() -> str:
    """The processor, the Python and the commit that the figures belong to."""
    info = Path("/proc/cpuinfo")
    names = (
        [line.split(": ")[1] for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.is_file()
        else []
    )
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return f"{names[0] if names else platform.processor()}, Python {platform.python_version()}, {commit.stdout.strip()}"


def medians(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds each, taking turns, so that a busy moment falls on all."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.process_time_ns()
            work()
            times[name].append((time.process_time_ns() - start) / 1e6)
    return {name: statistics.median(each) for name, each in times.items()}


def measure(rows: int, cols: int, rounds: int) -> dict[str, float]:
    """One size: the reference, and ours on each path; then the fastest on grey, and for all eight hashes."""
    pixels = np.random.default_rng(1).integers(0, 256, (rows, cols, 3), dtype=np.uint8)
    grey = np.ascontiguousarray(pixels[:, :, 0])
    works: dict[str, Callable[[], object]] = {"pdqhash": lambda: pdqhash.compute(pixels)}
    for path in _kernel.paths():
        works[path] = lambda path=path: _kernel.pdq_by(path, pixels)  # type: ignore[misc]
    works["grey"] = lambda: _kernel.pdq(grey)
    works["all eight"] = lambda: _kernel.pdq_dihedral(pixels)
    return medians(works, rounds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    sizes = TINY if parser.parse_args().tiny else SIZES
    print(machine())
    print("milliseconds (times the reference)")
    for name, (rows, cols, rounds) in sizes.items():
        times = measure(rows, cols, rounds)
        theirs = times["pdqhash"]
        print(f"{name:>8}", *(f"{way} {each:.3f} ({theirs / each:.1f}x)" for way, each in times.items()), sep="   ")


if __name__ == "__main__":
    main()
