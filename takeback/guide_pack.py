"""packs/guides/ID.toml: one page to read, with its sections and the people it names.

A page about one of the eight kinds is named by it. A section says something: it has paragraphs, points or both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from takeback.pack_terms import KINDS, Grade, Guide, Section

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
    )
    for kind in built.kinds:
        if kind not in KINDS:
            table.wrong(f"`kinds` has {kind!r}; it can have {', '.join(KINDS)}")
    if not built.sections:
        table.wrong("a guide needs at least one [[section]]")
    return built


def _section(table: Table) -> Section:
    section = Section(heading=table.text("heading"), text=table.texts("text"), points=table.texts("points"))
    if not section.text and not section.points:
        table.wrong("a section needs `text` or `points`")
    return section
