"""Provenance: what a file says of its own origin. Seen things in, findings out; pure, and never a verdict.

    made = report(seen, sums, on=date(2026, 11, 24))

One small file a method. Findings come in the order of what they are worth: signed, internal, declared, history,
plug-ins. Every method is either in `ran` or in `not_run` with a reason. `on` is the day of the look, for dates that
cannot be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import formats
from takeback.provenance import (
    container,
    contradictions,
    declared,
    hearing,
    history,
    moving,
    originals,
    plugged,
    signed,
    watermarks,
)
from takeback.provenance.finding import METHODS, NOTHING, ORDER, WEIGHTS, Finding, NotRun, Quote, Report
from takeback.provenance.not_run import not_run
from takeback.provenance.originals import Compared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from takeback.heard import Heard
    from takeback.plugins import Outcome
    from takeback.seen import Seen
    from takeback.terms import Sums

__all__ = ["METHODS", "NOTHING", "ORDER", "WEIGHTS", "Compared", "Finding", "NotRun", "Quote", "Report", "report"]


def report(
    seen: Seen,
    sums: Sums,
    on: date,
    software: str = "",
    lists: Sequence[str] = (),
    *,
    compared: Sequence[Compared] = (),
    heard: Heard | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Report:
    """All that a file says, and all that was not asked of it.

    `heard` is what was heard of it; `outcomes` are those of the plug-ins that were named.
    """
    kind = formats.FORMATS[seen.format].kind
    missed = tuple(not_run(seen, kind, compared, heard, asked={plugged.method(one) for one in outcomes}))
    missed += tuple(plugged.not_run(outcomes))
    found = [
        *signed.findings(seen),
        *originals.findings(compared),
        *declared.findings(seen),
        *watermarks.findings(seen),
        *contradictions.findings(seen, on),
        *container.findings(seen),
        *history.findings(seen),
        *moving.findings(seen),
        *hearing.findings(heard),
        *plugged.findings(outcomes),
    ]
    skipped = {one.method for one in missed} - plugged.ran(outcomes)
    return Report(
        format=seen.format,
        kind=kind,
        size=sums.size,
        sha256=sums.sha256,
        md5=sums.md5,
        findings=tuple(sorted(found, key=_order)),
        ran=tuple(method for method in METHODS if method not in skipped),
        not_run=missed,
        settings=(
            ("software", software),
            ("looked at on", on.isoformat()),
            *seen.versions,
            ("lists of trusted signers", ", ".join(lists) or "none"),
            *originals.versions(compared),
            *plugged.versions(outcomes),
        ),
        compared=tuple(compared),
        motion=seen.motion,
    )


def _order(one: Finding) -> tuple[bool, int, int]:
    """What says something before what every file has; then by weight, then by method."""
    return not one.loud, ORDER.index(one.weight), METHODS.index(one.method)
