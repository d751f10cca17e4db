"""What the pages of a case show: plain values for the templates, made from the opened log for one answer."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from takeback import (
    errors,
    handover,
    journey,
    keeping,
    messages,
    packs,
    papers,
    permit,
    recipients,
    rules,
    sending,
    signals,
    sites,
    spans,
    stamping,
    telling,
    tracking,
)
from takeback.terms import Account
from takeback.web import send_view, where_view
from takeback.words import _, again, later, moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from takeback.casework import State
    from takeback.clock import Tracked
    from takeback.handover import Matter, Offered
    from takeback.keeping import OpenCase
    from takeback.pack_terms import NoticePack
    from takeback.store.cases import Store
    from takeback.terms import Address, Event, Situation

STEPS = 4
"""How much of the plan the overview shows; all of it is a press away."""

UNSAID = later("added by the person")
"""Where a file came from, in the log, when nobody wrote it; its own page says nothing instead."""
HAPPENED = later({**papers.DONE, "words": "Your own words were kept.", "notice": "Something was added to a notice."})

ACCOUNT_PAGE, PLACES_PAGE, ANSWERS_PAGE = "case-words.html", "case-where.html", "case-answers.html"


SORTS = later(
    {
        "it": "The picture or video itself",
        "screenshot": "A screenshot",
        "chat": "A chat, exported as text",
        "mail": "An e-mail (.eml)",
        "voicemail": "A voicemail or a call",
        "payment": "A payment",
        "page": "A saved page",
        "other": "Something else",
    }
)
"""What a file can be, as a person says it: `permit.SORTS`."""

READ = ("chat", "mail")
"""What can be shown as who, when and what."""

KNOWN_FIELDS = {*Account.__dataclass_fields__, "email", "sent_on"}
"""Fields of a notice that come from the person's account and answers."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a notice still needs, and where it is filled in; nothing where it can't be."""

    ask: str
    cite: str
    where: str
    press: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report or a notice on the page of reports. `fields` are those that only this notice asks for.

    `sites` are those it can be made ready for, `before` the notices on whose pages it can follow. A notice has no
    `forms` here: it leaves with its number, from its own page.
    """

    letter: str
    title: str
    about: str
    because: str
    lacks: tuple[Lack, ...]
    forms: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    sites: tuple[sites.Site, ...] = ()
    before: tuple[Tracked, ...] = ()


# ---------------------------------------------------------------- faces, and the page that opens a case


def face(case: str) -> tuple[tuple[bool, ...], ...]:
    """A case's own grid, its neutral face: 16 × 16 cells from its random id, the same as on its printed summary."""
    return signals.grid(handover.face(case).hex())


def locked(cases: Sequence[str], chosen: str = "") -> dict[str, Any]:
    """The cases that are kept here, by their faces; nothing else is known without a passphrase."""
    shown_first = chosen if chosen in cases else next(iter(cases), "")
    listed = [{"id": case, "number": number, "face": face(case)} for number, case in enumerate(cases, 1)]
    return {"cases": listed, "chosen": shown_first}


def forgot(kept: Store, chosen: str = "") -> dict[str, Any]:
    """The cases, and which of them a recovery sheet opens."""
    sheets = [case for case in kept.cases() if keeping.WITH_SHEET in kept.keys(case)]
    return {**locked(sheets, chosen), "without": len(kept.cases()) - len(sheets)}


# ---------------------------------------------------------------- the pages of an open case


def overview(case: OpenCase, at: datetime) -> dict[str, Any]:
    """Where things stand: the next steps, what is kept, where to go on."""
    state = case.state(at)
    plan = journey.plan(state.situation, at.date())
    sheets = [one for one in handover.offered(handover.of_case(case, at)) if one.fits]
    return {
        "face": face(case.id),
        "danger": plan.danger == "immediate",
        "elsewhere": any(bar.id == "RT-999" for bar in plan.never),
        "steps": [
            {"name": one.name, "because": one.because, "due": one.due and spans.words(one.due)}
            for one in plan.routes[:STEPS]
        ],
        "more_steps": max(0, len(plan.routes) - STEPS),
        "files": len(state.exhibits),
        "addresses": len(state.where),
        "written": state.account != Account(),
        "diary": len(state.diary),
        "versions": len(state.words),
        "ready": sum(not one.missing for one in sheets),
        "lacking": sum(bool(one.missing) for one in sheets),
        "looked": len({event.data.get("url") for event in state.of("look")}),
        "entries": len(state.events),
        **send_view.kinds(case, at),
        "closed": keeping.closed(state.situation) is not None,
        "first": _first(state),
    }


