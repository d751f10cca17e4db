"""Places: an address tells where something is: which platform, which item, how to report it there. Pure.

A place is an address, or words that say how to find it in an app. It is only read: nothing is opened, no name is looked
up, and a short link stays short. What can't stand in a report is refused by name (`Place.wrong`); a name that looks
like a platform's and is not is said beside it (`Place.doubts`). What was typed is kept; `Place.shown` is for the eye,
without what follows a person around. Each contact knows its own hosts and the shapes of its addresses (contacts/):
in a shape, `short` is a link that only its site can follow, `media` a file itself, `search` a page of results, and
`leads` holds the address of another page.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from takeback import hosts, plain
from takeback.pack_terms import ContactGrade
from takeback.rules import evaluate
from takeback.terms import Any as AnyOf
from takeback.terms import Is
from takeback.words import _, later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from takeback.pack_terms import Contact, Report
    from takeback.terms import Situation

Kind = Literal["wrong", "words", "unknown", "site", "account", "item", "media", "short", "leads", "search"]

NAMED: tuple[Kind, ...] = ("short", "media", "leads", "search")
"""Parts of an address that say what sort of place it is."""

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(\S?)", re.IGNORECASE)
CODE = ("javascript", "data", "vbscript", "file", "blob", "about", "view-source")
BARE = re.compile(
    r"(?:www\.[^\s/@:?#\\]+|[^\s/@:?#\\][^\s/@:?#\\.]*+\.[^\s/@:?#\\]+(?=[/?#]))(?:[/?#]\S*)?", re.IGNORECASE
)
"""An address without https:// in front."""

IN_TEXT = re.compile(
    r"(?:\b(?:hxxps?|https?|ftp)://|\b(?:javascript|vbscript|data|file):|\bwww\.|"
    r"(?<![\w-])(?<![\w-]\.)(?:[\w-]+\.)+[a-z]{2,}/)[^\s<>\"“”]+",
    re.IGNORECASE,
)
"""What may be an address in a page of text; it is read like any other. A name is tried from its first letter alone, or
a long word would be read once for each of its letters."""

ENDINGS = ".,;:!?'’”»*_"
"""What ends a sentence and not an address."""

MOST = 1000
LONGEST_PLACE = 2048
PORTS = {"http": 80, "https": 443}

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mibextid|mc_cid|mc_eid|"
    r"_ga|_gl|ref_src|ref_url|__cft__.*|__tn__",
    re.IGNORECASE,
)
"""What follows a person from site to site; a contact's own are in its `tracking`."""

ACCOUNTS = frozenset(
    "user uid handle channel blog actor owner sub group guild private company phone invite host home".split()  # noqa: SIM905
)
"""Names in a shape that say whose it is; any other says which thing of theirs."""

