"""The static site: the shared pages as plain files that any host can serve, written whole or not at all.

`takeback site --out DIR` is this; with `--single` it is one HTML file, for a USB stick. Every address is relative, so
DIR can stand anywhere; nothing in it asks another host for anything. `parts` is the site before it touches the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.store import folder
from takeback.terms import Part
from takeback.web import pages, single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from takeback.pack_terms import Packs


def write(out: Path, packs: Packs, on: date) -> None:
    """Write the site into a new folder `out`; an existing one is refused and nothing is written."""
    folder.write_folder(out, parts(packs, on))
    _readable(out)


def write_single(out: Path, packs: Packs, on: date) -> None:
    """Write the whole site into one new file `out`; an existing one is refused and nothing is written."""
    text = single.single(packs, on)
    folder.write_file(out, lambda write: write(text))
    out.chmod(0o644)


def parts(packs: Packs, on: date) -> Iterator[Part]:
    """Every file of the site, as it is on a day."""
    for name in pages.names(packs):
        yield Part.of(name, (pages.render(name, known=packs, on=on) or "").encode())
    yield Part.of("packs.json", pages.packs_json(packs).encode())
    for name in pages.assets(app=False):
        yield Part.of(f"static/{name}", pages.asset(name) or b"")


def _readable(out: Path) -> None:
    """A site is for everyone, also where the web server is another user of this computer."""
    for path in (out, *out.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
