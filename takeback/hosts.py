"""Hosts: the name in an address, read as a browser reads it: what it is, where it leads, what it looks like. Pure.

No name is looked up. `plain` gives the one spelling of a host (lower case, ASCII, no dot at the end); `inward` tells
that it leads into a computer's own network, a number in any of the forms that browsers take included; `imitates` names
the site that a name resembles without being it: other letters that look the same, a letter more or less, or a known
name in front of another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INWARD = (
    "localhost", "local", "localdomain", "internal", "intranet", "private", "lan", "home", "corp", "home.arpa",
    "invalid", "localtest.me", "lvh.me", "nip.io", "sslip.io", "xip.io",
)  # fmt: skip
"""Names, and all below them, that lead nowhere in public, or wherever the number in front of them says."""

DOTS = str.maketrans("。．｡", "...")
"""What a browser takes for a dot."""

NAME = re.compile(r"[a-z0-9_-]+")
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
LONGEST_HOST = 253
CONFUSED = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
"""Alphabets with letters that look like those of another."""

LOOKALIKES = {
    **str.maketrans("асԁеһіјӏорԛѕтѵԝхукмпвнг", "acdehljlopqstvwxykmnbhr"),  # Cyrillic
    **str.maketrans("αεικνορτυχωη", "aelkvoptuxwn"),  # Greek
    **str.maketrans("ıɩɑɡłđøi01345789", "llagldololeastbg"),  # Latin and digits; `i` and `1` look like `l`
}
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
PLAIN_WORDS = ("signal", "threads", "discord", "messenger", "tinder", "hinge", "bumble", "telegram", "telesco")
"""Names of sites that are words of their own, or parts of one: they count where they stand alone."""

SHORTEST, SHORTEST_INSIDE, SHORTEST_OTHER = 5, 6, 7
"""A shorter name is no sign of anything: standing alone, inside another name, or with another letter in it."""


def plain(host: str) -> str:
    """The one spelling of a host. ValueError where there can be none."""
    tidy = unicodedata.normalize("NFKC", host.translate(DOTS)).lower().removesuffix(".")
    if ":" in tidy:
        return str(IPv6Address(tidy))
    named = ".".join(label.encode("idna").decode() for label in tidy.split("."))
    if not all(NAME.fullmatch(label) for label in named.split(".")) or len(named) > LONGEST_HOST:
        raise ValueError("a host that no site can have")
    return str(found) if (found := number(named)) else named


def number(host: str) -> IPv4Address | IPv6Address | None:
    """The number that a host is, in any form that a browser takes; None for a name. ValueError for a broken one."""
    if ":" in host:
        return IPv6Address(host)
    parts = host.split(".")
    if not NUMERIC.fullmatch(parts[-1]):
        return None
    *first, last = (_digits(part) for part in parts)
    if len(first) > 3 or any(one > 255 for one in first):
        raise ValueError("a number that is no address")
    return IPv4Address(last + sum(one << 8 * (3 - place) for place, one in enumerate(first)))


def _digits(part: str) -> int:
    if not NUMERIC.fullmatch(part):
        raise ValueError("a number that is no address")
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if part.startswith("0") and len(part) > 1 else 10)


def inward(host: str) -> bool:
    """Whether a plain host leads into a computer's own network, or nowhere in public."""
    if found := number(host):
        inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
        return not inner.is_global or inner.is_multicast
    return "." not in host or any(host == name or host.endswith(f".{name}") for name in INWARD)


def shown(host: str) -> str:
    """A plain host as it was meant to be read: its own letters, where they are all of one alphabet."""
    return host if mixed(host) else _letters(host)


def mixed(host: str) -> bool:
    """Whether one part of a host's name mixes alphabets, which can hide what it is."""
    return any(len(_alphabets(label)) > 1 for label in _letters(host).split("."))


def _letters(host: str) -> str:
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host


def _alphabets(label: str) -> set[str]:
    return {unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()} & CONFUSED


# ---------------------------------------------------------------- names that look like others


def imitates(host: str, domains: Iterable[str]) -> str | None:
    """The domain that a plain host resembles and is not part of; None where it resembles none."""
    if number(host):
        return None
    *labels, _ending = _letters(host).split(".")
    marks = [mark for label in labels for mark in _marks(label)]
    names = sorted(domains, key=len)
    inside = [domain for domain in names if f".{domain}." in f".{host}."]
    alike = (domain for domain in names if any(_alike(mark, _name(domain)) for mark in marks))
    return inside[-1] if inside else next(alike, None)


def _name(domain: str) -> str:
    """The part of a domain that people know it by: "google" of "docs.google.com"."""
    *_, name, second, _ending = ("", *domain.split("."))
    return name if second in ("co", "com") and name else second


def _marks(label: str) -> Iterator[str]:
    """What a part of a name can be read as: as it stands, and word by word."""
    yield _outline(label).replace("-", "")
    if "-" in label:
        yield from (_outline(word) for word in label.split("-"))


@lru_cache(maxsize=4096)
def _outline(label: str) -> str:
    """What a name looks like at a glance."""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", label.lower()) if not unicodedata.combining(c))
    seen = stripped.translate(LOOKALIKES)
    for pair, one in PAIRS:
        seen = seen.replace(pair, one)
    return seen


def _alike(mark: str, name: str) -> bool:
    outline = _outline(name)
    if mark == outline:
        return len(name) >= SHORTEST
    if len(name) < SHORTEST_INSIDE or name in PLAIN_WORDS:
        return False
    return outline in mark or _one_off(mark, outline)


def _one_off(one: str, other: str) -> bool:
    """Whether two names differ by one letter: one more, one less, two that changed places; in a long one, another."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    another = left[1:] == right[1:] and len(other) >= SHORTEST_OTHER
    return swapped or another or left[1:] == right or left == right[1:]