def _first(state: State) -> tuple[str, str]:
    """What is worth doing first: a page, and what to press."""
    if not state.where:
        return PLACES_PAGE, later("Keep where it is")
    if not state.exhibits and keeping.closed(state.situation) is None:
        return "case-file.html", later("Keep a file")
    if not state.account.words:
        return ACCOUNT_PAGE, later("Write what happened")
    return "case-reports.html", later("See the reports")


def files(case: OpenCase, at: datetime) -> dict[str, Any]:
    """The files that are kept; what is asked of a new one, or why this case takes none."""
    state = case.state(at)
    refusal = keeping.closed(state.situation)
    back = keeping.held_back(state)
    return {
        "exhibits": [
            {
                "ref": one.ref,
                "name": one.original_name or _("without a name"),
                "size": papers.size(one.size),
                "at": moment(one.received_at),
                "origin": "" if one.origin == UNSAID else again(one.origin),
                "sha256": one.sha256,
                "held": one in back,
                "sort": _(SORTS[one.sort]) if one.sort in SORTS else "",
                "by": one.handed_in_by,
                "dated": one.dated,
                "reads": one.sort in READ and one not in back and refusal is None,
            }
            for one in state.exhibits
        ],
        "refusal": refusal,
        "sorts": {sort: _(said) for sort, said in SORTS.items()},
        "asks_agreement": state.situation.get("role") in permit.HELPERS,
    }


def reading(case: OpenCase, ref: str, at: datetime) -> dict[str, Any]:
    """What a kept chat or e-mail says. Only what may be opened is, and only its beginning where it is long."""
    state = case.state(at)
    back = keeping.held_back(state)
    found = [one for one in state.exhibits if one.ref == ref and one.sort in READ and one not in back]
    if not found or keeping.closed(state.situation):
        raise errors.BadInput("There is nothing to read here.", "Look at the list of files again.")
    data = b""
    for chunk in case.store.open_blob(case.id, found[0].blob, case.key):
        data += chunk
        if len(data) > messages.MOST:
            break
    is_chat = found[0].sort == "chat"
    return {
        "ref": ref,
        "called": found[0].original_name,
        "cut": len(data) > messages.MOST,
        "chat": messages.chat(data) if is_chat else (),
        "mail": None if is_chat else messages.mail(data),
    }


def where(case: OpenCase, at: datetime) -> dict[str, Any]:
    """Where it is."""
    state = case.state(at)
    read = {one.id: where_view.shown(one.url, state.situation) for one in state.where if one.url}
    return {"addresses": [{"one": one, "line": _line(one), "read": read.get(one.id)} for one in state.where]}


def _line(one: Address) -> str:
    return one.url or one.account or one.note


def words(case: OpenCase, at: datetime) -> dict[str, Any]:
    """The person's own words, and every earlier version."""
    state = case.state(at)
    earlier = [{"at": moment(one.at), "account": one.value} for one in reversed(state.words[:-1])]
    helps = state.situation.get("role") not in ("depicted", None)
    return {"account": state.account, "earlier": earlier, "young": _young(state.situation), "helps": helps}


def diary(case: OpenCase, at: datetime) -> dict[str, Any]:
    """The diary by day, each entry with what it was before."""
    state = case.state(at)
    return {
        "entries": [{"one": one, "when": papers.when(one), "earlier": _before(state, one.id)} for one in state.diary],
        "today": at.date().isoformat(),
        "young": _young(state.situation),
    }


def _before(state: State, which: str) -> list[dict[str, Any]]:
    """The earlier versions of an entry, the latest first."""
    versions = [one for one in state.incidents if one.value.id == which]
    return [{"at": moment(one.at), "one": one.value} for one in reversed(versions[:-1])]


def _young(situation: Situation) -> bool:
    return papers.young(rules.settle(situation, packs.load().settles))


