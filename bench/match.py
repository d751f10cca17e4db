"""How long does it take to find every hash within 31 bits? Beside the peers, in one process, turn by turn.

`python bench/match.py` measures banks of 100,000 and 1,000,000; `--size 10000000` another; `--real` takes PDQ hashes of
photo crops instead of random bits. 90 % of the queries are random (with `--real`: crops of the same photos that are not
in the bank), 10 % lie at a distance of 0 to 31 from an entry. One thread, the process's own time. The peers are what
`pip install 'takeback[bench]'` brings; what is not there is said and left out. `--tiny` does it all in seconds, so that
the tests keep this file working. Ratios mean something, times only on this machine.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from pdq import machine

from takeback import Bank, _kernel
from takeback.terms import Entry

DISTANCE = 31
TURN = 1000
"""Queries that a way answers before the next one has its turn: the caches are its own by then."""

Hashes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
Found = list[int]
Way = Callable[[Hashes], list[Found]]


# ---------------------------------------------------------------- what is matched


def noise(count: int, seed: int) -> Hashes:
    """Random bits: the best case for an index, since nothing crowds its buckets."""
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def photos() -> list[np.ndarray]:
    """The photos that scikit-image and scikit-learn bring along."""
    import skimage
    import sklearn
    from PIL import Image

    folders = (Path(skimage.__file__).parent / "data", Path(sklearn.__file__).parent / "datasets/images")
    files = [file for folder in folders for file in sorted(folder.iterdir()) if file.suffix in {".png", ".jpg"}]
    pictures = [np.asarray(Image.open(file).convert("RGB")) for file in files]
    return [picture for picture in pictures if min(picture.shape[:2]) >= 128]


def crops(count: int, seed: int) -> Hashes:
    """PDQ hashes of photo crops of quality 50 or more, each crop turned and mirrored all eight ways."""
    chance, pictures, hashes = np.random.default_rng(seed), photos(), bytearray()
    while len(hashes) < 32 * count:
        picture = pictures[chance.integers(len(pictures))]
        rows, cols = (max(96, int(side * chance.uniform(0.3, 0.9))) for side in picture.shape[:2])
        top, left = (
            int(chance.integers(0, side - size + 1)) for side, size in zip(picture.shape, (rows, cols), strict=False)
        )
        eight, quality = _kernel.pdq_dihedral(picture[top : top + rows, left : left + cols])
        if quality >= 50:
            hashes += b"".join(eight)
    return np.frombuffer(bytes(hashes[: 32 * count]), np.uint8).reshape(count, 32)


def asked(bank: Hashes, others: Hashes) -> Hashes:
    """The queries: others, every tenth an entry with 0 to 31 bits flipped."""
    chance, queries = np.random.default_rng(9), others.copy()
    for i in range(0, len(queries), 10):
        bits = np.unpackbits(bank[chance.integers(len(bank))])
        bits[chance.choice(256, chance.integers(0, DISTANCE + 1), replace=False)] ^= 1
        queries[i] = np.packbits(bits)
    return queries


# ---------------------------------------------------------------- the ways


def ours(hashes: Hashes, folder: Path) -> Iterator[tuple[str, Way]]:
    """Takeback: the bank as anyone uses it; then the kernel alone, on its other paths."""
    start = time.process_time()
    bank = Bank.build(hashes, folder / "bank")
    built = time.process_time() - start
    start = time.perf_counter()
    bank = Bank.open(folder / "bank")
    opened = time.perf_counter() - start
    about = bank.info()
    start = time.perf_counter()
    bank.add([Entry(bytes(32))])
    added = time.perf_counter() - start
    print(
        f"   built at {len(hashes) / built / 1e6:.2f} M entries/s, {about['bytes_per_entry']} bytes an entry, "
        f"opened in {opened * 1e3:.2f} ms, one added in {added * 1e3:.2f} ms"
    )

    def ask(queries: Hashes) -> list[Found]:
        found = [bank.match(queries.tobytes())] if len(queries) == 1 else bank.match_many(queries)
        return [[int(match.entry) for match in each] for each in found]

    yield "takeback", ask
    base = bank._view.base  # noqa: SLF001
    for path in _kernel.match_paths()[:-1]:
        yield (
            f"takeback, {path}",
            lambda queries, path=path: [
                [row for row, _ in each] for each in _kernel.match(base.rows, base.index, queries, DISTANCE, path)
            ],
        )


def faiss_ways(hashes: Hashes) -> Iterator[tuple[str, Way]]:
    """faiss: every hash looked at, and the index that threatexchange's PDQIndex uses."""
    import faiss

    faiss.omp_set_num_threads(1)
    flat = faiss.IndexBinaryFlat(256)
    multi = faiss.IndexBinaryMultiHash(256, 16, 16)
    multi.nflip = 1
    for name, index in (("faiss Flat", flat), ("faiss MultiHash 16x16", multi)):
        start = time.process_time()
        index.add(hashes)
        print(f"   {name} built in {time.process_time() - start:.1f} s")

        def ask(queries: Hashes, index: object = index) -> list[Found]:
            limits, _, found = index.range_search(queries, DISTANCE + 1)  # type: ignore[attr-defined]
            return [found[a:b].tolist() for a, b in pairwise(limits)]

        yield name, ask


