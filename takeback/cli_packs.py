"""`takeback packs`: the law, the routes and the people to turn to, for whoever writes or reviews them.

`check` finds all that is wrong, `prove` shows what holds whatever is answered, `list`, `show`, `graph` and `stale` are
for reading. Each takes another folder than Takeback's own, so that a copy can be edited and tried.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import packs, terminal
from takeback.cli_shared import print_json, with_json
from takeback.errors import BadFile, BadInput

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from takeback.pack_check import Fault
    from takeback.pack_terms import Packs

DAYS = 180
"""How long a fact is taken to stay true before someone looks again."""


def add(commands: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """The commands below `takeback packs`."""
    below = commands.add_subparsers(title="commands", metavar="", required=True)

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        made = below.add_parser(name, help=about, description=about)
        made.set_defaults(run=run)
        if name != "check":
            made.add_argument("--folder", type=Path, metavar="FOLDER", help="other packs than Takeback's own")
        if name != "graph":
            with_json(made)
        return made

    made = command("check", check, "all that is wrong with the packs, each with its line and what to try")
    made.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="a copy with packs/ and contacts/ in it")
    command("list", list_, "every law, route, contact, notice and guide")
    made = command("show", show, "one of them (or a question) as a lawyer would want to read it")
    made.add_argument("id", metavar="ID", help="such as EW-66B1, RT-101, consent_share or guides/hate")
    made.add_argument("--on", type=day, metavar="DATE", help="the law as it stood on this day")
    made = command("graph", graph, "a law, a route, or the whole interview, drawn as SVG")
    made.add_argument("id", nargs="?", metavar="ID", help="a law or a route; without one, the interview")
    made.add_argument("--out", type=Path, required=True, metavar="FILE.svg")
    made = command("stale", stale, "what is old, unverified or from memory")
    made.add_argument("--days", type=int, default=DAYS, metavar="N", help=f"how many days are old ({DAYS})")
    made.add_argument("--on", type=day, metavar="DATE", help="counted from this day (today)")
    made = command("prove", prove, "what holds whatever anybody answers, or the answers that break it")
    made.add_argument("only", nargs="*", metavar="OBLIGATION", help="only these (all)")


def root(folder: Path | None) -> Any:
    """The folder that holds packs/ and contacts/: Takeback's own, or another."""
    if folder is None:
        return packs.ROOT
    if not (folder / "packs").is_dir():
        raise BadFile(f"{folder} holds no packs", "name a folder with packs/ and contacts/ in it, as takeback/ has")
    return folder


def loaded(arguments: argparse.Namespace) -> Packs:
    """The packs that a command reads."""
    return packs.load(root(arguments.folder))


def printed(lines: Iterator[str] | Sequence[str]) -> int:
    """Lines on standard output."""
    print("\n".join(lines))
    return 0


def today() -> date:
    """The day it is."""
    return datetime.now(UTC).date()


# ---------------------------------------------------------------- commands


def check(arguments: argparse.Namespace) -> int:
    """`takeback packs check`."""
    from takeback import pack_check  # noqa: PLC0415  it runs notices, which `plan` does not need

    faults = pack_check.check(root(arguments.folder), today())
    wrong = sum(not fault.warning for fault in faults)
    if arguments.json:
        keys = ("file", "line", "check", "what", "remedy", "warning")
        print_json({"ok": not wrong, "problems": [{key: getattr(fault, key) for key in keys} for fault in faults]})
    else:
        lines = [fault_line(fault, Path(str(root(arguments.folder)))) for fault in faults]
        printed([*lines, counted(wrong, len(faults) - wrong)])
    return 1 if wrong else 0


def fault_line(fault: Fault, folder: Path) -> str:
    """`file:line  check  what  → try this`, with a file that an editor can open from here."""
    file = folder / ("" if fault.file.startswith("contacts/") else "packs") / fault.file
    near = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    place = terminal.paint(f"{near}:{fault.line}", "strong")
    name = terminal.paint(fault.check, "attention" if fault.warning else "danger")
    return f"{place}  {name}  {terminal.clean(fault.what)}  → {fault.remedy}"


