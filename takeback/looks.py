"""Looks: what was seen at an address, from what the site answered and the pictures that were there. Pure.

By the content and not only by the status: a page that answers "200" may say that there is nothing, and one that answers
"404" may show the picture all the same. Where it can't be told, `unknown` says why: a page that shows nothing to a
stranger is never called gone. `replaced` is said only where an earlier look found the picture at that address itself.
The reason is a sentence for the person. No hash of a picture stands in what is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from takeback import places, signals
from takeback.errors import UNREACHED
from takeback.words import put

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from takeback.markup import Page
    from takeback.pack_terms import Contact
    from takeback.places import Place
    from takeback.terms import Fetched, Signal

Seen = Literal["same", "gone", "soft-404", "login", "replaced", "elsewhere", "unknown"]

WORDS: Mapping[str, str] = {
    "same": "It is still there.",
    "gone": "It is gone.",
    "soft-404": "It is gone, though the page does not say so outright.",
    "login": "Only people who are signed in can see.",
    "replaced": "Something else is there now.",
    "elsewhere": "It is back, or still there, at another address.",
    "unknown": "We can't tell.",
}
"""What each answer means, in a sentence."""

FOUND: tuple[Seen, ...] = ("same", "elsewhere")
NO_SUCH = (404, 410)
SHORT = 1200
"""Letters of text below which a page has little more to say than one sentence."""

THING = (
    r"(?:page|post|video|photo|picture|image|gif|clip|content|profile|account|link|media|file|item|story|tweet|reel)s?"
    r"(?: (?:you|that|which)[^.!?]{0,40})?"
)
NOT_THERE = re.compile(
    rf"{THING} (?:(?:is|are|was|were|does|do|could|can)(?:n't| not)|cannot|no longer|not)"
    r"(?: longer| currently| be){0,2}"
    r" (?:available|found|exists?|here|there|accessible|viewable|working)\b"
    rf"|{THING} (?:is|are|was|were|(?:has|have|may have|might have) been)(?: currently| either)?"
    r" (?:removed|deleted|taken down|unavailable)\b"
    r"|\bnot found\b|^\W*404\b|\bno longer (?:available|exists?|here|online)\b|\bunavailable$|\bnothing here\b"
    r"|\b(?:deleted|removed) by (?:the |its )?(?:user|author|owner|uploader|moderator|staff|admin)",
    re.IGNORECASE,
)
LOGIN_PATH = re.compile(
    r"/(?:accounts?/)?(?:log-?in|sign-?in|authwall|checkpoint|i/flow/login|sessions?/new)\b", re.IGNORECASE
)
LOGIN_WORDS = re.compile(
    r"^\W*(?:log ?in|sign ?in|sign up|please log in|you (?:must|need to) (?:log|sign) in)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A picture or video that is the case's own: where it was, and how many of 256 bits differ.

    Of a video those bits are of the two frames that are most alike; `share` is the per cent of frames in common.
    """

    url: str
    distance: int
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `found` is where the picture was, `distance` how far from the case's own."""

    url: str
    seen: Seen
    reason: str
    status: int | None = None
    sha256: str = ""
    distance: int | None = None
    found: str = ""

    def data(self, at: str) -> dict[str, object]:
        """The look as it stands in a sealed event (see clock.py); `at` is the moment, as text."""
        parts = {
            "url": self.url,
            "at": at,
            "by": "watch",
            "seen": self.seen,
            "reason": self.reason,
            "distance": self.distance,
            "status": self.status,
            "sha256": self.sha256,
            "found": self.found,
        }
        return {name: value for name, value in parts.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Sight:
    """All that one look has to go by. `compared` counts the pictures that were hashed, `ours` the case's own.

    `before` is where an earlier look found the picture; nothing where none did. `closed`: there was a video, and
    nothing on this computer that decodes one.
    """

    place: Place
    answer: Fetched
    page: Page
    hits: tuple[Hit, ...] = ()
    compared: int = 0
    ours: int = 0
    before: str = ""
    closed: bool = False


def unreached(url: str, why: str) -> Look:
    """Nothing was seen, for a reason of takeback.errors.UNREACHED."""
    return Look(url, "unknown", f"{UNREACHED[why]}.")


# ---------------------------------------------------------------- only the status


def status_only(place: Place, answer: Fetched, contacts: Mapping[str, Contact]) -> Look:
    """What the status alone tells, where nothing of a page may be opened."""
    told = _by_status(answer) or _by_way(place, answer, contacts)
    seen, reason = told or ("unknown", put("The address answers. The page itself is not opened for this case."))
    return Look(place.text, seen, reason, answer.status)


# ---------------------------------------------------------------- the content


def seen(sight: Sight, contacts: Mapping[str, Contact]) -> Look:
    """What was seen at an address, the surest sign first."""
    best = min(sight.hits, key=lambda hit: (file_of(hit.url) != file_of(sight.before), hit.distance), default=None)
    if best is not None:
        where, reason = _where(sight, best)
        return _look(sight, where, reason, best)
    told = (
        _by_status(sight.answer)
        or _by_way(sight.place, sight.answer, contacts)
        or _by_words(sight.page, sight.place.contact)
        or _by_pictures(sight)
    )
    return _look(sight, *told)


def _look(sight: Sight, what: Seen, reason: str, best: Hit | None = None) -> Look:
    return Look(
        url=sight.place.text,
        seen=what,
        reason=reason,
        status=sight.answer.status,
        sha256=sight.answer.sha256,
        distance=best.distance if best and best.share is None else None,
        found=best.url if best else "",
    )


def _where(sight: Sight, best: Hit) -> tuple[Seen, str]:
    """Whether what was found is where it was, or at another address."""
    differ = put(f"{best.distance} of 256 parts of its pattern differ")
    likeness = put("exactly the same") if best.distance == 0 else differ
    if best.share is not None:
        likeness = put(f"{best.share} of 100 frames of the video are the same")
    if sight.answer.status in NO_SUCH:
        return "elsewhere", put(f"The site says that there is nothing here, and shows it all the same ({likeness}).")
    if sight.before and file_of(sight.before) != file_of(best.url):
        return "elsewhere", put(f"The picture is on this page from another address than before ({likeness}).")
    return "same", put(f"The picture was found ({likeness}).")


def file_of(url: str) -> str:
    """What stays the same of a picture's address when a site hands it out again: not its host, nor its query."""
    return urlsplit(url).path


def _by_status(answer: Fetched) -> tuple[Seen, str] | None:
    status = answer.status
    if status in NO_SUCH:
        return "gone", put("The site says that there is nothing at this address.")
    if status == 401:
        return "login", put("The site asks who is there before it shows anything.")
    if status == 451:
        return "unknown", put("The site does not show it here for a legal reason. It may show it in other countries.")
    if status == 429:
        return "unknown", put(f"The site lets this connection ask no more for now. {_wait(answer)}")
    if status == 403:
        return "unknown", put("The site does not let this connection see the page. It may let others.")
    if status >= 500:
        return "unknown", put("The site is out of order just now. Look again later.")
    return ("unknown", put(f"The site gave an answer that tells nothing (number {status}).")) if status >= 300 else None


def _wait(answer: Fetched) -> str:
    seconds = answer.heads.get("retry-after", "")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 8):
        return put("Look again later.")
    minutes = max(1, -(-int(seconds) // 60))
    return put(f"Look again in {minutes} minutes.") if minutes > 1 else put("Look again in 1 minute.")


def _by_way(place: Place, answer: Fetched, contacts: Mapping[str, Contact]) -> tuple[Seen, str] | None:
    """What the place tells where a redirect ended."""
    end = places.read(answer.at, contacts)
    path = urlsplit(answer.at).path
    if end.host == place.host and path.rstrip("/") == urlsplit(_address(place)).path.rstrip("/"):
        return None
    leads = [one for who in (place.contact, end.contact) for one in _hints(who, "login") if one.startswith("/")]
    if LOGIN_PATH.search(path) or any(one in f"//{end.host}{path}" for one in leads):
        return "login", put("The site leads to a page where one has to sign in.")
    if path in ("", "/"):
        return "soft-404", put("The site leads to its front page instead.")
    if end.kind in ("account", "site", "search"):
        return "soft-404", put("The site leads to another page of its own instead.")
    return None


def _address(place: Place) -> str:
    return place.text if "://" in place.text else f"https://{place.text}"


def _by_words(page: Page, contact: Contact | None) -> tuple[Seen, str] | None:
    heads = (page.title, *page.headings)
    said = page.text if len(page.text) < SHORT else ""
    whole = "\n".join((*heads, page.text)).lower().replace("’", "'")
    if any(one.lower() in whole for one in _hints(contact, "gone")):
        return "soft-404", put("The page says that there is nothing, in the words of that site.")
    if any(LOGIN_WORDS.search(one) for one in heads) and page.asks_password:
        return "login", put("The page asks to sign in.")
    if any(NOT_THERE.search(one.replace("’", "'")) for one in (*heads, said)):
        return "soft-404", put("The page says that there is nothing, though it answers as if there were.")
    if any(one.lower() in whole for one in _hints(contact, "login") if not one.startswith("/")):
        return "login", put("The page asks to sign in, in the words of that site.")
    return (
        ("login", put("The page asks for a password and shows nothing else.")) if page.asks_password and said else None
    )


def _hints(contact: Contact | None, which: Literal["gone", "login"]) -> tuple[str, ...]:
    return () if contact is None else contact.gone if which == "gone" else contact.login


def _by_pictures(sight: Sight) -> tuple[Seen, str]:
    if not sight.ours:
        return "unknown", put("There is a page. No picture is kept in this case that it could be compared with.")
    if sight.closed:
        return "unknown", put(
            "There is a page with a video. On this computer only exact copies of a video can be told, and it is none."
        )
    if not sight.compared:
        return "unknown", put("There is a page. It shows a stranger no picture that could be compared.")
    count = put(f"{sight.compared} pictures on it") if sight.compared > 1 else put("1 picture on it")
    if sight.before:
        return "replaced", put(f"The page is there. It is not among the {count} any more.")
    return "unknown", put(f"There is a page. It is not among the {count}. People who are signed in may see more.")


# ---------------------------------------------------------------- the pictures


def nearest(ours: Iterable[Signal], theirs: Sequence[Signal]) -> int | None:
    """How near a strange file is to the nearest of ours: 0 for the very same bytes; None where it is another one."""
    best: int | None = None
    for own in ours:
        for other in theirs:
            found = _distance(own, other)
            best = found if best is None or (found is not None and found < best) else best
    return best


def _distance(own: Signal, other: Signal) -> int | None:
    if own.type != other.type:
        return None
    if own.type in ("sha256", "md5"):
        return 0 if own.value == other.value else None
    if own.type != "pdq" or min(own.quality or 0, other.quality or 0) < signals.BANKABLE:
        return None
    found = signals.distance(own.value, other.value)
    return found if found <= signals.THRESHOLD else None
