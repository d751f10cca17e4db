"""packs/guides/ID.toml: one page to read, with its sections and the people it names.

A page about one of the eight kinds is named by it. A page for all of them stands on a shelf.
A section says something: it has paragraphs, points or both, and may say it to a young person in a table `young`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from takeback.guide_terms import SHELVES, Guide, Section
from takeback.pack_terms import KINDS
from takeback.terms import Grade

if TYPE_CHECKING:
    from takeback.table import Table


def guide(table: Table) -> Guide:
    """One page to read, checked."""
    built = Guide(
        id=table.text("id"),
        title=table.text("title"),
        kinds=table.texts("kinds"),
        contacts=table.texts("contacts"),
        sections=tuple(_section(t) for t in table.tables("section")),
        sources=table.texts("sources", required=True),
        checked=table.required_day("checked"),
        grade=table.choice("grade", get_args(Grade)),
        shelf=table.choice("shelf", ("", *SHELVES), ""),
    )
    for kind in built.kinds:
        if kind not in KINDS:
            table.wrong(f"`kinds` has {kind!r}; it can have {', '.join(KINDS)}")
    if bool(built.kinds) == bool(built.shelf):
        table.wrong(f"a guide has `kinds`, or a `shelf`: {', '.join(SHELVES)}")
    if not built.sections:
        table.wrong("a guide needs at least one [[section]]")
    return built


def _section(table: Table) -> Section:
    heading, young = table.text("heading"), table.table("young")
    section = Section(
        heading=heading,
        text=table.texts("text"),
        points=table.texts("points"),
        young=_young(young, heading) if young else None,
    )
    if not section.text and not section.points:
        table.wrong("a section needs `text` or `points`")
    return section


def _young(table: Table, heading: str) -> Section:
    """A section in words for a young person; it keeps the heading where it has none of its own."""
    section = Section(heading=table.text("heading", heading), text=table.texts("text"), points=table.texts("points"))
    if not section.text and not section.points:
        table.wrong("it needs `text` or `points`")
    table.done()
    return section
