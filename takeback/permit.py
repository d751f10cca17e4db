"""The child rule and its sisters: may this file be taken? Pure; the answers about one file come in, a Permit goes out.

A file is taken only if (`intimate` is no and `indecent` is not yes) or (`under18_real` is no and `under18_look` is no):
an age that nobody knows counts as under 18. Terrorist and extreme material is not taken either, nor a helper's
intimate picture of someone who has not agreed. An exhibit cannot exist without a Permit, and a Permit cannot exist
for a file that the rule refuses. Words, addresses, accounts and times need no permit: they can always be kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, cast

from takeback import errors
from takeback.words import _, later

if TYPE_CHECKING:
    from takeback.terms import Answer, Situation

Ground = Literal["not-intimate", "adults-only"]
Because = Literal["child", "terror", "extreme", "agreement"]

GROUNDS: tuple[Ground, ...] = ("not-intimate", "adults-only")
"""Why a file may be kept. The database holds a blob under no other ground."""

WEIGHED = (
    "agreement",
    "extreme_content",
    "indecent",
    "intimate",
    "role",
    "terror",
    "terror_copy",
    "terror_useful",
    "under18_look",
    "under18_real",
)
"""The facts that decide. A permit keeps a copy of their answers, so that it can always say why it was given."""

ASKED = ("intimate", "under18_real", "under18_look", "agreement")
"""What is asked anew at every choice of a file."""

HELPERS = ("witness", "parent", "professional", "other", "helping-adult")
"""Roles of people who are not in the picture themselves."""

SORTS = ("it", "screenshot", "chat", "mail", "voicemail", "payment", "page", "other")
"""What a file is to a person: the picture or video itself, a screenshot, an exported chat, an e-mail with its hidden
lines, a voicemail or call, a payment, a saved page. Addresses, accounts and notes are kept in words."""

REF = re.compile(r"[A-Z]{1,4}/[1-9][0-9]{0,3}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SHA512 = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken: a word for the page, a sentence and a hint for the person."""

    because: Because
    what: str
    hint: str

    def error(self) -> errors.Refused:
        """The same, as an error to raise."""
        return errors.Refused(_(self.what), _(self.hint))


CHILD = Refusal(
    "child",
    later(
        "Someone under 18 may be in this picture, so Takeback won't open it. "
        "These people can take it, safely and legally: Report Remove, Take It Down, the police."
    ),
    later("go on without the file: the words, the address, the account and the times can all be kept"),
)
TERROR = Refusal(
    "terror",
    later("This may be terrorist material, so Takeback won't open it. Keeping a copy may be against the law."),
    later("go on without the file: keep the address, and report it to the police or to a terrorism reporting page"),
)
EXTREME = Refusal(
    "extreme",
    later("This may show something so extreme that keeping it may be against the law, so Takeback won't open it."),
    later("go on without the file: keep the address and the times, and let the police see it there"),
)
AGREEMENT = Refusal(
    "agreement",
    later("This picture is private to the adult in it, so Takeback takes it only with their agreement."),
    later("ask them first, and say here that they agree; or go on with the address and the words alone"),
)


def refusal(answers: Mapping[str, Answer]) -> Refusal | None:
    """Why a file with these answers is not taken, or None where it is. The child rule speaks first."""
    if _ground(answers) is None:
        return CHILD
    if any(answers.get(fact) == "yes" for fact in ("terror", "terror_useful", "terror_copy")):
        return TERROR
    if answers.get("extreme_content") == "yes":
        return EXTREME
    if answers.get("role") in HELPERS and answers.get("intimate") != "no" and answers.get("agreement") != "yes":
        return AGREEMENT
    return None


