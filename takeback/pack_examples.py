"""Pack examples: what a law or a notice makes of each example beside it, and what decided. Pure.

An example is a test that a lawyer can write. `wrong` says in one sentence how an example and its pack differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import notices, rules, triage
from takeback.errors import NoticeIncomplete, TakebackError
from takeback.terms import Given, Situation

if TYPE_CHECKING:
    from takeback.pack_terms import Example, Law, NoticeExample, NoticePack, Packs, Version
    from takeback.terms import Finding


def weigh(law: Law, example: Example, packs: Packs) -> tuple[Finding, set[str]]:
    """The finding of an example, and what decided it: parts of elements, an exception, or the date."""
    on = example.on or law.checked
    settled = rules.settle(Situation(example.given), packs.settles)
    version, _ = triage.choose(law, settled, on)
    finding = triage.weigh(law, settled, packs, on)
    return finding, _deciders(finding, settled, version)


def _deciders(finding: Finding, settled: Situation, version: Version) -> set[str]:
    first = finding.because[0] if finding.because else ""
    if finding.status == "may_apply":
        return set()
    if finding.status == "cannot_tell" and first not in {u.why for u in version.unless}:
        return {e.part for e in version.elements if rules.evaluate(e.rule, settled) is None} or {"date"}
    named = {version.why_not_date: "date"}
    named |= {u.why: u.id for u in version.unless}
    named |= {e.why_not: e.part for e in version.elements}
    return {named[first]} if first in named else set()


def wrong(law: Law, example: Example, packs: Packs) -> str:
    """How an example of a law is not what it says; nothing where it is."""
    finding, deciders = weigh(law, example, packs)
    if finding.status != example.then:
        return f"says {example.then}, and the law says {finding.status}"
    if finding.status != "may_apply" and deciders != {example.because}:
        return f"says that {example.because} decides, and it is {' and '.join(sorted(deciders))}"
    return ""


def wrong_notice(pack: NoticePack, example: NoticeExample, packs: Packs) -> str:
    """How an example of a notice is not what it says; nothing where it is."""
    given = Given(Situation(example.given))
    try:
        notices.draft(pack.id, given, packs, example.on, example.fields, example.places)
        missing: tuple[str, ...] = ()
    except NoticeIncomplete as lacking:
        missing = tuple(one.element for one in lacking.missing)
    except TakebackError as refused:
        return f"can't be written: {refused.say()}"
    if missing == example.missing:
        return ""
    return f"says that it lacks {_listed(example.missing)}, and it lacks {_listed(missing)}"


def _listed(parts: tuple[str, ...]) -> str:
    return ", ".join(parts) or "nothing"
