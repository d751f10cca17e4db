"""The word list: every sentence that a person reads, from packs, templates, modules and Python, to be translated.

`everything` finds them, `template` is takeback/locale/takeback.pot, `counted` says how far a language is. Only
`takeback words` and the tests load this; saying a sentence needs none of it. Sentences of the tools for those who write
packs, keep a bank or build Takeback stay in English, and so do letters.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import pack_words, po
from takeback.web import pages, script_words, template_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.pack_terms import Packs

SOURCE = files("takeback")
ABOUT = """Everything that Takeback says to a person. One language is one file: docs/translating.md.
Made by `takeback words --pot`; nobody writes in this file.
Published under the licence of Takeback (Apache-2.0)."""
FIELDS = {
    "Project-Id-Version": "takeback",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=INTEGER; plural=EXPRESSION;",
}
FUNCTIONS = ("_", "n_", "later")


@dataclass(frozen=True, slots=True)
class Count:
    """How far a language is, in sentences."""

    every: int
    said: int
    fuzzy: int
    broken: tuple[tuple[str, str], ...]

    @property
    def lacking(self) -> int:
        """How many are said in English."""
        return self.every - self.said


def everything(known: Packs) -> list[po.Message]:
    """Each sentence once, with every place where it stands: the pages first, then the packs."""
    found: dict[str, po.Message] = {}
    for place, text, plural in (*_templates(), *_scripts(), *_python(), *_packs(known)):
        before = found.get(text, po.Message(text, plural))
        places = before.places if place in before.places else (*before.places, place)
        found[text] = replace(before, plural=before.plural or plural, places=places)
    return list(found.values())


def template(known: Packs) -> str:
    """takeback/locale/takeback.pot."""
    return po.write(everything(known), ABOUT, FIELDS)


def counted(messages: Iterable[po.Message], known: Packs) -> Count:
    """How much of everything a catalogue says."""
    entries = {one.text: one for one in messages if one.text}
    every = everything(known)
    mine = [entries[one.text] for one in every if one.text in entries and entries[one.text].said]
    wrong = tuple((one.text, po.broken(one)) for one in mine if po.broken(one))
    fuzzy = sum(one.fuzzy for one in mine)
    return Count(len(every), sum(not one.fuzzy and not po.broken(one) for one in mine), fuzzy, wrong)


# ---------------------------------------------------------------- where they stand


def _packs(known: Packs) -> Iterator[tuple[str, str, str]]:
    for place, text in pack_words.sentences(known):
        yield place, text, ""


def _templates() -> Iterator[tuple[str, str, str]]:
    environment = pages.environment()
    for name in sorted(environment.list_templates()):
        source = (SOURCE / "web" / "templates" / name).read_text("utf-8")
        yield from ((f"web/templates/{name}", text, "") for text in template_words.sentences(source))
        yield from ((f"web/templates/{name}", *said) for said in template_words.calls(source, environment))


def _scripts() -> Iterator[tuple[str, str, str]]:
    for path in sorted((SOURCE / "web" / "static").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".js") and path.name != "words.js":
            yield from ((f"web/static/{path.name}", *said) for said in script_words.calls(path.read_text("utf-8")))


def _python() -> Iterator[tuple[str, str, str]]:
    root = Path(str(SOURCE))
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        yield from ((name, *said) for said in said_in(path.read_text("utf-8")))


def said_in(source: str) -> Iterator[tuple[str, str]]:
    """The sentences of a Python file, in their order. ValueError where one is not written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            texts = [_literal(one) for one in node.args[: 2 if node.func.id == "n_" else 1]]
            if None in texts and not _looked_up(node):
                raise ValueError(f"line {node.lineno}: a sentence has to be written out: {ast.unparse(node)}")
            if texts[0]:
                yield texts[0], (texts[1] or "") if node.func.id == "n_" else ""


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _looked_up(node: ast.Call) -> bool:
    """Whether it says what was written out with later("…"): a name, not a sentence that is put together here."""
    first: Any = node.args[0] if node.args else None
    return isinstance(first, (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.IfExp))
