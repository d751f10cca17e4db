"""Heard: what one listening to a file gave, as numbers; and the same as JSON, taken as a stranger's.

A file is listened to in the cage, by a process that it may have taken over. So what comes back is read field by field:
the right type, within its range, words of closed lists. `Heard` without words is a file in which nothing could be
heard, and `why` says why, as a name from WHY.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from takeback import chromaprint, pcm, recording, sound
from takeback.traces import MOST, Tracer, Traces

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY = {
    "no-sound": "There is no sound in this file that Takeback can read. It may be damaged, or kept in a way that "
    "Takeback does not know",
    "no-player": "This sound was not listened to: what opens sound other than WAV is missing here (PyAV, in "
    "takeback[video])",
    "long-sound": "This file is too large to be listened to. A shorter clip of it can be",
    "stopped": "Listening to this file took more time or memory than sound needs, so Takeback stopped. It may be "
    "damaged, or made to do harm",
    "short": "This is shorter than a second of sound, which is too little to find it again by",
}
"""Why nothing was heard, as the sentence for the person."""

NOTES = {
    "part": "A part of this sound could not be read; the rest was listened to",
    "long": "This is longer than four hours, and only the first four were listened to",
    "no-chromaprint": "Chromaprint, the hash that music services share, was not made: its library is not on this "
    "computer (libchromaprint1, or Chromaprint from acoustid.org)",
    "too-short": "This is shorter than 5 seconds: nobody can say of so little sound whether it is the same recording",
    "still": "There is no stretch of 5 seconds here with enough sound in it to find it again by",
}
"""What else there is to say of what was heard."""

MOST_ANSWER = 8 << 20
"""No honest answer is longer, in bytes."""

MOST_WORDS = int(recording.MOST_SECONDS / sound.STEP) + 1000
TEXT = re.compile(r"[A-Za-z0-9_-]{0,3000000}")
VERSION = re.compile(r"[0-9A-Za-z.+~-]{0,40}")
CODECS = recording.CODECS | {
    pcm.Plain(code, bits, 1, 1, 0).name for code, widths in pcm.WIDTHS.items() for bits in widths
}


NOTHING = Traces()


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording: `words` are sound.STEP seconds apart, `chroma` chromaprint.STEP; both big-endian, 4 bytes each."""

    why: str = ""
    codec: str = ""
    rate: int = 0
    channels: int = 0
    seconds: float = 0.0
    words: bytes = b""
    chroma: bytes = b""
    chroma_text: str = ""
    chroma_version: str = ""
    notes: tuple[str, ...] = ()
    voice: str = ""
    traces: Traces = NOTHING

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to say of it."""
        return tuple(([WHY[self.why]] if self.why else []) + [NOTES[note] for note in self.notes])


def as_json(heard: Heard) -> bytes:
    """What a child writes."""
    return json.dumps({name: _plain(value) for name, value in asdict(heard).items()}).encode()


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def read(raw: bytes) -> Heard:
    """What a child wrote; `stopped` where it makes no sense."""
    try:
        said = json.loads(raw) if len(raw) <= MOST_ANSWER else None
        if not isinstance(said, dict) or said.keys() != {one.name for one in fields(Heard)}:
            return Heard(why="stopped")
        return _heard(said)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return Heard(why="stopped")


def _heard(said: Mapping[str, Any]) -> Heard:
    if said["why"]:
        return Heard(why=_one_of(said["why"], WHY))
    notes = said["notes"]
    if not isinstance(notes, list) or len(notes) > len(NOTES):
        raise TypeError(notes)
    return Heard(
        codec=_one_of(said["codec"], CODECS),
        rate=_number(said["rate"], sound.LEAST_RATE, sound.MOST_RATE),
        channels=_number(said["channels"], 1, pcm.MOST_CHANNELS),
        seconds=_seconds(said["seconds"]),
        words=_words(said["words"]),
        chroma=_words(said["chroma"]),
        chroma_text=_text(said["chroma_text"], TEXT),
        chroma_version=_text(said["chroma_version"], VERSION),
        notes=tuple(_one_of(note, NOTES) for note in notes),
        voice=_one_of(said["voice"], VOICES),
        traces=_traces(said["traces"]),
    )


def _traces(said: Any) -> Traces:
    if not isinstance(said, dict) or said.keys() != {"top", "still", "still_seconds"}:
        raise TypeError(said)
    if not isinstance(said["still"], list) or len(said["still"]) > MOST:
        raise TypeError(said)
    still = tuple(_still(one) for one in said["still"])
    return Traces(_number(said["top"], -1, sound.MOST_RATE), still, _seconds(said["still_seconds"]))


def _still(said: Any) -> tuple[float, float, bool]:
    begun, end, hard = said
    if _seconds(begun) > _seconds(end):
        raise ValueError(said)
    return begun, end, hard is True


def _seconds(value: Any) -> float:
    if not isinstance(value, float) or not 0 <= value <= recording.MOST_SECONDS + 60:
        raise ValueError(value)
    return value


VOICES = frozenset({"", *recording.VOICES})


def _one_of(value: Any, words: Mapping[str, str] | frozenset[str]) -> str:
    if not isinstance(value, str) or value not in words:
        raise KeyError(value)
    return value


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(value)
    return value


def _text(value: Any, shape: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError(value)
    return value


def _words(value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError(value)
    raw = base64.b64decode(value, validate=True)
    if len(raw) % 4 or len(raw) > 4 * MOST_WORDS:
        raise ValueError(len(raw))
    return raw


def words(raw: bytes) -> Any:
    """Words as numbers."""
    import numpy as np  # noqa: PLC0415

    return np.frombuffer(raw, ">u4").astype(np.uint32)


def as_signals(heard: Heard) -> list[dict[str, Any]]:
    """The signals of a recording as docs/interfaces.md has them; none where nothing was heard."""
    made: list[dict[str, Any]] = []
    if heard.words:
        made.append(
            {"type": "haitsma-kalker", "value": heard.words.hex(), "every": sound.STEP, "seconds": heard.seconds}
        )
    if heard.chroma:
        made.append(
            {
                "type": "chromaprint",
                "value": heard.chroma_text,
                "raw": heard.chroma.hex(),
                "every": round(chromaprint.STEP, 6),
                "seconds": heard.seconds,
            }
        )
    return made


def listen(read_: Any, name: str) -> Heard:
    """The sound in a file of this format, of whose bytes `read_` gives up to so many. Only a child of the cage does."""
    try:
        return _listened(recording.opened(read_, name))
    except recording.Unheard as cause:
        return Heard(why=cause.why)
    except MemoryError:
        return Heard(why="stopped")


def _listened(track: recording.Track) -> Heard:
    ear = sound.Ear(track.rate)
    other = chromaprint.Print(track.rate) if chromaprint.there() else None
    tracer = Tracer(track.rate)
    for samples in track:
        ear.hear(samples)
        tracer.hear(samples)
        if other:
            other.hear(samples)
    if track.samples == 0:
        return Heard(why="no-sound")
    if track.samples < track.rate:
        return Heard(why="short")
    found = ear.words()
    chroma, text = other.done() if other else (found[:0], "")
    seconds = track.samples / track.rate
    notes = [
        *(["long"] if track.long else ["part"] if not track.whole else []),
        *(["too-short"] if seconds < sound.LEAST else ["still"] if not sound.telling(found) else []),
        *([] if other else ["no-chromaprint"]),
    ]
    return Heard(
        codec=track.codec,
        rate=track.rate,
        channels=track.channels,
        seconds=round(seconds, 3),
        words=found.astype(">u4").tobytes(),
        chroma=chroma.astype(">u4").tobytes(),
        chroma_text=text,
        chroma_version=chromaprint.version(),
        notes=tuple(notes),
        voice=track.voice,
        traces=tracer.found(),
    )
