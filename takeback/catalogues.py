"""Catalogues: the languages that Takeback speaks. One language is one file, takeback/locale/LANG.po, as it is.

A sentence that the file lacks, that is marked fuzzy, or that is broken (po.broken) is said in English.
Reads package data, as `packs` does; English, and whoever asks for it, needs no file and reads none.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from takeback import po
from takeback.errors import BadInput
from takeback.words import ENGLISH, Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FOLDER = files("takeback") / "locale"
LARGEST = 16 << 20
SETTING = "TAKEBACK_LANGUAGE"
"""The environment variable that names the language; without it the system's own setting counts."""


def languages() -> tuple[str, ...]:
    """The languages that there is a file for, beside English."""
    if not FOLDER.is_dir():
        return ()
    return tuple(sorted(path.name.removesuffix(".po") for path in FOLDER.iterdir() if path.name.endswith(".po")))


def load(language: str) -> Catalogue:
    """One language by its name. BadInput says which there are."""
    if _english(language):
        return ENGLISH
    name = _file(language)
    if not name:
        known = ", ".join(("en", *languages()))
        raise BadInput(
            f"Takeback does not speak {language!r} yet", f"it speaks {known}; docs/translating.md says how to add one"
        )
    return _loaded(name)


@cache
def _loaded(name: str) -> Catalogue:
    return read((FOLDER / f"{name}.po").read_text("utf-8"), name)


def _english(language: str) -> bool:
    return language.replace("_", "-").lower().split("-", maxsplit=1)[0] == "en"


def _file(language: str) -> str:
    """The name of the file for a language: its own, or that of the language without the country."""
    by_name = {name.replace("_", "-").lower(): name for name in languages()}
    wanted = language.replace("_", "-").lower()
    return by_name.get(wanted) or by_name.get(wanted.split("-")[0], "")


def read(text: str, language: str) -> Catalogue:
    """A catalogue from the text of its file; `language` is what it is called where the file does not say."""
    messages = po.read(text)
    said = {one.text: one.said for one in messages if one.text and one.said and not one.fuzzy and not po.broken(one)}
    head = po.head(messages)
    return Catalogue(head.get("Language") or language, said, _forms(head.get("Plural-Forms", "")))


def _forms(rule: str) -> Callable[[int], int]:
    """Which form a number takes, by the head's `Plural-Forms: nplurals=2; plural=(n != 1);`."""
    plural = rule.rpartition("plural=")[2].rstrip("; ") or "n != 1"
    try:
        return gettext.c2py(plural)
    except ValueError as error:
        raise BadInput(f"Plural-Forms of this catalogue can't be read: {plural[:60]!r}") from error


# ---------------------------------------------------------------- which one


def chosen(wanted: Iterable[str]) -> Catalogue:
    """The first language of a wish list that there is; English where none is."""
    for language in wanted:
        if _english(language):
            return ENGLISH
        if name := _file(language):
            return _loaded(name)
    return ENGLISH


def of_system(environment: Mapping[str, str]) -> list[str]:
    """The languages that this computer asks for, dearest first."""
    if setting := environment.get(SETTING):
        return [setting]
    names = (environment.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    found = next((name for name in names if name), "")
    return [one.split(".")[0].split("@")[0] for one in found.split(":") if one and one not in ("C", "POSIX")]


def of_browser(accept: str) -> list[str]:
    """The languages of an Accept-Language header, dearest first."""
    ranked = []
    for part in accept[:1000].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), name.strip()))
        except ValueError:
            continue
    return [name for weight, name in sorted(ranked, key=lambda one: one[0]) if name and weight]
