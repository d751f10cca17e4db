"""`takeback verify` and `takeback stamp`: a package checked without any network, and one that is stamped later."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import terminal
from takeback.errors import BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from datetime import datetime

    from takeback import checking

SENDS = "only a hash goes to the authority; it sees where this connection comes from, and when"


def add(command: Callable[..., Any], asks: Callable[..., Any]) -> None:
    """Both commands and what they take."""
    made = asks(command("verify", verify, "is this package whole, and when was it stamped"), takes_given=False)
    made.add_argument("package", type=Path, metavar="PACKAGE", help="the folder that holds bagit.txt")
    roots(made)

    made = asks(command("stamp", stamp, "have a time-stamping authority vouch for a package's time"), takes_given=False)
    made.add_argument("package", type=Path, metavar="PACKAGE", help="the folder that holds bagit.txt")
    made.add_argument("--authority", metavar="URL", help="whom to ask (or set TAKEBACK_STAMP)")
    roots(made)


def roots(made: Any) -> None:
    """`--ca`: whom to trust."""
    made.add_argument("--ca", type=Path, metavar="FILE", help="the authority's root certificate (the system's own)")


def verify(arguments: argparse.Namespace) -> int:
    """`takeback verify`."""
    from takeback import checking  # noqa: PLC0415

    result = checking.verify(arguments.package, arguments.ca)
    print(terminal.document(result) if arguments.json else "\n".join(terminal.verify_lines(result)))
    return 0 if result["ok"] else 1


def stamper(arguments: argparse.Namespace, at: datetime) -> checking.Stamper | None:
    """What asks for the stamp of a package that is being made; None where nobody asked for one."""
    from takeback import checking  # noqa: PLC0415

    if not arguments.stamp:
        return None
    return checking.Stamper(arguments.stamp, checking.trusted(arguments.ca), at, patient=True)


def stamp(arguments: argparse.Namespace) -> int:
    """`takeback stamp`."""
    from takeback import checking  # noqa: PLC0415

    url = arguments.authority or os.environ.get(checking.ADDRESS)
    if not url:
        raise BadInput("which time-stamping authority shall be asked?", f"add --authority URL; {SENDS}")
    got = checking.stamp(arguments.package, url, checking.trusted(arguments.ca))
    result = {"stamped_at": got.at.isoformat(), "stamped_by": got.by}
    print(terminal.document(result) if arguments.json else "\n".join(terminal.stamp_lines(result)))
    return 0
