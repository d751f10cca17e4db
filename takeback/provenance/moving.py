"""Cuts and freezes: where the picture of a video changes at once and where it stands still, as history on a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from takeback.provenance.finding import Finding, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from takeback.motion import Motion
    from takeback.seen import Seen

LIMITS = (
    "Nearly every video that is posted has cuts, and each forwarded copy keeps them. Fades, and cuts between scenes "
    "that look alike, are not found; a flash can look like a cut. A slide, a title or a camera on a stand that films "
    "what does not move stands still too. It does not mean that the video was changed."
)
MOST = 12
WIDE = 60
CUT, STILL, PLAIN = "|", "=", "-"


def findings(seen: Seen) -> Iterator[Finding]:
    """The line of a video; nothing where it was not watched."""
    one = seen.motion
    if one is None:
        return
    cuts = "no cut" if not one.cuts else "one cut" if len(one.cuts) == 1 else f"{len(one.cuts)} cuts"
    still = "no still stretch" if not one.still else f"still stretches: {len(one.still)}"
    far = "" if one.whole else f" Only the first {_second(one.looked)} were looked at."
    says = f"In {_second(one.looked)} of video: {cuts}; {still}.{far}"
    quotes = [Quote("line", line(one))]
    if one.cuts:
        quotes.append(Quote("cuts at", ", ".join(map(_second, one.cuts[:MOST])) + _more(len(one.cuts))))
    if one.still:
        pairs = (f"{_second(begin)} to {_second(end)}" for begin, end in one.still[:MOST])
        quotes.append(Quote("stands still from", ", ".join(pairs) + _more(len(one.still))))
    quotes.append(Quote("frames compared", str(one.frames)))
    yield Finding("cuts-and-freezes", "cuts-and-freezes", "history", says, LIMITS, tuple(quotes), loud=False)


def line(one: Motion) -> str:
    """A video as a line of WIDE signs: `|` where it is cut, `=` where it stands still."""
    signs = [PLAIN] * WIDE
    for begin, end in one.still:
        for place in range(_place(begin, one), _place(end, one) + 1):
            signs[place] = STILL
    for at in one.cuts:
        signs[_place(at, one)] = CUT
    return "".join(signs)


def _place(at: int, one: Motion) -> int:
    return min(WIDE - 1, at * WIDE // max(1, one.looked))


def _second(at: int) -> str:
    return f"{at / 1000:.1f} s"


def _more(count: int) -> str:
    return f" and {count - MOST} more" if count > MOST else ""
