"""Sites: the places of a case, site by site: several addresses on one platform belong in one notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from takeback import packs, places
from takeback.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a notice goes to: key, name, the places; `about` is the site that a regulator hears of."""

    key: str
    name: str
    urls: tuple[str, ...]
    about: str = ""


def by_site(urls: Sequence[str]) -> tuple[Site, ...]:
    """The places of a case, site by site: several addresses on one platform belong in one notice."""
    grouped: dict[str, list[places.Place]] = {}
    for url in dict.fromkeys(urls):
        found = places.read(url, packs.load().contacts)
        grouped.setdefault(found.site or "words", []).append(found)
    return tuple(Site(key, _name(found), tuple(one.text for one in found)) for key, found in grouped.items())


def _name(found: Sequence[places.Place]) -> str:
    first = found[0]
    return first.contact.name if first.contact else first.host or _("the app")
