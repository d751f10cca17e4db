"""`takeback capture`: a page saved as evidence into a kept case. Asks what the page shows before it opens it.

With `--window` a Chromium opens that the person controls, pictures blurred: they log in, go where it is, and come back
here to say which page to take. Closing the window, or the end of the input, keeps nothing. The site sees this
connection's address, and who is logged in there; that is said first.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from typing import TYPE_CHECKING

from takeback import cli_case, errors, terminal
from takeback.cli_shared import now, say, with_passphrase
from takeback.terms import Situation
from takeback.words import _, later

if TYPE_CHECKING:
    import argparse

    from takeback.terms import Answer
    from takeback.wacz import Captured
    from takeback.wire.capture import Browser
    from takeback.wire.hand import Hand, Tab

FIRST = later("the site will see this connection's address, and who you are if you log in there")
ASKS = (
    (
        later("is anyone in it, even in the background, under 18? or could they look it?"),
        ("under18_real", "under18_look"),
    ),
    (later("is anyone in it naked or partly naked, or is it sexual?"), ("intimate",)),
    (later("does the person shown agree that you keep it?"), ("agreement",)),
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
        from takeback.store import memory  # noqa: PLC0415  only now, and only with the extra
        from takeback.wire.capture import Browser  # noqa: PLC0415

        with memory.room() as room:
            one = browser or Browser(blurred=not arguments.sharp, memory=room)
            return one.capture(url, _hand() if arguments.window else None)

    kept = capturing.capture(case, arguments.url, about, now(), look=look, new_id=lambda: secrets.token_hex(8))
    for one in kept:
        print(f"{one.ref}  {one.original_name}  SHA-256 {one.sha256}")
    return 0


def _asked(*, helps: bool) -> dict[str, Answer]:
    """What the person says of this page; "not sure" says nothing, and is never a no."""
    told: dict[str, Answer] = {}
    for ask, facts in ASKS if helps else ASKS[:-1]:
        words = {_("yes").lower(): "yes", _("no").lower(): "no", _("not sure").lower(): ""}
        sys.stderr.write(f"{_(ask)} ({', '.join(words)}) ")
        sys.stderr.flush()
        said = words.get(sys.stdin.readline().strip().lower())
        if said is None:
            raise errors.BadInput("nothing was opened", "write yes, no or not sure")
        for fact in facts if said else ():
            told[fact] = said
    return told


# ---------------------------------------------------------------- the window

GO = "go to the page in the window, and log in there if it asks. Then press enter here to save it"
KEEP = "pictures are clear in the window for a moment while it is saved; close the window to keep nothing"


def _hand() -> Hand:
    """What the person says of the window, here in the terminal."""
    from takeback.wire.hand import Hand  # noqa: PLC0415

    hand = Hand()
    threading.Thread(target=_say, args=(hand,), daemon=True).start()
    return hand


def _say(hand: Hand) -> None:
    hand.opened.wait()
    say(GO, KEEP)
    tab = _chosen(hand)
    hand.take(tab) if tab else hand.stop()


def _chosen(hand: Hand) -> Tab | None:
    """The one page that is open, or the one whose number the person writes; None where the input ends."""
    line = _line()
    while line is not None and (tabs := hand.tabs):
        said = line.strip()
        if len(tabs) == 1:
            return tabs[0]
        if said.isascii() and said.isdigit() and 0 < int(said) <= len(tabs):
            return tabs[int(said) - 1]
        for place, tab in enumerate(tabs, 1):
            sys.stderr.write(f"  {place}  {terminal.clean(tab.title)}  {terminal.clean(tab.url)}\n")
        sys.stderr.write(_("which of these pages? write its number") + " ")
        sys.stderr.flush()
        line = _line()
    return None


def _line() -> str | None:
    """A line that the person writes; None where the input has ended.

    Python's own reader is passed by: where the window was closed meanwhile, it would hold up the end of the program.
    """
    told = b""
    while not told.endswith(b"\n"):
        more = os.read(sys.stdin.fileno(), 1)
        if not more:
            return None
        told += more
    return told.decode(errors="replace")