SAVE: Mapping[Kind, str] = later(
    {
        "words": "Write down the name of the account, the day and the time.",
        "unknown": "We don't know this site. Save its address as it is, and the time when you saw it.",
        "site": "This names the site and nothing on it. Copy the address of the post or the picture itself.",
        "account": "This is a whole account. Save the address of each post or picture as well.",
        "item": "Save this address, the name of the account and the time.",
        "media": "This is the file itself. Save the address of the page that shows it too: reports ask for both.",
        "short": "This is a short link. Where it leads can change, so save the long address too, if you can see it.",
        "search": "This is a page of results. Save the address of each page and picture that it finds.",
        "leads": "This leads on to another address. Save that one too: it is the one to report.",
    }
)
"""What to save first, in words that ask for no picture."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as its address tells. `text` is what was typed, word for word.

    `ids` are the parts of the address that name an account or an item; `doubts` are for the person to read.
    """

    text: str
    wrong: str = ""
    shown: str = ""
    host: str = ""
    contact: Contact | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What sort of place it is."""
        if self.wrong or not self.host:
            return "wrong" if self.wrong else "words"
        if self.contact is None:
            return "unknown"
        own: Iterator[Kind] = (kind for kind in NAMED if kind in self.ids)
        if named := next(own, None):
            return named
        return "item" if set(self.ids) - ACCOUNTS else "account" if self.ids else "site"

    @property
    def site(self) -> str:
        """Two places with the same site belong in one report."""
        return self.contact.id if self.contact else self.host

    @property
    def leads(self) -> str:
        """The other address that this one leads on to, or nothing."""
        return unquote(self.ids.get("leads", ""))


def read(text: str, contacts: Mapping[str, Contact]) -> Place:
    """One place: an address, or words."""
    found = text.strip()
    if why := _wrong(found):
        return Place(found, wrong=_said(why, found))
    parts = _parts(found)
    if parts is None:
        return Place(found)
    host = hosts.plain(parts.hostname or "")
    contact = owner(host, contacts)
    resembles = None if contact else hosts.imitates(host, (d for c in contacts.values() for d in c.domains))
    if contact is None and resembles is None:
        contact = _by_shape(host, parts, contacts)
    return Place(
        text=found,
        shown=_shown(parts, host, contact.tracking if contact else (), honest=resembles is None),
        host=host,
        contact=contact,
        ids=_ids(host, parts, contact) if contact else {},
        doubts=tuple(_doubts(host, parts, owner(resembles, contacts) if resembles else None)),
    )


def find(text: str, contacts: Mapping[str, Contact]) -> tuple[Place, ...]:
    """Every address in a list or a page of text, each once, in order. Words around them are left alone."""
    seen = dict.fromkeys(_ended(match[0]) for match in IN_TEXT.finditer(text))
    return tuple(read(one, contacts) for one in list(seen)[:MOST])


def _ended(found: str) -> str:
    """An address out of a sentence, without what ends the sentence or the bracket."""
    return found.rstrip(ENDINGS + "".join(b for a, b in ("()", "[]", "{}") if a not in found))


def save_first(place: Place) -> tuple[str, ...]:
    """What to save first there, in words."""
    note = place.contact.note if place.contact else ""
    saved = _(SAVE[place.kind]) if place.kind in SAVE else ""
    return tuple(filter(None, (saved, note)))


# ---------------------------------------------------------------- what can't stand in a report


def _said(why: str, found: str) -> str:
    shown = plain.line(found[:80])
    return _("This can't stand in a report as the place where it is: {why}: {shown}", why=why, shown=shown)


def _wrong(found: str) -> str:
    """What is wrong with a place, or nothing."""
    if not any(c.isalnum() for c in found):
        return _("it is empty")
    if len(found) > LONGEST_PLACE:
        return _("it is longer than {n} characters", n=LONGEST_PLACE)
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in found):
        return _("it holds hidden characters")
    if found.startswith("//"):
        return _("an address has to start with https:// or http://")
    scheme = SCHEME.match(found)
    if scheme is None or (not scheme[2] and scheme[1].lower() not in CODE):
        return _wrong_address(f"https://{found}") if BARE.fullmatch(found) else ""
    if scheme[1].lower() not in PORTS:
        return _("an address has to start with https:// or http://")
    return _wrong_address(found)


def _wrong_address(found: str) -> str:
    try:
        parts = urlsplit(found)
        name, _port = parts.hostname, parts.port
    except ValueError:
        return _("it is not a whole address")
    if "@" in parts.netloc:
        return _("it has a name before an @, which can hide where it leads")
    if not name or not found[len(parts.scheme) :].startswith("://"):
        return _("it names no site")
    if "\\" in found or any(c.isspace() for c in found):
        return _("an address has no spaces or backslashes")
    try:
        host = hosts.plain(name)
    except ValueError:
        return _("no site can have this name")
    return _("it leads into a private network, where nobody else can see it") if hosts.inward(host) else ""


def _parts(found: str) -> SplitResult | None:
    """An address in its parts; None for words."""
    scheme = SCHEME.match(found)
    if scheme and scheme[1].lower() in PORTS:
        return urlsplit(found)
    return urlsplit(f"https://{found}") if BARE.fullmatch(found) else None


# ---------------------------------------------------------------- whose it is


def owner(host: str, contacts: Mapping[str, Contact]) -> Contact | None:
    """The contact whose site a plain host is: the longest of its names that somebody owns decides."""
    owners = {domain: one for one in contacts.values() if one.ended is None for domain in one.domains}
    labels = host.split(".")
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return next((owners[name] for name in names if name in owners), None)


def _by_shape(host: str, parts: SplitResult, contacts: Mapping[str, Contact]) -> Contact | None:
    """A contact without hosts of its own, whose addresses have a shape of their own: Mastodon is many servers."""
    shaped = (one for one in contacts.values() if one.patterns and not one.domains and one.ended is None)
    return next((one for one in shaped if _ids(host, parts, one)), None)


def _ids(host: str, parts: SplitResult, contact: Contact) -> dict[str, str]:
    """What the first shape that fits finds in an address."""
    whole = host + urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    matches = (re.match(_anchored(pattern), whole) for pattern in contact.patterns)
    found = next(filter(None, matches), None)
    return {name: value for name, value in found.groupdict().items() if value} if found else {}


def _anchored(pattern: str) -> str:
    """A shape from the start: of the path where it begins with a slash, otherwise of the host or a part of it."""
    return f"[^/]*{pattern}" if pattern.startswith("/") else rf"(?:[^/]*?\.)??{pattern}"


# ---------------------------------------------------------------- how it looks


def _shown(parts: SplitResult, host: str, tracking: Iterable[str], *, honest: bool) -> str:
    """An address for the eye: one spelling of its host, and nothing in it that follows a person."""
    name = hosts.shown(host) if honest else host
    netloc = f"[{name}]" if ":" in name else name
    if parts.port not in (None, PORTS[parts.scheme]):
        netloc += f":{parts.port}"
    kept = (one for one in parts.query.split("&") if not _follows(unquote(one.split("=")[0]), tracking))
    fragment = parts.fragment.split(":~:")[0]
    return urlunsplit((parts.scheme, netloc, parts.path, "&".join(kept), fragment))


def _follows(name: str, tracking: Iterable[str]) -> bool:
    return bool(TRACKING.fullmatch(name)) or name in tracking


def _doubts(host: str, parts: SplitResult, resembles: Contact | None) -> Iterator[str]:
    if resembles:
        yield _(
            "This looks like {name} and is not a site of theirs that we know. Look at the name once more.",
            name=resembles.name,
        )
    if hosts.mixed(host):
        yield _("Its name mixes alphabets, which can hide where it leads.")
    if hosts.number(host):
        yield _("It is a number and not a name. Write down when you saw it there: a number can change hands.")
    if parts.port not in (None, *PORTS.values()):
        yield _("It uses an unusual door of the site, number {port}.", port=parts.port)


# ---------------------------------------------------------------- how to report it there

HARMS = (
    ("under-18", (Is("under18_real", ("yes",)), Is("under18_look", ("yes",)), Is("indecent", ("yes",)))),
    ("intimate", (Is("intimate", ("yes",)), Is("about", ("intimate",)))),
    ("scam", (Is("dishonest_gain", ("yes",)), Is("about", ("fraud",)))),
    ("hate", (Is("about", ("hate",)),)),
    ("harassment", (Is("about", ("harassment", "blackmail")),)),
    ("manipulated", (Is("source_kind", ("real-edited", "computer-made")), Is("about", ("false",)))),
)
"""The harms that platforms ask about, and which answers speak of each; the most urgent first."""

HARM_WORDS = {
    "intimate": later("a private or sexual picture"),
    "under-18": later("someone under 18"),
    "hate": later("hate"),
    "scam": later("a trick"),
    "harassment": later("threats or harassment"),
    "impersonation": later("someone who pretends to be you"),
    "manipulated": later("any other fake"),
    "copyright": later("a photo that you took yourself"),
}
"""What one reports to a site, as a person would call it."""


def harms(situation: Situation) -> tuple[str, ...]:
    """Which harms it is, in the words of the contacts. Where someone under 18 may be in it, that alone decides."""
    found = tuple(harm for harm, signs in HARMS if evaluate(AnyOf(signs), situation) is True)
    return found[:1] if "under-18" in found else found


def reports(contact: Contact, wanted: Sequence[str]) -> tuple[Report, ...]:
    """The ways to report these harms to a contact: by harm, then by how well each was checked."""
    grades = get_args(ContactGrade)
    fitting = [
        (min(map(wanted.index, shared)), one) for one in contact.reports if (shared := set(one.harms) & set(wanted))
    ]
    return tuple(one for _rank, one in sorted(fitting, key=lambda pair: (pair[0], grades.index(pair[1].grade))))
