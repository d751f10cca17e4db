"""packs/notices/ID.toml: what one notice must contain, from which day, and an example for each way to get it wrong.

The pack knows the law: elements with the question that each asks, which blocks of the letter the answers let in, and
for whom the notice is (`offer`, `never`, `otherwise`, as in a route).
The words of the notice are letters/ID.txt. An element that no example leaves out is a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from takeback import spans
from takeback.pack_terms import (
    Bar,
    Duty,
    NoticeBlock,
    NoticeElement,
    NoticeExample,
    NoticeOffer,
    NoticePack,
    NoticeVersion,
)
from takeback.terms import Any as AnyOf
from takeback.terms import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.table import Table
    from takeback.terms import Rule

PLACES = "places"
"""The field that holds the addresses: filled by `--url`, never by `--field`."""


def notice(table: Table) -> NoticePack:
    """One notice, checked."""
    built = NoticePack(
        id=table.text("id"),
        title=table.text("title"),
        about=table.text("about"),
        harms=table.texts("harms"),
        offers=tuple(_offer(t) for t in table.tables("offer")),
        bars=tuple(Bar(when=t.rule("when"), because=t.text("because")) for t in table.tables("never")),
        otherwise=table.text("otherwise"),
        fields=table.plain("fields"),
        versions=tuple(_version(t) for t in table.tables("version")),
        blocks=tuple(_block(t) for t in table.tables("block")),
        warnings=table.texts("warnings"),
        sources=table.texts("sources", required=True),
        checked=table.required_day("checked"),
        grade=table.choice("grade", get_args(Grade)),
        basis=table.text("basis"),
        examples=tuple(_example(t) for t in table.tables("example")),
        duties=tuple(_duty(t) for t in table.tables("duty")),
        addressee=table.text("addressee", ""),
    )
    for problem in problems(built):
        table.wrong(problem)
    return built


def _offer(table: Table) -> NoticeOffer:
    return NoticeOffer(
        when=table.rule("when"),
        rank=table.number("rank"),
        because=table.text("because"),
        contact=table.maybe("contact"),
    )


def _duty(table: Table) -> Duty:
    return Duty(
        when=table.rule("when"),
        start=table.day("from"),
        within=table.text("within"),
        says=table.text("says"),
        cite=table.text("cite"),
        source=table.text("source"),
    )


def _block(table: Table) -> NoticeBlock:
    return NoticeBlock(id=table.text("id"), when=table.rule("when"), unless=_unless(table))


def _unless(table: Table) -> Rule:
    """The rule under `unless`; without one, a rule that is true of nobody."""
    return table.rule("unless") if table.has("unless") else AnyOf(())


def _version(table: Table) -> NoticeVersion:
    return NoticeVersion(
        start=table.day("from"),
        end=table.day("until"),
        not_yet=table.text("not_yet", ""),
        elements=tuple(_element(t) for t in table.tables("element")),
    )


def _element(table: Table) -> NoticeElement:
    return NoticeElement(
        part=table.text("part"),
        when=table.rule("when"),
        unless=_unless(table),
        rule=table.rule("rule"),
        fields=table.texts("fields"),
        ask=table.text("ask"),
        against=table.text("against", ""),
        cite=table.text("cite"),
    )


def _example(table: Table) -> NoticeExample:
    return NoticeExample(
        name=table.text("name"),
        given=table.answers("given"),
        fields=table.plain("fields"),
        places=table.texts(PLACES),
        on=table.required_day("on"),
        missing=table.texts("missing"),
    )


def problems(pack: NoticePack) -> Iterator[str]:
    """What is wrong with a pack, apart from its rules."""
    if not pack.versions:
        yield "a notice needs at least one [[version]]"
    if not pack.offers:
        yield "a notice needs at least one [[offer]]: for whom is it?"
    tried = {part for example in pack.examples for part in example.missing}
    for version in pack.versions:
        if version.start and not version.not_yet:
            yield f"the version from {version.start} needs `not_yet`: what to say on the day before"
        for element in version.elements:
            yield from (
                f"element {element.part}: there is no field {field!r}"
                for field in element.fields
                if field != PLACES and field not in pack.fields
            )
            if element.part not in tried:
                yield f"no example leaves out {element.part!r}"
    yield from (
        f"duty {one.cite}: {one.within!r} is no span of time" for one in pack.duties if not spans.is_span(one.within)
    )
    if all(example.missing for example in pack.examples):
        yield "a notice needs an example that is complete"


def every_rule(pack: NoticePack) -> Iterator[tuple[str, Rule]]:
    """Each rule of a pack, and where it stands."""
    for number, offer in enumerate(pack.offers, 1):
        yield f"offer {number}", offer.when
    for number, bar in enumerate(pack.bars, 1):
        yield f"never {number}", bar.when
    for duty in pack.duties:
        yield f"duty {duty.cite}", duty.when
    for block in pack.blocks:
        yield f"block {block.id}", block.when
        yield f"block {block.id} unless", block.unless
    for version in pack.versions:
        for element in version.elements:
            yield f"element {element.part} when", element.when
            yield f"element {element.part} unless", element.unless
            yield f"element {element.part}", element.rule
