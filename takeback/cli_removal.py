"""`takeback services`: removal services that work with hashes: whom each is for, what leaves the device, the next step.

Files named beside the answers are hashed here, where the child rule lets them be opened; nothing is stored or sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import journey, terminal
from takeback.cli_shared import now, print_json, read_given, say
from takeback.words import _

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from takeback.removal import Service


def add(made: argparse.ArgumentParser) -> None:
    """What `takeback services` takes, beside its answers."""
    made.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a picture or video to make the hash of")


def run(arguments: argparse.Namespace) -> int:
    """`takeback services`. Exit code 3 where the child rule lets no file be opened."""
    from takeback import removal  # noqa: PLC0415  it brings the cage along

    situation = read_given(arguments.given).situation
    hashed = list(journey.hash_files(arguments.files, situation)) if arguments.files else []
    made = list(removal.of_files(hashed))
    found = removal.services(situation, now().date())
    if arguments.json:
        print_json(document(found, made))
    else:
        print("\n".join(lines(found, made, (removal.DIFFERENCE, removal.ON_NO_LIST))))
    for one in hashed:
        if "error" in one:
            say(f"{Path(one['file']).name}: {one['error']}", one["hint"])
    return 2 if any("error" in one for one in hashed) else 0


def document(found: Sequence[Service], made: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The services as the JSON document of docs/interfaces.md."""
    return [
        {
            "id": one.contact.id,
            "name": one.contact.name,
            "fits": one.fits,
            "because": one.because,
            "for": one.contact.serves,
            "takes": about.takes,
            "leaves": about.leaves,
            "seen_by": about.seen_by,
            "what": one.what,
            "next": one.next,
            "sites": one.sites,
            "to": [way.to for way in one.contact.ways if way.offered] if one.fits else [],
            "hashes": [each for each in made if each["type"] in one.hashes],
        }
        for one in found
        if (about := one.contact.service)
    ]


def lines(found: Sequence[Service], made: Sequence[Mapping[str, Any]], said: Sequence[str]) -> Iterator[str]:
    """The services to read."""
    for one in document(found, made):
        yield from terminal.heading(one["name"])
        yield from terminal.wrapped(one["because"] if one["fits"] else _("Not for this case. ") + one["because"], "  ")
        if not one["fits"]:
            continue
        yield from terminal.wrapped(_("For {whom}", whom=one["for"]), "  ")
        yield from terminal.wrapped(_("It takes: {what}", what=one["takes"]), "  ")
        yield from terminal.wrapped(_("What leaves your device: {what}", what=one["leaves"]), "  ")
        yield from terminal.wrapped(_("Who sees it: {who}", who=one["seen_by"]), "  ")
        yield from terminal.wrapped(one["what"], "  ", terminal.paint("● ", "action"))
        yield from (f"  {way}" for way in one["to"])
        yield from terminal.wrapped(one["next"], "  ")
        yield from terminal.wrapped(one["sites"], "  ") if one["sites"] else ()
        yield from (
            f"  {each['type']:4} {each['value']} {terminal.clean(Path(each['file']).name)}" for each in one["hashes"]
        )
    if not found:
        yield _("none of the removal services is for this case, by these answers")
    for sentence in said:
        yield from terminal.wrapped(_(sentence))
