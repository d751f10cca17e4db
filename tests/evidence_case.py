"""A small made-up case, as a package in memory, for the tests of packages."""

import hashlib
import io
import tarfile
from datetime import UTC, datetime, timedelta

from takeback import bag, casework, custody, evidence, permit, vault
from takeback.terms import Address, Event, Situation

KEY = vault.new_key()
START = datetime(2025, 11, 24, 12, tzinfo=UTC)
FILES = {"AB/1": b"pixels of a drawn picture", "AB/2": b""}
NAME = "../../etc/Xq7\x1b[31mcron\n.jpg"
WORDS = "Xq7 what happened"


def exhibit(ref, data):
    return permit.Exhibit(
        ref=ref,
        blob="blob1",
        sha256=hashlib.sha256(data).hexdigest(),
        sha512=hashlib.sha512(data).hexdigest(),
        size=len(data),
        received_at=START,
        origin="sent to me on a chat",
        original_name=NAME,
        kind="jpeg",
        permit=permit.ask(Situation({"intimate": "no"})),
    )


def log(happened):
    """Events and their links, sealed and chained as the store would."""
    pairs, head = [], custody.Head()
    for sequence, (what, data) in enumerate(happened, 1):
        event = Event(sequence, START + timedelta(minutes=sequence), "person", what, data)
        sealed = vault.seal(vault.Context("case1", "event", sequence), casework.encode(event), [KEY.recipient])
        link = custody.link("case1", head, sealed)
        pairs.append((link, event))
        head = casework.head([link])
    return pairs


def parts(files=FILES, **changes):
    exhibits = [(exhibit(ref, data), [data[:5], data[5:]]) for ref, data in files.items()]
    happened = [("opened", {}), ("words", {"words": WORDS}), *(("exhibit", one.data()) for one, _ in exhibits)]
    arguments = {
        "case": "case1",
        "exhibits": exhibits,
        "custody_log": log(happened),
        "addresses": [Address("a1", url="https://example.org/1", seen_at="3 May 2026")],
        "papers": evidence.Papers(b"%PDF-1.7 summary", b"<!doctype html>", more={"police.txt": b"a first account"}),
        "made_at": START + timedelta(hours=1),
        "software": "Takeback 0.1.0",
    }
    return evidence.package(**{**arguments, **changes})


def files(**changes):
    return {part.path: b"".join(part.chunks) for part in parts(**changes)}


def resaved(package):
    """A package whose manifests were all written anew, as anyone can who may write to it."""
    payload = {path: bag.sums(data) for path, data in package.items() if path.startswith("data/")}
    whole = {path: data for path, data in package.items() if path.startswith(("data/", "bag"))}
    stamp = {path: data for path, data in package.items() if path.startswith("stamp/")}
    whole |= {f"manifest-{one}.txt": bag.manifest(payload, one) for one in bag.ALGORITHMS}
    tags = {path: bag.sums(data) for path, data in whole.items() if not path.startswith("data/")}
    return whole | {f"tagmanifest-{one}.txt": bag.manifest(tags, one) for one in bag.ALGORITHMS} | stamp


class Memory:
    """A package as `verify` reads one, in memory."""

    def __init__(self, package, odd=()):
        self.package = package
        self.odd = dict(odd)
        self.asked = []

    def walk(self):
        for path, data in self.package.items():
            self.asked.append(path)
            yield path, "file", [data]
        yield from ((path, kind, ()) for path, kind in self.odd.items())


def untar(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}