def _ground(answers: Mapping[str, Answer]) -> Ground | None:
    """The child rule itself."""
    if answers.get("intimate") == "no" and answers.get("indecent") != "yes":
        return "not-intimate"
    if answers.get("under18_real") == "no" and answers.get("under18_look") == "no":
        return "adults-only"
    return None


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to take one file. Making one for a file that the rule refuses raises `errors.Refused`."""

    answers: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if why := refusal(dict(self.answers)):
            raise why.error()

    @property
    def ground(self) -> Ground:
        """Which half of the child rule let the file in."""
        return cast("Ground", _ground(dict(self.answers)))


def about_file(case: Mapping[str, Answer], file: Mapping[str, Answer]) -> dict[str, Answer]:
    """What counts for one file: of what was said of its case and of the file, the stricter stands.

    What is asked anew at every file and was not said of this one is open; a "yes" of the case outlives a "no" here.
    """
    said = {**{fact: case[fact] for fact in case if fact not in ASKED}, **file}
    strict = {fact: "yes" for fact in WEIGHED if fact != "agreement" and case.get(fact) == "yes"}
    return {**said, **strict, **({"role": case["role"]} if "role" in case else {})}


def closed(case: Mapping[str, Answer]) -> Refusal | None:
    """Why a case with these answers takes no file at all, whatever would be said of it; None where one may be asked."""
    best: dict[str, Answer] = {"under18_real": "no", "under18_look": "no", "agreement": "yes"}
    if case.get("intimate") == "no":
        best["intimate"] = "no"
    return refusal(about_file(case, best))


def ask(situation: Situation) -> Permit:
    """A permit for a file, from the answers about it; raises `errors.Refused` where it must not be taken."""
    return Permit(tuple((fact, str(value)) for fact in WEIGHED if (value := situation.get(fact)) is not None))


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file as received, and the permit under which it was taken. `blob` is where the store keeps its bytes.

    `origin` is where it came from, and `dated` from when it is, in the person's words; `handed_in_by` is empty where it
    was the person; `sort` is one of SORTS, or empty. `original_name` is data, never a path; `received_at` is UTC.
    """

    ref: str
    blob: str
    sha256: str
    sha512: str
    size: int
    received_at: datetime
    origin: str
    original_name: str
    kind: str
    permit: Permit
    sort: str = ""
    handed_in_by: str = ""
    dated: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.permit, Permit):
            raise CHILD.error()
        if not (REF.fullmatch(self.ref) and SHA256.fullmatch(self.sha256) and SHA512.fullmatch(self.sha512)):
            raise errors.BadInput("An exhibit needs a reference such as AB/1 and its two hashes")
        if self.size < 0 or self.received_at.utcoffset() is None:
            raise errors.BadInput("An exhibit needs its size, and the time it was received with a time zone")

    def data(self) -> dict[str, object]:
        """The exhibit as it stands in a sealed event."""
        return {
            "ref": self.ref,
            "blob": self.blob,
            "sha256": self.sha256,
            "sha512": self.sha512,
            "size": self.size,
            "received_at": self.received_at.astimezone(UTC).isoformat(),
            "origin": self.origin,
            "original_name": self.original_name,
            "kind": self.kind,
            "sort": self.sort,
            "handed_in_by": self.handed_in_by,
            "dated": self.dated,
            "permit": dict(self.permit.answers),
        }


def exhibit(data: Mapping[str, object]) -> Exhibit:
    """The exhibit that `Exhibit.data` wrote; the child rule is asked again on the way."""
    try:
        given = cast("Mapping[str, str]", data["permit"])
        return Exhibit(
            ref=str(data["ref"]),
            blob=str(data["blob"]),
            sha256=str(data["sha256"]),
            sha512=str(data["sha512"]),
            size=int(str(data["size"])),
            received_at=datetime.fromisoformat(str(data["received_at"])),
            origin=str(data["origin"]),
            original_name=str(data["original_name"]),
            kind=str(data["kind"]),
            permit=Permit(tuple(sorted((str(fact), str(value)) for fact, value in given.items()))),
            sort=str(data.get("sort", "")),
            handed_in_by=str(data.get("handed_in_by", "")),
            dated=str(data.get("dated", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise errors.BadInput("An exhibit in this case can't be read: it was written by something else") from cause
