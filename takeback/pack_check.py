"""Pack check: everything that is wrong with the packs, at once, each with its line and what to try.

One check is one function: it takes a `Library` and yields problems as `packs` writes them (`laws/EW-1.toml element
consent: what`). Its name is its id, its docstring says what it looks for, and docs/packs.md lists both. What
`packs.read` refuses comes first; a file that it refuses is not looked at further.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from takeback import loose_ends, pack_examples, pack_lines, packs, possible, reading, rules
from takeback.triage import UNSETTLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from importlib.resources.abc import Traversable

    from takeback.pack_terms import Bar, Law, Offer, Packs

DOOR = 120
"""The most words that a door may have."""

SENTENCE = 32
"""The most words that a sentence for a person may have."""

LOUD = re.compile(r"!|\b(too late|no crime|is illegal|guilty|you allowed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Library:
    """The packs, the text of each of their files, and the day on which they are checked."""

    packs: Packs
    texts: Mapping[str, str]
    today: date


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or (a warning) that could be better."""

    file: str
    line: int
    check: str
    what: str
    remedy: str
    warning: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how it finds problems, and what to try."""

    find: Callable[[Library], Iterator[str]]
    remedy: str
    warning: bool


CHECKS: dict[str, Check] = {}
"""Every check, by its id, in the order in which they run."""

LOOSE = r"there is no (fact|contact|field)|has no answer|is never asked|no fact of that name|needs? a fact that"
READ = (
    ("unreadable", r"\(at line|codec|No such file|there is no such folder", "mend this first: nothing in it was read"),
    ("unknown-key", r"is not a key of this table", "look for a slip of the pen, or take it out"),
    ("file-name", r"has to be the file's name", "give the file and its `id` the same name"),
    ("twice", r"there are two", "give one of them another name"),
    ("overlap", r"overlaps the one before", "end the earlier version on the day before the later begins, in order"),
    ("no-contact", r"`contacts` is missing", 'add contacts = ["…"], or [] where the person knows whom to ask'),
    ("source-missing", r"`sources` needs", 'say where it comes from: an address, or "from memory"'),
    ("loose-end", LOOSE, "look up the name in facts.toml or contacts/, or add what it names"),
    ("no-example", r"no example leaves out|needs an example", "add an example that it decides: leave one thing out"),
    ("form", r"", "docs/packs.md shows how it is written"),
)  # fmt: skip
"""What `packs.read` refuses: the id, the words by which it is known, and what to try. The first that fits counts."""


def check(root: Traversable, today: date) -> tuple[Fault, ...]:
    """All that is wrong with the packs under a folder, file by file."""
    read, problems = packs.read(root)
    texts = packs.texts(root)
    found = [_fault(*_known(problem), problem, texts) for problem in problems]
    broken = {fault.file for fault in found}
    if not broken & {"facts.toml", "interview.toml"}:
        library = Library(_without(read, broken), texts, today)
        for name, one in CHECKS.items():
            found += [_fault(name, one.remedy, problem, texts, warning=one.warning) for problem in one.find(library)]
    return tuple(sorted(found, key=lambda fault: (fault.warning, fault.file, fault.line)))


def _known(problem: str) -> tuple[str, str]:
    return next((name, remedy) for name, words, remedy in READ if re.search(words, problem))


def _fault(name: str, remedy: str, problem: str, texts: Mapping[str, str], *, warning: bool = False) -> Fault:
    file, suffix, rest = problem.partition(".toml")
    file += suffix
    line = pack_lines.find(texts.get(file, ""), problem)
    return Fault(file, line, name, rest.removeprefix(":").strip() or problem, remedy, warning)


def _without(read: Packs, broken: set[str]) -> Packs:
    """The packs without the laws, routes and notices of files that are broken."""
    return replace(
        read,
        laws={name: law for name, law in read.laws.items() if f"laws/{name}.toml" not in broken},
        routes={name: way for name, way in read.routes.items() if f"routes/{name}.toml" not in broken},
        notices={name: pack for name, pack in read.notices.items() if f"notices/{name}.toml" not in broken},
    )


def looks_for(remedy: str, *, warning: bool = False) -> Callable[[Callable[[Library], Iterator[str]]], None]:
    """Make a function a check; its id is its name with dashes."""

    def keep(find: Callable[[Library], Iterator[str]]) -> None:
        CHECKS[find.__name__.replace("_", "-")] = Check(find, remedy, warning)

    return keep


# ---------------------------------------------------------------- files


@looks_for("rename one: an id has to be enough to find its file")
def one_id(library: Library) -> Iterator[str]:
    """Two files of one id, in different folders. A notice may be called what the contact is that it goes to."""
    homes = defaultdict(list)
    letters = {f"notices/{n.id}.toml" for n in library.packs.notices.values() if n.id in {o.contact for o in n.offers}}
    for file in library.texts:
        if file not in letters:
            homes[file.rpartition("/")[2]].append(file)
    for files in homes.values():
        yield from (f"{file}: {files[0]} has the same id" for file in files[1:])


@looks_for("use what forbidden.toml or the organisation's own page says instead")
def forbidden(library: Library) -> Iterator[str]:
    """A number or an address that must stand nowhere: wrong, closed or taken over (forbidden.toml)."""
    closed = {file: "".join(text.split()) for file, text in library.texts.items()}
    for one in library.packs.forbidden:
        bare = "".join(one.text.split())
        spaced = r"\s*".join(map(re.escape, bare))
        sought = re.compile(rf"(?<![\w.]){spaced}(?!\d)" if one.text[0].isdigit() else re.escape(one.text))
        for file, text in library.texts.items():
            if file != "forbidden.toml" and bare in closed[file] and (found := sought.search(text)):
                yield f"{file}: '{found[0]}' must stand nowhere: {one.because}"


@looks_for("write the day on which someone really looked")
def checked_later(library: Library) -> Iterator[str]:
    """A `checked` day that lies in the future."""
    for file, pack in library.packs.files():
        if pack.checked > library.today:
            yield f"{file}: `checked` is {pack.checked}, and today is {library.today}"


@looks_for("say where it comes from, or lower its grade")
def no_source(library: Library) -> Iterator[str]:
    """A route without a source; a contact without one whose grade makes a number or address a button."""
    for way in library.packs.routes.values():
        if not way.sources:
            yield f"routes/{way.id}.toml: no `sources`"
    for contact in library.packs.contacts.values():
        if not contact.sources and any(way.offered for way in contact.ways):
            yield f"contacts/{contact.id}.toml: no `sources`, and a way that its grade makes a button"


@looks_for("take it out, or name who does this work now")
def ended_contact(library: Library) -> Iterator[str]:
    """A route, door or guide that leads to a contact which has ended."""
    for file, names in loose_ends.every_contact(library.packs):
        for name in names:
            if name in library.packs.contacts and (ended := library.packs.contacts[name].ended):
                yield f"{file}: '{name}' ended on {ended}"


# ---------------------------------------------------------------- rules


@looks_for("one of its parts speaks against another: follow the answers through the rule")
def never_true(library: Library) -> Iterator[str]:
    """An element, exception, offer, bar or settled answer whose rule no answer makes true."""
    for where, rule in loose_ends.every_rule(library.packs):
        courts = any(leaf.fact == UNSETTLED for leaf in rules.leaves(rule))
        empty = not list(rules.leaves(rule))
        if not courts and not empty and not possible.find(rule, library.packs.facts, value=True):
            yield f"{where}: no answer makes it true"


@looks_for("take it out, or rest it on law_unsettled where only a court can say no")
def never_false(library: Library) -> Iterator[str]:
    """An element that no answer makes false, though it does not rest on what only a court can decide."""
    for where, rule in loose_ends.every_rule(library.packs):
        courts = any(leaf.fact == UNSETTLED for leaf in rules.leaves(rule))
        element = where.startswith("laws/") and " element " in where
        if element and not courts and not possible.find(rule, library.packs.facts, value=False):
            yield f"{where}: no answer makes it false"


@looks_for("let the later version begin on the day after, or say in a version what held between")
def gap(library: Library) -> Iterator[str]:
    """A day between two versions that neither covers."""
    for law in library.packs.laws.values():
        for earlier, later in pairwise(law.versions):
            if earlier.end and later.start and earlier.end + timedelta(days=1) < later.start:
                yield f"laws/{law.id}.toml version from {later.start}: `from` leaves days after {earlier.end} uncovered"


# ---------------------------------------------------------------- examples


@looks_for("follow the story through the law: one of the two is wrong")
def example(library: Library) -> Iterator[str]:
    """An example whose outcome is not what it says: every one is run."""
    for law in library.packs.laws.values():
        for one in law.examples:
            if why := pack_examples.wrong(law, one, library.packs):
                yield f"laws/{law.id}.toml example {one.name} {why}"
    for pack in library.packs.notices.values():
        for told in pack.examples:
            if why := pack_examples.wrong_notice(pack, told, library.packs):
                yield f"notices/{pack.id}.toml example {told.name} {why}"


@looks_for("add an example that makes it out, or mend what stands in its way")
def unreachable(library: Library) -> Iterator[str]:
    """A law that no example makes out: `may_apply`, or `cannot_tell` where its start is unverified."""
    for law in library.packs.laws.values():
        best = "may_apply" if any(version.start_verified for version in law.versions) else "cannot_tell"
        if best not in {one.then for one in law.examples}:
            yield f"laws/{law.id}.toml: no example says {best}"


@looks_for("add an example that it decides: change one answer of the story")
def no_example(library: Library) -> Iterator[str]:
    """An element or exception that decides in no example, or a law's first day without the day before beside it."""
    for law in library.packs.laws.values():
        told = {one.because for one in law.examples}
        for element in law.versions[-1].elements:
            if element.part not in told:
                yield f"laws/{law.id}.toml version {len(law.versions)} element {element.part}: it decides in no example"
        for number, version in enumerate(law.versions, 1):
            for exception in version.unless:
                if exception.id not in told:
                    where = f"laws/{law.id}.toml version {number} unless {exception.id}"
                    yield f"{where}: it decides in no example"
        yield from _first_day(law)


