"""Watching: a case's addresses looked at again, when a person asked for it; what was seen becomes part of the log.

Only posts and pictures are looked at, never a profile; sites that Takeback does not know only where the person said so.
For a case that may take no file, only the status is asked for (`HEAD`): not one byte of a page or a picture comes here.
Pictures of a page are fetched, hashed in the cage, compared and forgotten. A site that asks to wait is asked no more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from takeback import clock, footage, keeping, looks, markup, packs, permit, places, rules, spans
from takeback.errors import Unreached
from takeback.wire.fetch import Limits
from takeback.words import later, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from takeback.casework import State
    from takeback.keeping import OpenCase
    from takeback.permit import Exhibit
    from takeback.places import Kind, Place
    from takeback.terms import Fetched
    from takeback.wire.fetch import Wire

MOST = 50
"""Addresses that are looked at in one round."""

EVERY = timedelta(hours=6)
"""How long Takeback waits before it looks again by itself."""

PICTURES, VIDEOS = 12, 2
"""How many of a page are fetched; the page's own come first."""

PAGE, PICTURE, VIDEO = Limits(12 << 20, 20), Limits(12 << 20, 10, 3), Limits(48 << 20, 20, 3)
PATIENCE = 60.0
"""Seconds for one page with all its pictures."""

PAUSE = 1.0
"""Seconds between two addresses of one site."""

FIRST = later(
    "Whoever runs these sites, or keeps pictures for them, may see the address of this connection and the time, "
    "as if you opened the page in a browser. Nothing about you or your case is sent."
)
"""What a person hears before anything is asked."""

NEVER: Mapping[Kind, str] = later(
    {
        "wrong": "This can't be looked at: it is no address that leads to a site.",
        "words": "This is no address, so it can't be looked at.",
        "site": "This names a site and nothing on it.",
        "account": "This is somebody's profile. Takeback looks at posts and pictures, and never at profiles.",
        "search": "This is a page of results. Keep the address of the page that it finds.",
        "leads": "This leads on to another address. Keep that one, and it can be looked at.",
    }
)
UNKNOWN = later("Takeback doesn't know this site, so it looks there only if you say so.")
WAITING = later("The site asked to wait, so it was asked no more this time.")
ENOUGH = put(f"More than {MOST} addresses: this one has its turn another time.")


@dataclass(frozen=True, slots=True)
class Target:
    """An address to look at. `url` is as the person wrote it."""

    url: str
    place: Place


@dataclass(frozen=True, slots=True)
class Left:
    """An address that is not looked at, and why."""

    url: str
    because: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one round looks at, and what it leaves out. `only_status` says why no page is opened; else it is empty."""

    targets: tuple[Target, ...]
    left: tuple[Left, ...]
    only_status: str = ""


# ---------------------------------------------------------------- what is looked at


def plan(state: State, *, unknown: bool = False, noticed: bool = False) -> Round:
    """A round: places with a notice first. `unknown` adds sites that we don't know, `noticed` leaves all others out."""
    targets: list[Target] = []
    left: list[Left] = []
    for url in _urls(state, noticed=noticed):
        place = places.read(url, packs.load().contacts)
        because = NEVER.get(place.kind) or (UNKNOWN if place.kind == "unknown" and not unknown else "")
        if because or len(targets) == MOST:
            left.append(Left(url, because or ENOUGH))
        else:
            targets.append(Target(url, place))
    return Round(tuple(targets), tuple(left), only_status(state))


def _urls(state: State, *, noticed: bool) -> Iterable[str]:
    sent = [str(url) for event in state.of("notice") for url in _list(event.data.get("urls"))]
    own = [one.url for one in state.where if one.url]
    return dict.fromkeys(sent if noticed else (*sent, *own))


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def only_status(state: State) -> str:
    """Why only the status is asked for: the child rule and its sisters, or nothing.

    An age that nobody knows counts as under 18, unless a file is kept here whose own answers let it in.
    """
    if why := keeping.closed(state.situation):
        return why.what
    settled = rules.settle(state.situation, packs.load().settles).answers
    refused = permit.refusal(settled)
    return refused.what if refused and not _ours(state) else ""


def _ours(state: State) -> list[Exhibit]:
    back = keeping.held_back(state)
    return [one for one in state.exhibits if one not in back]


# ---------------------------------------------------------------- whether Takeback may look by itself


def allowed(state: State) -> Mapping[str, object]:
    """What the person said of looking by itself: `on`, and `unknown` for sites that we don't know."""
    said = state.of("watch")
    return said[-1].data if said else {}


def wait(state: State) -> timedelta | None:
    """How long until Takeback may look by itself: EVERY after it last did. None where the person did not say so."""
    if not allowed(state).get("on"):
        return None
    last = [event.at for event in state.of("look") if event.data.get("by") == "watch"]
    return max(timedelta(), max(last) + EVERY - state.at) if last else timedelta()


def is_due(state: State) -> bool:
    """Whether Takeback may look by itself now."""
    return wait(state) == timedelta()


# ---------------------------------------------------------------- a round


