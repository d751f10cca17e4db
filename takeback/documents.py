"""Documents: a letter and what fills it -> a tagged PDF (PDF/UA-1), a .docx, or the same words as plain text.

The only home of Typst and of python-docx, and the only reader of takeback/letters/. A letter is NAME.txt, words with
`{field}`s (the format stands in letters/us-take-it-down.txt), laid out by NAME.typ or by letter.typ; a page that is
more picture than words is NAME.typ alone. What a person wrote is data: it reaches Typst as JSON, never as markup, and
a value is never read for fields again. The time is an argument, and the fonts are Typst's own, so that the same letter
gives the same bytes everywhere. Only writing that those fonts lack borrows the computer's fonts; a character that no
font has is spelled out in square brackets, and so are those that would hide or reverse text.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from takeback.terms import Json

LETTERS = Path(__file__).with_name("letters")
LAYOUT = "letter"
LANGUAGE = "en-GB"
A4 = (7_560_000, 10_692_000)
"""In the units of a .docx, of which 36,000 are a millimetre."""

STYLES = {"text": "Normal", "-": "List Bullet", "1.": "List Number"}
"""How a .docx shows each kind of part; its numbers count on through the whole document."""

ROUNDS = 8
"""How often a document is tried: a font that steps in for one character can uncover another."""

UNMADE = "This document can't be made: something in its words can't be laid out"
LONGEST_RUN = 40
MOST_MARKS = 8
"""More accents on one letter than any language has; a thousand of them crash a text shaper."""


MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
FIELD = re.compile(r"\{([a-z][a-z_]*)\}")
LIST = re.compile(r"(-|1\.) \{([a-z][a-z_]*)\}")
BLOCK = re.compile(r"\[([a-z0-9-]+)\] ?(.*)")
HIDING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn text around, so that it reads as something else."""

UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed|disallowed codepoint `"(.+?)"`')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def render(letter: str, data: Mapping[str, Json], at: datetime) -> bytes:
    """A letter as a PDF. `at` is the time on it; the same arguments give the same bytes."""
    template = LETTERS / f"{letter}.typ"
    filled: dict[str, Any] = {"at": moment(at), **data}
    if _words_of(letter).exists():
        filled |= {"title": title(letter), "sheets": [[asdict(b) for b in sheet] for sheet in fill(letter, data)]}
        template = template if template.exists() else LETTERS / f"{LAYOUT}.typ"
    elif not template.exists():
        raise _unknown(letter)
    return _typeset(template, json.dumps(printable(filled), ensure_ascii=False), int(at.timestamp()))


def text(letter: str, data: Mapping[str, Json]) -> str:
    """The same words as plain text, to paste."""
    sheets = ["\n\n".join(map(_plain, sheet)) for sheet in fill(letter, data)]
    foot = f"\n\nNotice {data['id']}" if data.get("id") else ""
    return f"\n\n{'-' * 40}\n\n".join([f"{title(letter)}\n\n{sheets[0]}", *sheets[1:]]) + foot + "\n"


def editable(letter: str, data: Mapping[str, Json], at: datetime) -> bytes:
    """The same words as a .docx that a person can go on writing. It names no author and no program."""
    import docx  # noqa: PLC0415  only where a document is made

    made: Any = docx.Document()
    _about(made, title(letter), at)
    made.sections[0].footer.paragraphs[0].text = str(printable(data).get("foot", ""))
    made.add_heading(title(letter), 0)
    for number, sheet in enumerate(fill(letter, data)):
        if number:
            made.add_page_break()
        for block in sheet:
            if block.heading:
                made.add_heading(block.heading, 1)
            for part in block.parts:
                for item in part.items:
                    made.add_paragraph(item, STYLES[part.kind])
    return _repacked(made, at)


def _about(made: Any, words: str, at: datetime) -> None:
    """What a .docx says of itself; and its page, which is A4. The library's own picture of an empty page goes."""
    known = made.core_properties
    known.title, known.language = words, LANGUAGE
    known.author = known.last_modified_by = known.comments = ""
    known.created = known.modified = at.astimezone(UTC).replace(tzinfo=None)
    for one in made.styles.element.iter("{*}lang"):
        one.set(one.tag.replace("}lang", "}val"), LANGUAGE)
    made.sections[0].page_width, made.sections[0].page_height = A4
    relations = made.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _repacked(made: Any, at: datetime) -> bytes:
    """A .docx with `at` as the time of every part, so that the same words give the same bytes."""
    first, out = BytesIO(), BytesIO()
    made.save(first)
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(first) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, stamp), before.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ---------------------------------------------------------------- words with fields


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a block: one text, or the items of a list. Numbered items count on through the whole letter."""

    kind: Literal["text", "-", "1."]
    items: tuple[str, ...]
    start: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a letter, filled in."""

    name: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A block as its file has it."""

    name: str
    heading: str
    lines: tuple[str, ...]
    sheet: int

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it needs."""
        return tuple(FIELD.findall("\n".join(self.lines)))


def title(letter: str) -> str:
    """The first line of a letter."""
    return _read(letter)[0]


def wordings(letter: str) -> tuple[Wording, ...]:
    """The blocks of a letter, in order."""
    return _read(letter)[1]


def fill(letter: str, data: Mapping[str, Json]) -> list[list[Block]]:
    """The sheets of a letter, each a list of blocks.

    A block is left out where one of its fields is empty, or where `data["without"]` names it; so is a sheet on which
    nothing was filled in.
    """
    values = printable(data)
    without = values.get("without") or ()
    chosen = [w for w in wordings(letter) if w.name not in without and all(values.get(f) for f in w.fields)]
    filled = {w.sheet for w in chosen if w.fields}
    number, sheets = 1, {sheet: list[Block]() for sheet in sorted(filled)}
    for wording in (w for w in chosen if w.sheet in filled):
        parts = []
        for line in wording.lines:
            parts.append(part := _part(line, values, number))
            number += len(part.items) if part.kind == "1." else 0
        sheets[wording.sheet].append(Block(wording.name, wording.heading, tuple(parts)))
    return list(sheets.values()) or [[]]


