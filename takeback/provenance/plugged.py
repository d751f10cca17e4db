"""Plug-ins that were named: a likelihood ratio for two named propositions as a finding, all else in `not_run`.

A ratio is never a percentage, and never says what the file is. One that does not clearly speak for the first
proposition is quiet: what seems to speak for a picture being what it shows is not for the person who reports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback import plain
from takeback.plugins import GROUPS
from takeback.provenance.finding import Finding, NotRun, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from takeback.plugins import Manifest, Outcome
    from takeback.provenance.finding import Method

LIMITS = (
    "Takeback did not check this plug-in, and does not vouch for it. The number says how well what it saw fits each of "
    "the two sentences, not which of them is true: that depends on everything else that is known too. Files of another "
    "kind than those it was measured on can mislead it."
)


def method(one: Outcome) -> Method:
    """The method that a plug-in belongs to."""
    return "detectors" if one.group == GROUPS[0] else "watermark-plug-ins"


def ran(outcomes: Sequence[Outcome]) -> set[Method]:
    """The methods of which at least one plug-in gave a ratio."""
    return {method(one) for one in outcomes if not one.because}


def not_run(outcomes: Sequence[Outcome]) -> Iterator[NotRun]:
    """Each plug-in that was named and gave no ratio, by its name."""
    for one in outcomes:
        if one.because:
            did = "abstains, because" if one.abstained else "was refused:"
            yield NotRun(method(one), f"the plug-in {plain.line(one.name)[:60]} {did} {one.because}")


def findings(outcomes: Sequence[Outcome]) -> Iterator[Finding]:
    """Each ratio, with what it rests on."""
    for one in outcomes:
        if one.manifest and not one.because:
            first, second = one.manifest.propositions
            bounds = f"{one.low:.3g} to {one.high:.3g} times"
            says = (
                f"The plug-in {one.name} {one.manifest.version} compared two sentences. What it saw is about "
                f"{one.ratio:.3g} times ({bounds}) as likely under the first as under the second."
            )
            named = (Quote("first", first), Quote("second", second))
            loud = one.low > 1
            yield Finding(
                "likelihood", method(one), "plug-in", says, LIMITS, (*named, *_basis(one.manifest)), loud=loud
            )


def _basis(manifest: Manifest) -> Iterator[Quote]:
    yield Quote("measured on", manifest.calibration)
    yield Quote("files of the first kind, of the second", f"{manifest.of_first}, {manifest.of_second}")
    yield Quote("trained up to", manifest.cutoff.isoformat())
    yield Quote("its measuring holds until", manifest.expires.isoformat())
    yield Quote("licence", manifest.licence)


def versions(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    """The plug-ins that ran, with their versions and the hashes of their files."""
    for one in outcomes:
        if one.manifest:
            hashes = " ".join(f"{name} {value}" for name, value in sorted(one.manifest.files.items()))
            yield f"plug-in {one.name}", f"{one.manifest.version}; {hashes}"
