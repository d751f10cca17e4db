"""A notice's twin: the same notice as JSON that a platform's program can read, and the number that both carry. Pure.

It says what the letter says, place by place and block by block, and not a word more. `text_sha256` is the SHA-256 of
the letter as text (UTF-8), so that anyone can see that the two belong together. docs/platform.md holds the schema.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from takeback import documents, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from takeback.pack_terms import Contact
    from takeback.terms import Json, Notice

FORMAT = "takeback-notice/1"
KIND = "application/json"
NAME = "notice.json"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a number is made of: nothing that is read as something else."""

NUMBER = re.compile(f"TB-[{LETTERS}]{{4}}-[{LETTERS}]{{4}}")


def number(raw: bytes) -> str:
    """A notice's number out of at least eight random bytes, to be read out and typed: TB-7K3M-2QXD."""
    marks = "".join(LETTERS[byte % len(LETTERS)] for byte in raw[:8])
    return f"TB-{marks[:4]}-{marks[4:]}"


def numbered(notice: Notice, name: str) -> Notice:
    """The notice with its number on it."""
    values = {**notice.values, "id": name}
    return replace(notice, id=name, values=values, text=documents.text(notice.law, values))


def twin(notice: Notice, contacts: Mapping[str, Contact], made_at: datetime) -> dict[str, Json]:
    """A complete and numbered notice as JSON."""
    values = notice.values
    return {
        "format": FORMAT,
        "id": notice.id,
        "law": notice.law,
        "title": documents.title(notice.law),
        "language": "en-GB",
        "made": made_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "places": [_place(str(text), contacts) for text in _listed(values.get("places"))],
        "says": list(_says(notice)),
        "contact": str(values.get("contact") or values.get("email") or ""),
        "signature": str(values.get("signature") or ""),
        "text_sha256": hashlib.sha256(notice.text.encode()).hexdigest(),
    }


def encoded(made: Mapping[str, Json]) -> bytes:
    """A twin as a file."""
    return json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n"


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _place(text: str, contacts: Mapping[str, Contact]) -> dict[str, Json]:
    found = places.read(text, contacts)
    return {
        "text": text,
        "address": found.shown,
        "platform": found.contact.id if found.contact else None,
        "kind": found.kind,
        "parts": dict(found.ids),
    }


def _says(notice: Notice) -> Iterator[Json]:
    """Each block of the letter."""
    for sheet in documents.fill(notice.law, notice.values):
        for block in sheet:
            yield {"part": block.name, "heading": block.heading, "text": [t for p in block.parts for t in p.items]}