def _part(line: str, values: Mapping[str, Any], number: int) -> Part:
    if listed := LIST.fullmatch(line):
        value = values[listed[2]]
        items = (value,) if isinstance(value, str) else tuple(map(str, value))
        return Part("1." if listed[1] == "1." else "-", items, number)
    return Part("text", (FIELD.sub(lambda field: str(values[field[1]]), line),))


def _plain(block: Block) -> str:
    lines = [block.heading] if block.heading else []
    for part in block.parts:
        for offset, item in enumerate(part.items):
            mark = {"text": "", "-": "- ", "1.": f"{part.start + offset}. "}[part.kind]
            lines.append(mark + item.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _words_of(letter: str) -> Path:
    if not re.fullmatch(r"[a-z0-9-]+", letter):
        raise _unknown(letter)
    return LETTERS / f"{letter}.txt"


def _unknown(letter: str) -> BadInput:
    return BadInput(f"There is no letter called {letter!r}", "the letters are the files of takeback/letters")


@cache
def _read(letter: str) -> tuple[str, tuple[Wording, ...]]:
    """The title and the blocks of letters/LETTER.txt."""
    try:
        first, *lines = _words_of(letter).read_text("utf-8").splitlines()
    except OSError as error:
        raise _unknown(letter) from error
    blocks: list[tuple[str, str, list[str], int]] = []
    sheet = 0
    for line in lines:
        if line == "---":
            sheet += 1
        elif start := BLOCK.fullmatch(line):
            blocks.append((start[1], start[2], [], sheet))
        elif line and not line.startswith("# "):
            blocks[-1][2].append(line)
    return first, tuple(Wording(name, heading, tuple(body), sheet) for name, heading, body, sheet in blocks)


# ---------------------------------------------------------------- what can be printed


def printable(value: Any) -> Any:
    """A value with every text in it safe to print: nothing in it hides, rings, reverses or breaks the page."""
    if isinstance(value, str):
        tidy = re.sub("\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", value).replace("\t", "    ").strip()
        shown = "".join(c if _shows(c) else f"[U+{ord(c):04X}]" for c in tidy)
        return shown if shown.isascii() else _fewer_marks(shown)
    if isinstance(value, Mapping):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [printable(item) for item in value]
    return value


def _shows(character: str) -> bool:
    return character == "\n" or not (
        unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") or HIDING.match(character) or character == "\ufeff"
    )


def _fewer_marks(shown: str) -> str:
    runs = ("".join(run) for _, run in groupby(shown, lambda c: unicodedata.category(c).startswith("M")))
    return "".join(run[:MOST_MARKS] if unicodedata.category(run[0]).startswith("M") else run for run in runs)


def spelled(run: str) -> str:
    """Characters that no font has, in letters that every font has: an emoji by its name. A long run is only counted."""
    if len(run) > LONGEST_RUN:
        return f"[{len(run)} characters that no font here has]"
    return "".join(map(_spelled, run))


def _spelled(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or unicodedata.name(character, "").startswith("VARIATION SELECTOR"):
        return ""
    name = unicodedata.name(character, "").lower() if category in ("So", "Sk") else ""
    return f"[{name or f'U+{ord(character):04X}'}]"


def moment(at: datetime) -> str:
    """A time as a person reads it."""
    zone = at.strftime("%Z") or "no time zone"
    return f"{day(at)}, {at:%H:%M} {zone}"


def day(on: date) -> str:
    """A day as a person reads it, whatever language the computer speaks."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


# ---------------------------------------------------------------- Typst


class _Unshown(Exception):
    """Characters that no font at hand has."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


def _typeset(template: Path, filled: str, at: int) -> bytes:
    try:
        return _compile(template, filled, at, borrow=False)
    except _Unshown:
        pass  # some writing needs the computer's fonts
    for _ in range(ROUNDS):
        try:
            return _compile(template, filled, at, borrow=True)
        except _Unshown as why:
            # None of these has a meaning in JSON, so that they can be replaced where they stand.
            runs = re.compile(f"[{re.escape(why.characters)}]+")
            filled = runs.sub(lambda run: spelled(run[0]), filled)
    raise BadInput("This document can't be printed: it holds characters that no font here has", "save it as text")


def _compile(template: Path, filled: str, at: int, *, borrow: bool) -> bytes:
    import typst  # noqa: PLC0415  large: only where a document is made

    # A new compiler for each document: a shared one would keep the last one's words in memory.
    compiler = typst.Compiler(root=LETTERS, font_paths=_fonts(borrow=borrow), sys_inputs={"data": filled})
    try:
        made = compiler.compile(input=template, format="pdf", pdf_standards=["ua-1"], timestamp=at)
    except typst.TypstError as error:
        if found := "".join(_characters(error.diagnostic)):
            raise _Unshown(found) from None
        raise BadInput(UNMADE, "save it as text") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a crash inside Typst, which is not an Exception
            raise
        raise BadInput(UNMADE, "save it as text") from None
    return cast("bytes", made)


def _characters(diagnostic: str) -> Iterator[str]:
    for shown, disallowed in UNSHOWN.findall(diagnostic):
        yield from (c for c in ESCAPED.sub(lambda code: chr(int(code[1], 16)), shown or disallowed) if c > "\x7f")


@cache
def _fonts(*, borrow: bool) -> Any:
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=borrow, include_embedded_fonts=True)
