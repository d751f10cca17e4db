"""`takeback capture`: a page saved as evidence into a kept case. Asks what the page shows before it opens it.

With `--window` a Chromium opens that the person controls, pictures blurred: they log in, go where it is, and come back
here. The site sees this connection's address, and who is logged in there; that is said first.
"""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from takeback import cli_case, errors
from takeback.cli_shared import now, say, with_passphrase
from takeback.terms import Situation

if TYPE_CHECKING:
    import argparse

    from takeback.terms import Answer
    from takeback.wacz import Captured
    from takeback.wire.capture import Browser

FIRST = "the site will see this connection's address, and who you are if you log in there"
ASKS = (
    ("is anyone in it, even in the background, under 18? or could they look it?", ("under18_real", "under18_look")),
    ("is anyone in it naked or partly naked, or is it sexual?", ("intimate",)),
    ("does the person shown agree that you keep it?", ("agreement",)),
)
"""What is asked of a page, as of every file. The last only where somebody helps another person."""


def add(made: argparse.ArgumentParser) -> None:
    """What `takeback capture` takes."""
    made.add_argument("url", metavar="URL", help="the address of the page")
    made.add_argument(
        "--case", required=True, metavar="CASE", help="which case keeps it; `takeback case list` shows them"
    )
    made.add_argument("--window", action="store_true", help="open a window, to log in and to go where it is")
    made.add_argument("--sharp", action="store_true", help="do not blur the pictures in the window")
    with_passphrase(made)
    made.set_defaults(run=capture)


def capture(arguments: argparse.Namespace, browser: Browser | None = None) -> int:
    """`takeback capture URL`."""
    from takeback import capturing, keeping, permit  # noqa: PLC0415

    arguments.id = arguments.case
    case = cli_case.unlocked(arguments)
    situation = case.state(now()).situation
    if why := keeping.closed(situation):
        raise why.error()
    say(FIRST)
    about = Situation(dict(_asked(helps=situation.get("role") in permit.HELPERS)))

    def look(url: str) -> Captured:
        from takeback.wire.capture import Browser  # noqa: PLC0415  only now, and only with the extra

        one = browser or Browser(window=arguments.window, blurred=not arguments.sharp)
        return one.capture(url, _ready if arguments.window else lambda: None)

    kept = capturing.capture(case, arguments.url, about, now(), look=look, new_id=lambda: secrets.token_hex(8))
    for one in kept:
        print(f"{one.ref}  {one.original_name}  SHA-256 {one.sha256}")
    return 0


def _asked(*, helps: bool) -> dict[str, Answer]:
    """What the person says of this page; "not sure" says nothing, and is never a no."""
    told: dict[str, Answer] = {}
    for ask, facts in ASKS if helps else ASKS[:-1]:
        sys.stderr.write(f"{ask} (yes, no, not sure) ")
        sys.stderr.flush()
        said = sys.stdin.readline().strip().lower()
        if said not in ("yes", "no", "not sure"):
            raise errors.BadInput("nothing was opened", "write yes, no or not sure")
        for fact in facts if said != "not sure" else ():
            told[fact] = said
    return told


def _ready() -> None:
    sys.stderr.write("go to the page in the window, then press enter here to save it ")
    sys.stderr.flush()
    sys.stdin.readline()
