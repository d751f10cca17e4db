"""`takeback watch`, `takeback who`: the commands that ask others. Each says first who may see it, and asks.

`watch` looks again at the addresses of a kept case; `who` asks who keeps a site.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from takeback import cli_case, errors, terminal, words
from takeback.cli_shared import now, print_json, with_case, with_json, with_passphrase
from takeback.words import _, later

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from takeback.looks import Look
    from takeback.pack_terms import Contact
    from takeback.registers import Hosting
    from takeback.watching import Watch
    from takeback.wire.fetch import Wire

SEEN = later(
    {
        "same": "same",
        "elsewhere": "elsewhere",
        "gone": "gone",
        "soft-404": "soft-404",
        "replaced": "replaced",
        "login": "login",
        "unknown": "unknown",
    }
)
"""What a look came to, in a word of a column."""

COLOURS = {"same": "attention", "elsewhere": "attention", "gone": "good", "soft-404": "good", "replaced": "good"}


def add(made: argparse.ArgumentParser) -> None:
    """What `takeback watch` takes."""
    with_case(made)
    made.add_argument("--unknown", action="store_true", help="look at sites too that takeback does not know")
    made.add_argument("--yes", action="store_true", help="go on without asking")
    with_json(made)
    with_passphrase(made)
    made.set_defaults(run=watch)


def add_who(made: argparse.ArgumentParser) -> None:
    """What `takeback who` takes."""
    made.add_argument("url", metavar="URL", help="an address on the site")
    made.add_argument("--yes", action="store_true", help="go on without asking")
    with_json(made)
    made.set_defaults(run=who)


def who(arguments: argparse.Namespace, wire: Wire | None = None) -> int:
    """`takeback who URL`."""
    from takeback import packs, registers  # noqa: PLC0415
    from takeback.wire import fetch, rdap  # noqa: PLC0415

    rdap.asked(arguments.url)
    if not agreed(registers.FIRST, yes=arguments.yes):
        raise errors.BadInput("nobody was asked", "--yes goes on without asking")
    found = rdap.ask(wire or fetch.Wire(), arguments.url, packs.load().contacts)
    if arguments.json:
        print_json(found.data())
    else:
        print("\n".join(who_lines(found, packs.load().contacts)))
    return 0


def who_lines(found: Hosting, contacts: Mapping[str, Contact]) -> Iterator[str]:
    """Who keeps a site: whom to write to, the nearest first."""
    yield terminal.clean(found.host)
    if found.front:
        contact = contacts[found.front]
        yield "│ " + _("{name} stands in front of it", name=contact.name)
        yield from terminal.wrapped(contact.note, "│   ")
        yield from (f"│   {one.to}" for one in contact.reports if one.offered)
    for one in found.networks:
        yield "│ " + _("kept in the network of {name} ({what})", name=one.name or _("somebody unnamed"), what=one.what)
        yield from (f"│   {way}" for way in (*one.mails, *one.phones))
    if found.registrar:
        seller = found.registrar.name or _("somebody unnamed")
        yield "│ " + _("its name was sold by {name} ({what})", name=seller, what=found.registrar.what)
        yield from (f"│   {way}" for way in (*found.registrar.mails, *found.registrar.phones))
    for note in found.notes:
        yield from terminal.wrapped(words.again(note), "  ", "○ ")


def watch(arguments: argparse.Namespace, wire: Wire | None = None) -> int:
    """`takeback watch CASE`."""
    from takeback import watching  # noqa: PLC0415
    from takeback.wire import fetch  # noqa: PLC0415

    case = cli_case.unlocked(arguments)
    what = watching.plan(case.state(now()), unknown=arguments.unknown)
    if what.targets and not agreed(watching.FIRST, yes=arguments.yes):
        raise errors.BadInput("nothing was looked at", "--yes goes on without asking")
    round_ = watching.Watch(case, lambda: wire or fetch.Wire(), now)
    found = []
    for look in round_.run(what):
        found.append(look)
        if not arguments.json:
            print("\n".join(look_lines(look)), flush=True)
    document = watching.document(case, found, round_.left, now())
    if arguments.json:
        print_json(document)
    else:
        print("\n".join(end_lines(document, round_, what.only_status)))
    return 0


def look_lines(look: Look) -> Iterator[str]:
    """One look: what it came to, where, and why."""
    yield f"{terminal.paint('●', COLOURS.get(look.seen, 'quiet'))} {_(SEEN[look.seen]):9} {terminal.clean(look.url)}"
    yield from terminal.wrapped(words.again(look.reason), "│ ")
    if look.found and look.found != look.url:
        yield "│ " + _("at {address}", address=terminal.clean(look.found))


def end_lines(document: dict[str, Any], round_: Watch, only_status: str) -> Iterator[str]:
    """What was left out, why no page was opened, and how each notice stands."""
    from takeback.clock import STATES  # noqa: PLC0415

    if not document["looks"]:
        yield _("nothing was looked at")
    if only_status:
        yield from terminal.wrapped(_("only the status was asked for: {why}", why=words.again(only_status)))
    for left in round_.left:
        yield f"{terminal.paint('○', 'quiet')} {terminal.clean(left.url)}"
        yield from terminal.wrapped(words.again(left.because), "│ ")
    for one in document["notices"]:
        state = _(STATES[one["state"]]).rstrip(".").lower()
        stands = _("notice {number}: {state}", number=one["id"], state=state)
        yield stands + (", " + _("due {at}", at=one["due"]) if one["due"] else "")


def agreed(first: str, *, yes: bool) -> bool:
    """Say what others may see, and ask; without a terminal the command itself is the answer."""
    sys.stderr.write("\n".join(terminal.wrapped(words.again(first))) + "\n")
    if yes or not sys.stdin.isatty():
        return True
    sys.stderr.write(f"{_('go on?')} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