@dataclass
class Watch:
    """One round over an open case. `way_out` makes the wire, and only where there is something to ask.

    `now` is the clock; `go_on` is asked before each step that leaves a trace.
    """

    case: OpenCase
    way_out: Callable[[], Wire]
    now: Callable[[], datetime]
    go_on: Callable[[], bool] = lambda: True
    pause: float = PAUSE
    left: list[Left] = field(default_factory=list)
    _made: dict[tuple[str, ...], footage.Own] = field(default_factory=dict)

    def run(self, what: Round) -> Iterator[looks.Look]:
        """Look at each address; every look is in the log before it is returned."""
        self.left.extend(what.left)
        before = found_before(self.case.state(self.now()))
        asked: dict[str, str] = {}
        for target in what.targets:
            if asked.get(target.place.site) == "wait":
                self.left.append(Left(target.url, WAITING))
                continue
            if target.place.site in asked:
                time.sleep(self.pause)
            if not self.go_on():
                return
            status, ours = self._may()
            look = self._look(target, ours, before.get(target.url, ""), whole=not (what.only_status or status))
            asked[target.place.site] = "wait" if look.status == 429 else "asked"
            if not self.go_on():
                return
            at = self.now()
            self.case.add("look", look.data(at.isoformat()), at)
            yield look

    def _may(self) -> tuple[str, footage.Own]:
        """What the answers of this moment allow: why only the status may be asked for, or else what is ours."""
        state = self.case.state(self.now())
        if status := only_status(state):
            return status, footage.Own()
        files = tuple(one.blob for one in _ours(state))
        if files not in self._made:
            self._made = {files: own(self.case, state)}
        return "", self._made[files]

    @cached_property
    def wire(self) -> Wire:
        """The way out."""
        return self.way_out()

    def _look(self, target: Target, ours: footage.Own, before: str, *, whole: bool) -> looks.Look:
        known = packs.load().contacts
        try:
            if not whole:
                return looks.status_only(target.place, self.wire.head(target.place.text), known)
            answer = self.wire.get(target.place.text, PAGE)
        except Unreached as error:
            return looks.unreached(target.url, error.why)
        page = (
            markup.read(answer.body, answer.at, answer.heads.get("content-type", ""))
            if _is_page(answer)
            else markup.Page()
        )
        sight = looks.Sight(target.place, answer, page, ours=len(ours), before=before)
        return looks.seen(self._compare(sight, ours), known)

    def _compare(self, sight: looks.Sight, ours: footage.Own) -> looks.Sight:
        """What is ours, and how many were compared. Where ours are none, nothing is fetched."""
        hits: list[looks.Hit] = []
        compared, closed = 0, False
        for url, body in self._media(sight.answer, sight.page) if ours else ():
            theirs = footage.beside(ours, body)
            compared, closed = compared + theirs.told, closed or theirs.closed
            if theirs.distance is None:
                continue
            hits.append(looks.Hit(url, theirs.distance, theirs.share))
            if not sight.before or looks.file_of(sight.before) == looks.file_of(url):
                break
        return replace(sight, hits=tuple(hits), compared=compared, closed=closed)

    def _media(self, answer: Fetched, page: markup.Page) -> Iterator[tuple[str, bytes]]:
        """The file at the address itself, or what its page shows, one at a time."""
        if not _is_page(answer):
            if answer.status < 300 and not answer.cut:
                yield answer.at, answer.body
            return
        end = time.monotonic() + PATIENCE
        wanted = [(url, PICTURE) for url in page.pictures[:PICTURES]] + [(url, VIDEO) for url in page.videos[:VIDEOS]]
        for url, most in wanted:
            if time.monotonic() > end or not self.go_on():
                return
            try:
                got = self.wire.get(url, most)
            except Unreached:
                continue
            if got.status < 300 and not got.cut and not _is_page(got):
                yield url, got.body


def _is_page(answer: Fetched) -> bool:
    return answer.kind in ("", "text/html", "application/xhtml+xml", "text/plain")


def own(case: OpenCase, state: State) -> footage.Own:
    """What the files of a case that may be opened give to compare with."""
    return footage.own((one.sha256, partial(case.store.open_blob, case.id, one.blob, case.key)) for one in _ours(state))


def found_before(state: State) -> dict[str, str]:
    """Where the last look that found it found it, by address. What was taken back decides nothing."""
    looked = (event.data for event in clock.counted(state.events) if event.what == "look")
    return {str(data["url"]): str(data["found"]) for data in looked if data.get("found")}


# ---------------------------------------------------------------- as a document


def document(case: OpenCase, found: Iterable[looks.Look], left: Iterable[Left], at: datetime) -> dict[str, Any]:
    """A round as the JSON document of docs/interfaces.md, with what each notice has come to."""
    state = case.state(at)
    tracked = clock.track(state.events, state.situation, at, packs.load(), spans.zone(spans.HOME))
    last = {str(event.data.get("url")): event.data.get("at") for event in state.of("look")}
    return {
        "case": case.id,
        "looks": [
            {"url": one.url, "at": last.get(one.url), "seen": one.seen, "distance": one.distance, "status": one.status,
             "reason": one.reason, "found": one.found or None}
            for one in found
        ],
        "left_out": [{"url": one.url, "because": one.because} for one in left],
        "notices": [
            {"id": one.id, "state": one.state, "due": one.due.isoformat() if one.due else None} for one in tracked
        ],
    }  # fmt: skip
