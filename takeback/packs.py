"""Packs: the law, the routes and the people to turn to, read from TOML and checked.

Only this module opens takeback/packs/ and takeback/contacts/. One law, route or contact is one file, named by its
id; adding one touches no code. Every problem of every file is reported at once (BadPacks), as `file table: what`, and
an unknown key is a problem: nothing in a pack is ignored. docs/packs.md shows the format.

    packs/facts.toml      the dictionary of questions          packs/laws/ID.toml     one law, its versions and examples
    packs/interview.toml  opening, form logic, danger          packs/routes/ID.toml   one route
    packs/doors.toml      the five doors                       packs/notices/ID.toml  what one notice needs
    packs/forbidden.toml  numbers that must stand nowhere      packs/guides/ID.toml   one page to read
    packs/sketches.toml   what people usually tell             contacts/ID.toml       one contact
    packs/voice.toml      who is spoken to as a young person
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from takeback import guide_pack, loose_ends, notice_pack, pack_words, sketch_pack, spans, voice, words
from takeback.errors import BadPacks
from takeback.pack_terms import (
    KINDS,
    Bar,
    Contact,
    ContactGrade,
    Door,
    Element,
    Example,
    Fact,
    FactType,
    Forbidden,
    HashService,
    Law,
    Offer,
    Packs,
    Report,
    RoutePack,
    Settle,
    Unless,
    Version,
    Way,
)
from takeback.parsed import Parsed
from takeback.table import Table
from takeback.terms import UNSURE, Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.resources.abc import Traversable

    from takeback.terms import Answer

T = TypeVar("T")
ROOT = files("takeback")
NATIONS = ("EW", "SC", "NI", "UK")
ROUTE_KINDS = ("danger", "police", "platform", "removal", "support", "money", "regulator", "legal")
CONTACT_KINDS = (
    "emergency",
    "police",
    "helpline",
    "removal",
    "platform",
    "search",
    "host",
    "regulator",
    "money",
    "legal",
)
GRADES = get_args(Grade)
CONTACT_GRADES = get_args(ContactGrade)
OUTCOMES = ("may_apply", "cannot_tell", "unlikely")


def load(root: Traversable = ROOT) -> Packs:
    """Every pack under `root`, checked, in the language in use. BadPacks lists all that is wrong."""
    if words.spoken() is words.ENGLISH:
        return _checked(root)  # type: ignore[arg-type]  # every folder that there is can be hashed
    return _said(root, words.spoken())  # type: ignore[arg-type]


@cache
def _checked(root: Traversable) -> Packs:
    packs, problems = read(root)
    if problems:
        raise BadPacks(problems)
    return packs


@lru_cache(maxsize=4)
def _said(root: Traversable, catalogue: words.Catalogue) -> Packs:
    return pack_words.in_language(_checked(root), catalogue)  # type: ignore[arg-type]


def read(root: Traversable) -> tuple[Packs, list[str]]:
    """The packs as far as they can be read, and all that is wrong with them: for whoever is still writing them."""
    problems: list[str] = []
    parsed = Parsed(root)
    packs = Packs(
        facts=_file(parsed, root / "packs" / "facts.toml", facts, problems),
        laws=_folder(parsed, root / "packs" / "laws", law, problems),
        routes=_folder(parsed, root / "packs" / "routes", route, problems),
        contacts=_folder(parsed, root / "contacts", contact, problems),
        doors=_file(parsed, root / "packs" / "doors.toml", doors, problems),
        guides=_folder(parsed, root / "packs" / "guides", guide_pack.guide, problems),
        notices=_folder(parsed, root / "packs" / "notices", notice_pack.notice, problems),
        forbidden=_file(parsed, root / "packs" / "forbidden.toml", forbidden, problems),
        voice=_file(parsed, root / "packs" / "voice.toml", voice.read, problems),
        **_file(parsed, root / "packs" / "interview.toml", interview, problems),
        **_file(parsed, root / "packs" / "sketches.toml", sketch_pack.read, problems),
    )
    parsed.keep()
    if packs.facts:
        problems.extend(loose_ends.find(packs))
    return packs, problems


def texts(root: Traversable) -> dict[str, str]:
    """The text of every file under `root`, by the name that problems call it by: "facts.toml", "laws/EW-66B1.toml"."""
    folders = [f for f in (root / "packs").iterdir() if f.is_dir()] if (root / "packs").is_dir() else []
    found = {path.name: path for path in _tomls(root / "packs")}
    found |= {f"{folder.name}/{path.name}": path for folder in (*folders, root / "contacts") for path in _tomls(folder)}
    return {name: path.read_bytes().decode("utf-8", "replace") for name, path in found.items()}


def _tomls(folder: Traversable) -> list[Traversable]:
    """The TOML files of a folder, in the order of their names."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)


def _file(parsed: Parsed, path: Traversable, build: Callable[[Table], T], problems: list[str], name: str = "") -> T:
    """What a file holds. One that cannot be read is a problem, and counts as empty."""
    name = name or path.name
    try:
        data = parsed.tables(path)
    except (OSError, ValueError) as error:
        problems.append(f"{name}: {error}")
        return build(Table(name, {}, []))
    table = Table(name, data, problems)
    built = build(table)
    table.done()
    return built


