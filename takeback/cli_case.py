"""`takeback case`: the kept cases on the command line. Messages go to standard error, documents to standard output.

A passphrase is typed at a prompt, or read from a file descriptor that the person names; never from an argument, where
every list of processes would show it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import errors
from takeback.cli_shared import now, print_json, say, with_case, with_json, with_passphrase
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Callable

    from takeback.keeping import OpenCase

LONGEST = 1 << 16
"""Bytes of a passphrase from a file descriptor, and of an entry of the diary."""


def add(made: argparse.ArgumentParser) -> None:
    """The commands below `takeback case`."""
    commands = made.add_subparsers(title="commands", metavar="", required=True)

    def command(name: str, run: Any, about: str, *takes: Callable[[argparse.ArgumentParser], object]) -> None:
        one = commands.add_parser(name, help=about, description=about)
        for take in takes:
            take(one)
        one.set_defaults(run=run)

    command("list", list_, "the cases on this computer", with_json)
    about = later("a first account for the police, in the person's own words")
    command("account", account, about, with_case, _out, with_passphrase)
    command("diary", diary, "the diary, by day", with_case, _out, with_passphrase)
    command("note", note, "a new entry of the diary, read from standard input", with_case, _when, with_passphrase)
    command("export", export, "all of a case in one sealed file", with_case, _out)
    command("import", import_, "a case that was exported, kept on this computer from now on", _file, with_passphrase)
    command("erase", erase, "forget a case for good", with_case)


def _file(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="FILE", help="what `takeback case export` wrote")


def _out(made: argparse.ArgumentParser) -> None:
    made.add_argument("--out", type=Path, metavar="FILE", required=True, help="a new file")


def _when(made: argparse.ArgumentParser) -> None:
    made.add_argument("--day", default="", metavar="DATE", help="the day it happened")
    made.add_argument("--about", default="", metavar="WHEN", help="the time, or about when")


# ---------------------------------------------------------------- commands


def list_(arguments: argparse.Namespace) -> int:
    """`takeback case list`."""
    from takeback import keeping  # noqa: PLC0415

    cases = [{"case": one} for one in keeping.store().cases()]
    if arguments.json:
        print_json(cases)
    else:
        print("\n".join(one["case"] for one in cases) or _("no case is kept on this computer"))
    return 0


def account(arguments: argparse.Namespace) -> int:
    """`takeback case account`."""
    return _document("police-account", arguments)


def diary(arguments: argparse.Namespace) -> int:
    """`takeback case diary`."""
    return _document("diary", arguments)


def _document(letter: str, arguments: argparse.Namespace) -> int:
    from takeback import telling  # noqa: PLC0415
    from takeback.store import folder  # noqa: PLC0415

    form = arguments.out.suffix.lower().removeprefix(".")
    if form not in telling.forms(letter):
        endings = ", ".join(f".{one}" for one in telling.forms(letter))
        raise errors.BadInput(f"{arguments.out.name} needs another ending", f"choose one of {endings}")
    folder.must_be_new(arguments.out)
    opened = unlocked(arguments)
    made = telling.document(opened, letter, form, now())
    folder.write_file(arguments.out, lambda write: write(made.content))
    opened.add("exported", {"letter": letter, "name": made.name}, now())
    say(f"it is in {arguments.out}, and anyone who uses this computer can read it there", "read it before you give it")
    return 0


def note(arguments: argparse.Namespace) -> int:
    """`takeback case note`."""
    from takeback.terms import Incident  # noqa: PLC0415

    opened = unlocked(arguments)
    words = sys.stdin.read(LONGEST).strip()
    told = Incident(secrets.token_hex(8), day=arguments.day, about=arguments.about, what=words)
    opened.remember(told, now())
    say("this entry is kept")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """`takeback case export`."""
    from takeback import keeping, moving  # noqa: PLC0415

    moving.export(keeping.store(), arguments.id, arguments.out)
    say(f"the sealed case is in {arguments.out}", "HOW-TO-OPEN.txt in it says how to open it with age alone")
    return 0


def import_(arguments: argparse.Namespace) -> int:
    """`takeback case import`."""
    from takeback import journey, keeping, moving  # noqa: PLC0415

    with journey.open_file(arguments.file) as file:
        opened = moving.bring(keeping.store(), file, secret(arguments.passphrase_fd), now())
    say(f"the case {opened.id} is kept here now", "on the other computer, `takeback case erase` forgets it")
    return 0


def erase(arguments: argparse.Namespace) -> int:
    """`takeback case erase`."""
    from takeback import keeping  # noqa: PLC0415

    kept = keeping.store()
    if _typed(_("type the word forget to forget this case for good:") + " ") != "forget":
        raise errors.BadInput("nothing was forgotten", "type the word forget")
    kept.erase(arguments.id)
    say("this case is forgotten; nobody can read it any more")
    return 0


# ---------------------------------------------------------------- what they share


def unlocked(arguments: argparse.Namespace) -> OpenCase:
    """The case that a command names, opened with its passphrase."""
    from takeback import keeping  # noqa: PLC0415

    kept = keeping.store()
    kept.keys(arguments.id)  # a case that is not there is said before a passphrase is asked for
    return keeping.unlock(kept, arguments.id, secret(arguments.passphrase_fd), now())


def secret(descriptor: int | None) -> str:
    """A passphrase, from a prompt that shows nothing or from a file descriptor; none where it would be seen."""
    if descriptor is None:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            try:
                return getpass.getpass(f"{_('passphrase')}: ")
            except (getpass.GetPassWarning, EOFError) as error:
                raise errors.BadInput(
                    "a passphrase typed here would be seen on the screen, so none is asked for",
                    "use a terminal, or --passphrase-fd",
                ) from error
    try:
        with os.fdopen(descriptor, "rb") as file:
            return file.read(LONGEST).decode().rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise errors.BadInput(
            "the passphrase can't be read from there", "name a file descriptor that is open"
        ) from error


def _typed(ask: str) -> str:
    """One word typed by the person."""
    sys.stderr.write(ask)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower()
