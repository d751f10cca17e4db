"""Pack show: one law, route, contact, notice, guide or question as a lawyer or an editor would want to read it.

Functions return lines of at most 80 columns; `document` gives the same as plain JSON values.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from takeback import compiled, documents, loose_ends, rule_words, rules
from takeback.errors import BadInput
from takeback.guide_terms import Guide
from takeback.pack_terms import Contact, Fact, Law, NoticePack, RoutePack
from takeback.terminal import paint, wrapped
from takeback.terms import All, AtLeast, Between, Is, Not
from takeback.terms import Any as AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.pack_terms import Element, Example, Packs, Version
    from takeback.terms import Rule

Pack = Law | RoutePack | Contact | NoticePack | Guide | Fact
NATIONS = {"EW": "England and Wales", "SC": "Scotland", "NI": "Northern Ireland", "UK": "the whole of the UK"}
NAME = 12
"""The width of the names of a pack's fields."""


def find(name: str, packs: Packs) -> Pack:
    """The pack or question of this id; "guides/hate" says which folder. BadInput names the nearest where none is."""
    shelves: dict[str, Mapping[str, Pack]] = {
        "laws": packs.laws, "routes": packs.routes, "contacts": packs.contacts, "notices": packs.notices,
        "facts": packs.facts, "guides": packs.guides,
    }  # fmt: skip
    folder, _, sought = name.rpartition("/")
    found = next((s[sought] for kind, s in shelves.items() if folder in ("", kind) and sought in s), None)
    if found is None:
        ids = {one.casefold(): one for shelf in shelves.values() for one in shelf}
        near = difflib.get_close_matches(sought.casefold(), ids, 3, 0.5)
        hint = f"did you mean {' or '.join(ids[one] for one in near)}?" if near else "`takeback packs list` shows them"
        raise BadInput(f"there is no pack called {name}", hint)
    return found


def on_day(pack: Pack, on: date | None) -> Pack:
    """A law with only the version that stood on a day; anything else as it is. BadInput where no version did."""
    if on is None or not isinstance(pack, Law):
        return pack
    standing = tuple(v for v in pack.versions if rules.within(on, on, v.start, v.end))
    if not standing:
        spans = "; ".join(_span(version) for version in pack.versions)
        raise BadInput(f"{pack.id} did not stand on {documents.day(on)}", f"it stands {spans}")
    return replace(pack, versions=standing)


def lines(pack: Pack, packs: Packs) -> Iterator[str]:
    """A pack in words."""
    match pack:
        case Law():
            yield from _law(pack, packs)
        case RoutePack():
            yield from _route(pack, packs)
        case Contact():
            yield from _contact(pack)
        case NoticePack():
            yield from _notice(pack)
        case Guide():
            yield from _guide(pack)
        case Fact():
            yield from _fact(pack, packs)


