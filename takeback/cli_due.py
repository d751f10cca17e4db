"""`takeback where`, `due` and `overdue`: where something is, what is due, and the record of what was not done in time.

Documents go to standard output, messages to standard error. A passphrase comes from a prompt or a file descriptor.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import cli_package, errors, packs, places, terminal
from takeback.cli_case import secret, unlocked
from takeback.cli_shared import now, print_json, read_given, say, with_case, with_json, with_passphrase
from takeback.words import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from takeback.due import Entry
    from takeback.store.cases import Store

LONGEST = 1 << 20


def add(command: Callable[..., Any]) -> None:
    """The three commands. `command` makes one."""
    made = command("where", where, "where something is: paste an address, a list or a page of text")
    made.add_argument("text", metavar="TEXT", help="an address or any text, or - for standard input")
    made.add_argument("--given", metavar="GIVEN", help="answers, so that the right way to report comes first")
    with_json(made)

    made = command("due", due_, "what is due and overdue, over all cases")
    made.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="another data folder than your own")
    made.add_argument("--csv", type=Path, metavar="FILE", help="write a new table instead")
    made.add_argument("--reminders", type=Path, metavar="FILE", help="write a new calendar of reminders instead")
    with_passphrase(made)
    with_json(made)

    made = command("overdue", overdue, "the record of a notice whose time has passed, as a package")
    with_case(made)
    made.add_argument("--notice", required=True, metavar="ID", help="its number, such as TB-7K3M-2QXD")
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    made.add_argument("--stamp", metavar="URL", help=f"ask this authority for a time-stamp; {cli_package.SENDS}")
    made.add_argument("--ca", type=Path, metavar="FILE", help="the roots that vouch for the authority")
    with_passphrase(made)
    with_json(made)


# ---------------------------------------------------------------- where


def where(arguments: argparse.Namespace) -> int:
    """`takeback where`. Exit code 1 where nothing in the text is a place that can be reported."""
    from takeback import whereabouts  # noqa: PLC0415

    known = packs.load()
    text = sys.stdin.read(LONGEST) if arguments.text == "-" else arguments.text
    harms = places.harms(read_given(arguments.given).situation) if arguments.given else ()
    found = [whereabouts.as_json(place, harms) for place in whereabouts.read(text, known.contacts)]
    if arguments.json:
        print_json(found)
    else:
        print("\n".join(line for one in found for line in _where_lines(one)) or _("no address in it"))
    return 0 if any(one["wrong"] is None for one in found) else 1


def _where_lines(one: Mapping[str, Any]) -> Iterator[str]:
    from takeback import whereabouts  # noqa: PLC0415

    if one["wrong"]:
        yield from terminal.wrapped(one["wrong"], "  ", terminal.paint("× ", "attention"))
        return
    name = f"{one['platform']['name']}: " if one["platform"] else ""
    yield from terminal.wrapped(one["address"] or one["text"], "  ", terminal.paint("● ", "action"))
    parts = whereabouts.parts(one["parts"])
    yield from terminal.wrapped(
        f"{name}{_(whereabouts.KINDS[one['kind']])}" + (f" ({parts})" if parts else ""), "  ", "  "
    )
    for doubt in one["doubts"]:
        yield from terminal.wrapped(doubt, "    ", terminal.paint("  ! ", "attention"))
    for words in one["save_first"]:
        yield from terminal.wrapped(words, "    ", "  1 ")
    yield from _report_lines(one["reports"])


def _report_lines(reports: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The first way that was checked; a way that nobody checked is only named."""
    checked = [one for one in reports if one["checked"]]
    for one in checked[:2]:
        yield from terminal.wrapped(_("report it: {where}", where=one["to"]), "    ", "  2 ")
        for words in filter(None, (one["asks"] and _("it asks for: {what}", what=one["asks"]), one["next"])):
            yield from terminal.wrapped(words, "    ")
    if not checked and reports:
        yield from terminal.wrapped(
            _("report it there (nobody checked this): {where}", where=reports[0]["to"]), "    ", "  2 "
        )


