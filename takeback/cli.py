"""The command line. Documents go to standard output, messages to standard error, and `--json` prints one document.

Exit codes: 0 done, 1 the answer is no, 2 the input or the command is wrong, 3 refused for safety. Lower case, no full
stop at the end; one line of what went wrong and one `hint:` line of what to do.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from takeback import (
    __version__,
    catalogues,
    cli_bank,
    cli_capture,
    cli_case,
    cli_due,
    cli_examine,
    cli_hash,
    cli_package,
    cli_packs,
    cli_removal,
    cli_watch,
    cli_words,
    journey,
    packs,
    terminal,
    words,
)
from takeback.cli_shared import now, print_json, read_given, say, with_json
from takeback.errors import BadFile, Refused, TakebackError
from takeback.words import _, again, later

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter gets its number
    with words.speaking(catalogues.chosen(catalogues.of_system(os.environ))):
        return run(parser().parse_args(argv))


def run(arguments: argparse.Namespace) -> int:
    """Run what was asked for, in the language in use."""
    try:
        return int(arguments.run(arguments))
    except TakebackError as error:
        say(error.say(), error.hint)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        say("stopped; nothing half-done was kept")
        return 130
    except Exception:
        if os.environ.get("TAKEBACK_TRACEBACK"):
            raise
        say("something went wrong inside takeback", "set TAKEBACK_TRACEBACK=1 to see where; please report it")
        return 2


ITS_OWN = later(
    (
        "commands",
        "positional arguments",
        "options",
        "show this help message and exit",
        "show program's version number and exit",
        "the following arguments are required: {arguments}",
        "unrecognized arguments: {arguments}",
        "argument {name}: {why}",
        "invalid choice: {choice} (choose from {choices})",
        "invalid int value: {value}",
        "expected one argument",
        "expected at least one argument",
    )
)
"""What argparse itself says, which `again` finds."""


class Parser(argparse.ArgumentParser):
    """argparse that answers a wrong command with one clear line, and speaks the language in use."""

    def format_help(self) -> str:
        """All that it takes, in the language; looked up only when it is asked for."""
        self.description = again(self.description or "")
        for group in self._action_groups:
            group.title = again(group.title or "")
        for one in self._actions:
            for action in (one, *getattr(one, "_choices_actions", ())):
                action.help = again(action.help or "")
        return super().format_help().replace("usage:", f"{_('usage')}:", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and where the help is."""
        say(message, f"{self.prog} --help shows what can be written")
        sys.exit(2)


def parser() -> Parser:
    """Every command and what it takes."""
    top = Parser(prog="takeback", description="from “there is a deepfake of me” to “it is down, and it stays down”")
    top.add_argument("--version", action="version", version=f"takeback {__version__}")
    top.set_defaults(run=app)
    commands = top.add_subparsers(title="commands", metavar="")

    def command(name: str, run: Any, about: str) -> Parser:
        made: Parser = commands.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        return made

    def asks(made: Parser, *, takes_given: bool = True) -> Parser:
        if takes_given:
            made.add_argument("given", metavar="GIVEN", help="answers: a .toml, .json or .yaml file, or - for stdin")
        with_json(made)
        return made

    command("demo", demo, "walk a made-up case through everything, then flip one byte")

    made = asks(command("plan", plan, "what may apply, whom to tell, and in what order"))
    made.add_argument("--on", type=day, metavar="DATE", help="the day whose law counts (today)")

    made = asks(command("start", start, "the whole road in one go: plan, hashes, package, reports"))
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder for what is made")
    made.add_argument("--exhibit", type=Path, action="append", default=[], metavar="FILE", help="a file to keep")
    made.add_argument("--url", action="append", default=[], metavar="URL", help="an address where it is")
    made.add_argument("--to", metavar="AGE-RECIPIENT", help="seal everything to this age recipient")
    cli_package.wishes(made)
    made.add_argument("--on", type=day, metavar="DATE", help="the day whose law counts (today)")

    cli_hash.add(command)
    cli_removal.add(
        asks(command("services", cli_removal.run, "removal services: whom for, what leaves, the next step"))
    )

    cli_examine.add(asks(command("examine", cli_examine.run, "what a file says of its own origin"), takes_given=False))

    cli_package.add(command, asks)

    made = asks(command("notice", notice, "one notice: complete, or refused with every missing element"))
    made.add_argument("--law", required=True, metavar="SLUG", help="which notice, such as us-take-it-down")
    made.add_argument("--field", type=field, action="append", default=[], metavar="NAME=VALUE")
    made.add_argument("--url", action="append", default=[], metavar="URL", help="an address where it is")
    made.add_argument("--out", type=Path, metavar="FILE", help="write a .pdf, .txt, .eml or .json instead")
    made.add_argument("--on", type=day, metavar="DATE", help="the day of the notice (today)")

    cli_capture.add(command("capture", None, "a page saved as evidence into a kept case"))
    cli_case.add(command("case", None, "the kept cases: list, account, diary, note, export, import, erase"))
    cli_watch.add(command("watch", None, "look again at each address of a case: is it still there?"))
    cli_watch.add_who(command("who", None, "who keeps a site: asks public registers, and the site itself"))
    cli_due.add(command)
    cli_bank.add(command("bank", None, "a bank of hashes: build, add, withdraw, match"))
    cli_packs.add(command("packs", None, "the law, routes and contacts: checked, read, drawn, proved"), day)

    cli_words.add(command("words", None, "the languages it speaks, how far each is, and the template for another"))

    made = command("site", site, "the static site: the same pages, for any host or phone")
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or a new file")
    made.add_argument("--single", action="store_true", help="one HTML file that opens from a USB stick")
    made.add_argument("--language", metavar="LANG", help="a language that there is a catalogue for, or a .po file")
    return top


