"""Every contact as one page of tables: each way to report or to reach, by route and by how well it was checked. Pure.

docs/contacts.md is what `markdown` returns (`make contacts`); a test compares the two. A way below `official-other` is
never a button; here it stands too, so that whoever checks contacts sees what is left to check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from takeback import places, spans
from takeback.pack_terms import ContactGrade

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from takeback.pack_terms import Contact, Packs

GRADES = get_args(ContactGrade)
HEAD = """\
# Contacts, by route and grade

Made from `takeback/contacts/` by `make contacts`; a test says where this page is not current. `own-page`: read on the
contact's own page. `official-other`: on another official page. Only these two become buttons; `secondary`, `memory` and
`conflict` are named, and wait for somebody to check them. `takeback packs stale` lists what was checked longest ago.
"""


def markdown(packs: Packs) -> str:
    """The whole page."""
    contacts = sorted(packs.contacts.values(), key=lambda one: one.name.casefold())
    return "\n".join([HEAD, *_count(contacts), *_programmes(contacts), *_reports(contacts), *_ways(contacts)]) + "\n"


def _count(contacts: list[Contact]) -> Iterator[str]:
    yield "## How many"
    yield ""
    yield from _table(("", *GRADES), _counted(contacts))


def _counted(contacts: list[Contact]) -> Iterator[tuple[str, ...]]:
    rows = {
        "contacts": [one.grade for one in contacts],
        "ways to report to a site": [report.grade for one in contacts for report in one.reports],
        "ways to reach someone": [way.grade for one in contacts for way in one.ways],
    }
    for name, grades in rows.items():
        yield (f"{len(grades)} {name}", *(str(grades.count(grade)) for grade in GRADES))


def _programmes(contacts: list[Contact]) -> Iterator[str]:
    yield from ("", "## Programmes, as public lists say (nobody checked it with them)", "")
    names = {one.id: one.name for one in contacts}
    rows = [(one.name, ", ".join(names[each] for each in one.programmes)) for one in contacts if one.programmes]
    yield from _table(("who", "takes part in"), rows)


def _reports(contacts: list[Contact]) -> Iterator[str]:
    for harm, title in places.HARM_WORDS.items():
        rows = [
            (
                one.name,
                report.to,
                report.account,
                spans.words(report.within) if report.within else "",
                report.grade,
                one,
            )
            for one in contacts
            for report in one.reports
            if harm in report.harms
        ]
        rows.sort(key=lambda row: GRADES.index(row[4]))
        yield from ("", f"## {title[:1].upper()}{title[1:]}", "")
        yield from _table(
            ("site", "where", "account needed", "says within", "grade", "checked"),
            ((*row[:5], _checked(row[5])) for row in rows),
        )


def _ways(contacts: list[Contact]) -> Iterator[str]:
    yield from ("", "## Who can be reached", "")
    rows = [(one.name, one.kind, way.by, way.to, way.grade, _checked(one)) for one in contacts for way in one.ways]
    rows.sort(key=lambda row: (row[1], GRADES.index(row[4])))
    yield from _table(("who", "kind", "by", "where", "grade", "checked"), rows)


def _checked(one: Contact) -> str:
    return f"ended {one.ended.isoformat()}" if one.ended else one.checked.isoformat()


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    names = tuple(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