def _first_day(law: Law) -> Iterator[str]:
    version = law.versions[-1]
    if version.by and version.start:
        days = {str(one.given.get(version.by)) for one in law.examples}
        for day in (version.start - timedelta(days=1), version.start):
            if day.isoformat() not in days:
                yield f"laws/{law.id}.toml version from {version.start}: `from` has no example on {day}"


# ---------------------------------------------------------------- words


@looks_for("say less: a door is read in the first minute")
def long_door(library: Library) -> Iterator[str]:
    """A door of more than 120 words."""
    for door in library.packs.doors:
        words = len(" ".join((door.title, *door.do, *door.do_not)).split())
        if words > DOOR:
            yield f"doors.toml door {door.slug}: it has {words} words"


@looks_for("cut it in two", warning=True)
def long_sentence(library: Library) -> Iterator[str]:
    """A sentence for a person that has more than 32 words."""
    for where, text in _said(library.packs):
        longest = max(reading.sentences(text), key=lambda sentence: len(sentence.split()), default="")
        if len(longest.split()) > SENTENCE:
            yield f"{where}: {len(longest.split())} words in one sentence: '{longest[:40].strip()}'…"


@looks_for("say it as you would at a kitchen table", warning=True)
def hard_word(library: Library) -> Iterator[str]:
    """A word for a person that only a lawyer or an official would use."""
    for where, text in _said(library.packs):
        yield from (f"{where}: '{word}' is a hard word" for word in reading.legalese(text))


