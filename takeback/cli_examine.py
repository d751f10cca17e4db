"""`takeback examine`: what a file says of its own origin, in the order of what it is worth, with what it does not mean.

The child rule is said on standard error, and kept where `--given` brings answers. What strangers wrote into a file is
quoted, cleaned and cut; what may hurt to read is shown only with `--prompts`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import journey, terminal
from takeback.cli_shared import CHILD_RULE_EXAMINE, now, print_json, read_given, say
from takeback.words import _, again, later, n_, put

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

HIDDEN = later("the words are kept back, because they may hurt to read: --prompts shows them")
QUOTE = 300


def add(made: argparse.ArgumentParser) -> None:
    """What the command takes."""
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--given", metavar="GIVEN", help="answers, so that the child rule can be kept")
    made.add_argument(
        "--original",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a picture of your own, to compare",
    )
    made.add_argument(
        "--drawing",
        type=Path,
        metavar="FILE.svg",
        help="draw where parts of the first --original stand, without the pictures",
    )
    made.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="NAME",
        help="run a plug-in that you installed; none runs otherwise",
    )
    made.add_argument("--prompts", action="store_true", help="show words that may hurt to read too")
    made.add_argument("--all", action="store_true", help="show what every ordinary file has too")


def lines(found: Mapping[str, Any], *, prompts: bool, everything: bool) -> Iterator[str]:
    """A report as a terminal shows it."""
    from takeback.provenance.finding import METHOD_WORDS  # noqa: PLC0415  only where a file is examined

    yield from terminal.wrapped(_("{file}: {format}, {size} bytes", **found))
    yield f"sha256 {found['sha256']}"
    shown = [one for one in found["findings"] if everything or one["loud"]]
    for one in shown:
        yield from _finding(one, prompts=prompts)
    if found["nothing"]:
        yield ""
        yield from terminal.wrapped(again(found["nothing"]))
    dull = len(found["findings"]) - len(shown)
    if dull:
        more = n_(
            "and one more that every ordinary file has; --all shows it",
            "and {n} more that every ordinary file has; --all shows them",
            dull,
        )
        yield from ("", more)
    yield from terminal.heading("not looked at")
    for one in found["not_run"]:
        yield from terminal.wrapped(f"{_(METHOD_WORDS[one['method']])}: {again(one['because'])}", "    ", "  ")
    yield from terminal.heading("this is technical information, not expert opinion")


def _finding(one: Mapping[str, Any], *, prompts: bool) -> Iterator[str]:
    from takeback.provenance import WEIGHTS  # noqa: PLC0415

    yield from terminal.heading(again(WEIGHTS[one["weight"]]).lower())
    yield from terminal.wrapped(again(one["says"]))
    if one["care"] and not prompts:
        yield from terminal.wrapped(_(HIDDEN), "    ", "  ")
    else:
        for quote in one["quotes"]:
            yield from terminal.wrapped(f"{again(quote['name'])}: {quote['text'][:QUOTE]}", "    ", "  ")
    yield from terminal.wrapped(again(one["limits"]), "  ")


def _draw(target: Path, found: Mapping[str, Any]) -> tuple[str, str]:
    """Draw the first picture in which a part was found beside the file; what to say of it."""
    from takeback.provenance import drawing  # noqa: PLC0415
    from takeback.store import folder  # noqa: PLC0415

    shared = next((one for one in found["compared"] if one["patches"]), None)
    if shared is None:
        return put("no part of a picture of yours was found in it, so nothing was drawn"), put(
            "--original names your picture"
        )
    drawn = drawing.svg(shared["shapes"], shared["patches"]).encode()
    folder.write_file(target, lambda write: write(drawn))
    return put(f"the drawing is in {target}"), put("it holds outlines and lines, nothing of the pictures")


def run(arguments: argparse.Namespace) -> int:
    """`takeback examine`."""
    situation = read_given(arguments.given).situation if arguments.given else None
    if situation is None:
        say(CHILD_RULE_EXAMINE)
    found = journey.examine_file(arguments.file, situation, now().date(), arguments.original, arguments.plugin)
    for sentence in found["warnings"]:
        say(sentence)
    if arguments.drawing:
        say(*_draw(arguments.drawing, found))
    if arguments.json:
        return print_json(found)
    print("\n".join(lines(found, prompts=arguments.prompts, everything=arguments.all)))
    return 0
