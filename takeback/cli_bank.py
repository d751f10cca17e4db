"""`takeback bank`: hashes that somebody consented to, for whoever keeps a platform free of them.

Hashes come as lines or as a table (bank_lines.py says how; `.parquet` too, where pyarrow is installed), from files or,
with `-`, from standard input. `match` takes hashes, or pictures, which are opened in the cage as `takeback hash` does.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from takeback import bank_lines, journey, terminal, vault
from takeback.cli_shared import CHILD_RULE, say, with_json
from takeback.errors import BadFile, BadInput
from takeback.signals import THRESHOLD
from takeback.terms import Entry

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from takeback.bank import Bank
    from takeback.terms import Match


AGE = b"age-encryption.org/v1"


def add(commands: argparse.ArgumentParser) -> None:
    """The commands below `takeback bank`."""
    below = commands.add_subparsers(title="commands", metavar="", required=True)

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        made = below.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        made.add_argument("bank", type=Path, metavar="BANK", help="the bank's file")
        return made

    def from_files(made: argparse.ArgumentParser, how_many: str) -> None:
        made.add_argument("files", nargs=how_many, metavar="FILE", help="hashes: lines, .csv or .parquet; - for stdin")
        made.add_argument("--benign", type=Path, metavar="BANK", help="hashes near an entry of this bank are held back")

    from_files(command("build", build, "a new bank"), "*")
    from_files(command("add", add_, "hashes that match from now on; all of them or none"), "+")
    made = command("withdraw", withdraw, "entries that never match again from now on")
    made.add_argument("ids", nargs="+", metavar="ID", help="- reads one a line from stdin")
    made = command("activate", activate, "entries that were held back match from now on")
    made.add_argument("ids", nargs="+", metavar="ID", help="- reads one a line from stdin")

    def with_identity(made: argparse.ArgumentParser) -> None:
        made.add_argument("--identity", metavar="FILE", help="the age key that opens the bank, if it is sealed")

    made = command("match", match, "the entries near a hash or a picture")
    with_identity(made)
    made.add_argument("queries", nargs="+", metavar="HASH|FILE", help="- reads one a line from stdin")
    made.add_argument("--distance", type=int, default=THRESHOLD, metavar="N", help=f"differing bits ({THRESHOLD})")
    made.add_argument("--json", action="store_true", help="one JSON document a line")
    made = command("info", info, "what is in a bank")
    with_identity(made)
    made.add_argument("--check", action="store_true", help="read all of it: is anything in it damaged")
    with_json(made)
    command("compact", compact, "write it anew without what was withdrawn or has expired")


def opened(path: Path, identity: str | None = None) -> Bank:
    """The bank that a command names; one that is sealed is opened into memory."""
    from takeback.bank import Bank  # noqa: PLC0415

    if not is_sealed(path):
        return Bank.open(path)
    if identity is None:
        raise BadInput(
            "This bank is sealed with age",
            "`match` and `info` open it with --identity FILE; open it with age to change it",
        )
    key = vault.identity("".join(lines(identity)))
    with path.open("rb") as sealed:
        return Bank.in_memory(unsealed(sealed, key))


def is_sealed(path: Path) -> bool:
    """Whether this is a file of age's."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(AGE)) == AGE
    except OSError:
        return False  # the bank says better why it can't be opened


def unsealed(sealed: BinaryIO, key: vault.CaseKey) -> Iterator[bytes]:
    """The bytes of a sealed bank."""
    try:
        yield from vault.open_stream(sealed, key)
    except BadFile as error:
        raise BadFile(
            "This key does not open this bank, or the bank has changed", "which key was it sealed to"
        ) from error


class Progress:
    """How far long work has come, on a terminal, once it has taken a second."""

    def __init__(self) -> None:
        self._start, self._said = time.monotonic(), False

    def __call__(self, part: float) -> None:
        """Say it."""
        if sys.stderr.isatty() and (self._said or time.monotonic() - self._start > 1):
            self._said = True
            sys.stderr.write(f"\r{part:4.0%}" + ("\n" if part >= 1 else ""))
            sys.stderr.flush()


# ---------------------------------------------------------------- what comes in


def lines(name: str) -> Iterator[str]:
    """The lines of a file, or of standard input."""
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, ValueError) as error:
        why = "it is not UTF-8 text" if isinstance(error, ValueError) else (error.strerror or "no reason given").lower()
        raise BadFile(f"{name} can't be read: {why}", "check the name and try again") from error


def parquet(name: str) -> list[Entry]:
    """The entries of a Parquet file."""
    try:
        from pyarrow import ArrowException  # noqa: PLC0415
        from pyarrow.parquet import read_table  # noqa: PLC0415
    except ImportError:
        raise BadInput(
            "Parquet needs one more package", "pip install 'takeback[parquet]', or export it as .csv"
        ) from None
    try:
        records = read_table(name).to_pylist()
    except (ArrowException, OSError) as error:
        raise BadFile(f"{name} can't be read as Parquet", "check the name and try again") from error
    hashes = ({k: v.hex() if isinstance(v, bytes) else v for k, v in one.items()} for one in records)
    return bank_lines.table((f"row {number}", record) for number, record in enumerate(hashes, 1))


