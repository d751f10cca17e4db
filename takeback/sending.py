"""Sending: what a person does with a notice, from making it ready to the answer: each act is an event in the case.

Nothing is posted or mailed here. A notice is made ready for one site, with all of the case's places there, and only
where it is complete; then the person sends it and says when. What they say of it can be taken back, by one more event.
An escalation quotes what was sent and when, from the log. Times and the number come from the edge.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from takeback import (
    answers_signed,
    clock,
    documents,
    handover,
    notice_twin,
    notices,
    packs,
    places,
    record,
    signed_mail,
    sites,
    spans,
    tracking,
)
from takeback.errors import BadInput, NoticeIncomplete
from takeback.rules import settle
from takeback.sites import Site
from takeback.terms import Given, Notice, Situation
from takeback.words import _, in_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from takeback import stamping
    from takeback.clock import Tracked
    from takeback.handover import Matter
    from takeback.keeping import OpenCase
    from takeback.pack_terms import Contact, NoticePack, Report
    from takeback.terms import Part
    from takeback.wire.fetch import Wire

ABOUT_A_NOTICE = "sent_on"
"""The field by which a notice says that it comes after another."""

AHEAD = timedelta(minutes=10)
"""How far a clock that someone else set may be ahead of ours."""

LONGEST = 20_000
"""Letters of a reply: a long e-mail, pasted whole."""


SEARCH = "search-delisting"
"""The one notice that goes to search engines, wherever the places are."""


@dataclass(frozen=True, slots=True)
class After:
    """One letter that can follow a notice now, and why. `asks` are the fields that it lacks, and what they are."""

    letter: str
    title: str
    because: str
    asks: tuple[tuple[str, str], ...] = ()


def destinations(letter: str, matter: Matter, told: Sequence[Tracked] = ()) -> tuple[Site, ...]:
    """Where a notice can go: each site with places of the case, each search engine, or whom its pack names.

    One that follows a report is for reports that went out without Takeback: after one of `told`, it quotes that one.
    """
    pack = packs.load().notices.get(letter)
    if pack is None or (follows(pack) and pack.addressee and before(pack, told)):
        return ()
    if pack.addressee:
        return (Site("addressee", pack.addressee, ()),)
    if letter == SEARCH:
        return tuple(Site(one.id, one.name, tuple(matter.urls)) for one in _engines(pack) if matter.urls)
    found = sites.by_site(matter.urls)
    if not follows(pack):
        return found
    quoted = {url for one in before(pack, told) for url in one.urls}
    return tuple(
        replace(one, name=_addressee(pack, matter.given, one.name, one.urls, matter.on), about=one.name)
        for one in found
        if not quoted & set(one.urls)
    )


def before(pack: NoticePack, told: Sequence[Tracked]) -> tuple[Tracked, ...]:
    """The notices that were sent, and that this one would quote; none where it follows nothing."""
    known = packs.load().notices
    firsts = (one for one in told if one.receipts and one.letter in known and not follows(known[one.letter]))
    return tuple(one for one in firsts if follows(pack) and bool(known[one.letter].addressee) is bool(pack.addressee))


def _engines(pack: NoticePack) -> list[Contact]:
    """The search engines that take this, as somebody checked."""
    known = (one for one in packs.load().contacts.values() if one.kind == "search" and one.ended is None)
    return [one for one in known if any(way.offered for way in places.reports(one, pack.harms))]


# ---------------------------------------------------------------- made ready


def follows(pack: NoticePack) -> bool:
    """Whether a notice comes after another one, and quotes it."""
    return ABOUT_A_NOTICE in pack.fields


def ready(case: OpenCase, letter: str, site: str, number: str, at: datetime) -> None:
    """A notice for one site, made complete and kept as it will be sent. NoticeIncomplete names all that it lacks."""
    matter, told = handover.of_case(case, at), tracking.tracked(case, at, UTC)
    pack = _pack(letter)
    with in_english():
        chosen = next((found for found in destinations(letter, matter, told) if found.key == site), None)
    if chosen is None and before(pack, told):
        raise BadInput("This comes after a report that you sent", "open that report, and go on from there")
    if chosen is None:
        raise BadInput("There is no place on this site in the case", "keep the address first")
    fields = matter.fields.get(letter, {})
    made = _draft(letter, matter.given, matter.on, fields, chosen.urls)
    if letter == SEARCH:
        ways = places.reports(packs.load().in_english.contacts[chosen.key], pack.harms)
        made = replace(made, to=next(way.to for way in ways if way.offered), mail=None)
    _keep(case, made, at, site=chosen.name, urls=chosen.urls, number=number)


def ready_after(case: OpenCase, letter: str, about: Tracked, number: str, at: datetime) -> None:
    """What comes after a notice, with what was sent, when, and what came of it."""
    matter = handover.of_case(case, at)
    pack = _pack(letter)
    given, fields = _quoting(matter, pack, about, at)
    made = _draft(letter, given, matter.on, fields, about.urls)
    with in_english():
        name = _addressee(pack, given, about.site, about.urls, at.date()) if follows(pack) else about.site
    _keep(case, made, at, site=name, urls=about.urls, number=number, about=about.id)


def _draft(letter: str, given: Given, on: date, fields: Mapping[str, str], urls: Sequence[str]) -> Notice:
    """A notice as it is kept: what it lacks, and its warnings, are for the person; all else of it is in English."""
    made = notices.draft(letter, given, packs.load(), on, fields, urls)
    with in_english():
        kept_so = notices.draft(letter, given, packs.load(), on, fields, urls)
    return replace(kept_so, warnings=made.warnings)


def _quoting(matter: Matter, pack: NoticePack, about: Tracked, at: datetime) -> tuple[Given, dict[str, str]]:
    """The answers and the fields of a letter that follows a notice."""
    now = matter.given.situation
    situation = Situation({**now.answers, **clock.answers(about, at)}, now.unsure)
    told = {"reference": about.reference, "sent": about.text, "answer": _last_words(about)}
    if about.receipts:
        told["sent_on"] = documents.moment(about.receipts[0].at.astimezone(about.zone))
    written = matter.fields.get(pack.id, {})
    fields = {name: value for name, value in {**told, **written}.items() if name in pack.fields and value}
    return replace(matter.given, situation=situation), fields


def _last_words(about: Tracked) -> str:
    return next((reply.words for reply in reversed(about.replies) if reply.words), "")


def _addressee(pack: NoticePack, given: Given, site: str, urls: Sequence[str], on: date) -> str:
    """Whom an escalation goes to: a contact, or the same site again."""
    chosen = notices.chosen_offer(pack, given, packs.load(), urls, on)
    return packs.load().contacts[chosen.contact].name if chosen and chosen.contact else site


def _keep(
    case: OpenCase, made: Notice, at: datetime, *, site: str, urls: Sequence[str], number: str, about: str = ""
) -> None:
    notice = notice_twin.numbered(made, number)
    case.add(
        "notice",
        {
            "id": number,
            "letter": notice.law,
            "site": site,
            "to": notice.to or "",
            "mail": notice.mail or "",
            "urls": list(urls),
            "text": notice.text,
            "values": dict(notice.values),
            "warnings": list(notice.warnings),
            "about": about,
        },
        at,
    )


def _pack(letter: str) -> NoticePack:
    pack = packs.load().notices.get(letter)
    if pack is None:
        raise BadInput("There is no such notice", "look at the list of reports again")
    return pack


def kept(case: OpenCase, number: str, at: datetime) -> tuple[Notice, datetime]:
    """A notice just as it was made ready, and when that was."""
    for event in case.state(at).of("notice"):
        if event.data.get("id") == number:
            data: Mapping[str, Any] = event.data
            notice = Notice(
                law=str(data["letter"]),
                title=_pack(str(data["letter"])).title,
                text=str(data["text"]),
                to=str(data["to"]) or None,
                values=dict(data["values"]),
                warnings=tuple(map(str, data["warnings"])),
                mail=str(data["mail"]) or None,
                id=number,
            )
            return notice, event.at
    raise BadInput("There is no such notice in this case", "look at the list of notices again")


def document(case: OpenCase, number: str, form: str, at: datetime) -> handover.Document:
    """A notice as a file, the same each time."""
    notice, made_at = kept(case, number, at)
    if form not in handover.NOTICE_KINDS:
        raise BadInput("There is no such document", "choose text, PDF, e-mail or JSON")
    content = handover.notice_content(notice, form, made_at)
    return handover.Document(notice.law, f"notice-{number.lower()}.{form}", handover.NOTICE_KINDS[form], content)


def ways(about: Tracked, situation: Situation) -> tuple[Report, ...]:
    """How the site itself takes reports of this harm, as somebody checked; none for what follows a notice."""
    known = packs.load()
    first = places.read(about.urls[0], known.contacts).contact if about.urls else None
    pack = known.notices.get(about.letter)
    if about.letter == SEARCH:
        first = next(
            (known.contacts[one.id] for one in known.in_english.contacts.values() if one.name == about.site), None
        )
    if first is None or pack is None or follows(pack):
        return ()
    harms = pack.harms or places.harms(settle(situation, known.settles))
    return tuple(way for way in places.reports(first, harms) if way.offered)


# ---------------------------------------------------------------- what came of it


def sent(case: OpenCase, about: Tracked, told: Mapping[str, str], at: datetime) -> None:
    """The receipt: the person sent it, or the site confirmed it, at this time."""
    zone = spans.zone(told.get("zone", ""))
    when = _past(spans.heard(told.get("at", ""), zone), at)
    how = told.get("how", "form")
    if how not in clock.HOW:
        raise BadInput("Say how you sent it", f"one of {', '.join(clock.HOW)}")
    reference = told.get("reference", "").strip()
    case.add(
        "receipt",
        {"notice": about.id, "at": when.isoformat(), "zone": str(zone), "reference": reference, "how": how},
        at,
    )


def answered(case: OpenCase, about: Tracked, told: Mapping[str, str], at: datetime) -> None:
    """A reply. Its words are kept as they came; the e-mail itself can be kept as a file and named here."""
    if not about.receipts:
        raise BadInput("Say first when you sent it", "then what came back")
    says, words, ref = told.get("says", ""), told.get("words", "").strip(), told.get("ref", "")
    if says not in clock.SAYS:
        raise BadInput("Say what the answer is", "for example that they said no")
    if len(words) > LONGEST:
        raise BadInput(
            "This answer is too long to keep here", "keep the e-mail as a file, and paste the part that counts"
        )
    if ref and ref not in {exhibit.ref for exhibit in case.state(at).exhibits}:
        raise BadInput("There is no such file in this case", "keep the e-mail as a file first")
    key = told.get("key", "").strip()
    if key and not ref:
        raise BadInput("Choose the e-mail that this key belongs to", "keep it as a file first")
    when = _past(spans.heard(told.get("at", ""), spans.zone(told.get("zone", ""))), at)
    case.add(
        "reply", {"notice": about.id, "at": when.isoformat(), "says": says, "words": words, "ref": ref, "key": key}, at
    )


def signatures(case: OpenCase, about: Tracked, at: datetime) -> dict[str, tuple[signed_mail.Signature, ...]]:
    """What signs each reply that was kept as an e-mail, by its exhibit.

    A file that the answers speak against by now is not opened.
    """
    files = {exhibit.ref: read for exhibit, read in handover.of_case(case, at).exhibits if exhibit.kind == "eml"}
    return answers_signed.signatures(about.replies, files, answers_signed.keys(case.events()))


def signed(case: OpenCase, about: Tracked, at: datetime) -> dict[str, tuple[str, bool]]:
    """The same in words, and whether a key is left to ask for."""
    asked = answers_signed.keys(case.events())
    return {
        ref: (answers_signed.says(found, asked, about.zone), bool(answers_signed.open_name(found)))
        for ref, found in signatures(case, about, at).items()
    }


def ask_key(case: OpenCase, about: Tracked, ref: str, wire: Wire, at: datetime) -> None:
    """Ask for the key of a reply's signature, and keep the answer. Only where the person pressed."""
    key = answers_signed.ask(signatures(case, about, at).get(ref, ()), wire)
    case.add(answers_signed.WHAT, key.data(about.id, ref), at)


