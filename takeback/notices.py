"""Notices: what a person told us -> a complete notice, or every element that it still lacks. Pure: the day comes in.

A notice is weighed like a law: each element of its pack is there where its rule is true (in three values; silence is
not "no") and its fields are filled in. It says nothing that the person did not tell us: the answers choose which
blocks of its letter are printed, and nothing else is. What happened in their own words, and whom they suspect, go to
the police alone. Nothing says what a picture shows where someone under 18 may be in it. A person presses send.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from takeback import documents
from takeback.errors import BadInput, NoticeIncomplete
from takeback.rules import evaluate, settle
from takeback.terms import Missing, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from takeback.pack_terms import Contact, NoticeBlock, NoticePack, NoticeVersion, Packs
    from takeback.terms import Given, Json, Situation

PLATFORM_REPORT = "platform-report"
PLACES = "places"
ACCOUNT_FIELDS = ("signature", "contact", "authority")
"""What a notice may take from a person's account without being asked to. Words and suspects are not among them."""

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(\S?)", re.IGNORECASE)
CODE = ("javascript", "data", "vbscript", "file", "blob", "about", "view-source")
LONGEST_PLACE = 2048


def laws(packs: Packs) -> list[str]:
    """The slugs of every notice there is."""
    return sorted(packs.notices)


def draft(  # noqa: PLR0917  they are what a notice is made of
    law: str, given: Given, packs: Packs, on: date, fields: Mapping[str, str], urls: Sequence[str]
) -> Notice:
    """One notice, about one person, for any number of places. NoticeIncomplete carries all that it lacks."""
    pack = _pack(law, packs)
    words = _words(pack, given, fields)
    places = tuple(dict.fromkeys(url.strip() for url in urls if url.strip()))
    situation = settle(given.situation, packs.settles)
    if missing := tuple(_missing(pack, situation, {**words, PLACES: places}, on)):
        raise NoticeIncomplete(missing)
    data: dict[str, Json] = {
        **words,
        PLACES: list(places),
        "day": documents.day(on),
        "what": _what(situation, packs),
        "without": [b.id for b in pack.blocks if not _printed(b, situation)],
    }
    unsaid = [name for name in fields if name not in _said(law, data)]
    return Notice(
        law=law,
        title=pack.title,
        text=documents.text(law, data),
        to=_form(law, places, packs),
        values=data,
        warnings=(*pack.warnings, *_about_fields(unsaid), *_about_places(places, packs)),
    )


def platform_report(given: Given, packs: Packs, on: date, fields: Mapping[str, str], urls: Sequence[str]) -> Notice:
    """The report to paste into a platform's own form."""
    return draft(PLATFORM_REPORT, given, packs, on, fields, urls)


def as_json(law: str, outcome: Notice | NoticeIncomplete) -> dict[str, Json]:
    """A notice or its refusal as the JSON document of `takeback notice --json`."""
    missing: list[Json] = []
    if isinstance(outcome, NoticeIncomplete):
        missing += [{"element": m.element, "ask": m.ask, "cite": m.cite} for m in outcome.missing]
        return {"law": law, "complete": False, "missing": missing, "text": None, "to": None, "warnings": []}
    return {
        "law": law,
        "complete": True,
        "missing": missing,
        "text": outcome.text,
        "to": outcome.to,
        "warnings": list(outcome.warnings),
    }


# ---------------------------------------------------------------- what is there, and what is not


def _pack(law: str, packs: Packs) -> NoticePack:
    if law not in packs.notices:
        raise BadInput(f"there is no notice called {law!r}", f"choose one of {', '.join(laws(packs))}")
    return packs.notices[law]


def _words(pack: NoticePack, given: Given, fields: Mapping[str, str]) -> dict[str, str]:
    if unknown := [name for name in fields if name not in pack.fields]:
        allowed = ", ".join(pack.fields)
        raise BadInput(f"this notice has no field {unknown[0]!r}", f"it has {allowed}")
    account = {name: getattr(given.account, name) for name in ACCOUNT_FIELDS if name in pack.fields}
    return {name: value.strip() for name, value in {**account, **fields}.items()}


