"""Sealing a package: time and memory, against `age` and `sha256sum` on the same bytes.

Run: .venv/bin/python bench/seal.py [--tiny] [--megabytes 1000]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from evidence_case import KEY, exhibit, log, parts

from takeback import bag, journey, vault
from takeback.store import folder

EXHIBITS = 10


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def described(ref: str, path: Path):
    """An exhibit of a file whose bytes are not held."""
    from dataclasses import replace

    summing = bag.Summing()
    for chunk in journey.chunks(path):
        summing.update(chunk)
    sums = summing.sums()
    return replace(exhibit(ref, b""), sha256=sums.sha256, sha512=sums.sha512, size=sums.size)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--tiny", action="store_true")
    asked.add_argument("--megabytes", type=int, default=1000)
    given = asked.parse_args()
    size = (1 if given.tiny else given.megabytes) * 1_000_000
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        files = [where / f"file{number}" for number in range(EXHIBITS)]
        for path in files:
            with path.open("wb") as file:
                for _ in range(10):
                    file.write(os.urandom(size // EXHIBITS // 10))
        kept = [described(f"AB/{number}", path) for number, path in enumerate(files, 1)]
        chain = log([("opened", {}), *(("exhibit", one.data()) for one in kept)])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        pairs = [(one, journey.chunks(path)) for one, path in zip(kept, files, strict=True)]
        package = parts(files={}, exhibits=pairs, custody_log=chain)
        folder.write_file(where / "ours.age", lambda write: vault.seal_stream(bag.tar(package), write, [KEY.recipient]))
        ours = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        whole = where / "whole"
        with whole.open("wb") as file:
            subprocess.run(["cat", *map(str, files)], stdout=file, check=True)
        age = seconds(["age", "-r", KEY.recipient, "-o", str(where / "age.age"), str(whole)])
        sha = seconds(["sha256sum", str(whole)])
        sha512 = seconds(["sha512sum", str(whole)])
    print(
        f"{size / 1e6:.0f} MB in {EXHIBITS} exhibits, sealed as a package: {ours:.1f} s, {size / 1e6 / ours:.0f} MB/s"
    )
    print(f"age {age:.1f} s, sha256sum {sha:.1f} s, sha512sum {sha512:.1f} s; ours to age {ours / age:.1f}", end=", ")
    print(f"ours to all three {ours / (age + sha + sha512):.2f}")
    print(f"peak memory {peak / 1024:.0f} MB, of which {before / 1024:.0f} MB before sealing began")


if __name__ == "__main__":
    main()