# ---------------------------------------------------------------- due


def due_(arguments: argparse.Namespace) -> int:
    """`takeback due`. Exit code 0, also where something is overdue; cases that stay closed are named."""
    from takeback import due, spans, tracking  # noqa: PLC0415
    from takeback.store import folder as disk  # noqa: PLC0415

    kept, at = _store(arguments.folder), now()
    cases = kept.cases()
    said = secret(arguments.passphrase_fd) if cases else ""
    found, shut = tracking.over_all(kept, cases, said, at, spans.zone(spans.HOME))
    entries = due.ordered(found)
    for case in shut:
        say(f"case {case} stayed closed", "another passphrase opens it")
    if arguments.csv is not None:
        disk.write_file(arguments.csv, lambda write: write(due.table(entries).encode()))
        say(f"the table is in {arguments.csv}, and anyone who uses this computer can read it there")
    elif arguments.reminders is not None:
        disk.write_file(arguments.reminders, lambda write: write(due.reminders(entries, at)))
        say(f"the reminders are in {arguments.reminders}", "they say nothing but when to look again")
    elif arguments.json:
        print_json([due.as_json(one) for one in entries])
    else:
        print("\n".join(line for one in entries for line in _due_lines(one)) or _("nothing was made ready to send yet"))
    return 0


def _store(folder: Path | None) -> Store:
    """The cases of this computer, or those of another data folder, which has to be one."""
    from takeback import keeping  # noqa: PLC0415

    if folder is None:
        return keeping.store()
    if not (folder / "cases.sqlite3").is_file():
        raise errors.BadInput(f"there are no cases in {folder}", "leave it out for your own cases")
    from takeback.store.cases import Store as Cases  # noqa: PLC0415

    return Cases(folder)


def _due_lines(entry: Entry) -> Iterator[str]:
    from takeback import due  # noqa: PLC0415

    one = entry.notice
    mark = {"overdue": "×", "due": "○", "removed": "●"}.get(one.state, "◉")
    colour = "attention" if one.state in ("overdue", "reappeared", "refused") else "action"
    yield from terminal.wrapped(f"{_(one.site)}: {due.says(one, now())}", "│ ", terminal.paint(f"{mark} ", colour))
    number = ", " + _("their number {number}", number=one.reference) if one.reference else ""
    case = _("case {id}", id=entry.case)
    yield from terminal.wrapped(f"{one.title}, {one.id}{number}, {case}", "│ ", "│ ")
    yield "│"


# ---------------------------------------------------------------- overdue


def overdue(arguments: argparse.Namespace) -> int:
    """`takeback overdue`."""
    from takeback import sending, spans, tracking  # noqa: PLC0415
    from takeback.store import folder as disk  # noqa: PLC0415

    disk.must_be_new(arguments.out)
    case = unlocked(arguments)
    about = tracking.one(case, arguments.notice, now(), spans.zone(spans.HOME))
    stamper = cli_package.stamper(arguments, now())
    disk.write_folder(arguments.out, sending.overdue_package(case, about, now(), stamper))
    if stamper and stamper.failed:
        say(f"the package has no stamp: {stamper.failed.say()}", stamper.failed.hint)
    stamped = stamper.got.at.isoformat() if stamper and stamper.got else ""
    case.add("package", {"how": "plain", "notice": about.id, "stamped": stamped}, now())
    name = f"record-{about.id.lower()}"
    if arguments.json:
        papers = [f"data/papers/{name}.{ending}" for ending in ("pdf", "txt", "json")]
        print_json({"dir": str(arguments.out), "notice": about.id, "papers": papers})
    say(f"the record is in {arguments.out}, and anyone who uses this computer can read it there", "read it first")
    return 0
