"""Findings about a file: one observation each, with its method and its limits. Never a score, never a verdict.

`says` and `limits` are our sentences, from closed lists. Words out of the file stand in `quotes` alone: they are a
stranger's. `care` marks a quote that may hurt to read, such as a prompt that names the person.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from takeback.words import later

if TYPE_CHECKING:
    from takeback.motion import Motion
    from takeback.provenance.originals import Compared

Weight = Literal["signed", "internal", "declared", "history", "plug-in"]
WEIGHTS: dict[Weight, str] = later(
    {
        "signed": "Signed",
        "internal": "In the file itself",
        "declared": "A label, not signed",
        "history": "History",
        "plug-in": "From a plug-in, not from Takeback",
    }
)
"""What a finding rests on, in the order of what it is worth, and how it is called."""

ORDER = tuple(WEIGHTS)

Method = Literal[
    "container", "c2pa", "originals", "original-parts", "declarations", "recipes", "hidden-text", "open-watermark",
    "thumbnail", "dates", "makers", "tables", "saved-twice", "encoder", "sound-bandwidth", "sound-silence",
    "sound-repeats", "voice-note", "cuts-and-freezes", "watermark-plug-ins", "detectors",
]  # fmt: skip
METHOD_WORDS: dict[Method, str] = later(
    {
        "container": "container",
        "c2pa": "signed record (C2PA)",
        "originals": "a picture of your own",
        "original-parts": "parts of a picture of your own",
        "declarations": "declarations",
        "recipes": "recipes",
        "hidden-text": "hidden text",
        "open-watermark": "open watermark",
        "thumbnail": "thumbnail",
        "dates": "dates",
        "makers": "makers",
        "tables": "tables",
        "saved-twice": "saved twice",
        "encoder": "encoder",
        "sound-bandwidth": "sound bandwidth",
        "sound-silence": "silence in sound",
        "sound-repeats": "sound that comes twice",
        "voice-note": "voice note",
        "cuts-and-freezes": "cuts and freezes",
        "watermark-plug-ins": "watermark plug-ins",
        "detectors": "detectors",
    }
)
"""What a method is called where a person reads it."""

METHODS: tuple[Method, ...] = get_args(Method)
"""Every method, those of most weight first. Each is in a report's `ran` or in its `not_run`, never in neither."""

NOTHING = (
    "Nothing found here means the file carries no readable label. It does not mean the file is genuine, and your "
    "report does not depend on it."
)
"""What is said where no method found a label, a mark or a contradiction."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stranger's words, and the name under which they stand in the file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation. `id` never changes; `loud` is false for what every ordinary file has."""

    id: str
    method: Method
    weight: Weight
    says: str
    limits: str
    quotes: tuple[Quote, ...] = ()
    care: bool = False
    loud: bool = True


@dataclass(frozen=True, slots=True)
class NotRun:
    """A method that was not run on this file, and why."""

    method: Method
    because: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found in one file, what was looked for, and what was not looked for and why."""

    format: str
    kind: str
    size: int
    sha256: str
    md5: str
    findings: tuple[Finding, ...]
    ran: tuple[Method, ...]
    not_run: tuple[NotRun, ...]
    settings: tuple[tuple[str, str], ...]
    compared: tuple[Compared, ...] = ()
    motion: Motion | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is no label, no mark and no contradiction."""
        return not any(one.loud for one in self.findings)

    def data(self) -> dict[str, Any]:
        """The report as the JSON document of docs/interfaces.md, without the name of the file."""
        return {
            "format": self.format,
            "kind": self.kind,
            "size": self.size,
            "sha256": self.sha256,
            "md5": self.md5,
            "findings": [asdict(one) for one in self.findings],
            "nothing": NOTHING if self.nothing else None,
            "ran": list(self.ran),
            "not_run": [asdict(one) for one in self.not_run],
            "settings": dict(self.settings),
            "compared": [one.data() for one in self.compared],
            "motion": asdict(self.motion) if self.motion else None,
        }
