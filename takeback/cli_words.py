"""`takeback words`: the languages that Takeback speaks, how far each is, and the template for another one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import catalogues, packs, po, words
from takeback.cli_shared import print_json, with_json
from takeback.errors import BadFile

if TYPE_CHECKING:
    import argparse

    from takeback.word_list import Count


def add(parser: argparse.ArgumentParser) -> None:
    """The command and what it takes."""
    parser.add_argument("files", nargs="*", metavar="FILE.po", help="catalogues to look through; those that are there")
    parser.add_argument("--pot", action="store_true", help="print the template that a translator starts from")
    with_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the template, or say how far each language is. Exit code 1 where a translation is broken."""
    from takeback import word_list  # noqa: PLC0415  it reads everything that is ever said

    with words.speaking(words.ENGLISH):
        known = packs.load()
        if arguments.pot:
            sys.stdout.write(word_list.template(known))
            return 0
        found = {name: word_list.counted(messages(text), known) for name, text in texts(arguments.files).items()}
    if arguments.json:
        print_json({name: as_json(count) for name, count in found.items()})
    else:
        print(
            "\n".join(line for name, count in found.items() for line in lines(name, count))
            or "en: everything is written in English; there is no other language yet"
        )
    return 1 if any(count.broken for count in found.values()) else 0


def texts(names: list[str]) -> dict[str, str]:
    """The catalogues asked for, or all that there are, as text."""
    if not names:
        return {name: (catalogues.FOLDER / f"{name}.po").read_text("utf-8") for name in catalogues.languages()}
    try:
        return {name: Path(name).read_text("utf-8") for name in names}
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile("that catalogue can't be read", "give a .po file in UTF-8") from error


def messages(text: str) -> list[po.Message]:
    """The entries of a catalogue, whose head has to be one that numbers can be counted by."""
    found = po.read(text)
    catalogues.read(text, "")
    return found


def lines(name: str, count: Count) -> list[str]:
    """How far a language is, and what is wrong in it."""
    said = f"{name}: {count.said:,} of {count.every:,} said ({count.said * 100 // max(1, count.every)} %)"
    look = f", {count.fuzzy:,} to look at again" if count.fuzzy else ""
    wrong = [f"  {text[:60]!r}: {what}" for text, what in count.broken]
    return [f"{said}{look}; the other {count.lacking:,} are said in English", *wrong]


def as_json(count: Count) -> dict[str, Any]:
    """The same as JSON."""
    broken = [{"text": text, "what": what} for text, what in count.broken]
    return {"every": count.every, "said": count.said, "fuzzy": count.fuzzy, "broken": broken}