def day(text: str) -> date:
    """A day on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it like 2026-11-24") from None


def field(text: str) -> tuple[str, str]:
    """NAME=VALUE on the command line."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} needs a name and a value, like contact=me@example.org")
    return name, value


def language(name: str) -> words.Catalogue:
    """A language by its name, or the catalogue of a translator who is still writing it."""
    if not name.endswith(".po"):
        return catalogues.load(name)
    try:
        return catalogues.read(Path(name).read_text("utf-8"), Path(name).stem)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{name} can't be read", "give a .po file in UTF-8") from error


# ---------------------------------------------------------------- commands


def app(_arguments: argparse.Namespace) -> int:
    """`takeback`: the local app."""
    from takeback.web import server  # noqa: PLC0415

    return server.run()


def demo(_arguments: argparse.Namespace) -> int:
    """`takeback demo`."""
    from takeback import demo as walk  # noqa: PLC0415

    packs.load()
    return walk.run()


def plan(arguments: argparse.Namespace) -> int:
    """`takeback plan`."""
    situation = read_given(arguments.given).situation
    drawn = journey.plan(situation, arguments.on or now().date())
    if arguments.json:
        return print_json(journey.plan_document(drawn))
    print("\n".join(terminal.plan_lines(drawn, packs.load(), situation)))
    return 0


def site(arguments: argparse.Namespace) -> int:
    """`takeback site`."""
    if arguments.language:
        with words.speaking(language(arguments.language)):
            return write_site(arguments)
    return write_site(arguments)


def write_site(arguments: argparse.Namespace) -> int:
    """The site in the language in use."""
    from takeback import site as pages  # noqa: PLC0415

    if arguments.single:
        pages.write_single(arguments.out, packs.load(), now().date())
        say(f"the site is the one file {arguments.out}", "it opens by itself in a browser, also from a USB stick")
        return 0
    pages.write(arguments.out, packs.load(), now().date())
    say(f"the site is in {arguments.out}", "any host can serve it; nothing in it sends anything")
    return 0


def start(arguments: argparse.Namespace) -> int:
    """`takeback start`."""
    from takeback import start as road  # noqa: PLC0415
    from takeback.handover import Wish  # noqa: PLC0415

    at = now()
    stamper = cli_package.stamper(arguments, at)
    with cli_package.progress(arguments.exhibit, withheld=arguments.hash_only) as progress:
        done = road.run(
            read_given(arguments.given),
            arguments.exhibit,
            arguments.url,
            arguments.out,
            at,
            case=secrets.token_hex(8),
            to=arguments.to,
            on=arguments.on,
            passed=progress.passed,
            wish=Wish(arguments.hash_only, stamper, arguments.case_uco),
        )
    if stamper and stamper.failed:
        say(f"the package has no stamp: {stamper.failed.say()}", stamper.failed.hint)
    for sentence in done.refused:
        say(sentence, "the plan, the addresses and the words are there all the same")
    if arguments.json:
        print_json(done.document())
    else:
        print("\n".join(terminal.start_lines(done)))
    if arguments.to is None:
        say(f"anyone who uses this computer can read {arguments.out}", "--to AGE-RECIPIENT seals it")
    return Refused.exit_code if done.refused else 0


def notice(arguments: argparse.Namespace) -> int:
    """`takeback notice`."""
    from takeback import handover, notice_twin  # noqa: PLC0415

    on = arguments.on or now().date()
    outcome = handover.notice(
        arguments.law,
        read_given(arguments.given),
        dict(arguments.field),
        arguments.url,
        on,
        now(),
        notice_twin.number(secrets.token_bytes(8)),
    )
    made = outcome.notice
    if arguments.json:
        print_json(outcome.document)
    elif made is None:
        say("this notice is not complete yet")
        print("\n".join(terminal.missing_lines(outcome.document["missing"])))
    elif arguments.out is None:
        print(made.text)
    if made and arguments.out is not None:
        handover.write_notice(made, arguments.out, now())
        say(f"the notice is in {arguments.out}", "read it, then send it yourself")
    return 0 if made else 1