def _folder(parsed: Parsed, folder: Traversable, build: Callable[[Table], T], problems: list[str]) -> dict[str, T]:
    """What the files of a folder hold, by name; a file that cannot be read is left out."""
    found: dict[str, T] = {}
    if not folder.is_dir():
        problems.append(f"{folder.name}: there is no such folder")
        return found
    for path in _tomls(folder):
        slug, where = path.name.removesuffix(".toml"), f"{folder.name}/{path.name}"
        built = _file(parsed, path, build, problems, where)
        name = getattr(built, "id")  # noqa: B009  every builder of a folder returns a noun with an id
        if name == slug:
            found[slug] = built
        elif name:
            problems.append(f"{where}: `id` has to be the file's name, {slug!r}")
    return found


# ---------------------------------------------------------------- what each file holds


def facts(table: Table) -> dict[str, Fact]:
    """packs/facts.toml: the dictionary of questions."""
    read = [_fact(t) for t in table.tables("fact")]
    for name in _twice(fact.id for fact in read):
        table.wrong(f"there are two facts called {name!r}")
    return {fact.id: fact for fact in read}


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _fact(table: Table) -> Fact:
    kind: FactType = table.choice("type", get_args(FactType))
    values = ("yes", "no") if kind == "yes_no" else table.texts("values", required=kind in ("choice", "many"))
    fact = Fact(
        id=table.text("id"),
        type=kind,
        ask=table.text("ask"),
        values=values,
        labels=table.plain("labels"),
        said=table.plain("said"),
        help=table.text("help", ""),
        why=table.text("why", ""),
        asked=table.flag("asked", default=True),
        worked_out=table.flag("worked_out", default=False),
        only=table.rule("only") if table.has("only") else None,
    )
    for value in values or ("value",):
        if fact.asked and value not in fact.said:
            table.wrong(f"`said` lacks a sentence for {value!r}")
        if kind in ("choice", "many") and value not in fact.labels:
            table.wrong(f"`labels` lacks words for {value!r}")
    return fact


def law(table: Table) -> Law:
    """packs/laws/ID.toml: one law, every version of it, and its examples, each of which starts from its story."""
    story = table.plain("story")
    built = Law(
        id=table.text("id"),
        title=table.text("title"),
        nation=table.choice("nation", NATIONS),
        kinds=table.texts("kinds", required=True),
        versions=tuple(_version(t) for t in table.tables("version")),
        sources=table.texts("sources", required=True),
        checked=table.required_day("checked"),
        grade=table.choice("grade", GRADES),
        basis=table.text("basis"),
        note=table.text("note", ""),
        examples=tuple(_example(t, story) for t in table.tables("example")),
    )
    for kind in built.kinds:
        if kind not in KINDS:
            table.wrong(f"`kinds` has {kind!r}; it can have {', '.join(KINDS)}")
    if not built.versions:
        table.wrong("a law needs at least one [[version]]")
    deciders = {"date", *(d for v in built.versions for d in _deciders(v))}
    for example in built.examples:
        if example.then != "may_apply" and example.because not in deciders:
            table.wrong(f"example {example.name}: `because` has to be a part, an exception or date")
    for earlier, later in zip(built.versions, built.versions[1:], strict=False):
        if earlier.end is None or later.start is None or earlier.end >= later.start:
            table.wrong(f"the version from {later.start} overlaps the one before it")
    return built


def _version(table: Table) -> Version:
    version = Version(
        start=table.day("from"),
        end=table.day("until"),
        by=table.maybe("by"),
        start_verified=table.flag("start_verified", default=True),
        cite=table.text("cite"),
        elements=tuple(_element(t) for t in table.tables("element")),
        unless=tuple(_unless(t) for t in table.tables("unless")),
        why_not_date=table.text("why_not_date", ""),
        unsettled=table.text("unsettled", ""),
        maximum=table.text("maximum"),
        mode=table.text("mode"),
        limit=table.text("limit", "not known"),
        anonymity=table.text("anonymity", "not known"),
    )
    if (version.start or version.end) and not version.why_not_date:
        table.wrong("`why_not_date` is missing: what to say of a day before or after this version")
    if not version.elements:
        table.wrong("a version needs at least one [[version.element]]")
    for name in _twice(_deciders(version)):
        table.wrong(f"there are two parts or exceptions called {name!r}")
    return version


def _deciders(version: Version) -> list[str]:
    return [element.part for element in version.elements] + [one.id for one in version.unless]


def _element(table: Table) -> Element:
    return Element(part=table.text("part"), need=table.text("need"), why_not=table.text("why_not"), rule=table.rule())


def _unless(table: Table) -> Unless:
    return Unless(
        id=table.text("id"),
        when=table.rule("when"),
        then=table.choice("then", ("unlikely", "cannot_tell")),
        why=table.text("why"),
    )


