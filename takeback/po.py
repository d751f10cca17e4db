"""PO: the text of a gettext catalogue, read and written as Poedit and Weblate do. Pure.

A `Message` is one entry. `read` takes everything that the format knows and refuses what it does not, with the line;
`write` gives a template (.pot) or a catalogue. `broken` says what is wrong with a translation: it has to keep the
{names} and the <1>…</1> of its sentence, so that no catalogue can bring markup or code of its own into a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])?\s+)?"((?:[^"\\]|\\.)*)"\s*')
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
HELD = re.compile(r"\{\w+\}|</?\d+>")
WIDE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence to translate. `places` say where it stands; `note` is for the translator.

    `said` is empty, or has one translation, or one for each form that the language counts in.
    """

    text: str
    plural: str = ""
    context: str = ""
    places: tuple[str, ...] = ()
    note: str = ""
    said: tuple[str, ...] = ()
    fuzzy: bool = False


# ---------------------------------------------------------------- reading


def read(text: str) -> list[Message]:
    """The entries of a catalogue, its head (the entry of the empty text) first. BadInput names the line."""
    return [message for message in _entries(text.removeprefix("\ufeff").splitlines()) if message.text or message.said]


def _entries(lines: Iterable[str]) -> Iterator[Message]:
    entry: dict[str, str] = {}
    fuzzy, at = False, ""
    for number, line in enumerate([*lines, ""], 1):
        plain = line.strip()
        if plain.startswith("#") or not plain:
            if "msgstr0" in entry:
                yield _message(entry, fuzzy=fuzzy, number=number)
                entry, fuzzy = {}, False
            fuzzy = fuzzy or (plain.startswith("#,") and "fuzzy" in plain)
            continue
        found = LINE.fullmatch(plain)
        if not found or not (found[1] or at):
            raise BadInput(f"line {number} of this catalogue can't be read", 'each line is like: msgid "…"')
        if found[1] in ("msgctxt", "msgid") and "msgstr0" in entry:
            yield _message(entry, fuzzy=fuzzy, number=number)
            entry, fuzzy = {}, False
        if found[1]:
            at = found[1] + (found[2] or "0" if found[1] == "msgstr" else "")
        entry[at] = entry.get(at, "") + re.sub(r"\\(.)", lambda e: ESCAPES.get(e[1], e[1]), found[3])


def _message(entry: dict[str, str], *, fuzzy: bool, number: int) -> Message:
    if "msgid" not in entry:
        raise BadInput(f"the entry before line {number} of this catalogue has no msgid")
    said = tuple(entry[key] for key in sorted(entry) if key.startswith("msgstr"))
    return Message(
        entry["msgid"],
        entry.get("msgid_plural", ""),
        entry.get("msgctxt", ""),
        said=said if any(said) else (),
        fuzzy=fuzzy,
    )


def head(messages: Iterable[Message]) -> dict[str, str]:
    """What a catalogue says of itself: Language, Plural-Forms and the like."""
    first = next((message for message in messages if not message.text), None)
    lines = first.said[0].splitlines() if first and first.said else []
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def broken(message: Message) -> str:
    """What is wrong with a translation, or nothing."""
    for said in message.said:
        needs = {*HELD.findall(message.text)}
        may = needs | {*HELD.findall(message.plural)}
        has = HELD.findall(said)
        if not message.plural and sorted(has) != sorted(HELD.findall(message.text)):
            return f"it has to keep {' '.join(sorted(needs)) or 'no {name} and no <1>'} as the sentence has it"
        if not set(has) <= may:
            return f"it can only have {' '.join(sorted(may))}"
        if not all(letter.isprintable() or letter == "\n" for letter in said):
            return "it has a character that can't be printed"
    return ""


# ---------------------------------------------------------------- writing


def write(messages: Iterable[Message], about: str, fields: dict[str, str]) -> str:
    """A catalogue as text. The same messages give the same text: no times, no line numbers."""
    head = "".join(f"{name}: {value}\n" for name, value in fields.items())
    parts = ["".join(f"# {line}\n" for line in about.splitlines()) + _written(Message("", said=(head,)))]
    return "\n".join((*parts, *map(_written, messages)))


def _written(message: Message) -> str:
    lines = [f"#. {message.note}"] if message.note else []
    lines += [f"#: {place.replace(' ', '·')}" for place in message.places]
    if flags := [
        flag for flag, there in (("fuzzy", message.fuzzy), ("python-brace-format", "{" in message.text)) if there
    ]:
        lines.append("#, " + ", ".join(flags))
    if message.context:
        lines.append(f"msgctxt {quoted(message.context)}")
    lines.append(f"msgid {quoted(message.text)}")
    if message.plural:
        lines.append(f"msgid_plural {quoted(message.plural)}")
        said = message.said or ("", "")
        lines += [f"msgstr[{number}] {quoted(one)}" for number, one in enumerate(said)]
    else:
        lines.append(f"msgstr {quoted(message.said[0] if message.said else '')}")
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text as the format quotes it: one line, or one a line of it."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    if "\n" not in safe:
        return f'"{safe}"'
    return '""\n' + "\n".join(
        f'"{line}"' for line in re.findall(r".+\\n|.+", safe.replace("\n", "\\n\n").replace("\\n\n", "\\n\n"))
    )
