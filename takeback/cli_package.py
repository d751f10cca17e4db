"""`takeback verify` and `takeback stamp`: a package checked without any network, and one that is stamped later."""

from __future__ import annotations

import os
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from takeback import cli_case, terminal
from takeback.cli_shared import print_json, with_passphrase
from takeback.errors import BadInput
from takeback.words import _, later

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from takeback import stamping

SENDS = later("only a hash goes to the authority; it sees where this connection comes from, and when")


def add(command: Callable[..., Any], asks: Callable[..., Any]) -> None:
    """Both commands and what they take."""
    made = asks(command("verify", verify, "is this package whole, and when was it stamped"), takes_given=False)
    made.add_argument("package", type=Path, metavar="PACKAGE", help="the folder that holds bagit.txt, or a sealed file")
    made.add_argument("--identity", type=Path, metavar="FILE", help="the age key that opens a sealed package")
    with_passphrase(made)
    roots(made)

    made = asks(command("stamp", stamp, "have a time-stamping authority vouch for a package's time"), takes_given=False)
    made.add_argument("package", type=Path, metavar="PACKAGE", help="the folder that holds bagit.txt, or a sealed file")
    made.add_argument("--authority", metavar="URL", help="whom to ask (or set TAKEBACK_STAMP)")
    roots(made)


def roots(made: Any) -> None:
    """`--ca`: whom to trust."""
    made.add_argument("--ca", type=Path, metavar="FILE", help="the authority's root certificate (the system's own)")


def wishes(made: Any) -> None:
    """How a package is wanted that is being made."""
    made.add_argument("--hash-only", action="store_true", help="say in the package what the files are, without them")
    made.add_argument("--case-uco", action="store_true", help="add the list for forensic tools (CASE/UCO, JSON-LD)")
    made.add_argument("--stamp", metavar="URL", help=f"ask this authority for a time-stamp; {SENDS}")
    roots(made)


def verify(arguments: argparse.Namespace) -> int:
    """`takeback verify`."""
    from takeback import checking  # noqa: PLC0415

    ask = None
    if arguments.passphrase_fd is not None or (zipfile.is_zipfile(arguments.package) and sys.stdin.isatty()):
        ask = partial(cli_case.secret, arguments.passphrase_fd)
    result = checking.verify(arguments.package, arguments.ca, arguments.identity, ask)
    if arguments.json:
        print_json(result)
    else:
        print("\n".join(terminal.verify_lines(result)))
    return 0 if result["ok"] else 1


class Progress:
    """A line on a terminal that says how far it is: rewritten at each whole per cent, taken away at the end.

    Where `out` is no terminal, or there is nothing to do, nothing is written.
    """

    def __init__(self, out: TextIO, total: int) -> None:
        self.out, self.total, self.done, self.said = out, total, 0, -1
        self.shown = total > 0 and out.isatty()

    def passed(self, size: int) -> None:
        """So many bytes more are done."""
        self.done += size
        percent = min(100, self.done * 100 // self.total) if self.shown else -1
        if percent > self.said:
            self.said = percent
            self.out.write("\r" + _("files read and packed: {n} %", n=percent))
            self.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.said >= 0:
            self.out.write("\r\x1b[K")
            self.out.flush()


def progress(files: Sequence[Path], *, withheld: bool) -> Progress:
    """How far these files are: each is read once, and once more where it is packed."""
    sizes = sum(map(_size, files))
    return Progress(sys.stderr, sizes if withheld else 2 * sizes)


def _size(path: Path) -> int:
    """How large a file is; nothing where that can't be known, since the road itself says what is wrong with it."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def stamper(arguments: argparse.Namespace, at: datetime) -> stamping.Stamper | None:
    """What asks for the stamp of a package that is being made; None where nobody asked for one."""
    from takeback import stamping  # noqa: PLC0415

    if not arguments.stamp:
        return None
    return stamping.Stamper(arguments.stamp, stamping.trusted(arguments.ca), at, patient=True)


def stamp(arguments: argparse.Namespace) -> int:
    """`takeback stamp`."""
    from takeback import checking, stamping  # noqa: PLC0415

    url = arguments.authority or os.environ.get(stamping.ADDRESS)
    if not url:
        raise BadInput("which time-stamping authority shall be asked?", f"add --authority URL; {SENDS}")
    got = checking.stamp(arguments.package, url, stamping.trusted(arguments.ca))
    result = {"stamped_at": got.at.isoformat(), "stamped_by": got.by}
    if arguments.json:
        print_json(result)
    else:
        print("\n".join(terminal.stamp_lines(result)))
    return 0