def threatexchange_way(hashes: Hashes) -> Iterator[tuple[str, Way]]:
    """threatexchange's PDQIndex, as its users call it: a query at a time, in hexadecimal."""
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    if len(hashes) > 1_000_000:
        print("   threatexchange left out: it would take 9 GB; faiss MultiHash is the index that it uses")
        return
    start = time.process_time()
    index = PDQIndex.build((one.tobytes().hex(), i) for i, one in enumerate(hashes))
    print(f"   threatexchange PDQIndex built in {time.process_time() - start:.1f} s")
    yield (
        "threatexchange PDQIndex",
        lambda queries: [[found.metadata for found in index.query(one.tobytes().hex())] for one in queries],
    )


def usearch_way(hashes: Hashes) -> Iterator[tuple[str, Way]]:
    """usearch's exact search: the ten nearest, for it has no search within a distance."""
    from usearch.index import MetricKind, search

    def ask(queries: Hashes) -> list[Found]:
        found = search(hashes, queries, 10, MetricKind.Hamming, exact=True, threads=1)
        single = found.keys.ndim == 1
        keys, apart = (found.keys[None], found.distances[None]) if single else (found.keys, found.distances)
        return [k[d <= DISTANCE].tolist() for k, d in zip(keys, apart, strict=True)]

    yield "usearch exact, top 10", ask


PEERS = {"faiss-cpu": faiss_ways, "threatexchange": threatexchange_way, "usearch": usearch_way}


def all_ways(hashes: Hashes, folder: Path) -> dict[str, Way]:
    """Ours, and each peer that is installed."""
    ways = dict(ours(hashes, folder))
    for package, peer in PEERS.items():
        try:
            ways |= dict(peer(hashes))
            print(f"   {package} {importlib.metadata.version(package)}")
        except ImportError:
            print(f"   {package} is not installed: pip install 'takeback[bench]'")
    return ways


# ---------------------------------------------------------------- the measure


def singles(way: Way, queries: Hashes) -> tuple[list[float], list[set[int]]]:
    """Microseconds for each query, asked one by one, and what was found."""
    times, found = [], []
    for i in range(len(queries)):
        one = queries[i : i + 1]
        start = time.process_time_ns()
        answer = way(one)
        times.append((time.process_time_ns() - start) / 1e3)
        found.append(set(answer[0]))
    return times, found


def batch(way: Way, queries: Hashes) -> float:
    """Microseconds a query, all asked at once."""
    start = time.process_time_ns()
    way(queries)
    return (time.process_time_ns() - start) / 1e3 / len(queries)


def measure(hashes: Hashes, queries: Hashes, warm: int) -> None:
    """Print what each way takes."""
    with tempfile.TemporaryDirectory() as folder:
        ways = all_ways(hashes, Path(folder))
        for name, way in ways.items():
            way(queries[: 5 if name.startswith("usearch") else warm])
        ways["takeback"](noise(50 * warm, 3))  # until each page of the mapped file has been seen
        times: dict[str, list[float]] = {name: [] for name in ways}
        wrong = dict.fromkeys(ways, 0)
        for start in range(0, len(queries), TURN):
            truth: list[set[int]] = []
            for name, way in ways.items():
                few = name.startswith("usearch")  # it would take minutes
                took, found = singles(way, queries[start : start + TURN] if not few else queries[:5])
                truth = truth or found
                times[name] += took
                wrong[name] += sum(a != b for a, b in zip(truth, found, strict=False)) if not few else 0
        together = {
            name: statistics.median(batch(way, queries[: 5 if name.startswith("usearch") else None]) for _ in range(3))
            for name, way in ways.items()
        }
    mine, mine_together = statistics.median(times["takeback"]), together["takeback"]
    for name, took in times.items():
        middle, late = statistics.median(took), sorted(took)[len(took) * 99 // 100]
        print(
            f"   {name:25} single {middle:10.1f} us, 99 % in {late:10.1f} ({middle / mine:6.1f}x)   "
            f"batch {together[name]:10.1f} us a query ({together[name] / mine_together:6.1f}x)"
            + (f"   {wrong[name]} answers differ" if wrong[name] else "")
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small and quick, only to see that it runs")
    parser.add_argument("--real", action="store_true", help="PDQ hashes of photo crops")
    parser.add_argument("--size", type=int, action="append", help="entries (100000 and 1000000)")
    parser.add_argument("--queries", type=int, default=1000, help="how many (1000)")
    arguments = parser.parse_args()
    count = 20 if arguments.tiny else arguments.queries
    make = crops if arguments.real else noise
    print(machine())
    for size in [20_000] if arguments.tiny else arguments.size or [100_000, 1_000_000]:
        print(f"{size:,} {'hashes of photo crops' if arguments.real else 'random hashes'}, within {DISTANCE} bits")
        hashes = make(size, 1)
        measure(hashes, asked(hashes, make(count, 2)), warm=min(count, 300))


if __name__ == "__main__":
    main()
