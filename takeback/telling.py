"""Telling: what a person tells in their own words: a first account for the police, and a diary, each in several forms.

Both hold only what the person wrote and kept. Every other document of a case is made by `handover`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import documents, handover, packs, papers
from takeback.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from takeback.keeping import OpenCase
    from takeback.terms import Paper

ACCOUNT, DIARY = handover.POLICE, "diary"
NAMES: Mapping[str, str] = {ACCOUNT: "account", DIARY: "diary"}
"""Neutral names of what is saved."""

KINDS = {
    **handover.KINDS,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
}


def forms(letter: str) -> tuple[str, ...]:
    """What a document of a case can be saved as."""
    return {ACCOUNT: ("txt", "docx", "pdf"), DIARY: ("txt", "docx", "pdf", "csv")}.get(letter) or handover.forms(letter)


def document(case: OpenCase, letter: str, form: str, at: datetime) -> handover.Document:
    """A document of a kept case, in one of its forms. NoticeIncomplete where it is a notice that lacks something."""
    if form not in forms(letter):
        raise BadInput(f"there is no such document as {form!r}", f"choose {' or '.join(forms(letter))}")
    if letter not in NAMES:
        return handover.document(handover.of_case(case, at), letter, form, at)
    return handover.Document(letter, f"{NAMES[letter]}.{form}", KINDS[form], _content(case, letter, form, at))


def _content(case: OpenCase, letter: str, form: str, at: datetime) -> bytes:
    if form == "csv":
        return papers.diary_table(case.state(at).diary).encode("utf-8-sig")
    paper = _diary(case, at) if letter == DIARY else _account(case, at)
    if form == "txt":
        return documents.text(paper.letter, paper.data).encode()
    make = documents.editable if form == "docx" else documents.render
    return make(paper.letter, paper.data, at)


def _account(case: OpenCase, at: datetime) -> Paper:
    matter = handover.of_case(case, at)
    exhibits = [one for one, _ in matter.exhibits]
    return papers.police_account(matter.given, packs.load(), exhibits, matter.addresses, case.state(at).diary)


def _diary(case: OpenCase, at: datetime) -> Paper:
    state = case.state(at)
    if not state.diary:
        raise BadInput("the diary is empty", "write an entry first")
    versions = [one.value.id for one in state.incidents]
    return papers.diary(state.diary, sum(versions.count(one.id) > 1 for one in state.diary))
