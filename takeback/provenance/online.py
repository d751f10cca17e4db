"""Official verifiers on the network: who reads marks that nobody else can read, what each would receive, what it tells.

Takeback asks none of them. Whether a file goes to a company is the decision of the person it concerns, and the file may
be the one thing that they want nobody to have. Addresses and limits were read in public pages on 2026-11-24, not tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback.formats import Kind

CHECKED = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Card:
    """One verifier: its name and page, what it can tell, what it gets, and the kinds of file that it takes."""

    name: str
    page: str
    tells: str
    gets: str
    kinds: tuple[Kind, ...]


CARDS = (
    Card(
        "Google: Gemini",
        "https://gemini.google.com/",
        "whether Google's hidden mark (SynthID) is in it: a mark that Google's own tools write, and some others",
        "the file, and your Google account, because you must be signed in; at most 100 MB, a video under 90 seconds",
        ("image", "video", "audio"),
    ),
    Card(
        "OpenAI: verify",
        "https://openai.com/verify",
        "whether it was made with OpenAI's tools, by the record and the marks that these write",
        "the file, and the address that you come from",
        ("image",),
    ),
    Card(
        "ElevenLabs: audio detector",
        "https://elevenlabs.io/",
        "whether a voice was made with ElevenLabs's own tools; it says nothing of other tools",
        "the recording, and the address that you come from",
        ("audio",),
    ),
)


def cards(kind: Kind) -> tuple[Card, ...]:
    """The verifiers that take files of a kind."""
    return tuple(one for one in CARDS if kind in one.kinds)
