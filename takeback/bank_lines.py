"""Entries for a bank, from text: a hash a line, or a table with a header. Pure.

Lines: 64 hexadecimal digits each; empty lines and lines that start with # are passed over. A table has a column `value`
(or `hash`, or `pdq`), and any of `id`, `quality`, `edit`, `consent`, `origin`, `expires` (a day) and `status` (`active`
or `received`); what is empty is not known. Every line that can't be used is named, and then nothing is given.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from takeback import signals
from takeback.errors import BadInput, TakebackError
from takeback.terms import Entry, EntryStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

VALUE = ("value", "hash", "pdq")
COLUMNS = {"id", "quality", "edit", "consent", "origin", "expires", "status", *VALUE}
HASH = re.compile(r"[0-9A-Fa-f]{64}")
SHOWN = 5
"""How many wrong lines are named; the rest are counted."""


def is_hash(text: str) -> bool:
    """Whether this is a PDQ hash as text."""
    return bool(HASH.fullmatch(text))


def read(lines: Iterable[str]) -> bytes | list[Entry]:
    """Plain hashes one after the other, or the entries of a table."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
    first = next(numbered, None)
    if first is None:
        return b""
    if first[0] == 1 and any(name in VALUE for name in first[1].strip().lower().replace('"', "").split(",")):
        return table(_records(first[1], numbered))
    return _hashes(chain([first], numbered))


def _hashes(numbered: Iterable[tuple[int, str]]) -> bytes:
    values, wrong = bytearray(), list[str]()
    for number, line in numbered:
        text = line.strip()
        if is_hash(text):
            values += bytes.fromhex(text)
        else:
            wrong.append(f"line {number}: this is no PDQ hash of 64 characters, each 0 to 9 or a to f")
    refuse(wrong)
    return bytes(values)


def _records(header: str, numbered: Iterator[tuple[int, str]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    names = [name.strip().lower() for name in next(csv.reader([header]))]
    for number, line in numbered:
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error:
            cells = []
        record = dict(zip(names, cells, strict=False)) if len(cells) == len(names) else {}
        yield f"line {number}", record


def table(records: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Entry]:
    """The entries of a table's records, each with the place that an error names."""
    entries, wrong = list[Entry](), list[str]()
    for place, record in records:
        try:
            entries.append(_entry(record))
        except TakebackError as error:
            wrong.append(f"{place}: {error.say()}")
    refuse(wrong)
    return entries


def refuse(wrong: list[str]) -> None:
    """Raise `BadInput` where anything is wrong."""
    if wrong:
        more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise BadInput("; ".join(wrong[:SHOWN]) + more, "nothing was added; mend these and try again")


def _entry(record: Mapping[str, Any]) -> Entry:
    if not record:
        raise BadInput("it has another number of columns than the first line")
    unknown = record.keys() - COLUMNS
    if unknown:
        raise BadInput(f"no column of a bank is called {min(unknown)!r}")
    known = {name: str(said).strip() for name, said in record.items() if said is not None and str(said).strip()}
    value = next((known[name] for name in VALUE if name in known), "")
    return Entry(
        value=signals.as_bytes(signals.parse("pdq", value)),
        id=known.get("id"),
        quality=_quality(known.get("quality")),
        edit=known.get("edit", signals.WHOLE),
        consent=known.get("consent", ""),
        origin=known.get("origin", ""),
        expires=_day(known.get("expires")),
        status=_status(known.get("status", "active")),
    )


def _quality(text: str | None) -> int | None:
    if text is not None and (not text.isdecimal() or int(text) > 100):
        raise BadInput("the quality of a hash lies between 0 and 100")
    return None if text is None else int(text)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInput("a day is written like 2026-11-24") from None


def _status(text: str) -> EntryStatus:
    if text.lower() not in {"active", "received"}:
        raise BadInput("an entry comes in as active or received; one that was withdrawn stays out")
    return cast("EntryStatus", text.lower())
