"""Telling: what a person tells in their own words: a first account for the police, and a diary, each in several forms.

Both hold only what the person wrote and kept. Every other document of a case is made by `handover`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import handover, papers
from takeback.errors import BadInput
from takeback.words import in_english

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from takeback.keeping import OpenCase
    from takeback.terms import Paper

ACCOUNT, DIARY = handover.POLICE, "diary"
FORMS: Mapping[str, tuple[str, ...]] = {**handover.FORMS, DIARY: ("txt", "docx", "pdf", "csv")}
"""What a document can be saved as. A notice is none of these: it is made ready, with a number (sending.py)."""

KINDS = {**handover.KINDS, "csv": "text/csv; charset=utf-8"}


def forms(letter: str) -> tuple[str, ...]:
    """The same of one letter; nothing for what is no such document."""
    return FORMS.get(letter, ())


def document(case: OpenCase, letter: str, form: str, at: datetime) -> handover.Document:
    """A document of a kept case, in one of its forms."""
    if form not in forms(letter):
        raise BadInput("there is no such document", f"choose {' or '.join(forms(letter) or FORMS)}")
    if letter != DIARY:
        return handover.document(handover.of_case(case, at), letter, form, at)
    if form == "csv":
        content = papers.diary_table(case.state(at).diary).encode("utf-8-sig")
    else:
        content = handover.written(_diary(case, at), form, at)
    return handover.Document(letter, f"{DIARY}.{form}", KINDS[form], content)


def _diary(case: OpenCase, at: datetime) -> Paper:
    state = case.state(at)
    if not state.diary:
        raise BadInput("the diary is empty", "write an entry first")
    versions = [one.value.id for one in state.incidents]
    with in_english():
        return papers.diary(state.diary, sum(versions.count(one.id) > 1 for one in state.diary))
