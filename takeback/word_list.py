"""The word list: every sentence that a person reads, from packs, templates, modules and Python, to be translated.

`everything` finds them, `template` is takeback/locale/takeback.pot, `counted` says how far a language is. Only
`takeback words` and the tests load this; saying a sentence needs none of it. Sentences of the tools for those who write
packs, keep a bank or build Takeback stay in English, and so do letters.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import errors, pack_words, po, words
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
ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.TakebackError)
}
SPEAKERS = ERRORS | {"Problem", "complain", "say", "sorry", "heading", "_sorry", "put", "ArgumentTypeError"}
"""What says its arguments to a person, with words.again: an error that is raised is found, not marked."""

TOOLS = re.compile(
    r"(?:bank|cli_bank|cli_packs|cli_words|pack_|packs\.|prove\.|every_answer|possible|reading|table|rules|parsed|po\.|compiled|"
    r"catalogues|word_list|loose_ends|notice_pack|guide_pack|rule_words|exchange|cli_exchange|desk_)"
)
"""Files whose sentences are for those who write packs, keep a bank or build Takeback: these stay in English."""


COMMANDS = {"command", "add_parser"}
HELP = {"help", "description", "title"}
"""What a command says of itself: found, since `cli.Parser` says it."""

FINDINGS = re.compile(r"(?:provenance/(?!paper|names|tables)|(?:likeness|clips|recordings|heard)\.py$)")
"""Files that are all findings, which are kept in English and shown with words.again: each sentence in them is said."""

SENTENCE = re.compile(r"[a-z]{2,}\W+[a-z]{2,}")


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
        if not TOOLS.match(name):
            yield from ((name, *said) for said in said_in(path.read_text("utf-8")))
        if FINDINGS.match(name):
            yield from ((name, text, "") for text in written_in(path.read_text("utf-8")))


def said_in(source: str) -> Iterator[tuple[str, str]]:
    """The sentences of a Python file, in their order. ValueError where one is not written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in FUNCTIONS and isinstance(node.func, ast.Name):
                yield from _marked(node, name)
            if name in COMMANDS or any(one.arg in HELP for one in node.keywords):
                told = [*node.args, *(one.value for one in node.keywords if one.arg in HELP)]
                yield from ((text, "") for part in told for text in _written(part))
            elif name in SPEAKERS:
                yield from ((text, "") for part in (*node.args, *_named(node)) for text in _written(part))


def written_in(source: str) -> Iterator[str]:
    """Every sentence that stands in a Python file, but for what is said of the code itself."""
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    beside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) not in parts | beside and isinstance(node, (ast.Constant, ast.JoinedStr)):
            yield from (text.strip() for text in _written(node) if SENTENCE.search(text))


def _marked(node: ast.Call, name: str) -> Iterator[tuple[str, str]]:
    if name == "later":
        found = [(text, "") for text in _table(node.args[0])]
        if not found:
            raise ValueError(f"line {node.lineno}: a sentence has to be written out: {ast.unparse(node)}")
        yield from found
        return
    texts = [_literal(one) for one in node.args[: 2 if name == "n_" else 1]]
    if None in texts and not _looked_up(node):
        raise ValueError(f"line {node.lineno}: a sentence has to be written out: {ast.unparse(node)}")
    if texts[0]:
        yield texts[0], (texts[1] or "") if name == "n_" else ""


def _table(node: ast.AST) -> Iterator[str]:
    """What later("…") holds: one sentence, or each of a table or a list."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.Dict(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (text for part in parts for text in _table(part))
        case _:
            yield from _written(node)


def _named(node: ast.Call) -> Iterator[ast.expr]:
    return (keyword.value for keyword in node.keywords if keyword.arg in ("what", "hint"))


def _written(node: ast.AST) -> Iterator[str]:
    """The sentences that stand in an argument: whole, or with its values as {name}."""
    match node:
        case ast.Constant(str(text)):
            yield from (text,) if " " in text.strip() else ()
        case ast.JoinedStr():
            yield from _template(node)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_written(one), *_written(other))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (text for part in parts for text in _written(part))
        case ast.Call(args=parts) if getattr(node.func, "id", "") in SPEAKERS:
            yield from (text for part in parts for text in _written(part))


def _template(node: ast.JoinedStr) -> Iterator[str]:
    text, names = "", list[str]()
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            names.append(f"{name}{names.count(name) + 1}" if name in names else name)
            text += f"{{{names[-1]}}}"
        else:
            text += str(_literal(part))
    if len(re.sub(r"\{\w+\}", "", text)) >= words.OWN_LETTERS:
        yield text


def _name(node: ast.AST) -> str:
    """What a value is called: by the last name in it."""
    while isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name):
        node = node.args[0]
    found = [getattr(one, "attr", getattr(one, "id", "")) for one in ast.walk(node)]
    name = next((one for one in found if re.fullmatch(r"[A-Za-z]\w*", one)), "value")
    return name.lower()


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _looked_up(node: ast.Call) -> bool:
    """Whether it says what was written out with later("…"): a name, not a sentence that is put together here."""
    first: Any = node.args[0] if node.args else None
    return isinstance(first, (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.IfExp))