def _missing(
    pack: NoticePack, situation: Situation, filled: Mapping[str, str | Sequence[str]], on: date
) -> Iterator[Missing]:
    version = next((v for v in pack.versions if _covers(v, on)), None)
    if version is None:
        yield Missing("in force", pack.versions[0].not_yet, pack.versions[0].elements[0].cite)
        return
    for element in version.elements:
        if evaluate(element.when, situation) is True:
            there = evaluate(element.rule, situation)
            if there is not True or not all(filled.get(field) for field in element.fields):
                ask = element.against if there is False and element.against else element.ask
                yield Missing(element.part, ask, element.cite)
            elif PLACES in element.fields:
                hostile = filter(None, map(_refusal, filled[PLACES]))
                yield from (Missing(element.part, why, element.cite) for why in hostile)


def _covers(version: NoticeVersion, on: date) -> bool:
    return (version.start is None or version.start <= on) and (version.end is None or on <= version.end)


def _printed(block: NoticeBlock, situation: Situation) -> bool:
    return evaluate(block.when, situation) is True and evaluate(block.unless, situation) is not True


def _said(law: str, data: Mapping[str, Json]) -> set[str]:
    """The fields that the letter really says."""
    printed = {block.name for sheet in documents.fill(law, data) for block in sheet}
    return {field for w in documents.wordings(law) if w.name in printed for field in w.fields}


def _what(situation: Situation, packs: Packs) -> str:
    """What it is, in the words of the answer: "a picture and a video"."""
    chosen = situation.get("media") or ()
    labels = packs.facts["media"].labels
    names = [labels[one][:1].lower() + labels[one][1:] for one in chosen] if isinstance(chosen, tuple) else []
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# ---------------------------------------------------------------- places


def place(text: str) -> str:
    """An http(s) address, or words that say where in an app it is. BadInput names what is wrong with it."""
    if why := _refusal(text):
        raise BadInput(why, "copy the address again")
    return text.strip()


def _refusal(text: str) -> str:
    """Why a place can't stand in a notice, or nothing."""
    why = _wrong(text.strip())
    shown = "".join(c if c.isprintable() else "�" for c in text.strip()[:80])
    return f"This can't stand in a report as the place where it is: {why}: {shown}" if why else ""


def _wrong(found: str) -> str:
    """What is wrong with a place, or nothing."""
    if not any(c.isalnum() for c in found):
        return "it is empty"
    if len(found) > LONGEST_PLACE:
        return f"it is longer than {LONGEST_PLACE} characters"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in found):
        return "it holds hidden characters"
    if found.startswith("//"):
        return "an address has to start with https:// or http://"
    scheme = SCHEME.match(found)
    if scheme is None or (not scheme[2] and scheme[1].lower() not in CODE):
        return ""  # words: "Discord: the server Cats, channel general"
    if scheme[1].lower() not in ("http", "https"):
        return "an address has to start with https:// or http://"
    return _wrong_address(found)


def _wrong_address(found: str) -> str:
    try:
        parts = urlsplit(found)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "it is not a whole address"
    if "@" in parts.netloc:
        return "it has a name before an @, which can hide where it leads"
    if not host or not found[len(parts.scheme) :].startswith("://"):
        return "it names no site"
    if "\\" in found or any(c.isspace() for c in found):
        return "an address has no spaces or backslashes"
    return ""


def _form(law: str, places: Sequence[str], packs: Packs) -> str | None:
    """The form of the one platform that all the places are on, where it was seen for this notice."""
    homes = [_contact(host, packs) for host in _hosts(places)]
    first = homes[0] if homes else None
    if first is None or any(home is not first for home in homes):
        return None
    offered = (r.to for r in first.reports if r.law == law and r.grade in ("own-page", "official-other"))
    return next(offered, None)


def _hosts(places: Sequence[str]) -> list[str]:
    found = (urlsplit(one).hostname for one in places)
    return [host.removeprefix("www.").removeprefix("m.") for host in found if host]


def _sites(places: Sequence[str], packs: Packs) -> set[str]:
    return {contact.id if (contact := _contact(host, packs)) else host for host in _hosts(places)}


def _contact(host: str, packs: Packs) -> Contact | None:
    """The contact whose site a host is."""
    return next(
        (
            contact
            for contact in packs.contacts.values()
            if contact.ended is None and any(host == d or host.endswith(f".{d}") for d in contact.domains)
        ),
        None,
    )


def _about_fields(unsaid: Sequence[str]) -> Iterator[str]:
    for name in unsaid:
        yield f"What you gave as {name} is left out: it does not go with your other answers."


def _about_places(places: Sequence[str], packs: Packs) -> Iterator[str]:
    if len(_sites(places, packs)) > 1:
        yield "These places are on more than one site. Send each site a notice with its own places only."