def looked(case: OpenCase, about: Tracked, url: str, seen: str, at: datetime) -> None:
    """What the person saw themselves at one of the places: that it is gone, or still there."""
    if url not in about.urls or seen not in ("same", "gone"):
        raise BadInput("Say which place you looked at, and what you saw")
    case.add("look", {"url": url, "at": at.isoformat(), "seen": seen, "by": "person"}, at)


def undo(case: OpenCase, sequence: int, because: str, at: datetime) -> None:
    """Take an entry back. It stays in the log; a correction stands after it."""
    events = {event.sequence: event for event in case.events()}
    if sequence not in events or events[sequence].what not in clock.UNDOABLE:
        raise BadInput("This entry can't be taken back", "look at the list again")
    if any(event.what == "correction" and event.data.get("of") == sequence for event in events.values()):
        raise BadInput("This entry was taken back already", "look at the list again")
    case.add("correction", {"of": sequence, "because": because.strip()}, at)


def _past(when: datetime, now: datetime) -> datetime:
    if when > now + AHEAD:
        raise BadInput("This time is still to come", "look at the day and the time once more")
    return when


# ---------------------------------------------------------------- what comes next


def after(case: OpenCase, about: Tracked, at: datetime) -> tuple[After, ...]:
    """The letters that can follow a notice now, the one that fits best first: nothing before its time."""
    if about.state not in ("overdue", "refused", "reappeared", "sent") or not about.receipts:
        return ()
    known, state = packs.load(), case.state(at)
    situation = Situation({**state.situation.answers, **clock.answers(about, at)}, state.situation.unsure)
    given = Given(settle(situation, known.settles), state.account)
    chosen = notices.choose(given, known, about.urls, at.astimezone(about.zone).date())
    off_site = bool(known.notices[about.letter].addressee)  # what follows a claim is for no watchdog of sites
    fitting = [one for one in chosen if one.fits and _comes_after(known.notices[one.law], off_site=off_site)]
    again = [After(about.letter, _("The same report once more"), _("It is back. A new report starts a new time."))]
    matter = handover.of_case(case, at) if fitting else None
    follow = [
        After(pack.id, pack.title, one.because, tuple(_lacks(matter, pack, about, at)))
        for one in fitting
        if matter is not None and (pack := known.notices[one.law])
    ]
    return tuple((again if about.state == "reappeared" and not follows(known.notices[about.letter]) else []) + follow)