def read(names: Iterable[str]) -> list[Entry] | bytes:
    """What all of these files hold: plain hashes as long as that is all there is."""
    parts = [parquet(name) if name.endswith(".parquet") else bank_lines.read(lines(name)) for name in names]
    if all(isinstance(part, bytes) for part in parts):
        return b"".join(part for part in parts if isinstance(part, bytes))
    return [one for part in parts for one in entries(part)]


def entries(part: list[Entry] | bytes) -> list[Entry]:
    """Plain hashes as entries of which nothing more is known."""
    return part if isinstance(part, list) else [Entry(part[i : i + 32]) for i in range(0, len(part), 32)]


def words(given: Iterable[str]) -> list[str]:
    """The words of a command, those on standard input in the place of `-`."""
    found = [word for one in given for word in ((line.strip() for line in sys.stdin) if one == "-" else (one,)) if word]
    return list(dict.fromkeys(found))


# ---------------------------------------------------------------- commands


def build(arguments: argparse.Namespace) -> int:
    """`takeback bank build`."""
    from takeback.bank import Bank, hold  # noqa: PLC0415

    found = read(arguments.files)
    if arguments.benign:
        found = hold(entries(found), opened(arguments.benign))
    bank = Bank.build(found, arguments.bank, progress=Progress())
    say(f"{arguments.bank} holds {counted(len(bank))}; only you can read it")
    return said_held(bank)


def add_(arguments: argparse.Namespace) -> int:
    """`takeback bank add`."""
    bank = opened(arguments.bank)
    benign = opened(arguments.benign) if arguments.benign else None
    ids = bank.add(entries(read(arguments.files)), benign)
    print("\n".join(terminal.clean(one) for one in ids))
    say(f"added {counted(len(ids))}")
    return said_held(bank)


def said_held(bank: Bank) -> int:
    """Say how many entries wait for a person."""
    if held := bank.info()["received"]:
        say(f"{counted(held)} held back, of low quality or near a benign picture: look, then `takeback bank activate`")
    return 0


def counted(number: int) -> str:
    """A number of entries in words."""
    return "1 entry" if number == 1 else f"{number} entries"


def withdraw(arguments: argparse.Namespace) -> int:
    """`takeback bank withdraw`."""
    done = opened(arguments.bank).withdraw(words(arguments.ids))
    say(f"withdrew {counted(done)}; `takeback bank compact` takes them out of the file")
    return 0


def activate(arguments: argparse.Namespace) -> int:
    """`takeback bank activate`."""
    say(f"activated {counted(opened(arguments.bank).activate(words(arguments.ids)))}")
    return 0


def match(arguments: argparse.Namespace) -> int:
    """`takeback bank match`."""
    bank, failed = opened(arguments.bank, arguments.identity), False
    for query, value, error in asked(words(arguments.queries)):
        found = [] if error else bank.match(value, arguments.distance)
        if arguments.json:
            matches = [{"entry": one.entry, "distance": one.distance} for one in found]
            print(
                json.dumps(
                    {"query": query, "matches": matches, **({"error": error} if error else {})}, ensure_ascii=False
                )
            )
        elif error:
            say(f"{query}: {error}")
        else:
            print("\n".join(match_lines(query, found)))
        failed = failed or bool(error)
    return 2 if failed else 0


def asked(queries: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Each query, its hash, and why it has none."""
    warned = False
    for query in queries:
        if bank_lines.is_hash(query):
            yield query, query, ""
            continue
        if not warned:
            say(CHILD_RULE)
            warned = True
        for one in journey.hash_files([Path(query)], None):
            value = next((signal["value"] for signal in one.get("signals", ()) if signal["type"] == "pdq"), "")
            yield query, value, "" if value else one.get("error", "this file has no PDQ hash")


def match_lines(query: str, found: Iterable[Match]) -> list[str]:
    """One line a match."""
    return terminal.table((query, one.entry, f"{one.distance} bits") for one in found) or [
        f"{terminal.clean(query)}  no match"
    ]


def info(arguments: argparse.Namespace) -> int:
    """`takeback bank info`."""
    bank = opened(arguments.bank, arguments.identity)
    if arguments.check:
        bank.check()
    about = bank.info()
    if arguments.json:
        print(json.dumps(about))
    else:
        print("\n".join(terminal.table((name.replace("_", " "), str(said)) for name, said in about.items())))
    return 0


def compact(arguments: argparse.Namespace) -> int:
    """`takeback bank compact`."""
    bank = opened(arguments.bank)
    before = len(bank)
    bank.compact(Progress())
    say(f"{counted(before - len(bank))} taken out, {counted(len(bank))} left")
    return 0