@looks_for("say that it may be against the law, and what can be done; no exclamation marks", warning=True)
def loud(library: Library) -> Iterator[str]:
    """Words that judge, blame, shout or take hope away."""
    for where, text in _said(library.packs):
        yield from (f"{where}: '{found[0]}'" for found in LOUD.finditer(text))


def _said(known: Packs) -> Iterator[tuple[str, str]]:
    """Every text that a person reads, and where it stands."""
    for fact in known.facts.values():
        if fact.asked:
            texts = (fact.ask, fact.help, fact.why, *fact.labels.values(), *fact.said.values())
            yield from ((f"facts.toml fact {fact.id}", text) for text in texts)
    for law in known.laws.values():
        for number, version in enumerate(law.versions, 1):
            where = f"laws/{law.id}.toml version {number}"
            yield from ((f"{where} element {e.part}", text) for e in version.elements for text in (e.need, e.why_not))
            yield from ((f"{where} unless {one.id}", one.why) for one in version.unless)
    for way in known.routes.values():
        where = f"routes/{way.id}.toml"
        young = (way.young.name, way.young.what, way.young.next) if way.young else ()
        yield from ((where, text) for text in (way.name, way.what, way.next, *young))
        yield from ((f"{where} offer {n}", text) for n, one in enumerate(way.offers, 1) for text in _reasons(one))
        yield from ((f"{where} never {n}", text) for n, one in enumerate(way.bars, 1) for text in _reasons(one))
    for guide in known.guides.values():
        lines = (text for one in (*guide.sections, *guide.young) for text in (one.heading, *one.text, *one.points))
        yield from ((f"guides/{guide.id}.toml", text) for text in lines)
    for door in known.doors:
        yield from ((f"doors.toml door {door.slug}", text) for text in (door.title, *door.do, *door.do_not))
    for contact in known.contacts.values():
        yield from ((f"contacts/{contact.id}.toml", text) for text in (contact.serves, contact.note))


def _reasons(one: Offer | Bar) -> tuple[str, ...]:
    return (one.because, one.young) if one.young else (one.because,)


@looks_for("shorter sentences, shorter words: read it aloud to a child of eleven", warning=True)
def hard_to_read(library: Library) -> Iterator[str]:
    """A question, door, route or page to read that asks for more than a child of eleven."""
    names = {name for c in library.packs.contacts.values() for name in (c.name, re.sub(r"\s*\([^)]*\)", "", c.name))}
    together = defaultdict(list)
    for where, text in _said(library.packs):
        if where.startswith(("facts.toml", "doors.toml", "routes/", "guides/")):
            together[where].append(text)
    for where, texts in together.items():
        if (age := reading.age(texts, names)) > reading.GOAL:
            yield f"{where}: it is read with ease at {age:.0f}"