def _lacks(matter: Matter, pack: NoticePack, about: Tracked, at: datetime) -> Iterator[tuple[str, str]]:
    given, fields = _quoting(matter, pack, about, at)
    try:
        notices.draft(pack.id, given, packs.load(), matter.on, fields, about.urls)
    except NoticeIncomplete as lacks:
        parts = {one.element for one in lacks.missing}
        wanted = {name for version in pack.versions for e in version.elements if e.part in parts for name in e.fields}
        yield from ((name, told) for name, told in pack.fields.items() if name in wanted)


def _comes_after(pack: NoticePack, *, off_site: bool) -> bool:
    return follows(pack) and bool(pack.addressee) is off_site


# ---------------------------------------------------------------- the overdue record


def overdue(case: OpenCase, about: Tracked, at: datetime) -> dict[str, bytes]:
    """The record of a notice whose time has passed: in English, each form by its name. BadInput where there is none."""
    record.check(about)
    with in_english():
        about = tracking.one(case, about.id, at, about.zone)
        head = case.store.head(case.id)
        checked = {ref: said for ref, (said, _) in signed(case, about, at).items()}
        made = record.paper(about, case.events(), f"{head.sequence} {head.hash}", at, checked)
        machine = json.dumps(record.document(about, case.events(), at), ensure_ascii=False, indent=1, default=str)
        name = f"record-{about.id.lower()}"
        return {
            f"{name}.pdf": documents.render(made.letter, made.data, at),
            f"{name}.txt": documents.text(made.letter, made.data).encode(),
            f"{name}.json": machine.encode() + b"\n",
            f"twin-{about.id.lower()}.json": document(case, about.id, "json", at).content,
        }


def overdue_package(
    case: OpenCase, about: Tracked, at: datetime, stamp: stamping.Stamper | None = None
) -> Iterator[Part]:
    """The record as a package: the log, the notice and the record; of the files only those that hold an answer."""
    made = overdue(case, about, at)
    matter = handover.of_case(case, at)
    refs = {reply.ref for reply in about.replies}
    answers = tuple(pair for pair in matter.exhibits if pair[0].ref in refs)
    return handover.package(replace(matter, exhibits=answers), at, handover.Wish(more=made, stamp=stamp))
