"""How does a bank grow, and how long until an entry that is added is found? Takeback alone; match.py has the peers.

`python bench/bank.py` measures banks of 100,000 and 1,000,000 random hashes; `--size 50000000` another (it takes 4 GB
of memory and 14 GB of disk). Building is the process's own time, one thread; opening and the first queries are wall
time, with the file in the page cache and dropped from it; single queries and batches are the process's own time, one
thread, 90 % random and 10 % within 0 to 31 bits of an entry. Then entries are added one by one, on the disk as it is
and while two other processes keep it busy: until a reader finds it, and until `add` returns. `--folder` says where:
the disk is part of the answer. `--tiny` does it all in seconds, so that the tests keep this file working.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from match import Hashes, asked, noise
from pdq import machine

from takeback import Bank
from takeback.terms import Entry

CHUNK = 1 << 20
SHARE = 4096
"""Bytes of a page: what is dropped is dropped by the page."""

BUSY = (
    "import os, sys\nfile = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)\nsize = int(sys.argv[2])\n"
    "for i in range(10**9):\n    os.pwrite(file, bytes(size), i % 200 * size)\n    os.fsync(file)\n"
)


def random_hashes(count: int) -> Hashes:
    """Random bits, a million at a time."""
    hashes = np.empty((count, 32), np.uint8)
    for at in range(0, count, CHUNK):
        hashes[at : at + CHUNK] = noise(min(CHUNK, count - at), at)
    return hashes


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds."""
    start = clock()
    work()
    return clock() - start


def drop(path: Path) -> None:
    """Out of the page cache with it; nobody may have it mapped."""
    gc.collect()
    file = os.open(path, os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def opened(path: Path, queries: Hashes) -> str:
    """Opening, the first query, and the hundred after it, in milliseconds of wall time."""
    start = time.perf_counter()
    bank = Bank.open(path)
    opening = (time.perf_counter() - start) * 1e3
    times = [timed(lambda one=one: bank.match(one.tobytes())) * 1e3 for one in queries[:101]]
    return f"open {opening:.2f} ms, first query {times[0]:.2f} ms, next hundred {sum(times[1:]):.1f} ms"


def build(size: int, count: int, path: Path) -> Hashes:
    """Build a bank, print how fast, and give queries for it."""
    hashes = random_hashes(size)
    start = time.process_time()
    with Bank.build(hashes, path) as bank:
        built = time.process_time() - start
        print(f"   built at {size / built / 1e6:.2f} M entries/s, {bank.info()['bytes_per_entry']} bytes an entry")
    return asked(hashes, noise(count, 2))


def measure(size: int, count: int, folder: Path) -> None:
    """Print what a bank of this size takes."""
    path = folder / "bank"
    queries = build(size, count, path)
    print(f"   as it was built: {opened(path, queries)}")
    drop(path)
    print(f"   cold: {opened(path, queries)}")
    drop(path)
    bank = Bank.open(path)
    print(f"   read into memory in {timed(bank.warm):.1f} s")
    warm_up(bank, size, count)
    print(f"   warm: {opened(path, queries)}")
    singles = sorted(timed(lambda one=one: bank.match(one.tobytes()), time.process_time) * 1e6 for one in queries)
    batches = [timed(lambda: bank.match_many(queries), time.process_time) for _ in range(5)]
    middle, late, batch = statistics.median(singles), singles[count * 99 // 100], statistics.median(batches) / count
    print(f"   single {middle:.1f} us, 99 % in {late:.1f}; batch {batch * 1e6:.1f} us, {1 / batch:,.0f} queries/s")
    bank.close()
    path.unlink()


def warm_up(bank: Bank, size: int, count: int) -> None:
    """Until each page of the mapped file has been seen."""
    for seed in range(1 + size // 1_000_000 if count > 100 else 1):
        bank.match_many(noise(1000, 100 + seed))


# ---------------------------------------------------------------- adding


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Two processes that write and sync without a pause: a megabyte at a time, and a page."""
    command = [sys.executable, "-c", BUSY]
    writers = [subprocess.Popen([*command, folder / f"junk{size}", str(size)]) for size in (CHUNK, SHARE)]
    try:
        time.sleep(0.5)
        yield
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def add(path: Path, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds until a reader that asks all the time finds an entry, and until `add` returns."""
    writer, reader = Bank.open(path), Bank.open(path)
    found, durable = [], []
    for value in np.random.default_rng().integers(0, 256, (times, 32), dtype=np.uint8):
        one, seen = value.tobytes(), [0.0]

        def look(one: bytes = one, seen: list[float] = seen) -> None:
            while not reader.match(one, 0):
                time.sleep(0.0002)
            seen[0] = time.perf_counter()

        looking = threading.Thread(target=look)
        looking.start()
        time.sleep(0.002)
        start = time.perf_counter()
        writer.add([Entry(one)])
        durable.append((time.perf_counter() - start) * 1e3)
        looking.join()
        found.append((seen[0] - start) * 1e3)
    return found, durable


def adding(folder: Path, times: int) -> None:
    """Print how long adding takes."""
    path = folder / "bank"
    Bank.build(noise(20_000, 1), path).close()
    for name, around in (("as the disk is", None), ("while others write", busy)):
        if around is None:
            both = add(path, times)
        else:
            with around(folder):
                both = add(path, times)
        for what, each in zip(("found after", "returned after"), both, strict=True):
            ordered = sorted(each)
            middle, late = statistics.median(ordered), ordered[len(ordered) * 99 // 100]
            print(f"   {name}: {what} {middle:.2f} ms, 99 % in {late:.2f}, all in {ordered[-1]:.2f}")


def main() -> None:
    """Print it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    parser.add_argument("--size", type=int, action="append", help="entries (100000 and 1000000)")
    parser.add_argument("--queries", type=int, default=5000, help="how many (5000)")
    parser.add_argument("--folder", type=Path, help="where to write (the system's temporary folder)")
    arguments = parser.parse_args()
    count = 20 if arguments.tiny else arguments.queries
    print(machine())
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for size in [20_000] if arguments.tiny else arguments.size or [100_000, 1_000_000]:
            print(f"{size:,} random hashes, within 31 bits")
            measure(size, count, Path(folder))
        print("one entry added, of a bank of 20,000")
        adding(Path(folder), 5 if arguments.tiny else 300)


if __name__ == "__main__":
    main()