def document(value: Any) -> Any:
    """A pack as plain JSON values; a rule has the shape that it has in TOML."""
    if isinstance(value, All | AnyOf | Not | Is | Between | AtLeast):
        return compiled.written(value)
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: document(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [document(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


# ---------------------------------------------------------------- a law


def _law(law: Law, packs: Packs) -> Iterator[str]:
    yield from _head(law.id, f"{NATIONS[law.nation]} · {', '.join(law.kinds)}", law.title)
    for version in reversed(law.versions):
        yield from _version(version, packs)
    yield from _section("what it rests on")
    yield from _field("grade", f"{law.grade}: {_read(law.grade)}")
    yield from _field("checked", documents.day(law.checked))
    yield from _field("basis", law.basis)
    yield from (line for source in law.sources for line in wrapped(source, "    ", "  · "))
    yield from _section("for a lawyer")
    yield from (line for text in law.note.splitlines() for line in wrapped(text.strip(), "    ", "  "))
    yield from _section(f"{len(law.examples)} examples")
    for example in law.examples:
        yield from _example(example)


def _version(version: Version, packs: Packs) -> Iterator[str]:
    yield from _section(version.cite)
    yield from _field("in force", _span(version) + ("" if version.start_verified else "; nobody could check this day"))
    if version.by:
        yield from _field("decided by", f"{version.by}: {packs.facts[version.by].ask}")
    for name in ("maximum", "mode", "limit", "anonymity"):
        yield from _field(name, getattr(version, name))
    yield from _field("unsettled", version.unsettled)
    yield from _field("other days", version.why_not_date)
    yield from ("", "  all of these are needed")
    for number, element in enumerate(version.elements, 1):
        yield from _element(number, element)
    if version.unless:
        yield from ("", "  unless")
    for exception in version.unless:
        yield from wrapped(f"{exception.id}: then {exception.then}", "     ", "   · ")
        yield from _rule(exception.when)
        yield from wrapped(f"“{exception.why}”", "     ")


def _element(number: int, element: Element) -> Iterator[str]:
    yield from wrapped(f"{element.need} ({element.part})", "     ", f"  {number:2} ")
    yield from _rule(element.rule)
    yield from wrapped(f"else “{element.why_not}”", "     ")


def _example(example: Example) -> Iterator[str]:
    because = f", because of {example.because}" if example.because else ""
    yield from wrapped(f"{example.name} {example.then}{because}", "    ", "  · ")


def _span(version: Version) -> str:
    start = f"from {documents.day(version.start)}" if version.start else "from before these packs begin"
    return f"{start} until {documents.day(version.end)}" if version.end else start


def _read(grade: str) -> str:
    return {"drafted": "no lawyer has read it", "reviewed": "a lawyer has read it", "tested": "read and tested"}[grade]


# ---------------------------------------------------------------- everything else


def _route(route: RoutePack, packs: Packs) -> Iterator[str]:
    yield from _head(route.id, route.kind, route.name)
    yield from _field("what", route.what)
    yield from _field("next", route.next)
    yield from _field("report", "needs no report to the police" if route.without_report else "")
    for name in route.contacts:
        ways = "; ".join(way.to for way in packs.contacts[name].ways if way.offered)
        yield from _field("contact", f"{packs.contacts[name].name} ({name}): {ways or 'no checked way'}")
    for bar in route.bars:
        yield from _section("never")
        yield from _rule(bar.when)
        yield from wrapped(f"“{bar.because}”", "     ")
    for number, offer in enumerate(route.offers, 1):
        yield from _section(f"offer {number}, rank {offer.rank}{f', due {offer.due}' if offer.due else ''}")
        yield from _rule(offer.when)
        yield from wrapped(f"“{offer.because}”", "     ")
    yield from _foot(route.sources, route.checked, route.grade)


def _contact(contact: Contact) -> Iterator[str]:
    yield from _head(contact.id, f"{contact.kind} · {', '.join(contact.nations)}", contact.name)
    for name in ("serves", "hours", "cost", "anonymous", "languages", "note"):
        yield from _field(name, getattr(contact, name))
    if contact.ended:
        yield from _field("ended", f"{documents.day(contact.ended)}: {contact.because}")
    for way in contact.ways:
        yield from _field(way.by, f"{way.to} ({way.grade}{'' if way.offered else ': never a button'})")
    for report in contact.reports:
        yield from _field("report", f"{', '.join(report.harms)}: {report.to} ({report.grade})")
    yield from _foot(contact.sources, contact.checked, contact.grade)


def _notice(notice: NoticePack) -> Iterator[str]:
    yield from _head(notice.id, "notice", notice.title)
    for version in notice.versions:
        start = f"from {documents.day(version.start)}" if version.start else "always"
        yield from _section(f"what it has to contain, {start}")
        for number, element in enumerate(version.elements, 1):
            yield from wrapped(f"{element.part}: {element.cite}", "     ", f"  {number:2} ")
            yield from _rule(element.rule)
            yield from wrapped(f"“{element.ask}”", "     ")
    yield from _foot(notice.sources, notice.checked, notice.grade)


def _guide(guide: Guide) -> Iterator[str]:
    yield from _head(guide.id, "guide", guide.title)
    for section in guide.sections:
        yield from _section(section.heading)
        yield from (line for text in section.text for line in wrapped(text, "  "))
        yield from (line for point in section.points for line in wrapped(point, "    ", "  · "))
    yield from _foot(guide.sources, guide.checked, guide.grade)


def _fact(fact: Fact, packs: Packs) -> Iterator[str]:
    yield from _head(fact.id, {"yes_no": "yes or no"}.get(fact.type, fact.type), fact.ask)
    yield from _field("help", fact.help)
    yield from _field("why", fact.why)
    for value in fact.values:
        yield from _field(value, f"{fact.labels.get(value, value)} “{fact.said.get(value, '')}”")
    yield from _section("what hangs on it")
    dated = [law.id for law in packs.laws.values() if any(version.by == fact.id for version in law.versions)]
    asking = [
        where.partition(".toml")[0].rpartition("/")[2]
        for where, rule in loose_ends.every_rule(packs)
        if any(leaf.fact == fact.id for leaf in rules.leaves(rule))
    ]
    files = dict.fromkeys((*asking, *dated))
    yield from wrapped(", ".join(files) or "nothing", "  ")


# ---------------------------------------------------------------- lines


def _head(name: str, about: str, title: str) -> Iterator[str]:
    yield f"{paint(name, 'strong')}  {paint(about, 'quiet')}"
    yield from wrapped(title)


def _section(title: str) -> Iterator[str]:
    yield ""
    yield from (paint(line, "strong") for line in wrapped(title))


def _field(name: str, text: str) -> Iterator[str]:
    if text:
        yield from wrapped(text, " " * (NAME + 2), f"  {name:{NAME}}")


def _rule(rule: Rule) -> Iterator[str]:
    for depth, text in rule_words.tree(rule):
        indent = " " * (7 + 2 * depth)
        yield from (paint(line, "action") for line in wrapped(text, indent + "  ", indent))


def _foot(sources: Iterable[str], checked: date, grade: str) -> Iterator[str]:
    yield from _section("what it rests on")
    yield from _field("grade", grade)
    yield from _field("checked", documents.day(checked))
    yield from (line for source in sources for line in wrapped(source, "    ", "  · "))