def _example(table: Table, story: Mapping[str, Any]) -> Example:
    told = {**story, **table.plain("given")}
    return Example(
        name=table.text("name"),
        given={fact: answer(value) for fact, value in told.items() if value != UNSURE},
        then=table.choice("then", OUTCOMES),
        because=table.text("because", ""),
        on=table.day("on"),
    )


def route(table: Table) -> RoutePack:
    """packs/routes/ID.toml: one way to act, and when it is offered."""
    if not table.has("contacts"):
        table.wrong("`contacts` is missing: whom does it lead to? [] says that the person knows them")
    built = RoutePack(
        id=table.text("id"),
        name=table.text("name"),
        kind=table.choice("kind", ROUTE_KINDS),
        contacts=table.texts("contacts"),
        what=table.text("what"),
        next=table.text("next"),
        without_report=table.flag("without_report", default=False),
        offers=tuple(_offer(t) for t in table.tables("offer")),
        bars=tuple(Bar(t.rule("when"), t.text("because"), t.text("young", "")) for t in table.tables("never")),
        sources=table.texts("sources"),
        checked=table.required_day("checked"),
        grade=table.choice("grade", GRADES),
        young=voice.words(table),
    )
    if not built.offers:
        table.wrong("a route needs at least one [[offer]]")
    return built


def _offer(table: Table) -> Offer:
    built = Offer(
        when=table.rule("when"),
        rank=table.number("rank"),
        because=table.text("because"),
        due=table.maybe("due"),
        young=table.text("young", ""),
    )
    if built.due and not spans.is_span(built.due):
        table.wrong(f"`due` is {built.due!r}; write a span such as PT48H, P7D or P13M")
    return built


def contact(table: Table) -> Contact:
    """contacts/ID.toml: one helpline, platform, regulator, removal service or police unit."""
    return Contact(
        id=table.text("id"),
        name=table.text("name"),
        kind=table.choice("kind", CONTACT_KINDS),
        serves=table.text("serves", ""),
        nations=table.texts("nations"),
        ways=tuple(_way(t) for t in table.tables("way")),
        hours=table.text("hours", ""),
        hours_grade=table.text("hours_grade", "none"),
        cost=table.text("cost", ""),
        anonymous=table.text("anonymous", ""),
        languages=table.text("languages", ""),
        note=table.text("note", ""),
        domains=table.texts("domains"),
        patterns=table.texts("patterns"),
        tracking=table.texts("tracking"),
        reports=tuple(_report(t) for t in table.tables("report")),
        sources=table.texts("sources"),
        checked=table.required_day("checked"),
        grade=table.choice("grade", CONTACT_GRADES),
        ended=table.day("ended"),
        because=table.text("because", ""),
        adults=table.flag("adults", default=False),
        gone=table.texts("gone"),
        login=table.texts("login"),
        signs=table.texts("signs"),
        service=_service(table.table("service")),
        programmes=table.texts("programmes"),
    )


def _service(table: Table | None) -> HashService | None:
    if table is None:
        return None
    found = HashService(table.text("takes"), table.text("leaves"), table.text("seen_by"), table.texts("hashes"))
    table.done()
    return found


def _way(table: Table) -> Way:
    return Way(
        by=table.choice("by", ("phone", "text", "email", "web", "chat", "relay")),
        to=table.text("to"),
        grade=table.choice("grade", CONTACT_GRADES),
    )


def _report(table: Table) -> Report:
    return Report(
        harms=table.texts("harms", required=True),
        to=table.text("to"),
        asks=table.text("asks", ""),
        account=table.text("account", "not stated"),
        within=table.maybe("within"),
        law=table.maybe("law"),
        grade=table.choice("grade", CONTACT_GRADES),
        next=table.text("next", ""),
    )


def doors(table: Table) -> tuple[Door, ...]:
    """packs/doors.toml: the five doors, in order."""
    return tuple(
        Door(
            slug=t.text("slug"),
            title=t.text("title"),
            do=t.texts("do", required=True),
            do_not=t.texts("do_not"),
            contacts=t.texts("contacts"),
            starts={key: answer(value) for key, value in t.plain("starts").items()},
            guides=t.texts("guides"),
            young=t.flag("young", default=False),
        )
        for t in table.tables("door")
    )


def forbidden(table: Table) -> tuple[Forbidden, ...]:
    """packs/forbidden.toml: the numbers and addresses that must stand nowhere."""
    return tuple(Forbidden(text=t.text("text"), because=t.text("because")) for t in table.tables("forbidden"))


def interview(table: Table) -> dict[str, Any]:
    """packs/interview.toml: what is asked first, what settles what, and what counts as danger."""
    return {
        "opening": table.texts("opening", required=True),
        "covered_from": table.required_day("covered_from"),
        "immediate": table.rule("immediate"),
        "check": table.rule("check"),
        "settles": tuple(
            Settle(when=t.rule("when"), fact=t.text("fact"), value=answer(t.any("value")))
            for t in table.tables("settle")
        ),
    }


def answer(value: Any) -> Answer:
    """An answer as a pack or a GIVEN file writes it: text, a whole number, or a list of texts."""
    return tuple(str(v) for v in value) if isinstance(value, list) else value