def answers(case: OpenCase, at: datetime) -> dict[str, Any]:
    """The answers, for the interview in the page, and what the reports still want to know."""
    state = case.state(at)
    said = state.situation
    sheets = handover.offered(handover.of_case(case, at))
    wanted = dict.fromkeys(fact for one in sheets for fact in one.asks)
    return {"kept": {"answers": dict(said.answers), "unsure": sorted(said.unsure), "asks": list(wanted)}}


def reports(case: OpenCase, at: datetime) -> dict[str, Any]:
    """Every report and notice: ready, or what it still needs and where that is filled in."""
    matter = handover.of_case(case, at)
    sheets = handover.offered(matter)
    told = tracking.tracked(case, at, send_view.ZONE)
    fitting = [_sheet(one, matter, told) for one in sheets if one.fits]
    return {
        "ready": [one for one in fitting if not one.lacks],
        "lacking": [one for one in fitting if one.lacks],
        "near": [one for one in sheets if not one.fits and one.asks],
        "unfit": [one for one in sheets if not one.fits and not one.asks],
        "prepared": send_view.prepared(told),
    }


def _sheet(one: Offered, matter: Matter, told: Sequence[Tracked]) -> Sheet:
    pack = packs.load().notices.get(one.letter)
    fields, filled = pack.fields if pack else {}, matter.fields.get(one.letter, {})
    own = {name: about for name, about in fields.items() if name not in KNOWN_FIELDS}
    return Sheet(
        letter=one.letter,
        title=one.title,
        about=one.about,
        because=one.because,
        lacks=tuple(Lack(lack.ask, lack.cite, *_where(pack, lack.element)) for lack in one.missing),
        forms=telling.forms(one.letter),
        fields=tuple((name, about, filled.get(name, "")) for name, about in own.items()),
        sites=sending.destinations(one.letter, matter, told),
        before=sending.before(pack, told) if pack else (),
    )


def _where(pack: NoticePack | None, part: str) -> tuple[str, str]:
    """Where something that a notice lacks is filled in, and what to press to get there."""
    found = [one for version in pack.versions for one in version.elements if one.part == part] if pack else []
    fields = {field for element in found for field in element.fields}
    if not found:
        return "", ""
    if "places" in fields:
        return PLACES_PAGE, later("Say where it is")
    if fields & KNOWN_FIELDS:
        return ACCOUNT_PAGE, later("Fill it in")
    if fields and pack:
        return f"#fields-{pack.id}", later("Fill it in")
    return ANSWERS_PAGE, later("Answer it")


def package(case: OpenCase, at: datetime) -> dict[str, Any]:
    """What a package holds, and the ways to save one."""
    state = case.state(at)
    back = keeping.held_back(state)
    return {
        "files": len(state.exhibits) - len(back),
        "held": [one.ref for one in back],
        "folder": str(Path.home() / f"papers-{at.date().isoformat()}"),
        "wish": {"withheld": "", "case_uco": "", "stamp": os.environ.get(stamping.ADDRESS, ""), "root": ""},
        **dict.fromkeys(("how", "saved", "stamped", "wrong", "key", "before"), ""),
    }


def log(case: OpenCase, at: datetime) -> dict[str, Any]:
    """What happened in the case, the latest first."""
    return {"events": [_happened(event) for event in reversed(case.state(at).events)]}


def _happened(event: Event) -> dict[str, str]:
    """One line of the custody log, as a person reads it."""
    about = event.data.get("ref") or event.data.get("name") or ""
    return {"at": moment(event.at), "what": _(HAPPENED[event.what]).rstrip("."), "about": again(str(about))}


def keys(case: OpenCase, at: datetime) -> dict[str, Any]:
    """What opens this case."""
    made = [one for one in case.state(at).of("key") if one.data.get("name") == recipients.NEW_SHEET]
    return {"sheet": recipients.has_sheet(case), "made": moment(made[-1].at) if made else ""}


def forget(case: OpenCase, at: datetime) -> dict[str, Any]:
    """Which case it is that would be forgotten."""
    state = case.state(at)
    return {"face": face(case.id), "files": len(state.exhibits), "addresses": len(state.where)}
