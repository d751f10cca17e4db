"""Answers: what a child may say of a file, taken as the word of a stranger. Pure.

A child may have been taken over by the file that it opened. So its answer is short, has exactly the keys of one of
three shapes, each of the right type and within its range, and never a word that a person would read: sentences are
ours, picked by a name from a closed list. Anything else counts as no answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from takeback import formats, signals
from takeback.errors import BadInput
from takeback.terms import Signal

MAX_ANSWER = 1024
"""No honest answer is longer, in bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found. Without a picture there is no size and no signal."""

    format: formats.Format
    rows: int = 0
    cols: int = 0
    signals: tuple[Signal, ...] = ()


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
    if said.keys() != {"format", "rows", "cols", "pdq", "quality"} or format_.decoder is None:
        raise KeyError("format")
    rows, cols, quality = (_number(said[key]) for key in ("rows", "cols", "quality"))
    formats.check_size(rows, cols)
    pdq = signals.checked(Signal("pdq", _text(said["pdq"]), quality, signals.WHOLE))
    return Answer(format_, rows, cols, (pdq,))


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
