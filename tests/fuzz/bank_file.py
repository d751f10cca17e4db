"""What a fuzzer hands over, read as a bank file: whatever it holds ends in an answer or in one sentence.

The bytes describe a file rather than being one: parts of any content, frames under checksums that fit, numbers of the
first page that lie, and then changes to any byte. A fuzzer would never meet a checksum by itself. `one` takes one
input, and is what the tests replay; `python tests/fuzz/bank_file.py CORPUS` looks for more, with atheris
(tests/fuzz/README says how).
"""

from __future__ import annotations

import struct
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from pathlib import Path

try:
    import atheris
except ImportError:  # the tests only replay
    from contextlib import nullcontext as instrumented
else:

    def instrumented():
        """The code whose branches a fuzzer is to see."""
        return atheris.instrument_imports(include=["takeback"])


with instrumented():
    from takeback import _kernel, bank_file
    from takeback.bank import Bank
    from takeback.errors import TakebackError
    from takeback.terms import Entry

PAGE, SECTIONS = bank_file.PAGE, bank_file.SECTIONS
UID = bytes(16)
ON = date(2026, 11, 24)
FAR = bytes(range(32))


class Source:
    """Numbers and bytes from an input; zeros and nothing when it is used up."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def bytes(self, count: int) -> bytes:
        """The next bytes."""
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        """The next number."""
        return int.from_bytes(self.bytes(size), "little")

    def part(self) -> bytes:
        """Bytes under their length."""
        return self.bytes(self.number(2))


def part(data: bytes) -> bytes:
    """The way back of `Source.part`."""
    return struct.pack("<H", len(data)) + data


def description(sections: dict[str, bytes], frames: list[tuple[int, bytes]]) -> bytes:
    """The input that describes a file without a lie in it."""
    parts = b"".join(part(sections.get(name, b"")) for name in SECTIONS if name != "index")
    return b"\0" + parts + bytes([len(frames)]) + b"".join(bytes([kind]) + part(text) for kind, text in frames)


def file_of(data: bytes) -> bytes:
    """The file that an input describes."""
    source = Source(data)
    flags = source.number(1)
    if flags & 1:
        return data[1:]
    sections = {name: source.part() if name != "index" else b"" for name in SECTIONS}
    if flags & 2:  # an index in which nothing is; the changes below may put something there
        sections["index"] = bytes(_kernel.index_bytes(len(sections["rows"]) // 32))
    body, places = bytearray(), {}
    for name, section in sections.items():
        digest = bytes(16) if name == "index" else blake2b(section, digest_size=16).digest()
        places[name] = bank_file.Place(PAGE + len(body), len(section), digest)
        body += section.ljust(bank_file.pages(len(section)), b"\0")
    end = PAGE + len(body)
    header = bank_file.Header(UID, len(sections["rows"]) // 32, source.number(2) if flags & 4 else 0, end, places)
    return changed(source, flags, bytearray(bank_file.pack_header(header)) + body + log(source, end))


def log(source: Source, at: int) -> bytes:
    """Frames whose checksums fit."""
    frames = bytearray()
    for _ in range(source.number(1)):
        frames += bank_file.pack_frame(source.number(1), source.part(), at + len(frames), UID)
    return bytes(frames)


def changed(source: Source, flags: int, file: bytearray) -> bytes:
    """The file with some bytes changed; with a first page whose checksum fits again, if the input wants that."""
    while source.at < len(source.data):
        at, bits = source.number(3) % len(file), source.part()
        file[at : at + len(bits)] = bits
    if flags & 8:
        file[bank_file.SUM_AT : bank_file.FIXED_AT] = blake2b(file[bank_file.FIXED_AT : PAGE], digest_size=32).digest()
    return bytes(file[: len(file) * source.data[0] // 256] if flags & 16 else file)


def one(data: bytes) -> None:
    """One input: the file that it describes is opened, asked, written to and compacted."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        path = Path(folder, "bank")
        path.write_bytes(file_of(data))
        for work in (read, write):
            assert "\n" not in refusal(work, path)


def refusal(work: Callable[[Path], None], path: Path) -> str:
    """What work is refused with, if it is."""
    try:
        work(path)
    except TakebackError as error:
        return error.say()
    return ""


def read(path: Path) -> None:
    """All that a reader does."""
    bank = Bank.open(path, clock=lambda: ON)
    values = [bytes(32), bytes([255] * 32), FAR, *(entry.value for entry in bank.entries(["0", "a"]))]
    for distance in (0, 31, 63):
        assert bank.match_many(values, distance) == [bank.match(value, distance) for value in values]
    assert sum(count for name, count in bank.info().items() if name in bank_file.STATUSES) == len(bank)
    bank.check()


def write(path: Path) -> None:
    """All that a writer does: what was withdrawn matches no more, whatever else the file holds."""
    bank, reader = Bank.open(path, clock=lambda: ON), Bank.open(path, clock=lambda: ON)
    mine = bank.add([Entry(FAR)])
    assert mine[0] in [match.entry for match in reader.match(FAR, 0)]
    found = {match.entry for match in bank.match(FAR, 31)}
    bank.withdraw(found)
    assert found.isdisjoint(match.entry for match in reader.match(FAR, 31))
    bank.compact()
    assert found.isdisjoint(match.entry for match in reader.match(FAR, 31))
    reader.check()


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
