"""What the commands share: options, messages, the one clock, and answers read from a file.

Messages go to standard error, one line of what is so and one `hint:` line of what to do; documents to standard output.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import given, packs, terminal
from takeback.errors import BadFile, BadInput
from takeback.words import _, again, later

if TYPE_CHECKING:
    import argparse

    from takeback.terms import Given

LONGEST_GIVEN = 1 << 20
SUFFIXES = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
CHILD_RULE = later(
    "only hash what shows nobody who is or looks under 18 naked or sexual; for a child, "
    "Report Remove, Take It Down and the police can take it"
)
CHILD_RULE_EXAMINE = later(
    "only examine what shows nobody who is or looks under 18 naked or sexual; for a child, "
    "Report Remove, Take It Down and the police can take it"
)


def with_json(made: argparse.ArgumentParser) -> None:
    """`--json`."""
    made.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def with_case(made: argparse.ArgumentParser) -> None:
    """The case that a command is about."""
    made.add_argument("id", metavar="CASE", help="which case; `takeback case list` shows them")


def with_passphrase(made: argparse.ArgumentParser) -> None:
    """`--passphrase-fd`: a passphrase is never an argument, where every list of processes would show it."""
    made.add_argument("--passphrase-fd", type=int, metavar="N", help="read the passphrase from this file descriptor")


def say(what: str, hint: str = "") -> None:
    """A message, and what to do, on standard error."""
    first, *more = again(what).splitlines() or [""]
    sys.stderr.write(f"takeback: {terminal.clean(first)}\n" + "".join(f"  {terminal.clean(line)}\n" for line in more))
    if hint:
        sys.stderr.write(f"{_('hint')}: {terminal.clean(again(hint))}\n")


def print_json(document: Any) -> int:
    """One JSON document on standard output."""
    print(terminal.document(document))
    return 0


def now() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC).replace(microsecond=0)


def read_given(name: str) -> Given:
    """The answers in a file, or on standard input."""
    if name == "-":
        text = sys.stdin.read(LONGEST_GIVEN)
        form = "json" if text.lstrip().startswith(("{", "[")) else "yaml"
        return given.read(text, form, packs.load())
    path = Path(name)
    form = SUFFIXES.get(path.suffix.lower(), "")
    if not form:
        raise BadInput(f"{name} needs a name that ends in .toml, .json or .yaml", "or use - to read JSON or YAML")
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_GIVEN).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = _why(error)
        raise BadFile(f"{name} can't be read: {why}", "check the name and try again") from error
    return given.read(text, form, packs.load())


def _why(error: OSError | ValueError) -> str:
    """Why a file can't be read: in our own words where we have some, since a system has its own language."""
    match error:
        case ValueError():
            return later("it is not UTF-8 text")
        case FileNotFoundError():
            return later("there is no such file")
        case IsADirectoryError():
            return later("it is a folder")
        case _:
            return error.strerror or later("no reason given")
