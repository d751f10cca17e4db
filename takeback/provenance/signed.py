"""Signed records (C2PA), in four voices: trusted, trusted by the older list, intact but by nobody we know, broken.

The name in a certificate is said only where a list vouches for it. What an unknown signer states is a label like any
other that nobody vouches for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance import source_types
from takeback.provenance.finding import Finding, Quote
from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.seen import Act, Credential, Seen

TRUSTED = (
    "The signer answers for it, and is on the list that is named here. A signed statement can still be wrong: a "
    "picture of a screen can be signed as taken by a camera. Anybody can remove such a record."
)
OLDER = (
    "The older list was frozen on its day and is not kept up any more. A signed statement can still be wrong, and "
    "anybody can remove such a record."
)
UNKNOWN = (
    "Anybody can make a certificate with any name in it. So the name in this one is not shown, and what the record "
    "says counts as a label, not as a signature."
)
BROKEN = (
    "Innocent programs do this too, when they add a line or save again. It does not say what changed, or who did it."
)
UNREADABLE = "It may be damaged, or newer than the reader. It can't be said what it states or who signed it."
ELSEWHERE = "Whoever owns the address would learn that somebody has this file. Fetch it only if you want that."
UNCHECKED = "What it states and who signed it are not known."

WORDS = {"ai": "created with AI", "part-ai": "edited or put together with AI", "camera": "captured by a camera"}
DONE = later(
    {
        "c2pa.created": "created",
        "c2pa.edited": "edited",
        "c2pa.cropped": "cropped",
        "c2pa.resized": "resized",
        "c2pa.color_adjustments": "changed in its colours",
        "c2pa.filtered": "changed with a filter",
        "c2pa.placed": "put together from parts",
        "c2pa.opened": "opened",
        "c2pa.converted": "saved as another kind of file",
        "c2pa.transcoded": "saved as another kind of file",
        "c2pa.redacted": "parts of the record taken out",
        "c2pa.published": "published",
    }
)


def findings(seen: Seen) -> Iterator[Finding]:
    """What a signed record comes to."""
    found = seen.credential
    if found is None:
        if seen.why("credentials") and seen.texts("credentials"):
            says = "The file carries a signed record (Content Credentials) that was not checked."
            yield Finding("c2pa-unchecked", "container", "internal", says, UNCHECKED)
        return
    quotes = _quotes(found)
    match found.state:
        case "trusted" if found.older:
            says = (
                f"Signed by {found.signer}, who is on the older list ({found.trust}); unchanged since. {_stated(found)}"
            )
            yield Finding("c2pa-trusted-older", "c2pa", "signed", says, OLDER, quotes)
        case "trusted":
            says = f"Signed by {found.signer}, who is on the list of trusted signers ({found.trust}); unchanged since. "
            yield Finding("c2pa-trusted", "c2pa", "signed", says + _stated(found), TRUSTED, quotes)
        case "unknown":
            says = "The file carries a signed record and is unchanged since, but who signed it is not known."
            if not found.lists:
                says += " No list of trusted signers is set up here, so nobody could be recognised."
            yield Finding("c2pa-unknown-signer", "c2pa", "internal", says, UNKNOWN, quotes)
            yield from _labels(found)
        case "broken":
            says = "The file carries a signed record, and the file was changed after that was signed."
            yield Finding("c2pa-broken", "c2pa", "internal", says, BROKEN, quotes)
        case "elsewhere":
            says = "The file says that a signed record about it is kept at an address. Takeback did not fetch it."
            yield Finding("c2pa-elsewhere", "c2pa", "declared", says, ELSEWHERE, (Quote("address", found.address),))
        case _:
            says = "The file carries a signed record that can't be read."
            yield Finding("c2pa-unreadable", "c2pa", "internal", says, UNREADABLE, quotes)


def _stated(found: Credential) -> str:
    """What was signed, in words."""
    own = _words([act for act in found.acts if not act.part])
    parts = _words([act for act in found.acts if act.part])
    said = f"It was signed as: {own}." if own else "It does not say how the file was made."
    return f"{said} Of what it was made from: {parts}." if parts else said


def _words(acts: list[Act]) -> str:
    return ", ".join(dict.fromkeys(word for act in acts if (word := _word(act))))


def _word(act: Act) -> str:
    meant = source_types.of(act.source) if act.source else None
    if meant and meant[0] in WORDS:
        return WORDS[meant[0]]
    return DONE.get(act.action, "")


def _labels(found: Credential) -> Iterator[Finding]:
    sorts = {meant[0] for act in found.acts if act.source and (meant := source_types.of(act.source))}
    for sort, id_ in (("ai", "labelled-ai"), ("part-ai", "labelled-part-ai")):
        if sort in sorts:
            says = f"The record by that unknown signer labels the file as {WORDS[sort]}."
            yield Finding(id_, "c2pa", "declared", says, UNKNOWN)


def _quotes(found: Credential) -> tuple[Quote, ...]:
    said = [("time in the record", found.at), *(("what the reader says", code) for code in found.codes)]
    if found.state == "trusted":
        said.insert(0, ("made with", found.generator))
        said += [("done with", act.agent) for act in found.acts if act.agent]
    return tuple(Quote(name, text) for name, text in dict.fromkeys(said) if text)
