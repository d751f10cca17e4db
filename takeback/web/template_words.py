"""Template words: a page's own sentences, found in its template and put into a language before Jinja reads it.

Nobody marks a sentence: all text between tags is one, and so are the attributes that are read aloud. What stands in a
sentence keeps its place as <1>…</1> (a link, bold) or as {name} (a value). A translation holds nothing else, and
the rest of it is text, so that no catalogue brings a tag, an attribute or code into a page. A sentence ends where a
block's tag, a statement or a comment begins. What stands in quotes inside Jinja's own code is said with _("…").
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from jinja2.ext import Extension

from takeback import po, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Say = Callable[[str], str]

VALUE = r"\{\{.*?\}\}"
QUOTED = rf'"(?:[^"{{]|{VALUE}|\{{%.*?%\}}|\{{)*"'
TOKEN = re.compile(
    rf"(?P<skip>\{{\#.*?\#\}}|\{{%.*?%\}}|<!--.*?-->|<!doctype[^>]*>)"
    rf"|(?P<value>{VALUE})"
    rf"|(?P<tag></?[a-zA-Z](?:[^<>\"{{]|{QUOTED}|{VALUE}|\{{%.*?%\}}|\{{)*>)"
    r"|(?P<text>(?:[^<{]|<(?![/a-zA-Z!])|\{(?![{%\#]))+)",
    re.DOTALL,
)
INLINE = ("a", "b", "bdi", "code", "em", "i", "small", "span", "strong")
READ_ALOUD = re.compile(rf'(\s(?:aria-label|placeholder|title|alt)=")((?:[^"{{]|{VALUE}|\{{)*)(?=")')
LETTER = re.compile(r"[^\W\d_]")
NAME = "Takeback"
PART = re.compile(r"(</?\d+>|\{\w+\})")

Token = tuple[str, str]
"""What kind it is, and its text as it stands."""


class Speak(Extension):
    """Jinja's extension: templates are read in the language in use. One environment serves one language."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """A template in the language in use."""
        del name, filename
        catalogue = words.spoken()
        return source if catalogue is words.ENGLISH else said(source, catalogue.one)


def sentences(source: str) -> list[str]:
    """Every sentence of a template, as a catalogue has it."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    said(source, note)
    return found


def said(source: str, say: Say) -> str:
    """A template with each sentence as `say` says it. Where `say` changes nothing, the template does not change."""
    parts: list[str] = []
    run: list[Token] = []
    for found in TOKEN.finditer(source):
        token = (str(found.lastgroup), found[0])
        if token[0] == "tag":
            token = ("tag", READ_ALOUD.sub(lambda a: a[1] + _attribute(a[2], say), token[1]))
        if token[0] == "skip" or (token[0] == "tag" and _name(token[1]) not in INLINE):
            parts += [*_run(run, say), token[1]]
            run = []
        else:
            run.append(token)
    return "".join((*parts, *_run(run, say)))


def _name(tag: str) -> str:
    return re.sub(r"[^a-z0-9].*", "", tag.lstrip("</").lower(), flags=re.DOTALL)


def _attribute(text: str, say: Say) -> str:
    return "".join(_run([(str(t.lastgroup), t[0]) for t in TOKEN.finditer(text)], say))


# ---------------------------------------------------------------- one run of text, values and inline tags


def _run(run: list[Token], say: Say) -> Iterator[str]:
    """A run as sentences: one where words stand beside its inline tags, else one inside each."""
    pairs = _pairs(run)
    if any(kind == "tag" and at not in pairs for at, (kind, _) in enumerate(run)):
        yield from _cut(run, pairs, say)
    elif any(kind == "text" and LETTER.search(unescape(text).replace(NAME, "")) for kind, text in _top(run, pairs)):
        yield from _sentence(run, say)
    else:
        at = 0
        while at < len(run):
            end = pairs.get(at, at)
            yield run[at][1]
            if end > at:
                yield from _run(run[at + 1 : end], say)
                yield run[end][1]
            at = end + 1


def _cut(run: list[Token], pairs: dict[int, int], say: Say) -> Iterator[str]:
    """A run with a tag whose other half is elsewhere: it is cut there."""
    part: list[Token] = []
    for at, token in enumerate(run):
        if token[0] == "tag" and at not in pairs:
            yield from _run(part, say)
            yield token[1]
            part = []
        else:
            part.append(token)
    yield from _run(part, say)


def _pairs(run: list[Token]) -> dict[int, int]:
    """Where each inline tag that is whole inside the run has its other half."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for at, (kind, text) in enumerate(run):
        if kind != "tag":
            continue
        if not text.startswith("</"):
            opened.append(at)
        elif opened and _name(run[opened[-1]][1]) == _name(text):
            start = opened.pop()
            pairs |= {start: at, at: start}
    return pairs


def _top(run: list[Token], pairs: dict[int, int]) -> Iterator[Token]:
    """What stands outside every inline tag."""
    at = 0
    while at < len(run):
        if run[at][0] != "tag":
            yield run[at]
        at = max(at, pairs.get(at, at)) + 1


def _sentence(run: list[Token], say: Say) -> Iterator[str]:
    """One sentence, said; the white space around it stays."""
    held: dict[str, str] = {}
    text = "".join(_part(token, held) for token in run)
    plain = " ".join(text.split())
    told = say(plain)
    if told == plain or po.broken(po.Message(plain, said=(told,))) or not nested(told):
        yield "".join(token[1] for token in run)
        return
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    yield before + "".join(held[part] if part in held else _safe(part) for part in PART.split(told)) + after


def _part(token: Token, held: dict[str, str]) -> str:
    kind, text = token
    if kind == "text":
        return unescape(text)
    if kind == "value":
        name = _value(text, held)
    elif text.startswith("</"):
        number = max(int(n[1:-1]) for n, tag in held.items() if n[1:-1].isdigit() and f"</{n[1:-1]}>" not in held)
        name = f"</{number}>"
    else:
        name = f"<{1 + sum(one[1:-1].isdigit() for one in held)}>"
    held[name] = text
    return name


def _value(text: str, held: dict[str, str]) -> str:
    """What a value is called in a sentence: by its own last name, or a number where it has none."""
    plain = re.fullmatch(r"\{\{-?\s*(?:\w+\.)*([A-Za-z]\w*)\s*(?:\|\s*\w+(?:\([^)]*\))?\s*)?-?\}\}", text)
    name = "{" + (plain[1] if plain else f"value{1 + sum(one.startswith('{value') for one in held)}") + "}"
    return name if held.get(name, text) == text else "{" + f"value{len(held)}" + "}"


def nested(text: str) -> bool:
    """Whether each <1> of a sentence is closed, in order."""
    opened: list[str] = []
    for slash, number in re.findall(r"<(/?)(\d+)>", text):
        if not slash:
            opened.append(number)
        elif not opened or opened.pop() != number:
            return False
    return not opened


def _safe(text: str) -> str:
    """Text of a catalogue that can only be text, for HTML and for Jinja."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def calls(source: str, environment: Any) -> Iterator[tuple[str, str]]:
    """The sentences that a template's own code says: _("…"), and n_("…", "…", n)."""
    from jinja2.ext import extract_from_ast  # noqa: PLC0415

    for _, function, found in extract_from_ast(environment.parse(source), ("_", "n_")):
        texts = (found,) if isinstance(found, str) else found
        said = [one for one in texts or () if isinstance(one, str)]
        if said:
            yield said[0], said[1] if function == "n_" and len(said) > 1 else ""
