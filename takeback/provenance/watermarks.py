"""Open watermarks: how well the pixels agree with a public mark, and from where on that is no chance any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.seen import Seen

FROM = {"Stable Diffusion XL": 44, "FLUX": 43, "Stable Diffusion 1": 110}
"""Bits that must agree, of 48, 46 and 136: by chance once in a hundred million pictures, were bits independent."""

LIMITS = (
    "The programs write this mark by themselves, and anybody can write it into any picture with a free program, also "
    "into a real photo. It is lost when a picture is saved as a JPEG or made smaller. It does not show who used what."
)


def findings(seen: Seen) -> Iterator[Finding]:
    """The marks that are there."""
    for one in seen.watermarks:
        if one.agree >= FROM.get(one.scheme, one.of + 1):
            says = f"The pixels carry the public mark that {one.scheme} writes: {one.agree} of {one.of} bits agree."
            quotes = (Quote("bits by chance", f"about {one.of // 2} of {one.of}"),)
            yield Finding("open-watermark", "open-watermark", "internal", says, LIMITS, quotes)
