"""Answers: what a child may say of a file, taken as the word of a stranger. Pure.

A child may have been taken over by the file that it opened. So its answer is short, has exactly the keys of one of
three shapes, each of the right type and within its range, and never a word that a person would read: sentences are
ours, picked by a name from a closed list. Anything else counts as no answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from takeback import edits, formats, signals
from takeback.errors import BadInput
from takeback.terms import Signal

MAX_ANSWER = 512 * 1024
"""No honest answer is longer, in bytes."""

MOST_HASHES = 256
"""No picture has more: its own, its frames', its likely edits'."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found. Without a picture there is no size and no signal. `notes` are names from formats.NOTES."""

    format: formats.Format
    rows: int = 0
    cols: int = 0
    signals: tuple[Signal, ...] = ()
    notes: tuple[str, ...] = ()


def read(raw: bytes) -> Answer:
    """The answer in these bytes. Raises `Unreadable`: for the child's reason, or as `stopped` if it makes no sense."""
    try:
        return _answer(_object(raw))
    except formats.Unreadable:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, BadInput) as cause:
        raise formats.Unreadable("stopped") from cause


def _object(raw: bytes) -> dict[str, object]:
    said = json.loads(raw) if len(raw) <= MAX_ANSWER else None
    if not isinstance(said, dict):
        raise TypeError(type(said))
    return said


def _answer(said: dict[str, object]) -> Answer:
    if said.keys() == {"why"}:
        raise formats.Unreadable(_known(said["why"]))
    format_ = formats.FORMATS[_text(said["format"])]
    if said.keys() == {"format"} and format_.decoder is None:
        return Answer(format_)
    if said.keys() != {"format", "rows", "cols", "pdq", "notes"} or format_.decoder is None:
        raise KeyError("format")
    rows, cols = (_number(said[key]) for key in ("rows", "cols"))
    formats.check_size(rows, cols)
    hashes = tuple(_signal(one) for one in _list(said["pdq"], MOST_HASHES))
    if not hashes or hashes[0].edit != signals.WHOLE or len({one.edit for one in hashes}) != len(hashes):
        raise KeyError("pdq")
    return Answer(format_, rows, cols, hashes, _notes(said["notes"]))


def _notes(said: object) -> tuple[str, ...]:
    notes = tuple(_text(note) for note in _list(said, len(formats.NOTES)))
    if not set(notes) <= formats.NOTES.keys():
        raise KeyError("notes")
    return notes


def _signal(said: object) -> Signal:
    edit, value, quality = _list(said, 3)
    if not signals.is_frame(_text(edit)) and edit not in edits.NAMES:
        raise KeyError(edit)
    return signals.checked(Signal("pdq", _text(value), _number(quality), _text(edit)))


def _list(value: object, most: int) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError(value)
    return value


def _known(why: object) -> str:
    if _text(why) not in formats.WHY:
        raise KeyError(why)
    return _text(why)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value
