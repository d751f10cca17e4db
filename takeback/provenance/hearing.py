"""Sound: what a recording went through, worded as history; and its places on a timeline.

Every recording has a history, and a part that is silent or comes twice is in many: so none of this is loud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import heard as ears
from takeback import sound
from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.formats import Kind
    from takeback.heard import Heard
    from takeback.provenance.finding import Method

METHODS: tuple[Method, ...] = ("sound-bandwidth", "sound-silence", "sound-repeats", "voice-note")

PASSED = (
    (4300, "as what came over a telephone or from an old voice recorder does"),
    (8600, "as calls over the internet, voice notes and coarse MP3 files do"),
    (12_600, "as coarsely kept MP3 files do"),
    (30_000, "as ordinary MP3 and AAC files do"),
)
"""Up to which hertz a recording goes, and what else goes so far."""

BANDWIDTH = (
    "It tells the narrowest thing that the sound passed through: a call, a messenger, a program, or the recorder. "
    "It does not say which, and not that anything was changed. Voices that programs make end at such places too. Opus "
    "fills up what it took away, so a recording that passed through it can look whole."
)
SILENCE = (
    "A microphone never hears nothing at all. Programs put it there when they mute, join, clean or make sound, and so "
    "do calls that lose a piece. It does not say that something was cut out. Most messengers wash it away, so that "
    "none found means little, and a cut from sound to sound is not looked for."
)
REPEATS = (
    "The very same sound twice is what copying does: every song made of loops has it, jingles and ringing tones too. "
    "Nobody says the same words twice so exactly. It does not say why it was done."
)
VOICE = (
    "It says how the file was last kept, not who speaks and not whether it was changed. Other programs keep sound like "
    "this too, and anybody can."
)
NOTES = {
    "whatsapp": "This is kept as WhatsApp keeps voice notes: Opus, one channel, from 16,000 samples a second, by an "
    "encoder that calls itself WhatsApp.",
    "narrow": "This is kept as WhatsApp's voice notes are, without its name: Opus, one channel, from 16,000 samples a "
    "second.",
}
APART, ALIKE = 6.0, 0.08
"""Seconds between a part and its copy, at least; and the share of bits that may differ in a copy."""

SHOWN = 10
"""Places that are quoted."""

NOT_FOLLOWED = "it was not listened to"
TOO_LITTLE = "there is too little loud sound in it, or it could hold no more than a telephone does"


def not_run(method: Method, kind: Kind, heard: Heard | None) -> str:
    """Why one of METHODS was not run; empty where it was."""
    if kind == "image" or (kind == "other" and heard is None):
        return "there is no sound in it"
    if heard is None:
        return NOT_FOLLOWED
    if heard.why:
        return ears.WHY[heard.why]
    return TOO_LITTLE if method == "sound-bandwidth" and heard.traces.top < 0 else ""


def findings(heard: Heard | None) -> Iterator[Finding]:
    """What was heard of the history of a recording."""
    if heard is None or heard.why:
        return
    yield from _top(heard)
    yield from _still(heard)
    yield from _twice(heard)
    if heard.voice:
        yield Finding("voice-note", "voice-note", "history", NOTES[heard.voice], VOICE, loud=False)


def _top(heard: Heard) -> Iterator[Finding]:
    top = heard.traces.top
    if top <= 0:
        return
    how = next((how for most, how in PASSED if top <= most), PASSED[-1][1])
    says = f"This sound ends at about {round(top, -2)} hertz, {how}, and the file could hold {heard.rate // 2}."
    yield Finding("sound-ends", "sound-bandwidth", "history", says, BANDWIDTH, loud=False)


def _still(heard: Heard) -> Iterator[Finding]:
    still = heard.traces.still
    if not still:
        return
    hard = sum(one[2] for one in still)
    long = f"{heard.traces.still_seconds:.1f} seconds, in {_places(len(still))}"
    says = f"In this recording there is nothing at all for {long}"
    says += f"; in {hard} of them the sound stops or begins from one sample to the next." if hard else "."
    quotes = tuple(Quote("from, to", f"{_at(begun)} to {_at(end)}") for begun, end, _ in still[:SHOWN])
    yield Finding("sound-silence", "sound-silence", "history", says, SILENCE, quotes, loud=False)


def _twice(heard: Heard) -> Iterator[Finding]:
    words = ears.words(heard.words)
    found = [one for one in sound.shared(words, words, apart=APART) if one.errors <= ALIKE]
    if not found:
        return
    says = f"A part of this recording comes twice: {found[0].seconds:.0f} seconds of it, hardly changed."
    quotes = tuple(
        Quote("first, again, seconds", f"{_at(one.other)}, {_at(one.one)}, {one.seconds:.1f}") for one in found[:SHOWN]
    )
    yield Finding("sound-repeats", "sound-repeats", "history", says, REPEATS, quotes, loud=False)


def _places(count: int) -> str:
    return "one place" if count == 1 else f"{count} places"


def _at(seconds: float) -> str:
    """A place on the timeline, to the hundredth of a second."""
    return f"{int(seconds) // 60}:{seconds % 60:05.2f}"