def counted(wrong: int, warnings: int) -> str:
    """How it went, in one line."""
    if not wrong and not warnings:
        return terminal.paint("whole", "good") + ": every check holds"
    return f"{wrong} problem{'s' * (wrong != 1)}, {warnings} warning{'s' * (warnings != 1)}"


def list_(arguments: argparse.Namespace) -> int:
    """`takeback packs list`."""
    from takeback import pack_list  # noqa: PLC0415  other commands stay quick

    rows = pack_list.rows(loaded(arguments))
    if arguments.json:
        return print_json(rows)
    for group, listed in rows.items():
        printed(terminal.heading(f"{len(listed)} {group}"))
        cells = [(r["id"], " ".join(r["nations"]), ", ".join(r["kinds"]), r["grade"], r["checked"]) for r in listed]
        printed(terminal.table(cells) if cells else [])
    return 0


def show(arguments: argparse.Namespace) -> int:
    """`takeback packs show`."""
    from takeback import pack_show  # noqa: PLC0415  other commands stay quick

    known = loaded(arguments)
    pack = pack_show.find(arguments.id, known)
    if arguments.json:
        return print_json(pack_show.document(pack_show.on_day(pack, arguments.on)))
    return printed(pack_show.lines(pack_show.on_day(pack, arguments.on), known))


def graph(arguments: argparse.Namespace) -> int:
    """`takeback packs graph`."""
    from takeback import pack_graph  # noqa: PLC0415  other commands stay quick

    drawn = pack_graph.draw(arguments.id, loaded(arguments))
    try:
        arguments.out.write_text(drawn, "utf-8")
    except OSError as error:
        raise BadFile(f"{arguments.out} can't be written: {(error.strerror or '').lower()}") from error
    return 0


def stale(arguments: argparse.Namespace) -> int:
    """`takeback packs stale`."""
    from takeback import pack_list  # noqa: PLC0415  other commands stay quick

    known, on = loaded(arguments), arguments.on or today()
    if arguments.days < 0:
        raise BadInput("--days needs a number of days", "such as --days 180")
    found, unread = pack_list.stale(known, on, arguments.days), pack_list.unread(known)
    if arguments.json:
        rows = [{"sort": s.sort, "id": s.id, "checked": s.checked.isoformat(), "why": list(s.why)} for s in found]
        return print_json({"on": on.isoformat(), "days": arguments.days, "stale": rows, "unread": unread})
    for one in found:
        head = f"{one.sort} {terminal.paint(one.id, 'strong')}, checked {one.checked}"
        printed([head, *(line for why in one.why for line in terminal.wrapped(why, "    ", "  · "))])
    said = ", ".join(f"{number} {group}" for group, number in unread.items() if number)
    return printed(["", f"not yet read by a lawyer: {said or 'nothing'}"])


def prove(arguments: argparse.Namespace) -> int:
    """`takeback packs prove`."""
    from takeback import every_answer  # noqa: PLC0415  z3 is large, and only this needs it
    from takeback import prove as proof  # noqa: PLC0415

    if unknown := [name for name in arguments.only if name not in proof.OBLIGATIONS]:
        raise BadInput(f"there is no obligation {unknown[0]}", f"choose of {', '.join(proof.OBLIGATIONS)}")
    proofs = []
    for one in proof.prove(every_answer.World(loaded(arguments)), arguments.only):
        proofs.append(one)
        if not arguments.json:
            printed(proof_lines(one))
    if arguments.json:
        print_json(proof.document(proofs))
    return 1 if any(one.broken for one in proofs) else 0


def proof_lines(one: Any) -> Iterator[str]:
    """One obligation: proved, or the answers that break it."""
    verdict = terminal.paint("broken", "danger") if one.broken else terminal.paint("proved", "good")
    yield from terminal.wrapped(one.says, "        ", f"{verdict}  ")
    for broken in one.broken:
        yield from terminal.wrapped(broken.what, "          ", "        ")
        if broken.case:
            yield f"          on = {broken.case.on}"
            for fact, answer in broken.case.situation.answers.items():
                yield f"          {fact} = {json.dumps(answer)}"
