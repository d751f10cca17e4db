"""Script words: the sentences of our ES modules, and the module that brings them in another language.

static/language.js holds the words of the language in use. The file itself is that of English, which has none; the site,
the one file and the app serve what `module` makes of the language they speak.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.words import Catalogue

STATIC = files("takeback") / "web" / "static"
LANGUAGE = "language.js"
TEXT = r'"(?:[^"\\]|\\.)*"'
TEXTS = rf"{TEXT}(?:\s*\+\s*{TEXT})*"
CALL = re.compile(rf"(?<![\w.$])(_|n_)\((?:\s*({TEXTS})(?:\s*,\s*({TEXTS}))?)?")
COMMENT = re.compile(rf"({TEXT})|/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
FORMS = 200
"""The numbers whose form is written down; a larger one counts like its last two digits."""


def calls(source: str) -> Iterator[tuple[str, str]]:
    """The sentences of a module, each with the one for many where it counts.

    ValueError where one is not written out in double quotes: it could not be translated.
    """
    for found in CALL.finditer(COMMENT.sub(lambda c: c[1] or "", source)):
        if not found[2] or (found[1] == "n_" and not found[3]):
            raise ValueError(f"a sentence has to be written out in double quotes: {found[0]}")
        yield _text(found[2]), _text(found[3]) if found[1] == "n_" else ""


def _text(quoted: str) -> str:
    return "".join(json.loads(one) for one in re.findall(TEXT, quoted))


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of every module, each once."""
    modules = sorted(path.name for path in STATIC.iterdir() if path.name.endswith(".js") and path.name != "words.js")
    return tuple(dict.fromkeys(one for name in modules for one, _ in calls((STATIC / name).read_text("utf-8"))))


@lru_cache(maxsize=4)
def module(catalogue: Catalogue) -> bytes:
    """static/language.js in one language: what our modules say, and no more."""
    said = {text: catalogue.said[text] for text in sentences() if text in catalogue.said}
    forms = [catalogue.form(n) for n in range(FORMS)] if said else []
    words = json.dumps({"tag": catalogue.tag, "forms": forms, "said": said}, ensure_ascii=False, separators=(",", ":"))
    safe = words.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    about, kind, _ = (STATIC / LANGUAGE).read_text("utf-8").split("\n", 2)
    return f"{about}\n{kind}\nexport const catalogue = {safe};\n".encode()
