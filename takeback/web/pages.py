"""The pages that every door shares: packs and a day in, HTML out. Jinja, and no Django: the static site uses it too.

`names` lists every page, `render` makes one, `asset` is a file that the pages load, `packs_json` what the interview
weighs. A page never names its subject in its title, asks no other host for anything, and works without scripts.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from takeback import compiled, packs, words
from takeback.pack_terms import KINDS
from takeback.web import mark, script_words, shown, template_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from takeback.pack_terms import Packs

STATIC = files("takeback") / "web" / "static"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src blob:; connect-src 'self'; "
    "worker-src 'self'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
    "trusted-types takeback"
)
"""What a page of the static site may do; in the app the server says it (guard.py). The one trusted type is the worker's
address, in static/hash.js."""

DULL = "https://www.bbc.co.uk/weather"
"""Where Exit goes: a page that everybody has open."""

APP_ONLY = ("case.css", "case.js", "early.js", "keep.js", "making.js", "presence.js", "send.js", "time.css")
"""What only the local app's pages load; the static site has nothing to keep and nobody to tell."""

PLAIN = ("index.html", "start.html", "read.html", "help.html", "hash.html", "exit.html", "404.html")


def names(known: Packs) -> tuple[str, ...]:
    """Every page of the static site."""
    doors = tuple(f"{door.slug}.html" for door in known.doors)
    guides = tuple(f"guide-{slug}.html" for slug in known.guides)
    return (*PLAIN, *doors, *guides, *(shown.young_page(guide) for guide in known.guides.values() if guide.young))


def render(
    name: str, *, known: Packs | None = None, on: date | None = None, app: bool = False, **more: object
) -> str | None:
    """One page, or None where there is no page of that name. The app's own pages are those that `more` fills."""
    known = known or packs.load()
    if name not in names(known) and not (app and more and name in _templates()):
        return None
    template, context = _context(name, known, on or date.today())  # noqa: DTZ011  the person's own day
    return environment().get_template(template).render(**_shared(known, app=app), **context, **more)


def document(template: str, known: Packs, **more: object) -> str:
    """A document of another template than a page has, such as the one file of single.py."""
    return environment().get_template(template).render(**_shared(known, app=False) | more)


def asset(name: str) -> bytes | None:
    """A file that the pages load, or None."""
    path = STATIC / name
    if name == script_words.LANGUAGE:
        return script_words.module(words.spoken())
    return path.read_bytes() if name in assets() and path.is_file() else None


def assets(*, app: bool = True) -> tuple[str, ...]:
    """The name of every file that the pages load, in the app or on the site."""
    names = (path.name for path in STATIC.iterdir() if path.is_file())
    return tuple(sorted(name for name in names if app or name not in APP_ONLY))


def packs_json(known: Packs | None = None) -> str:
    """What the interview weighs in the browser."""
    return json.dumps(compiled.compiled(known or packs.load()), ensure_ascii=False, separators=(",", ":"))


# ---------------------------------------------------------------- what each page shows


def _shared(known: Packs, *, app: bool) -> dict[str, Any]:
    return {
        "app": app,
        "language": words.spoken(),
        "policy": POLICY,
        "leave_to": DULL,
        "mark": Markup(mark.svg()),  # noqa: S704  our own drawing
        "doors": known.doors,
        "kinds": tuple(known.guides[kind] for kind in KINDS),
        "shelves": shown.shelves(known),
        "refusals": shown.refusals(known),
        "stopncii": shown.first_way(known, "stopncii"),
    }


def _context(name: str, known: Packs, on: date) -> tuple[str, Mapping[str, Any]]:
    """The template of a page, and what only that page shows."""
    slug = name.removesuffix(".html")
    if name == "help.html":
        return name, {"needs": shown.needs(known)}
    for door in known.doors:
        if door.slug == slug:
            starts = json.dumps(dict(door.starts))
            contacts = shown.tappable(known, door.contacts)
            return "door.html", {"door": door, "starts": starts, "contacts": contacts, "more": shown.more(known, door)}
    for guide in known.guides.values():
        if name == f"guide-{guide.id}.html":
            return "guide.html", shown.reading(known, guide, on)
        if name == shown.young_page(guide):
            return "guide-young.html", shown.young_reading(known, guide)
    return name, {}


def environment() -> Environment:
    """The templates in the language in use."""
    return _environment_in(words.spoken())


@lru_cache(maxsize=4)
def _environment_in(language: words.Catalogue) -> Environment:
    """The templates in one language, which is the one in use wherever they are read."""
    del language
    made = Environment(
        loader=PackageLoader("takeback.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[template_words.Speak],
    )
    made.globals |= {"_": words._, "n_": words.n_}
    return made


def _templates() -> tuple[str, ...]:
    return tuple(environment().list_templates())
